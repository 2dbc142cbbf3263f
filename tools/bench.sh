# shellcheck shell=sh disable=SC2154  # what dev defines
# Benchmarks. A part of ./dev.

# The benchmark's Python. polca needs 3.12 and is left out of older ones.
bench_environment() {
  python=$(python_of 3.13 3.12) || { need python3-venv; python=python3; }
  make_environment build/bench/venv "$python" bench/requirements.txt
}

# Repeats take turns, so that what else the machine does hits all alike.
bench_micro() {
  build bench-micro
  [ $# -eq 0 ] || exec build/bench-micro/bin/bench_kernels "$@"
  say 'measuring the kernels, which takes a minute or two'
  build/bench-micro/bin/bench_kernels --benchmark_min_time=0.05 --benchmark_repetitions=5 \
    --benchmark_enable_random_interleaving=true \
    --benchmark_out=build/bench-micro/kernels.json --benchmark_out_format=json >build/bench-micro/kernels.txt
  python3 bench/kernels/report.py build/bench-micro/kernels.json >build/bench-micro/KERNELS.md
  mv build/bench-micro/KERNELS.md bench/KERNELS.md
  say 'the table is bench/KERNELS.md'
}

# The package as it is installed for its tests, and StepMix in the benchmark's own Python.
bench_package() {
  python_environment
  bench_environment
  PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 exec build/python/venv/bin/python -m python \
    --stepmix build/bench/venv/bin/python "$@"
}

bench_scale() {
  python_environment
  PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 exec build/python/venv/bin/python -m scale "$@"
}

bench_signals() {
  build release mixbern_program
  MIXBERN_PROGRAM="$PWD/build/release/bin/mixbern" PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 exec python3 -m signals "$@"
}

bench() {
  case ${1:-} in
    --micro) shift; bench_micro "$@"; return ;;
    --python) shift; bench_package "$@"; return ;;
    --scale) shift; bench_scale "$@"; return ;;
    --signals) shift; bench_signals "$@"; return ;;
    --arm) bench_arm; return ;;
  esac
  build release mixbern_program
  bench_environment
  PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 exec build/bench/venv/bin/python -m compare "$@"
}

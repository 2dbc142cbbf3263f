# shellcheck shell=sh disable=SC2154  # what dev defines
# Virtual environments; the Python package: its tests, wheels and documentation. A part of ./dev.

# python_of VERSION ...: the first Python of these versions that runs; names on the PATH, then what pyenv has, whose names
# on the PATH exist but fail where that version is not switched on.
python_of() {
  versions=$(pyenv root 2>/dev/null || echo "$HOME/.pyenv")/versions
  for version in "$@"; do
    for candidate in "python$version" "$versions/$version".*/bin/python3; do
      if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$candidate"
        return
      fi
    done
  done
  return 1
}

# make_environment FOLDER PYTHON PINS ...: a virtual environment with the packages that these files pin, made anew when
# they change.
make_environment() {
  environment=$1
  python=$2
  shift 2
  mkdir -p "$environment"
  cat "$@" >"$environment/wanted.txt"
  cmp -s "$environment/wanted.txt" "$environment/installed.txt" && return
  say "setting up $environment with $("$python" --version), which takes a minute"
  "$python" -m venv --clear "$environment"
  cat "$@" >"$environment/wanted.txt"
  # One by one: a file with checksums has one for all that it installs.
  for pins; do
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins"
  done
  cp "$environment/wanted.txt" "$environment/installed.txt"
}

# The first python3 if extensions can be built with it; else the system's.
python_for_package() {
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import ensurepip, os, sys, sysconfig, venv
sys.exit(sys.version_info < (3, 11) or not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

any_python() {
  python=$(python_for_package) || { need python3-venv python3-dev; python=/usr/bin/python3; }
}

# in_package_build COMMAND ...: the name of the compiler counts for ccache: what the release build compiled is found again.
in_package_build() {
  # shellcheck disable=SC2086
  need $build_packages
  CC=${CC:-cc} CXX=${CXX:-c++} "$@"
}

# An environment with the package, installed from this tree, and what its tests need.
python_environment() {
  any_python
  command -v java >/dev/null || need default-jre-headless
  make_environment build/python/venv "$python" python/requirements-dev.txt python/requirements-clusters.txt
  say "installing the Python package into build/python/venv"
  in_package_build build/python/venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps .
}

test_python() {
  python_environment
  say 'testing the Python package'
  mkdir -p build/release
  # Some tests wait for compilers and measure for minutes, and those of Spark share a session. What is chosen by hand may
  # want to be debugged.
  [ $# -gt 0 ] || set -- --numprocesses "$(nproc)" --dist loadgroup
  build/python/venv/bin/python -m pytest -q --junitxml build/release/python.xml "$@"
}

# The wheel for the stable ABI, as it would be published, under each newer Python that is here: what is linked is carried
# in it, and nothing of this system is needed but the C library.
wheels() {
  older=$(python_of 3.12) || fail 'wheels: needs Python 3.12, on the PATH or in pyenv'
  folder=build/python/wheels
  make_environment $folder/build "$older" python/requirements-dev.txt python/wheels/requirements.txt
  rm -rf $folder/made $folder/published
  say 'building the wheel'
  in_package_build $folder/build/bin/pip wheel --quiet --disable-pip-version-check --no-build-isolation --no-deps \
    --wheel-dir $folder/made .
  $folder/build/bin/abi3audit --strict --summary $folder/made/*.whl
  PATH="$PWD/$folder/build/bin:$PATH" auditwheel repair --wheel-dir $folder/published $folder/made/*.whl
  say 'what cibuildwheel would build'
  $folder/build/bin/cibuildwheel --print-build-identifiers --platform linux .
  for newer in 3.12 3.13 3.14; do
    python=$(python_of $newer) || { say "there is no Python $newer"; continue; }
    make_environment $folder/$newer "$python" python/requirements-dev.txt
    $folder/$newer/bin/pip install --quiet --disable-pip-version-check --no-deps --force-reinstall $folder/published/*.whl
    say "testing the wheel with Python $newer"
    $folder/$newer/bin/python -m pytest -q -r fE --ignore tests/python/test_package.py tests/python
  done
}

# Files that Sphinx makes beside the sources stay under build/.
docs() {
  python_environment
  build/python/venv/bin/pip install --quiet --disable-pip-version-check --requirement python/requirements-docs.txt
  say 'building the documentation of the Python package, which takes a minute'
  # Examples that were run with an older package would not be run again.
  rm -rf build/docs
  mkdir -p build/docs/work
  cp docs/python/*.py docs/python/*.rst build/docs/work
  MIXBERN_SOURCE_DIR=$PWD build/python/venv/bin/python -m sphinx -W --keep-going -q -b html build/docs/work build/docs/html
  say 'the start page is build/docs/html/index.html'
}

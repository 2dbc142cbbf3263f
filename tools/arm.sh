# shellcheck shell=sh disable=SC2154  # what dev defines
# 64-bit Arm: its libraries, tests in an emulator, instructions that it counts. A part of ./dev.

arm_packages='g++-aarch64-linux-gnu qemu-user-static'
# What is linked into Arm programs, unpacked into a sysroot; Boost's headers come from the build packages.
arm_libraries='libtbb-dev:arm64 libtbb12:arm64 libtbbmalloc2:arm64 libtbbbind-2-5:arm64 zlib1g-dev:arm64
  libfmt-dev:arm64 libfmt9:arm64 libgtest-dev:arm64 libgmock-dev:arm64 nlohmann-json3-dev:all libeigen3-dev:all'

# Unpacks Debian's Arm libraries under build/. Installing them instead would make the whole system multi-arch.
arm_sysroot() {
  sysroot=$PWD/build/arm64-sysroot
  [ "$(cat "$sysroot/complete" 2>/dev/null)" != "$arm_libraries" ] || return 0
  command -v apt-get >/dev/null || fail "arm: takes Arm libraries from Debian's archive, which needs apt-get"
  say "fetching libraries for 64-bit Arm into $sysroot"
  rm -rf "$sysroot"
  mkdir -p "$sysroot/debs/lists/partial" "$sysroot/debs/archives/partial"
  (
    cd "$sysroot/debs"
    set -- -qq -o "APT::Architectures::=$(dpkg --print-architecture)" -o APT::Architectures::=arm64 \
      -o "Dir::State::Lists=$PWD/lists" -o "Dir::Cache=$PWD" -o APT::Sandbox::User= -o Acquire::Retries=3
    apt-get "$@" update
    # shellcheck disable=SC2086
    apt-get "$@" download $arm_libraries
    for package in *.deb; do
      dpkg-deb --extract "$package" "$sysroot"
    done
  )
  rm -rf "$sysroot/debs"
  ln -s /usr/include/boost "$sysroot/usr/include/boost"
  echo "$arm_libraries" >"$sysroot/complete"
}

# Tests of files and of whole fits are left out: they take minutes to compile, and nothing in them depends on the
# processor that the layers below do not show.
arm() {
  build arm64 test_base test_kernels test_data test_model test_score test_sums test_em test_init
  run_tests arm64 --tests-regex '^(base|kernels|data|model|score|sums|em|init)\.'
}

# The emulator that is linked statically cannot load a plugin.
bench_arm() {
  need qemu-user
  build arm64 bench_arm_fit
  cc -std=c11 -O2 -shared -fPIC -o build/arm64/count_instructions.so bench/arm/count_instructions.c
  for kernel in scalar neon; do
    MIXBERN_KERNEL=$kernel qemu-aarch64 -L /usr/aarch64-linux-gnu -plugin build/arm64/count_instructions.so \
      build/arm64/bin/bench_arm_fit data/mnist-20000.safetensors.gz 10 | c++filt
  done
}

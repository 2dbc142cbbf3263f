#!/bin/sh
# Builds what a wheel is made with: the system of the manylinux images is too old to have it. cibuildwheel runs this in
# each image (pyproject.toml). The versions are those of Debian 12, with which everything is tested every day.
#
# usage: dependencies.sh PREFIX, where they are installed. With SOURCES=DIR nothing is fetched: DIR/NAME has the sources.
set -eu

prefix=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch NAME SHA256 URL: the sources as $work/NAME. A file with another checksum ends everything.
fetch() {
  if [ -n "${SOURCES:-}" ]; then
    cp -r "$SOURCES/$1" "$work/$1"
  else
    curl --fail --silent --show-error --location --output "$work/$1.tar.gz" "$3"
    echo "$2  $work/$1.tar.gz" | sha256sum --check --quiet -
    mkdir "$work/$1"
    tar xzf "$work/$1.tar.gz" -C "$work/$1" --strip-components=1
  fi
}

# build NAME [CMAKE-OPTION ...]
build() {
  name=$1
  shift
  cmake -S "$work/$name" -B "$work/$name/made" --log-level=WARNING -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib "$@"
  cmake --build "$work/$name/made" --parallel "$(nproc)"
  cmake --install "$work/$name/made" >/dev/null
}

if command -v dnf >/dev/null; then dnf install -y -q zlib-devel; fi
mkdir -p "$prefix/include"
# Only headers are used, and only a release has them in one folder.
fetch boost afff36d392885120bcac079148c177d1f6f7730ec3d47233aa51b0afa4db94a5 \
  https://archives.boost.io/release/1.74.0/source/boost_1_74_0.tar.gz
cp -r "$work/boost/boost" "$prefix/include/"
fetch onetbb eee380323bb7ce864355ed9431f85c43955faaae9e9bce35c62b372d7ffd9f8b \
  https://github.com/uxlfoundation/oneTBB/archive/refs/tags/v2021.8.0.tar.gz
build onetbb -DTBB_TEST=OFF -DTBB_STRICT=OFF
fetch fmt 5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2 \
  https://github.com/fmtlib/fmt/archive/refs/tags/9.1.0.tar.gz
build fmt -DFMT_TEST=OFF -DFMT_DOC=OFF -DBUILD_SHARED_LIBS=OFF
fetch json d69f9deb6a75e2580465c6c4c5111b89c4dc2fa94e3a85fcd2ffcd9a143d9273 \
  https://github.com/nlohmann/json/archive/refs/tags/v3.11.2.tar.gz
build json -DJSON_BuildTests=OFF
fetch cli11 26291377e892ba0e5b4972cdfd4a2ab3bf53af8dac1f4ea8fe0d1376b625c8cb \
  https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.1.2.tar.gz
build cli11 -DCLI11_BUILD_TESTS=OFF -DCLI11_BUILD_EXAMPLES=OFF -DCLI11_BUILD_DOCS=OFF
fetch eigen 8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72 \
  https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
build eigen -DEIGEN_BUILD_DOC=OFF -DBUILD_TESTING=OFF

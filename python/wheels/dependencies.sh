#!/bin/sh
# Builds what a wheel is made with: the system of the manylinux images is too old to have it. cibuildwheel runs this in
# each image (pyproject.toml). The versions are those of Debian 12, with which everything is tested every day.
#
# usage: dependencies.sh PREFIX, where they are installed. With SOURCES=DIR nothing is fetched: DIR/NAME has the sources.
set -eu

prefix=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch NAME REPOSITORY TAG
fetch() {
  if [ -n "${SOURCES:-}" ]; then
    cp -r "$SOURCES/$1" "$work/$1"
  else
    git -c advice.detachedHead=false clone --quiet --depth 1 --branch "$3" "$2" "$work/$1"
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

# Only headers are used, and only a release has them in one folder.
boost_headers() {
  if [ -n "${SOURCES:-}" ]; then
    cp -r "$SOURCES/boost/boost" "$prefix/include/"
  else
    curl --fail --silent --show-error --location "https://archives.boost.io/release/1.74.0/source/boost_1_74_0.tar.gz" |
      tar xz -C "$prefix/include" --strip-components=1 boost_1_74_0/boost
  fi
}

if command -v dnf >/dev/null; then dnf install -y -q zlib-devel; fi
mkdir -p "$prefix/include"
boost_headers
fetch onetbb https://github.com/uxlfoundation/oneTBB v2021.8.0
build onetbb -DTBB_TEST=OFF -DTBB_STRICT=OFF
fetch fmt https://github.com/fmtlib/fmt 9.1.0
build fmt -DFMT_TEST=OFF -DFMT_DOC=OFF -DBUILD_SHARED_LIBS=OFF
fetch json https://github.com/nlohmann/json v3.11.2
build json -DJSON_BuildTests=OFF
fetch cli11 https://github.com/CLIUtils/CLI11 v2.1.2
build cli11 -DCLI11_BUILD_TESTS=OFF -DCLI11_BUILD_EXAMPLES=OFF -DCLI11_BUILD_DOCS=OFF
fetch eigen https://gitlab.com/libeigen/eigen 3.4.0
build eigen -DEIGEN_BUILD_DOC=OFF -DBUILD_TESTING=OFF

# shellcheck shell=sh disable=SC2154  # what dev defines
# The report's page, which web/ builds. A part of ./dev.

# Node, by name a Debian package or whatever is on the PATH, with the packages that web/ pins.
web_packages() {
  if ! node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null || ! command -v npm >/dev/null; then
    need nodejs npm
  fi
  cmp -s web/package-lock.json web/node_modules/.installed.json && return
  say 'installing the packages of web/'
  npm ci --prefix web --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null ||
    fail 'the packages of web/ could not be installed; is there a network and a registry (npm config get registry)?'
  cp web/package-lock.json web/node_modules/.installed.json
}

web() {
  web_packages
  case ${1:-} in
    '') say 'building src/report/template.html'; npm run --prefix web --silent build -- --logLevel warn ;;
    --measure | --pictures)
      need chromium
      build release mixbern_program
      MIXBERN_SOURCE_DIR="$PWD" MIXBERN_BINARY_DIR="$PWD/build/release" MIXBERN_PROGRAM="$PWD/build/release/bin/mixbern" \
        npm run --prefix web --silent "${1#--}" ;;
    *) fail "web: unknown option $1" ;;
  esac
}

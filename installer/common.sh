# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by run.sh and test.sh: says things, finds out who we are, installs what is missing.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
stop() {
  say "Lathe: $*"
  exit 1
}

# Prints the command prefix that makes us root; fails when there is none.
root_prefix() {
  if [ "$(id -u)" -eq 0 ]; then
    return 0
  fi
  command -v sudo >/dev/null 2>&1 || return 1
  printf 'sudo'
}

is_installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed$'; }

# install_missing PACKAGE...: quiet when nothing is to be done; one clear line when it is impossible.
install_missing() {
  local missing=() package prefix
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  command -v apt-get >/dev/null 2>&1 || stop "this script installs Debian packages, and apt-get is not here. Install these by hand: ${missing[*]}"
  prefix=$(root_prefix) || stop "these packages are missing and neither root nor sudo is at hand: apt-get install ${missing[*]}"
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { $prefix apt-get update -qq &&
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    stop "apt-get could not install the packages above (whole output: $log). Check the network and the package sources, then run this again."
  fi
  rm -f "$log"
}

# build PRESET [TARGET...]: configures when needed, then builds; the compiler's words only when it fails.
build() {
  local preset=$1 log
  shift
  log="build/$preset.log"
  mkdir -p build
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "Configuring the $preset preset"
    if ! cmake --preset "$preset" ${LATHE_CMAKE_ARGS:-} >"$log" 2>&1; then
      tail -n 15 "$log" >&2
      stop "CMake could not configure the $preset preset (whole output: $log)."
    fi
  fi
  if [ "${LATHE_VERBOSE:-}" = 1 ] || [ "${CI:-}" = true ]; then
    local status
    set +e
    cmake --build --preset "$preset" "${@/#/--target=}" 2>&1 | tee "$log" | grep -E --line-buffered '^\[[0-9]*(00|50|25|75)/|error|warning|FAILED' >&2
    status=${PIPESTATUS[0]}
    set -e
    [ "$status" -eq 0 ] || stop "the $preset preset did not build (whole output: $log)."
  else
    # Said only when there is something to do: a build that is up to date ends within a moment.
    cmake --build --preset "$preset" "${@/#/--target=}" >"$log" 2>&1 &
    local builder=$! waited=0
    while kill -0 "$builder" 2>/dev/null && [ "$waited" -lt 6 ]; do
      sleep 0.5
      waited=$((waited + 1))
    done
    if kill -0 "$builder" 2>/dev/null; then
      say "Building the $preset preset (some minutes the first time; ccache makes later ones short)"
    fi
    if ! wait "$builder"; then
      grep -E -A 8 'error|FAILED' "$log" | head -n 40 >&2
      stop "the $preset preset did not build (whole output: $log)."
    fi
  fi
}

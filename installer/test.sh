#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds everything and runs every ordinary test, offscreen.
#   installer/test.sh [CTEST ARGUMENTS ...]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=installer/packages.sh
. installer/packages.sh
# shellcheck source=installer/common.sh
. installer/common.sh

install_missing "${headless_packages[@]}" "${window_packages[@]}" "${sample_packages[@]}" "${test_packages[@]}"
build release
export QT_QPA_PLATFORM=offscreen
exec ctest --preset release -j 2 "$@"

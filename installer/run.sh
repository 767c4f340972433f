#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds Lathe and opens its window on Fashion-MNIST, already training. Without a display it trains
# the sample with lathe-cli and says where the result is.
#   installer/run.sh [--cuda] [--headless] [FILE or PROJECT ...]
#   --cuda      build against the CUDA LibTorch of the PyPI package "torch", in a virtual environment below build/
#   --headless  do not open a window even when there is a display
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=installer/packages.sh
. installer/packages.sh
# shellcheck source=installer/common.sh
. installer/common.sh

cuda=0
headless=0
arguments=()
for argument in "$@"; do
  case "$argument" in
    --cuda) cuda=1 ;;
    --headless) headless=1 ;;
    -h | --help)
      sed -n '3,8s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    -*) stop "unknown option $argument. Options: --cuda, --headless." ;;
    *)
      [ -e "$argument" ] || stop "there is no file or folder $argument."
      arguments+=("$(realpath "$argument")")
      ;;
  esac
done
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then headless=1; fi

install_missing "${headless_packages[@]}" "${window_packages[@]}" "${sample_packages[@]}"

preset=release
if [ "$cuda" = 1 ]; then
  . installer/cuda.sh
  preset=cuda
fi
build "$preset" lathe lathe-cli

if [ "$headless" = 0 ]; then
  if [ "${#arguments[@]}" -gt 0 ]; then
    exec "build/$preset/bin/lathe" "${arguments[@]}"
  fi
  exec "build/$preset/bin/lathe" --sample fashion-mnist --train
fi

say "No display: training Fashion-MNIST with lathe-cli (template cnn, 3 epochs)."
project="$PWD/build/fashion-mnist.lathe"
"build/$preset/bin/lathe-cli" train --data /usr/share/datasets/fashion-mnist --model cnn --epochs 3 --project "$project"
say "The project is $project. See its runs: build/$preset/bin/lathe-cli runs list --project $project"

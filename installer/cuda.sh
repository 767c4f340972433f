# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh --cuda: a virtual environment with the PyPI package "torch" below build/, and the cuda preset configured
# against it. Python is needed for this download only.
# shellcheck shell=bash
install_missing python3-venv python3-pip
command -v nvcc >/dev/null 2>&1 || [ -x /usr/local/cuda/bin/nvcc ] ||
  stop "the CUDA toolkit (nvcc) is missing. Install the one from NVIDIA for Debian, then run this again."
venv="$PWD/build/torch-venv"
if [ ! -d "$venv" ]; then
  say "Fetching the CUDA LibTorch (some gigabytes, once)"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --upgrade torch || { rm -rf "$venv"; stop "pip could not install torch. Check the network, then run this again."; }
fi
torch_folder=$("$venv/bin/python" -c 'import torch, os; print(os.path.dirname(torch.__file__))')
site=$(dirname "$torch_folder")
links=""
for folder in "$site"/nvidia/*/lib; do
  [ -d "$folder" ] && links="$links -Wl,-rpath-link,$folder -Wl,-rpath,$folder"
done
# Three traps: CMake's probe for a GPU (whenever it configures), Debian's libraries where libtorch-dev is installed too, and
# the system's libnccl.
export TORCH_CUDA_ARCH_LIST=${TORCH_CUDA_ARCH_LIST:-"7.5;8.0;8.6;8.9;9.0"}
export CUDACXX=${CUDACXX:-$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)}
if [ ! -f build/cuda/build.ninja ]; then
  mkdir -p build
  cmake --preset cuda "-DCMAKE_PREFIX_PATH=$torch_folder/share/cmake" "-Dc10_LIBRARY=$torch_folder/lib/libc10.so" \
    "-DTORCH_LIBRARY=$torch_folder/lib/libtorch.so" "-DC10_CUDA_LIBRARY=$torch_folder/lib/libc10_cuda.so" \
    "-DCMAKE_EXE_LINKER_FLAGS=$links" "-DCMAKE_SHARED_LINKER_FLAGS=$links" >build/cuda.log 2>&1 ||
    { tail -n 15 build/cuda.log >&2; stop "CMake could not configure the cuda preset (whole output: build/cuda.log)."; }
fi

# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts install, in one place. Sourced; defines package lists for Debian 12 and 13.
# shellcheck shell=bash disable=SC2034

# To build the headless preset.
headless_packages=(
  ca-certificates git g++ cmake ninja-build pkg-config ccache mold
  libtorch-dev libopenblas0-openmp libsqlitecpp-dev libsqlite3-dev nlohmann-json3-dev libcli11-dev libspdlog-dev
  libfmt-dev libexpected-dev libxsmm-dev libopencv-dev zlib1g-dev libzip-dev libfast-float-dev libssl-dev
  libsndfile1-dev libeigen3-dev libonnx-dev libprotobuf-dev
  protobuf-compiler protobuf-compiler-grpc libgrpc++-dev libboost-dev rapidjson-dev
  libcpp-httplib-dev
)
# To build and show the window.
window_packages=(
  qt6-base-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools qt6-svg-dev libqcustomplot-dev libgl-dev
  libqt6svg6 breeze-icon-theme fonts-noto-cjk fonts-noto-core
)
# Debian 13 keeps Qt's reader of SVG pictures, which the style sheet needs, in a package of its own.
debian_version=$(. /etc/os-release 2>/dev/null && printf '%s' "${VERSION_ID:-99}")
case "$debian_version" in
  10 | 11 | 12) java_package=openjdk-17-jre-headless ;;
  *)
    window_packages+=(qt6-svg-plugins)
    java_package=openjdk-21-jre-headless
    ;;
esac
# To train the samples.
sample_packages=(dataset-fashion-mnist python3-sklearn)
# To run every test; Java is for TorchServe.
test_packages=(
  librapidcheck-dev python3-torch python3-venv xvfb desktop-file-utils appstream clang-format clang-tidy "$java_package"
)

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/template_networks.h"

/// Networks in torchvision's layout: layers are called as the modules of torchvision's models with _ for the dots
/// (layer1.0.conv1 is layer1_0_conv1), and compute the same, so that weights that somebody trained there fit by name
/// and shape. They want ImageNet's scaling (image_scaling.h). For this folder only.
namespace lathe::spec {

/// resnet18, resnet34 and resnet50 (He 2016; stride in the 3x3 convolution of a bottleneck, as torchvision has it).
NetworkTemplate resnet18();
NetworkTemplate resnet34();
NetworkTemplate resnet50();
/// mobilenet-v2 (Sandler 2018).
NetworkTemplate mobilenetV2();

[[nodiscard]] bool isTorchvisionTemplate(std::string_view name);

}  // namespace lathe::spec

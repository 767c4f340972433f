// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/spec/experiment.h"

/// How images become numbers around 0: by mean and deviation of the training rows, or by ImageNet's, which networks
/// with ready weights were trained with. data.preprocessing.image_scaling: fitted, imagenet; auto is the model's
/// choice.
namespace lathe::spec {

[[nodiscard]] bool scalesAsImagenet(const PreprocessingSpec& preprocessing);

/// Mean and deviation of ImageNet's channels as torchvision documents them (0.485, 0.456, 0.406 and 0.229, 0.224, 0.225
/// of 1), for bytes of 0..255: (x - centre) * scale.
[[nodiscard]] std::vector<float> imagenetCentre();
[[nodiscard]] std::vector<float> imagenetScale();

/// What the network sees of an image [C, H, W]: with ImageNet's scaling always three channels, a grey one repeated.
[[nodiscard]] Shape preparedImage(const Shape& image, const PreprocessingSpec& preprocessing);
/// That ImageNet's scaling is only asked of grey and of coloured images.
Result<void> checkImageScaling(const Shape& image, const PreprocessingSpec& preprocessing);

/// What auto means for a model: imagenet where the template is in torchvision's layout, or was before its layers were
/// edited by hand (its first layer is called conv1 or features_0_0, and layer1_0_conv1 or features_1_conv_0_0 is
/// there).
[[nodiscard]] const char* imageScalingFor(const ModelSpec& model);

/// What data offer, as the experiment's model will see it once its automatic scaling is chosen.
[[nodiscard]] GraphContext scaledContext(GraphContext context, const ExperimentSpec& spec);

}  // namespace lathe::spec

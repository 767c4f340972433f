// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/image_scaling.h"

#include <algorithm>

#include "core/spec/template_torchvision.h"

namespace lathe::spec {

bool scalesAsImagenet(const PreprocessingSpec& preprocessing) { return preprocessing.imageScaling == "imagenet"; }

std::vector<float> imagenetCentre() { return {255 * 0.485F, 255 * 0.456F, 255 * 0.406F}; }

std::vector<float> imagenetScale() { return {1 / (255 * 0.229F), 1 / (255 * 0.224F), 1 / (255 * 0.225F)}; }

Shape preparedImage(const Shape& image, const PreprocessingSpec& preprocessing) {
  auto prepared = image;
  if (scalesAsImagenet(preprocessing) && !prepared.empty()) prepared[0] = 3;
  return prepared;
}

Result<void> checkImageScaling(const Shape& image, const PreprocessingSpec& preprocessing) {
  if (!scalesAsImagenet(preprocessing) || image[0] == 1 || image[0] == 3) return {};
  return fail("spec.image_scaling",
              LATHE_TEXT("errors",
                         "ImageNet's scaling is for grey or coloured images, but these have {channels} "
                         "channels."),
              LATHE_TEXT("errors", "Set data.preprocessing.image_scaling to fitted, or choose another template."),
              {{"channels", std::to_string(image[0])}});
}

const char* imageScalingFor(const ModelSpec& model) {
  if (isTorchvisionTemplate(model.templateName)) return "imagenet";
  const auto has = [&](const char* name) {
    return std::any_of(model.graph.layers.begin(), model.graph.layers.end(),
                       [&](const auto& layer) { return layer.name == name; });
  };
  const bool layout = (has("conv1") && has("layer1_0_conv1")) || (has("features_0_0") && has("features_1_conv_0_0"));
  return layout ? "imagenet" : "fitted";
}

GraphContext scaledContext(GraphContext context, const ExperimentSpec& spec) {
  auto preprocessing = spec.data.preprocessing;
  if (preprocessing.imageScaling == "auto") preprocessing.imageScaling = imageScalingFor(spec.model);
  for (auto& input : context.inputs)
    if (input.name == "image") input.shape = preparedImage(input.shape, preprocessing);
  return context;
}

}  // namespace lathe::spec

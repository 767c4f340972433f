// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/augment_spec.h"

namespace lathe::spec {
namespace {

// Only what every set of images bears: a seven on its side is still read, a mirrored one is not.
void setLight(AugmentSpec& spec) {
  spec.shift = 0.08;
  spec.rotation = 8;
  spec.scale = 0.1;
}

// He 2016 on CIFAR: 4 pixels of 32 around the image, a random crop, and a mirror image every other time.
void setStandard(AugmentSpec& spec) {
  spec.shift = 0.125;
  spec.horizontalFlip = true;
}

}  // namespace

AugmentSpec augmentSettings(const AugmentSpec& spec) {
  AugmentSpec settings = spec;
  if (spec.name == "none" || spec.name == "auto") return {};
  if (spec.name != "custom") {
    settings = {};
    settings.erasing = spec.erasing;
    settings.mixup = spec.mixup;
    settings.cutmix = spec.cutmix;
    settings.mixProbability = spec.mixProbability;
    settings.border = spec.border;
    if (spec.name == "light") setLight(settings);
    if (spec.name == "standard") setStandard(settings);
    settings.trivial = spec.name == "trivial";
  }
  settings.name = "custom";
  const bool moves = settings.horizontalFlip || settings.verticalFlip || settings.shift > 0 || settings.rotation > 0 ||
                     settings.scale > 0;
  const bool colours = settings.brightness > 0 || settings.contrast > 0 || settings.saturation > 0 || settings.hue > 0;
  if (!moves && !colours && !settings.trivial && settings.erasing <= 0 && !mixesLabels(settings)) return {};
  return settings;
}

bool augments(const AugmentSpec& spec) { return augmentSettings(spec).name != "none"; }

bool mixesLabels(const AugmentSpec& spec) {
  return spec.name != "none" && spec.name != "auto" && spec.mixProbability > 0 && (spec.mixup > 0 || spec.cutmix > 0);
}

}  // namespace lathe::spec

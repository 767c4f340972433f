// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

/// The augmentation part of an experiment: how training images are changed each time the network sees them.
namespace lathe::spec {

/// Every number says how far an image may be changed; how far it is, is drawn anew each time.
struct AugmentSpec {
  std::string name = "none";  ///< none, auto (resolved by the data), light, standard, trivial, custom
  // Single settings: they count for "custom" only, the other names stand for values of them.
  bool horizontalFlip = false;
  bool verticalFlip = false;
  double shift = 0;       ///< share of the edge that is padded before a crop at a random place
  double rotation = 0;    ///< degrees, either way
  double scale = 0;       ///< the size is drawn from 1 - scale .. 1 + scale
  double brightness = 0;  ///< factors are drawn from 1 - x .. 1 + x, as PyTorch's ColorJitter does
  double contrast = 0;
  double saturation = 0;
  double hue = 0;        ///< share of the circle of colours, either way; at most 0.5
  bool trivial = false;  ///< one random operation at a random strength (TrivialAugment)
  // These join every name but "none".
  double erasing = 0;            ///< probability that a rectangle is overwritten with noise
  double mixup = 0;              ///< alpha of the Beta distribution of the shares; 0: off
  double cutmix = 0;             ///< the same for pasted rectangles
  double mixProbability = 1;     ///< share of the batches that are mixed
  std::string border = "black";  ///< black, edge: what stands where an image was moved away
  bool operator==(const AugmentSpec&) const = default;
};

/// The same as single settings: `name` becomes "custom", or "none" when nothing is changed. "auto" that nobody resolved
/// is "none".
[[nodiscard]] AugmentSpec augmentSettings(const AugmentSpec& spec);
/// Whether images of a training change at all.
[[nodiscard]] bool augments(const AugmentSpec& spec);
/// Whether labels are mixed, which needs classes.
[[nodiscard]] bool mixesLabels(const AugmentSpec& spec);

}  // namespace lathe::spec

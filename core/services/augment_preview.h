// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/spec/experiment.h"

namespace lathe::services {

struct AugmentPreviewRequest {
  int images = 4;
  int versions = 4;        ///< of each
  std::uint64_t draw = 0;  ///< another number shows other images and other steps
};

/// A few training images as a training would see them. Made by the code that trains (engine::Augmenter), with the
/// training's seed: version v of an image is the very bytes that step steps[v] sees of it. Only mixing is among the
/// images shown, where a training mixes with its batch.
struct AugmentPreview {
  spec::Shape shape;                                             ///< [C,H,W]
  spec::AugmentSpec augment;                                     ///< as it was made concrete
  std::vector<std::uint32_t> rows;                               ///< of the data
  std::vector<std::string> labels;                               ///< class, or number, of each
  std::vector<std::int64_t> steps;                               ///< of each version
  std::vector<std::vector<std::uint8_t>> originals;              ///< one a row
  std::vector<std::vector<std::vector<std::uint8_t>>> versions;  ///< for each row, one a step
};

/// Draws the images from the training split, each once. Errors: "augment.no_images" for tables, those of reading the
/// data, "cancelled". Reads what is open already at once; blocks; any thread.
Result<AugmentPreview> previewAugmentation(const spec::ExperimentSpec& spec, const std::filesystem::path& base,
                                           const AugmentPreviewRequest& request, const JobContext& job = {});

}  // namespace lathe::services

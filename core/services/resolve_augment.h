// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/data/buffers.h"
#include "core/spec/experiment.h"

namespace lathe::services {

/// The image of a row of the data: C x H x W bytes.
using ImageAt = std::function<Result<std::vector<std::uint8_t>>(std::uint32_t row)>;

enum class Mirroring : std::uint8_t { Unknown, Harmless, Confusing };
/// Whether images keep their class when left and right are exchanged, as photographs do and digits do not: every other
/// of up to 2000 training images goes into the mean image of its class (grey, at most 16 x 16), the rest are given the
/// class with the nearest mean, as they are and mirrored. Confusing when mirroring loses more than three tenths of what
/// they are recognised better than by chance; Unknown when that is hardly better anyway. Without a clock or a seed, so
/// that the same data always say the same. `data` may lack its pixels.
[[nodiscard]] Mirroring mirroring(const data::Dataset& data, const ImageAt& image);

/// Makes an automatic augmentation concrete: none for tables and numbers, standard where mirroring is harmless, else
/// light. A problem where there are no images to augment, or no classes to mix.
void resolveAugment(spec::ExperimentSpec& spec, const data::Dataset& data, const ImageAt& image,
                    std::vector<Message>& reasons, std::vector<Error>& problems);

}  // namespace lathe::services

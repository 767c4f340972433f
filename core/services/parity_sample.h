// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/buffers.h"
#include "core/spec/schema.h"

namespace lathe::services {

/// How many rows a file of this model is compared on: as many as it can predict in some seconds, counted in operations
/// (a network of tables always mostParityRows, a convolutional ensemble some hundred).
[[nodiscard]] std::size_t parityRowCount(const spec::ModelDescription& model);

/// Rows that stand for all of `rows`, at most `most`, in their order: of a table for each column a row with its
/// smallest and its largest number and one where it is missing, of images and sounds the faintest and the strongest;
/// the others evenly spread, the first and the last among them. All where there are no more.
[[nodiscard]] std::vector<std::uint32_t> paritySample(const data::Dataset& rows, std::size_t most);

}  // namespace lathe::services

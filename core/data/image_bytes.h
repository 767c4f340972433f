// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/spec/graph.h"

namespace lathe::data {

/// The content of an image file (PNG, JPEG, BMP, WebP) as C x H x W bytes of `shape`, scaled and coloured as images of
/// a folder are; nothing when it is no sound image. Files of strangers. Thread-safe.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> imagePixels(std::string_view content, const spec::Shape& shape);

}  // namespace lathe::data

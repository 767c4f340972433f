// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

#include "core/data/image_decode.h"
#include "core/spec/graph.h"

namespace lathe::data {

/// How a file is decoded for images of that shape [C, H, W].
[[nodiscard]] ImageColours coloursFor(const spec::Shape& shape);
/// Interleaved BGR or grey, 8 bits, scaled into C x H x W planes.
void intoPlanes(const cv::Mat& image, const spec::Shape& shape, std::uint8_t* out);

}  // namespace lathe::data

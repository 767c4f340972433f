// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <cstdint>
#include <vector>

#include "core/spec/graph.h"

namespace lathe::ui {

/// C x H x W bytes as an image; shapes other than grey and RGB show their first channel. Null when the bytes do not fit
/// the shape.
[[nodiscard]] QImage imageOf(const std::vector<std::uint8_t>& bytes, const spec::Shape& shape);

}  // namespace lathe::ui

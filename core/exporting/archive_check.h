// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace lathe::exporting {

/// Compares every part of a zip archive with its checksum. "" when all hold, else what is wrong. TorchScript files are
/// such archives, and LibTorch loads them without looking: a flipped bit in a weight would only show as other
/// predictions.
[[nodiscard]] std::string problemOfArchive(std::string_view content);

}  // namespace lathe::exporting

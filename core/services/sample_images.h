// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace lathe::services {

/// The first 20 pictures of each class of a folder of IDX files as PNG files, one sub-folder a class, below
/// cacheFolder/few-images; gives that folder. Written once: what is complete is kept. Blocks.
Result<std::filesystem::path> writeFewImages(const std::filesystem::path& idxFolder,
                                             const std::filesystem::path& cacheFolder);

/// Grey pixels, row after row, as a PNG file's bytes (RFC 2083).
[[nodiscard]] std::string greyPng(const std::uint8_t* pixels, std::uint32_t width, std::uint32_t height);

}  // namespace lathe::services

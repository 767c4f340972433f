// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/data/image_source.h"

namespace lathe::data {

/// A folder with one sub-folder a class, whatever folders are in those; or with folders train and test (or val, or all
/// three) that are such; or images alone, without classes, for predictions. Images that are unreadable, of other
/// formats or beside the class folders are left out and named in a warning. Errors: data.no_images.
Result<std::shared_ptr<ImageSource>> openImageFolder(const std::filesystem::path& folder, int longerEdge,
                                                     const JobContext& job);

}  // namespace lathe::data

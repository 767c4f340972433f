// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "core/data/image_source.h"

namespace lathe::data {

/// Whether a folder holds IDX files (train-images-idx3-ubyte, with or without .gz).
[[nodiscard]] bool isIdxFolder(const std::filesystem::path& folder);

/// A folder of IDX files as Y. LeCun describes them for MNIST: images and labels, and perhaps t10k- files, which become
/// the test split. Classes are the labels' numbers. Errors: data.truncated_gz, data.damaged_idx, data.no_labels.
Result<std::shared_ptr<ImageSource>> openIdx(const std::filesystem::path& folder, const JobContext& job);

}  // namespace lathe::data

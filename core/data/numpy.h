// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "core/data/data_source.h"

namespace lathe::data {

/// .npy (a matrix: columns c0, c1 ..., the last is the target) and .npz (X and y, or x_train, y_train, x_test, y_test
/// and their like; three or four dimensions of X are images). Whole numbers of a float matrix are read as integers.
/// Errors: data.damaged_npy, data.npy_kind, data.npz_arrays.
Result<std::shared_ptr<const DataSource>> openNumpy(const std::filesystem::path& path, const spec::DataSpec& spec,
                                                    const JobContext& job);

}  // namespace lathe::data

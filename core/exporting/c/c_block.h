// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/exporting/c/c_source.h"

/// The comment at the end of a generated file that says which model it is. For the files of this folder only.
namespace lathe::exporting {

/// "export.bad_c", with what is wrong.
[[nodiscard]] tl::unexpected<Error> badC(const std::string& reason);

/// ASCII in lines of moderate length, whatever the names of columns and classes are.
[[nodiscard]] std::string modelBlock(const ModelSource& model);

/// What it says, without the numbers.
struct ModelBlock {
  ModelSource model;
  std::string hash;  ///< that blockHash() must give
  std::string json;
};
Result<ModelBlock> readBlock(std::string_view source);

/// Of the description and the numbers, as lower-case hex; all NaNs count as one.
[[nodiscard]] std::string blockHash(const std::string& json, const std::vector<std::vector<float>>& weights);

}  // namespace lathe::exporting

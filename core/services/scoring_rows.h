// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/data/data_source.h"

/// Rows of a person's file as a finished model reads them, and what is to be said about them.
namespace lathe::services {

struct ModelRows {
  data::Dataset dataset;
  std::vector<Error> warnings;  ///< values that could not be read, or that the model has never seen
};

/// Rows of `file` encoded for the schema; with `weight` also their weights, when the file has that column. Blocks.
Result<ModelRows> rowsFor(const spec::DataSchema& schema, const std::filesystem::path& file, const std::string& weight,
                          const JobContext& job);

/// The rows whose target is known to the model; says in `warnings` why others are left out. An error when none is.
Result<std::vector<std::uint32_t>> labelledRows(ModelRows& rows, const std::filesystem::path& file);

}  // namespace lathe::services

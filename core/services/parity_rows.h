// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/buffers.h"
#include "core/exporting/parity.h"
#include "core/spec/experiment.h"

/// Rows on which an exported file is compared with its engine.
namespace lathe::services {

/// At most this many rows are compared: beyond, a fresh process takes minutes and proves no more.
inline constexpr std::size_t mostParityRows = 10'000;
inline constexpr std::size_t referenceRowCount = 16;

/// A dataset of the given rows alone, in their order, without labels; of windows each whole.
[[nodiscard]] data::Dataset rowsOf(const data::Dataset& dataset, const std::vector<std::uint32_t>& rows);
/// Raw inputs of a manifest as a dataset; rows of the wrong length are an error.
Result<data::Dataset> rowsFrom(const std::vector<std::vector<float>>& inputs, const spec::DataSchema& schema);
/// The raw input of one row as floats.
[[nodiscard]] std::vector<float> inputOf(const data::Dataset& dataset, std::size_t row);

/// The test rows of a run's data, else validation, else training rows; where the data are split or read otherwise by
/// now, all rows that fit the schema. Blocks while it reads.
struct ParityData {
  data::Dataset rows;                 ///< without labels
  data::Dataset source;               ///< where they are from, with labels
  std::vector<std::uint32_t> chosen;  ///< which of its rows they are, in their order
  std::string split;                  ///< test, val or train; empty: all rows
};
Result<ParityData> parityRows(const spec::ExperimentSpec& spec, const spec::DataSchema& schema,
                              const std::filesystem::path& base, const JobContext& job);

/// The worse of two: not ok before ok, then the larger difference.
[[nodiscard]] const exporting::ParityReport& worse(const exporting::ParityReport& a, const exporting::ParityReport& b);

[[nodiscard]] std::string toJson(const exporting::ParityReport& report);

}  // namespace lathe::services

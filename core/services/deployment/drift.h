// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/data/buffers.h"
#include "core/services/deployment/deploy_steps.h"

/// Whether what a served model is asked for still looks like what it was trained on.
namespace lathe::services {

/// Cells of a column: as Lathe's server counts those it saw, or the training rows counted in the same bins.
struct ColumnCounts {
  std::string name;
  spec::ColumnKind kind = spec::ColumnKind::Real;
  std::uint64_t count = 0;  ///< cells, missing ones included
  std::uint64_t missing = 0;
  double mean = 0, deviation = 0;     ///< of numbers
  std::vector<double> edges;          ///< of the bins; the first and the last one are open
  std::vector<std::string> words;     ///< of categories
  std::vector<std::uint64_t> counts;  ///< one more than edges, or of the words and then of unknown ones
};
struct InputCounts {
  std::string since;  ///< ISO 8601
  std::uint64_t rows = 0;
  std::vector<ColumnCounts> columns;
};

/// What GET /lathe/models/NAME/VERSION/inputs says. "deploy.bad_answer" where it is something else.
Result<InputCounts> inputCountsFrom(std::string_view json);
[[nodiscard]] std::string toJson(const InputCounts& counts);
Result<InputCounts> inputsSeen(const ServedPlace& place, double timeoutSeconds);

/// Rows counted in the bins of `layout`, whose own counts do not matter. Columns that the data do not have are left
/// out.
[[nodiscard]] InputCounts countedLike(const InputCounts& layout, const data::Dataset& data,
                                      const std::vector<std::uint32_t>& rows);

enum class DriftLevel { Same, Moved, Other };

struct ColumnDrift {
  std::string name;
  spec::ColumnKind kind = spec::ColumnKind::Real;
  /// Population stability index over at most ten bins of the training rows, one for unknown words and one for missing
  /// values: the sum of (a - e) ln(a / e). Usually below 0.1 is taken for the same, from 0.25 on for something else.
  double psi = 0;
  double chance = 0;  ///< what rows of the same kind stay below in 99 of 100 cases; a smaller index is no drift
  DriftLevel level = DriftLevel::Same;
  double missingNow = 0, missingThen = 0;  ///< shares
  double unseen = 0;                       ///< share of words that training did not know
  double meanNow = 0, meanThen = 0;        ///< of numbers
  Message sentence;                        ///< what is different; "as in training" where nothing is
};

inline constexpr std::uint64_t leastDriftRows = 100;
struct DriftReport {
  std::string since;
  std::uint64_t rows = 0;            ///< that the server saw
  bool enough = false;               ///< at least leastDriftRows; else there are no columns
  std::vector<ColumnDrift> columns;  ///< those that drifted most first
};
[[nodiscard]] DriftReport compareInputs(const InputCounts& training, const InputCounts& seen);

/// same, moved, other
[[nodiscard]] const char* driftName(DriftLevel level);

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/spec/training_spec.h"

namespace lathe::engine {

/// How a training measured itself. Kept in its checkpoints and exports, so that whoever scores the model later on the
/// same rows gets the same numbers.
struct Scoring {
  spec::LossSpec loss;
  std::string weight;      ///< the column that weighs the rows; "": all count the same
  double threshold = 0.5;  ///< two classes: above it the second one is predicted
  bool operator==(const Scoring&) const = default;
};

[[nodiscard]] std::string toJson(const Scoring& scoring);
/// Nothing when the text is none: predictions do not depend on it, so a file without one is as good.
[[nodiscard]] std::optional<Scoring> scoringFromJson(std::string_view text);

}  // namespace lathe::engine

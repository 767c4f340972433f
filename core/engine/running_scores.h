// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/engine/losses.h"

namespace lathe::engine {

/// The scores that a training knows at every step without another look at its rows: accuracy of classes, of labels all
/// of them right; rmse and mae of a number, mae of several; pinball and mae of quantiles; of anomalies
/// none.
class RunningScores {
 public:
  explicit RunningScores(const spec::DataSchema& schema);
  /// Metric names, as after "train/".
  [[nodiscard]] const std::vector<std::string>& names() const { return m_names; }
  /// Of the i-th name over the rows of `score`, whose rowWeight is positive.
  [[nodiscard]] double value(std::size_t i, const BatchScore& score) const;

 private:
  enum class Which { Accuracy, Rmse, Mae, Pinball };
  void add(Which which, const char* name);
  std::vector<std::string> m_names;
  std::vector<Which> m_which;
};

}  // namespace lathe::engine

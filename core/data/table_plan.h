// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/data/table_facts.h"
#include "core/spec/experiment.h"

namespace lathe::data {

struct PlannedColumn {
  spec::ColumnKind inferredKind = spec::ColumnKind::Text;
  spec::ColumnKind kind = spec::ColumnKind::Text;
  spec::ColumnRole inferredRole = spec::ColumnRole::Feature;
  spec::ColumnRole role = spec::ColumnRole::Feature;
};

/// What each column is taken for under a spec, and why a training is not possible, if so.
struct TablePlan {
  std::vector<PlannedColumn> columns;
  std::vector<int> targets;  ///< column numbers; empty: none (as anomalies need none)
  int weight = -1;           ///< -1: none
  int group = -1;
  int time = -1;
  bool ahead = false;          ///< the targets lie in the rows ahead, their past is a feature
  bool readsText = true;       ///< columns of text may be features
  bool targetAssumed = false;  ///< nobody named it: the last column
  spec::Task task = spec::Task::Classification;
  std::optional<Error> problem;

  [[nodiscard]] bool isTarget(std::size_t column) const {
    return std::find(targets.begin(), targets.end(), static_cast<int>(column)) != targets.end();
  }
};

/// Whether columns of text become features: neither in windows nor for anomalies, nor where the spec ignores them.
[[nodiscard]] bool readsText(const spec::DataSpec& spec);

/// Pure. Targets: the columns with that role, else those the spec names, else the last column. Task: text, boolean,
/// category, or an integer with at most 20 values is a classification, else a regression, unless the spec says
/// otherwise; several columns are a regression, or multilabel when all are words for yes and no; with a horizon a
/// forecast. Windows without a column in the role time are ordered by the first date column. Identifiers, text
/// that names rows, text where it is not read, and columns with one value are ignored by default.
[[nodiscard]] TablePlan planOf(const Table& table, const std::vector<ColumnFacts>& facts, const spec::DataSpec& spec);

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
  int target = -1;  ///< column numbers, -1: none
  int weight = -1;
  int group = -1;
  int time = -1;
  bool targetAssumed = false;  ///< nobody named it: the last column
  spec::Task task = spec::Task::Classification;
  std::optional<Error> problem;
};

/// Pure. Task: text, boolean, category, or an integer with at most 20 values is a classification, else a regression,
/// unless the spec says otherwise. Identifiers, free text and columns with one value are ignored by default.
[[nodiscard]] TablePlan planOf(const Table& table, const std::vector<ColumnFacts>& facts, const spec::DataSpec& spec);

}  // namespace lathe::data

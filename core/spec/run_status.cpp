// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/run_status.h"

#include <algorithm>
#include <array>

#include "core/spec/json_tools.h"

namespace lathe::spec {
namespace {

using S = RunStatus;
using A = RunAction;

struct Row {
  RunStatus status;
  const char* name;
  bool final;
  std::vector<RunStatus> next;
  std::vector<RunAction> actions;
};

// The whole life cycle. Resuming goes through queued or straight to running.
const std::array<Row, 9>& table() {
  static const std::array<Row, 9> rows{{
      {S::Queued, "queued", false, {S::Running, S::Failed, S::Cancelled, S::Interrupted}, {A::Cancel}},
      {S::Running,
       "running",
       false,
       {S::Pausing, S::Paused, S::Completed, S::Failed, S::Cancelled, S::Pruned, S::Interrupted},
       {A::Pause, A::Cancel}},
      {S::Pausing,
       "pausing",
       false,
       {S::Paused, S::Completed, S::Failed, S::Cancelled, S::Pruned, S::Interrupted},
       {A::Cancel}},
      {S::Paused,
       "paused",
       true,
       {S::Queued, S::Running, S::Cancelled, S::Pruned},
       {A::Resume, A::Cancel, A::Remove, A::Export}},
      {S::Completed, "completed", true, {S::Queued, S::Running}, {A::Resume, A::Remove, A::Export}},
      {S::Failed, "failed", true, {S::Queued, S::Running}, {A::Resume, A::Remove, A::Export}},
      {S::Cancelled, "cancelled", true, {S::Queued, S::Running}, {A::Resume, A::Remove, A::Export}},
      {S::Pruned, "pruned", true, {S::Queued, S::Running}, {A::Resume, A::Remove, A::Export}},
      {S::Interrupted,
       "interrupted",
       true,
       {S::Queued, S::Running, S::Cancelled},
       {A::Resume, A::Cancel, A::Remove, A::Export}},
  }};
  return rows;
}

const Row* rowOf(RunStatus status) {
  for (const auto& row : table())
    if (row.status == status) return &row;
  return nullptr;
}

template <class T>
bool contains(const std::vector<T>& list, T item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

const char* name(RunStatus status) {
  const auto* row = rowOf(status);
  return row ? row->name : "";
}

Result<RunStatus> runStatus(std::string_view name) {
  const auto wanted = normalised(name);
  std::vector<std::string> names;
  for (const auto& row : table()) {
    if (wanted == row.name) return row.status;
    names.emplace_back(row.name);
  }
  return fail("spec.choice", LATHE_TEXT("errors", "A run cannot have the status {value}."),
              LATHE_TEXT("errors", "Choose one of: {choices}."),
              {{"value", std::string(name.substr(0, 60))}, {"choices", join(names)}});
}

bool allowed(RunStatus from, RunStatus to) {
  const auto* row = rowOf(from);
  return row && contains(row->next, to);
}

bool allowed(RunAction action, RunStatus status) {
  const auto* row = rowOf(status);
  return row && contains(row->actions, action);
}

bool isFinal(RunStatus status) {
  const auto* row = rowOf(status);
  return row && row->final;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/table_plan.h"

#include <algorithm>

#include "core/data/label_cells.h"
#include "core/spec/spec_json.h"

namespace lathe::data {
namespace {

using spec::ColumnKind;
using spec::ColumnRole;
using spec::Task;

std::vector<std::string> namesOf(const Table& table) {
  std::vector<std::string> names;
  names.reserve(table.columns.size());
  for (const auto& column : table.columns) names.push_back(column.name);
  return names;
}

std::string listOf(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < 20; ++i) list += (i == 0 ? "" : ", ") + names[i];
  return names.size() > 20 ? list + " ..." : list;
}

Error unknownColumn(const Table& table, const std::string& name) {
  const auto names = namesOf(table);
  const auto near = spec::nearest(name, names);
  if (!near.empty())
    return fail("data.no_target", LATHE_TEXT("errors", "There is no column {column} to be the target."),
                LATHE_TEXT("errors", "Did you mean {nearest}?"), {{"column", name}, {"nearest", near}})
        .value();
  return fail("data.no_target", LATHE_TEXT("errors", "There is no column {column} to be the target."),
              LATHE_TEXT("errors", "The columns are: {columns}."), {{"column", name}, {"columns", listOf(names)}})
      .value();
}

int columnWithRole(const Table& table, const spec::DataSpec& spec, ColumnRole role) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto found = spec.roles.find(table.columns[c].name);
    if (found != spec.roles.end() && found->second == role) return static_cast<int>(c);
  }
  return -1;
}

// Without any word from a person: the last column that has no other role. One without name and values, as a delimiter
// at the end of each row makes it, only where there is no other.
int lastColumn(const Table& table, const spec::DataSpec& spec) {
  int nameless = -1;
  for (int c = static_cast<int>(table.columns.size()) - 1; c >= 0; --c) {
    const auto& column = table.columns[static_cast<std::size_t>(c)];
    if (spec.roles.count(column.name) != 0) continue;
    if (column.storage != Storage::Empty || column.name != "c" + std::to_string(c)) return c;
    nameless = std::max(nameless, c);
  }
  return nameless;
}

void chooseTargets(const Table& table, const spec::DataSpec& spec, TablePlan& plan) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto found = spec.roles.find(table.columns[c].name);
    if (found != spec.roles.end() && found->second == ColumnRole::Target) plan.targets.push_back(static_cast<int>(c));
  }
  const auto names = spec::targetNames(spec);
  if (names.size() > 1) plan.targets.clear();
  if (!plan.targets.empty()) return;
  for (const auto& name : names) {
    const int column = table.find(name);
    if (column < 0) {
      plan.problem = unknownColumn(table, name);
      return;
    }
    plan.targets.push_back(column);
  }
  // Anomalies are found without a target; a label only scores them.
  if (!names.empty() || spec.task == Task::Anomaly) return;
  if (const int last = lastColumn(table, spec); last >= 0) plan.targets.push_back(last);
  plan.targetAssumed = true;
}

// Single words that hardly ever come again name a row rather than tell about it.
bool looksLikeNames(const Table& table, const Column& column, const ColumnFacts& facts) {
  const auto present = table.rows() - facts.missing;
  return column.textLength <= 40 && column.spaces < 0.2 && facts.distinct * 10 > present * 9;
}

ColumnRole inferredRole(const Table& table, const Column& column, const ColumnFacts& facts, ColumnKind kind,
                        const spec::DataSpec& spec) {
  if (kind == ColumnKind::Id || facts.distinct <= 1) return ColumnRole::Ignore;
  if (kind != ColumnKind::Text) return ColumnRole::Feature;
  if (!readsText(spec)) return ColumnRole::Ignore;
  // A person who says that it is text means it.
  if (spec.kinds.count(column.name) > 0) return ColumnRole::Feature;
  // Numbers or dates that were not understood have warnings of their own.
  const bool unclear = facts.oddRow >= 0 || column.notes.mixedSigns || column.notes.ambiguousDates;
  return unclear || looksLikeNames(table, column, facts) ? ColumnRole::Ignore : ColumnRole::Feature;
}

std::optional<Error> textProblem(const Table& table, const spec::DataSpec& spec, const TablePlan& plan) {
  if (spec.preprocessing.text != "hashed" || readsText(spec)) return std::nullopt;
  for (std::size_t c = 0; c < plan.columns.size(); ++c)
    if (plan.columns[c].role == ColumnRole::Feature && plan.columns[c].kind == ColumnKind::Text)
      return fail("data.text_not_read",
                  LATHE_TEXT("errors",
                             "Column {column} holds text, which is read neither in windows nor for anomalies."),
                  LATHE_TEXT("errors", "Give it the role ignore, or the kind category if its values are few."),
                  {{"column", table.columns[c].name}})
          .value();
  return std::nullopt;
}

// Windows have to follow each other somehow: the first column of dates, where no person gave it another role.
int firstDates(const spec::DataSpec& spec, const Table& table, const TablePlan& plan) {
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    if (plan.columns[c].kind != ColumnKind::DateTime || plan.isTarget(c)) continue;
    const auto role = spec.roles.find(table.columns[c].name);
    if (role == spec.roles.end() || role->second == ColumnRole::Feature) return static_cast<int>(c);
  }
  return -1;
}

void orderByDates(const spec::DataSpec& spec, const Table& table, TablePlan& plan) {
  if (plan.time >= 0 || spec.sequence.window == 0) return;
  plan.time = firstDates(spec, table, plan);
  if (plan.time < 0) return;
  auto& column = plan.columns[static_cast<std::size_t>(plan.time)];
  column.inferredRole = ColumnRole::Time;
  // Who wants the date among the features too may have it there.
  if (spec.roles.count(table.columns[static_cast<std::size_t>(plan.time)].name) == 0) column.role = ColumnRole::Time;
}

Task inferTask(const Table& table, const TablePlan& plan) {
  if (plan.targets.size() > 1) {
    const bool words = std::all_of(plan.targets.begin(), plan.targets.end(), [&](int c) {
      return plan.columns[static_cast<std::size_t>(c)].kind == ColumnKind::Boolean;
    });
    return words ? Task::Multilabel : Task::Regression;
  }
  const auto target = static_cast<std::size_t>(plan.targets.front());
  switch (plan.columns[target].kind) {
    case ColumnKind::Boolean:
    case ColumnKind::Category:
    case ColumnKind::Text:
    case ColumnKind::Id:
      return Task::Classification;
    case ColumnKind::Integer:
      return hasAtMost(table, table.columns[target], 20) ? Task::Classification : Task::Regression;
    default:
      return Task::Regression;
  }
}

std::optional<Error> numberProblem(const Column& column, ColumnKind kind, const TextArgs& args) {
  const bool text = column.storage == Storage::Codes || column.storage == Storage::Hashes;
  if (!text || kind == ColumnKind::Real || kind == ColumnKind::Integer || kind == ColumnKind::DateTime)
    return std::nullopt;
  return fail("data.target_not_numeric",
              LATHE_TEXT("errors", "The target column {column} holds text; a regression needs numbers."),
              LATHE_TEXT("errors", "Choose a numeric target column, or make it a classification."), args)
      .value();
}

std::optional<Error> classProblem(const Table& table, const Column& column, const ColumnFacts& facts,
                                  const TextArgs& args) {
  const std::int64_t present = table.rows() - facts.missing;
  if (facts.distinct >= present && facts.distinctExact)
    return fail("data.all_distinct_target",
                LATHE_TEXT("errors",
                           "Every row has another value in the target column {column}: that cannot be a class."),
                LATHE_TEXT("errors", "Choose a target column whose values repeat."), args)
        .value();
  if (facts.distinct > static_cast<std::int64_t>(dictionaryLimit) || column.storage == Storage::Hashes)
    return fail("data.too_many_classes",
                LATHE_TEXT("errors", "The target column {column} has {values} different values, too many for classes."),
                LATHE_TEXT("errors", "Choose another target column, or make it a regression."), args)
        .value();
  return std::nullopt;
}

std::optional<Error> labelProblem(const Table& table, const Column& column, bool several, const TextArgs& args) {
  if (several && !holdsTruth(table, column))
    return fail("data.target_not_label",
                LATHE_TEXT("errors",
                           "The target column {column} is no label: it holds more than 0 and 1, or yes and no."),
                LATHE_TEXT("errors", "Name columns of 0 and 1, or one column with the labels of each row (a;b)."), args)
        .value();
  if (!several && column.storage == Storage::Hashes)
    return fail("data.too_many_labels",
                LATHE_TEXT("errors", "The target column {column} has too many different values to hold labels."),
                LATHE_TEXT("errors", "Choose a column whose labels repeat, such as a;b."), args)
        .value();
  if (!several && separatorIn(column).empty())
    return fail("data.no_label_lists",
                LATHE_TEXT("errors", "The target column {column} lists no labels: none of its values holds ; | or ,."),
                LATHE_TEXT("errors", "Make it a classification, or name several columns of 0 and 1 as targets."), args)
        .value();
  return std::nullopt;
}

std::optional<Error> anomalyProblem(const ColumnFacts& facts, const TextArgs& args) {
  if (facts.distinct == 2) return std::nullopt;
  return fail("data.anomaly_label",
              LATHE_TEXT("errors",
                         "The label {column} has {values} different values; a label of anomalies has two, such as 0 "
                         "and 1."),
              LATHE_TEXT("errors", "Choose another column to score by, or name no target."), args)
      .value();
}

std::optional<Error> targetProblem(const Table& table, const std::vector<ColumnFacts>& facts, const TablePlan& plan) {
  if (plan.targets.size() > 1 && plan.task == Task::Anomaly)
    return fail("data.several_labels",
                LATHE_TEXT("errors", "Anomalies are scored by one label, but {count} columns are named as targets."),
                LATHE_TEXT("errors", "Name one of them, or none."), {{"count", std::to_string(plan.targets.size())}})
        .value();
  if (plan.targets.size() > 1 && plan.task == Task::Classification)
    return fail("data.several_classes",
                LATHE_TEXT("errors", "A classification predicts one column, but {count} are named as targets."),
                LATHE_TEXT("errors", "Name one target, or make it a multilabel task or a regression."),
                {{"count", std::to_string(plan.targets.size())}})
        .value();
  for (const int place : plan.targets) {
    const auto target = static_cast<std::size_t>(place);
    const auto& column = table.columns[target];
    const TextArgs args{{"column", column.name}, {"values", std::to_string(facts[target].distinct)}};
    if (plan.task == Task::Anomaly) {
      if (auto problem = anomalyProblem(facts[target], args)) return problem;
      continue;
    }
    if (facts[target].distinct == 0)
      return fail("data.target_missing", LATHE_TEXT("errors", "The target column {column} has no values."),
                  LATHE_TEXT("errors", "Choose another target column."), args)
          .value();
    if (facts[target].distinct == 1)
      return fail("data.constant_target",
                  LATHE_TEXT("errors",
                             "The target column {column} has the same value in every row: there is nothing to learn."),
                  LATHE_TEXT("errors", "Choose another target column."), args)
          .value();
    auto problem = plan.task == Task::Classification ? classProblem(table, column, facts[target], args)
                   : plan.task == Task::Multilabel   ? labelProblem(table, column, plan.targets.size() > 1, args)
                                                     : numberProblem(column, plan.columns[target].kind, args);
    if (problem) return problem;
  }
  return std::nullopt;
}

std::optional<Error> featureProblem(const Table& table, const TablePlan& plan) {
  if (plan.ahead) return std::nullopt;
  if (table.columns.size() < 2 && plan.task != Task::Anomaly)
    return fail("data.one_column",
                LATHE_TEXT("errors",
                           "The data has a single column, {column}: a target and at least one feature are needed."),
                LATHE_TEXT("errors", "Check the delimiter, or add columns."), {{"column", table.columns[0].name}})
        .value();
  for (const auto& column : plan.columns)
    if (column.role == ColumnRole::Feature) return std::nullopt;
  return fail("data.no_features",
              LATHE_TEXT("errors",
                         "No column is left as a feature: all are ignored, constant, identifiers or free text."),
              LATHE_TEXT("errors", "Give at least one column the role feature."))
      .value();
}

}  // namespace

bool readsText(const spec::DataSpec& spec) {
  return spec.preprocessing.text == "hashed" && spec.sequence.window == 0 && spec.task != Task::Anomaly;
}

TablePlan planOf(const Table& table, const std::vector<ColumnFacts>& facts, const spec::DataSpec& spec) {
  TablePlan plan;
  plan.readsText = readsText(spec);
  plan.columns.resize(table.columns.size());
  chooseTargets(table, spec, plan);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    auto& column = plan.columns[c];
    const auto& name = table.columns[c].name;
    column.inferredKind = facts[c].kind;
    // Numbers that look like row numbers are still numbers when they are to be predicted.
    if (plan.isTarget(c) && facts[c].kind == ColumnKind::Id && table.columns[c].storage == Storage::Integer)
      column.inferredKind = ColumnKind::Integer;
    const auto kind = spec.kinds.find(name);
    column.kind = kind == spec.kinds.end() ? column.inferredKind : kind->second;
    column.inferredRole = inferredRole(table, table.columns[c], facts[c], column.kind, spec);
    if (plan.isTarget(c) && plan.targetAssumed) column.inferredRole = ColumnRole::Target;
    const auto role = spec.roles.find(name);
    column.role = role == spec.roles.end() ? column.inferredRole : role->second;
    if (plan.isTarget(c))
      column.role = ColumnRole::Target;
    else if (column.role == ColumnRole::Target)
      column.role = ColumnRole::Ignore;
  }
  plan.weight = columnWithRole(table, spec, ColumnRole::Weight);
  plan.group = columnWithRole(table, spec, ColumnRole::Group);
  plan.time = columnWithRole(table, spec, ColumnRole::Time);
  orderByDates(spec, table, plan);
  if (plan.time < 0 && spec.split.method == "time")
    for (std::size_t c = 0; c < plan.columns.size() && plan.time < 0; ++c)
      if (plan.columns[c].kind == ColumnKind::DateTime && !plan.isTarget(c)) plan.time = static_cast<int>(c);
  if (plan.problem) return plan;
  if (!plan.targets.empty() || spec.task == Task::Anomaly)
    plan.task = spec.task == Task::Auto ? inferTask(table, plan) : spec.task;
  if (spec.task == Task::Auto && spec.sequence.horizon > 0) plan.task = Task::Forecast;
  plan.ahead = plan.task == Task::Forecast || (plan.task == Task::Quantile && spec.sequence.horizon > 0);
  plan.problem = featureProblem(table, plan);
  if (!plan.problem) plan.problem = textProblem(table, spec, plan);
  if (plan.ahead && spec.sequence.window == 0)
    plan.problem =
        fail("spec.forecast_window", LATHE_TEXT("errors", "A forecast needs a window, but data.window is 0."),
             LATHE_TEXT("errors", "Set data.window (--window) to the rows that the model sees, such as 24."))
            .value();
  if (!plan.problem && plan.targets.empty() && plan.task != Task::Anomaly)
    plan.problem = fail("data.no_target", LATHE_TEXT("errors", "No column is left to be the target."),
                        LATHE_TEXT("errors", "Give a column the role target."))
                       .value();
  if (!plan.problem) plan.problem = targetProblem(table, facts, plan);
  return plan;
}

}  // namespace lathe::data

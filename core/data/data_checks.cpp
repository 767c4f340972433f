// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_checks.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "core/data/cells.h"
#include "core/data/dictionary.h"
#include "core/data/page_allocator.h"
#include "core/data/table_encode.h"
#include "core/spec/targets.h"

namespace lathe::data {
namespace {

using spec::ColumnKind;
using spec::ColumnRole;

void warn(Warnings& out, std::string code, std::string text, std::string hint, TextArgs args) {
  out.push_back(fail(std::move(code), std::move(text), std::move(hint), std::move(args)).value());
}

std::string countText(std::int64_t count) { return std::to_string(count); }

void warnOfOne(const Column& column, const ColumnFacts& facts, const PlannedColumn& planned, bool readsText,
               Warnings& out) {
  const TextArgs name{{"column", column.name}};
  const bool ignored = planned.inferredRole == ColumnRole::Ignore && planned.role == ColumnRole::Ignore;
  if (ignored && facts.distinct <= 1)
    warn(out, "data.constant_column",
         LATHE_TEXT("data", "Column {column} is ignored: it has the same value, or none, in every row."),
         LATHE_TEXT("data", "Remove it from the file, or leave it so."), name);
  else if (ignored && planned.kind == ColumnKind::Id && !column.notes.ambiguousDates)
    warn(out, "data.id_column",
         LATHE_TEXT("data", "Column {column} is ignored: it looks like an identifier of the rows."),
         LATHE_TEXT("data", "Give it the role feature if it says something about the target."), name);
  else if (ignored && column.notes.ambiguousDates)
    warn(out, "data.ambiguous_dates",
         LATHE_TEXT("data", "Column {column} is ignored: its dates may be day/month or month/day."),
         LATHE_TEXT("data", "Write the dates as yyyy-mm-dd."), name);
  else if (column.notes.ambiguousDates)
    warn(out, "data.ambiguous_dates",
         LATHE_TEXT("data", "Column {column} is taken as words: its dates may be day/month or month/day."),
         LATHE_TEXT("data", "Write the dates as yyyy-mm-dd."), name);
  else if (ignored && planned.kind == ColumnKind::Text && facts.oddRow < 0 && !column.notes.mixedSigns)
    warn(out, "data.text_ignored", LATHE_TEXT("data", "Column {column} is ignored: it holds free text."),
         readsText ? LATHE_TEXT("data",
                                "Its values are single words that hardly repeat; give it the kind text if they "
                                "say something about the target.")
                   : LATHE_TEXT("data", "Give it the kind category if its values are few."),
         name);
  if (column.infinities > 0)
    warn(out, "data.infinities",
         LATHE_TEXT("data", "Column {column} has {count} infinite values; they are taken as missing."),
         LATHE_TEXT("data", "Check where they come from."),
         {{"column", column.name}, {"count", countText(column.infinities)}});
  constexpr double largest64 = 9223372036854775807.0;
  const double size = std::isnan(facts.min) ? 0 : std::max(std::abs(facts.min), std::abs(facts.max));
  if (column.storage == Storage::Real && facts.whole && size >= largest64)
    warn(out, "data.integers_beyond_64_bits",
         LATHE_TEXT("data",
                    "Column {column} has integers beyond 64 bits; they are taken as real numbers with 16 digits."),
         LATHE_TEXT("data", "Give it the role ignore if it is an identifier."), name);
  else if (planned.role == ColumnRole::Feature && planned.kind == ColumnKind::Integer && size > 16777216.0)
    warn(out, "data.integers_beyond_24_bits",
         LATHE_TEXT("data", "Column {column} has integers beyond 16777216; models see them rounded to 7 digits."),
         LATHE_TEXT("data", "Give it the kind category or the role ignore if it is an identifier."), name);
}

// Models see float32: what it cannot hold is missing, what it cannot tell apart is rounded.
void warnOfPrecision(const Column& column, const ColumnFacts& facts, const PlannedColumn& planned, spec::Task task,
                     Warnings& out) {
  const bool number = planned.kind == ColumnKind::Integer || planned.kind == ColumnKind::Real;
  const bool value = planned.role == ColumnRole::Target && spec::predictsNumbers(task);
  if (!number || (planned.role != ColumnRole::Feature && !value)) return;
  if (std::isnan(facts.min) || std::isnan(facts.max)) return;
  const double size = std::max(std::abs(facts.min), std::abs(facts.max));
  if (size > static_cast<double>(std::numeric_limits<float>::max())) {
    warn(out, "data.beyond_float32",
         LATHE_TEXT("data", "Column {column} has numbers beyond 3.4e38; models take them as missing."),
         LATHE_TEXT("data", "Write the column in a larger unit, or take its logarithm."), {{"column", column.name}});
    return;
  }
  // Wide integers have their own warning.
  if (planned.kind == ColumnKind::Integer && !value) return;
  const double step = std::ldexp(1.0, std::ilogb(size) - std::numeric_limits<float>::digits + 1);
  if (size > 0 && facts.standardDeviation > 0 && step * 100 > facts.standardDeviation)
    warn(out, "data.rounded_to_float32",
         LATHE_TEXT("data",
                    "Column {column} has numbers near {size} that vary by only {spread}; models see them rounded to "
                    "multiples of {step}."),
         LATHE_TEXT("data", "Subtract a fixed number from the whole column in the file."),
         {{"column", column.name},
          {"size", fmt::format("{:.3g}", size)},
          {"spread", fmt::format("{:.2g}", facts.standardDeviation)},
          {"step", fmt::format("{:.2g}", step)}});
}

// Whether each value of a column goes with a single target value, and values repeat enough for that to mean something.
template <class Target>
bool determines(const Table& table, const Column& column, std::int64_t labelled, const Target& targetKey) {
  std::unordered_map<std::uint64_t, std::uint64_t> seen;
  const auto limit = static_cast<std::size_t>(labelled / 5);
  bool consistent = true;
  std::unordered_set<std::uint64_t> targets;
  forEachKey(table, column, [&](std::int64_t row, std::uint64_t key, bool missing) {
    if (!consistent || missing) return;
    std::uint64_t target = 0;
    if (!targetKey(row, target)) return;
    const auto [entry, fresh] = seen.emplace(key, target);
    if (fresh) targets.insert(target);
    consistent = entry->second == target && seen.size() <= limit;
  });
  return consistent && targets.size() > 1;
}

// Whether the ranges of a number within the classes do not overlap.
bool separates(const std::vector<double>& numbers, const std::vector<std::int32_t>& classes) {
  struct Range {
    double low = 0, high = 0;
    std::int64_t count = 0;
  };
  std::unordered_map<std::int32_t, Range> ranges;
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    if (classes[row] < 0 || std::isnan(numbers[row])) continue;
    auto& range = ranges[classes[row]];
    if (range.count == 0) range.low = range.high = numbers[row];
    range.low = std::min(range.low, numbers[row]);
    range.high = std::max(range.high, numbers[row]);
    ++range.count;
  }
  std::vector<Range> order;
  order.reserve(ranges.size());
  for (const auto& [index, range] : ranges) order.push_back(range);
  if (order.size() < 2) return false;
  std::sort(order.begin(), order.end(), [](const Range& a, const Range& b) { return a.low < b.low; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i].count < 10) return false;
    if (i > 0 && order[i].low <= order[i - 1].high) return false;
  }
  return true;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double n = 0, meanA = 0, meanB = 0, squareA = 0, squareB = 0, product = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    n += 1;
    const double deltaA = a[i] - meanA;
    const double deltaB = b[i] - meanB;
    meanA += deltaA / n;
    meanB += deltaB / n;
    squareA += deltaA * (a[i] - meanA);
    squareB += deltaB * (b[i] - meanB);
    product += deltaA * (b[i] - meanB);
  }
  const double scale = std::sqrt(squareA) * std::sqrt(squareB);
  return n >= 10 && scale > 0 ? product / scale : 0;
}

bool isNumeric(ColumnKind kind) {
  return kind == ColumnKind::Integer || kind == ColumnKind::Real || kind == ColumnKind::DateTime;
}

bool leaks(const Table& table, const Column& column, std::int64_t distinct, ColumnKind kind,
           const std::vector<std::int32_t>& classes, const std::vector<double>& targets) {
  if (column.storage == Storage::Hashes || column.storage == Storage::Empty) return false;
  if (!classes.empty()) {
    const auto labelled = std::count_if(classes.begin(), classes.end(), [](auto c) { return c >= 0; });
    const auto key = [&](std::int64_t row, std::uint64_t& target) {
      target = static_cast<std::uint64_t>(classes[static_cast<std::size_t>(row)]);
      return classes[static_cast<std::size_t>(row)] >= 0;
    };
    if (distinct * 5 <= labelled && determines(table, column, labelled, key)) return true;
    return isNumeric(kind) && separates(numbersOf(table, column, '.'), classes);
  }
  if (isNumeric(kind)) return std::abs(correlation(numbersOf(table, column, '.'), targets)) > 0.999999;
  const auto labelled = std::count_if(targets.begin(), targets.end(), [](double x) { return !std::isnan(x); });
  return distinct * 5 <= labelled && determines(table, column, labelled, [&](std::int64_t row, std::uint64_t& target) {
           const double value = targets[static_cast<std::size_t>(row)];
           __builtin_memcpy(&target, &value, sizeof value);
           return !std::isnan(value);
         });
}

}  // namespace

void warnOfColumns(const Table& table, const std::vector<ColumnFacts>& facts, const TablePlan& plan, Warnings& out) {
  for (const int place : plan.targets) {
    const auto target = static_cast<std::size_t>(place);
    const TextArgs args{{"column", table.columns[target].name}, {"count", countText(facts[target].missing)}};
    if (plan.targetAssumed)
      warn(out, "data.target_assumed", LATHE_TEXT("data", "The last column, {column}, is taken as the target."),
           LATHE_TEXT("data", "Choose another target column if that is wrong."), args);
    if (facts[target].missing > 0)
      warn(out, "data.target_partly_missing",
           LATHE_TEXT("data", "{count} rows have no value in the target column {column}; they are left out."),
           LATHE_TEXT("data", "Fill them in if you can."), args);
  }
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!plan.isTarget(c)) warnOfOne(table.columns[c], facts[c], plan.columns[c], plan.readsText, out);
    warnOfPrecision(table.columns[c], facts[c], plan.columns[c], plan.task, out);
  }
}

void warnOfLeakage(const Table& table, const std::vector<ColumnFacts>& facts, const TablePlan& plan,
                   const std::vector<std::int32_t>& classes, const std::vector<double>& targets, Warnings& out) {
  if (plan.targets.size() != 1 || (classes.size() < 20 && targets.size() < 20)) return;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto& column = table.columns[c];
    if (plan.columns[c].role != ColumnRole::Feature ||
        !leaks(table, column, facts[c].distinct, plan.columns[c].kind, classes, targets))
      continue;
    warn(out, "data.leakage_suspect",
         LATHE_TEXT("data", "Column {column} alone tells the target {target}: it may not be known when you predict."),
         LATHE_TEXT("data", "Give it the role ignore unless it really is known beforehand."),
         {{"column", column.name}, {"target", table.columns[static_cast<std::size_t>(plan.targets.front())].name}});
  }
}

void warnOfClasses(const std::vector<std::string>& classes, const std::vector<std::int64_t>& counts, Warnings& out) {
  if (classes.empty()) return;
  std::string single;
  std::size_t singles = 0;
  std::size_t least = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 1 && ++singles <= 10) single += (single.empty() ? "" : ", ") + classes[i];
    if (counts[i] > 0 && (counts[least] == 0 || counts[i] < counts[least])) least = i;
    if (counts[i] > counts[most]) most = i;
  }
  if (singles > 0)
    warn(out, "data.single_row_class",
         LATHE_TEXT("data", "Classes with a single row go to train and are never tested: {classes}."),
         LATHE_TEXT("data", "Add rows of these classes, or remove them."), {{"classes", single}});
  if (counts[least] > 0 && counts[most] >= 10 * counts[least])
    warn(out, "data.imbalance",
         LATHE_TEXT("data", "The classes are uneven: {most} has {mostCount} rows, {least} only {leastCount}."),
         classes.size() == 2
             ? LATHE_TEXT("data",
                          "Look at balanced accuracy, and let the decision threshold be tuned "
                          "(training.decision_threshold).")
             : LATHE_TEXT("data", "Look at balanced accuracy and the log loss rather than at accuracy."),
         {{"most", classes[most]},
          {"mostCount", countText(counts[most])},
          {"least", classes[least]},
          {"leastCount", countText(counts[least])}});
}

void warnOfLabels(const spec::DataSchema& schema, Warnings& out) {
  if (schema.target.separator.empty()) return;
  warn(out, "data.label_separator",
       LATHE_TEXT("data", "The labels of column {column} are separated by {separator}: {count} different ones."),
       LATHE_TEXT("data", "Write them with another of ; | , between if that is wrong."),
       {{"column", schema.target.name},
        {"separator", schema.target.separator},
        {"count", countText(static_cast<std::int64_t>(schema.target.classes.size()))}});
}

void warnOfTimes(std::int64_t repeated, const spec::DataSchema& schema, Warnings& out) {
  if (repeated == 0) return;
  warn(out, "data.repeated_times",
       LATHE_TEXT("data", "{count} rows have the same time in column {column} as another row of their series."),
       LATHE_TEXT("data", "If the file holds several series, give the column that tells them apart the role group."),
       {{"count", countText(repeated)}, {"column", schema.sequence.time}});
}

void warnOfDuplicates(const std::vector<std::uint64_t>& rowKeys, const Split& split, Warnings& out) {
  std::vector<std::uint64_t, PageAllocator<std::uint64_t>> train;
  train.reserve(split.train.size());
  for (const auto row : split.train) train.push_back(rowKeys[row]);
  std::sort(train.begin(), train.end());
  std::int64_t count = 0;
  for (const auto* part : {&split.validation, &split.test})
    for (const auto row : *part) count += std::binary_search(train.begin(), train.end(), rowKeys[row]) ? 1 : 0;
  if (count > 0)
    warn(
        out, "data.duplicates_across_splits",
        LATHE_TEXT("data",
                   "{count} rows of validation and test are exact copies of training rows; scores will look too good."),
        LATHE_TEXT("data", "Remove duplicate rows, or split by a group column."), {{"count", countText(count)}});
}

std::vector<std::uint64_t> rowKeysOf(const Table& table, const std::vector<std::string>& columns) {
  std::vector<std::uint64_t> keys(static_cast<std::size_t>(table.rows()), 0);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const int index = table.find(columns[c]);
    if (index < 0) continue;
    const auto& column = table.columns[static_cast<std::size_t>(index)];
    // Codes of two tables differ, the words behind them do not.
    std::vector<std::uint64_t> words;
    if (column.storage == Storage::Codes)
      for (const auto& value : column.values) words.push_back(textHash(value.data(), value.size()));
    forEachKey(table, column, [&](std::int64_t row, std::uint64_t key, bool missing) {
      const std::uint64_t part = missing ? 0x5bd1e995U : words.empty() ? key : words[static_cast<std::size_t>(key)];
      auto& whole = keys[static_cast<std::size_t>(row)];
      whole = mix64(whole * 0x9e3779b97f4a7c15ULL + part + c + 1);
    });
  }
  return keys;
}

}  // namespace lathe::data

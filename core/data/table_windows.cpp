// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/table_windows.h"

#include <cmath>

#include "core/data/cells.h"
#include "core/data/dictionary.h"
#include "core/data/table_encode.h"
#include "core/data/windows.h"

namespace lathe::data {
namespace {

tl::unexpected<Error> unsortable(const TablePart& part, int column, std::size_t row) {
  const TextArgs args{{"column", columnOf(part, column).name},
                      {"row", std::to_string(row + 1)},
                      {"value", part.cell(static_cast<std::int64_t>(row), column).substr(0, 60)}};
  if (args.back().second.empty())
    return fail(
        "data.unsortable_time",
        LATHE_TEXT("errors", "Row {row} has no value in the time column {column}, so rows cannot be put in order."),
        LATHE_TEXT("errors", "Fill it in, remove the row, or give another column the role time."), args);
  return fail("data.unsortable_time",
              LATHE_TEXT("errors",
                         "Row {row} holds {value} in the time column {column}, which is no date and no number, so rows "
                         "cannot be put in order."),
              LATHE_TEXT("errors", "Write dates as yyyy-mm-dd hh:mm:ss, or give another column the role time."), args);
}

}  // namespace

Result<void> refuseAmbiguousDates(const Column& column) {
  if (!column.notes.ambiguousDates) return {};
  return fail("data.ambiguous_dates",
              LATHE_TEXT("errors", "The dates of column {column} may be day/month or month/day."),
              LATHE_TEXT("errors", "Write them as yyyy-mm-dd."), {{"column", column.name}});
}

std::vector<std::uint64_t> groupKeys(const TablePart& part, int column) {
  std::vector<std::uint64_t> keys(static_cast<std::size_t>(part.table->rows()));
  forEachKey(*part.table, columnOf(part, column), [&](std::int64_t row, std::uint64_t key, bool missing) {
    keys[static_cast<std::size_t>(row)] =
        missing ? mix64(static_cast<std::uint64_t>(row) + 0x6a09e667f3bcc908ULL) : key;
  });
  return keys;
}

Result<std::vector<double>> rowTimes(const TablePart& part, int place) {
  const auto& column = columnOf(part, place);
  LATHE_TRY(refuseAmbiguousDates(column));
  if (column.storage == Storage::Integer || column.storage == Storage::Real)
    return numbersOf(*part.table, column, part.decimal);
  std::vector<double> times;
  for (const auto micros : timesOf(*part.table, column))
    times.push_back(micros == missingInteger ? std::nan("") : static_cast<double>(micros));
  return times;
}

spec::SequenceSchema sequenceOf(const spec::DataSpec& spec, const TablePlan& plan, const Table& table) {
  spec::SequenceSchema sequence;
  sequence.window = spec.sequence.window;
  if (plan.ahead) sequence.horizon = std::max(1, spec.sequence.horizon);
  if (plan.time >= 0) sequence.time = table.columns[static_cast<std::size_t>(plan.time)].name;
  if (plan.group >= 0) sequence.group = table.columns[static_cast<std::size_t>(plan.group)].name;
  return sequence;
}

Result<void> addWindows(const TableParts& parts, Dataset& out) {
  const auto& sequence = out.schema.sequence;
  SeriesKeys keys;
  for (const auto& part : parts) keys.parts.push_back(static_cast<std::size_t>(part.table->rows()));
  if (!sequence.time.empty()) {
    LATHE_ASSIGN(columns, findEverywhere(parts, sequence.time));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      LATHE_ASSIGN(times, rowTimes(parts[i], columns[i]));
      for (std::size_t row = 0; row < times.size(); ++row)
        if (std::isnan(times[row])) return unsortable(parts[i], columns[i], row);
      keys.times.insert(keys.times.end(), times.begin(), times.end());
    }
  }
  if (!sequence.group.empty()) {
    LATHE_ASSIGN(columns, findEverywhere(parts, sequence.group));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto groups = groupKeys(parts[i], columns[i]);
      keys.groups.insert(keys.groups.end(), groups.begin(), groups.end());
    }
  }
  out.windows = windowsOf(keys);
  if (sequence.horizon > 0 && out.rows > 0)
    out.targets = valuesBehind(out.windows, out.targets, out.targets.size() / out.rows,
                               static_cast<std::size_t>(sequence.horizon));
  forgetIncomplete(out);
  return {};
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_checks.h"
#include "core/data/parallel.h"
#include "core/data/reading_notes.h"
#include "core/data/table_encode.h"
#include "core/data/table_source.h"
#include "core/data/windows.h"
#include "core/spec/targets.h"

namespace lathe::data {
namespace {

using spec::ColumnRole;
using spec::Task;

// What makes two rows copies of each other.
std::vector<std::string> comparedColumns(const TablePlan& plan, const Table& table) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < plan.columns.size(); ++c)
    if (plan.columns[c].role == ColumnRole::Feature || plan.columns[c].role == ColumnRole::Target)
      names.push_back(table.columns[c].name);
  return names;
}

std::vector<std::uint64_t> keysOf(const TableParts& parts, const std::vector<std::string>& columns) {
  std::vector<std::uint64_t> keys;
  for (const auto& part : parts) {
    auto more = rowKeysOf(*part.table, columns);
    if (keys.empty())
      keys = std::move(more);
    else
      keys.insert(keys.end(), more.begin(), more.end());
  }
  return keys;
}

}  // namespace

void TableSource::fillColumns(const TablePlan& plan, spec::DataProfile& profile) const {
  const auto& table = *m_main.table;
  profile.columns.resize(table.columns.size());
  parallelFor(table.columns.size(), readingThreads(), [&](std::size_t c) {
    auto& column = profile.columns[c];
    const auto& seen = facts()[c];
    column.name = table.columns[c].name;
    column.inferredKind = plan.columns[c].inferredKind;
    column.kind = plan.columns[c].kind;
    column.inferredRole = plan.columns[c].inferredRole;
    column.role = plan.columns[c].role;
    column.missing = seen.missing;
    column.distinct = seen.distinct;
    column.distinctExact = seen.distinctExact;
    column.min = seen.min;
    column.max = seen.max;
    column.mean = seen.mean;
    column.standardDeviation = seen.standardDeviation;
    column.histogram = histogramOf(table, table.columns[c], seen, column.kind);
  });
}

void TableSource::fillClasses(const Dataset& labelled, spec::DataProfile& profile) const {
  profile.classes = labelled.schema.target.classes;
  profile.classCounts.assign(profile.classes.size(), 0);
  for (std::size_t row = 0; row < static_cast<std::size_t>(m_main.table->rows()) && row < labelled.classes.size();
       ++row)
    if (labelled.classes[row] >= 0) ++profile.classCounts[static_cast<std::size_t>(labelled.classes[row])];
  const std::size_t labels = profile.classes.size();
  const auto cells = std::min(labelled.labels.size(), static_cast<std::size_t>(m_main.table->rows()) * labels);
  for (std::size_t i = 0; i < cells; ++i)
    if (labelled.labels[i] > 0) ++profile.classCounts[i % labels];
}

Result<spec::DataProfile> TableSource::profile(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<spec::DataProfile> {
    spec::DataProfile profile;
    // The hash of the file takes one thread as long as the statistics take two.
    Result<void> filled;
    parallelFor(2, readingThreads(), [&](std::size_t task) {
      if (task == 0)
        filled = m_file.fill(profile, job);
      else
        facts();
    });
    LATHE_TRY(filled);
    LATHE_ASSIGN(parts, partsFor(spec, job));
    const auto plan = planOf(*m_main.table, facts(), spec);
    profile.summary = m_origin.summary;
    profile.encoding = m_origin.encoding;
    profile.delimiter = m_origin.delimiter;
    profile.decimal = m_origin.decimal;
    profile.header = m_origin.header;
    profile.rows = m_main.table->rows();
    profile.testRows = static_cast<std::int64_t>(rowsOf(parts)) - profile.rows;
    profile.task = plan.task;
    for (const int column : plan.targets) profile.targets.push_back(columnOf(m_main, column).name);
    profile.target = spec::joinNames(profile.targets);
    fillColumns(plan, profile);
    if (job.cancelled()) return cancelledError();
    warnOfReading(m_main, facts(), m_origin.units, m_origin.unclearComma, profile.warnings);
    warnOfColumns(*m_main.table, facts(), plan, profile.warnings);
    if (plan.problem) {
      profile.warnings.push_back(*plan.problem);
      return profile;
    }
    auto read = labelled(spec, plan, parts);
    const bool said = !read && (read.error().code == "data.label_count" || spec.sequence.window > 0);
    if (!read && !said) return passOn(read);
    if (!read) {
      profile.warnings.push_back(read.error());
      return profile;
    }
    auto& rows = *read;
    fillClasses(rows, profile);
    if (!rows.schema.sequence.time.empty()) warnOfTimes(repeatedTimes(rows.windows), rows.schema, profile.warnings);
    const auto split = splitOf(spec, plan, parts, rows);
    if (!split) {
      profile.warnings.push_back(split.error());
      return profile;
    }
    profile.trainRows = static_cast<std::int64_t>(split->train.size());
    profile.validationRows = static_cast<std::int64_t>(split->validation.size());
    profile.heldOutRows = static_cast<std::int64_t>(split->test.size());
    if (plan.task == Task::Classification) warnOfClasses(profile.classes, profile.classCounts, profile.warnings);
    warnOfLabels(rows.schema, profile.warnings);
    // Of a series neither is news: its past tells its future, and values come again.
    if (plan.ahead) return profile;
    const auto mainRows = static_cast<std::size_t>(profile.rows);
    std::vector<double> targets;
    if (plan.targets.size() == 1 && spec::predictsNumbers(plan.task))
      targets = numbersOf(*m_main.table, columnOf(m_main, plan.targets.front()), m_main.decimal);
    if (rows.classes.size() > mainRows) rows.classes.resize(mainRows);
    Warnings copies;
    parallelFor(spec.sequence.window > 0 ? 1 : 2, readingThreads(), [&](std::size_t task) {
      if (task == 0)
        warnOfLeakage(*m_main.table, facts(), plan, rows.classes, targets, profile.warnings);
      else
        warnOfDuplicates(keysOf(parts, comparedColumns(plan, *m_main.table)), *split, copies);
    });
    profile.warnings.insert(profile.warnings.end(), copies.begin(), copies.end());
    return profile;
  });
}

}  // namespace lathe::data

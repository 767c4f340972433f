// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_pictures.h"

#include <algorithm>
#include <cmath>

#include "core/search/pareto.h"
#include "core/search/pruner.h"
#include "core/search/sampler.h"

namespace lathe::services {

using spec::RunStatus;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr double microsASecond = 1e6;

double sign(const StudyTable& table, std::size_t goal) { return table.settings.goals[goal].larger ? -1 : 1; }

std::vector<search::TrialResult> resultsOf(const StudyTable& table) {
  std::vector<search::TrialResult> results(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    results[i].trial = static_cast<std::int64_t>(i);
    results[i].state = search::TrialState::Pruned;
    std::vector<double> values;
    for (std::size_t g = 0; g < table.goals(); ++g) values.push_back(sign(table, g) * table.value(i, g));
    if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) continue;
    results[i].state = search::TrialState::Complete;
    results[i].values = std::move(values);
  }
  return results;
}

}  // namespace

const std::vector<std::string>& samplerNames() { return search::samplerNames(); }
const std::vector<std::string>& prunerNames() { return search::prunerNames(); }
std::string customarySampler(const std::string& pruner) { return search::customarySampler(pruner); }

std::vector<double> minimisedValues(const StudyTable& table, std::size_t goal) {
  std::vector<double> values(table.size(), none);
  for (std::size_t i = 0; i < table.size(); ++i)
    if (const double value = table.value(i, goal); std::isfinite(value)) values[i] = sign(table, goal) * value;
  return values;
}

std::vector<spec::Configuration> configurationsOf(const StudyTable& table) {
  std::vector<spec::Configuration> result;
  result.reserve(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) result.push_back(table.configuration(i));
  return result;
}

search::BestSoFar bestOver(const StudyTable& table, std::size_t goal) {
  auto result = search::bestSoFar(minimisedValues(table, goal));
  for (auto& value : result.best) value *= sign(table, goal);
  return result;
}

search::FanovaReport importanceOf(const StudyTable& table, std::size_t goal, ImportanceMethod method) {
  const auto configurations = configurationsOf(table);
  const auto values = minimisedValues(table, goal);
  // Only what has a value: the forest takes no others.
  std::vector<spec::Configuration> seen;
  std::vector<double> known;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    seen.push_back(configurations[i]);
    known.push_back(values[i]);
  }
  if (method == ImportanceMethod::Fanova) return search::fanova(table.space, seen, known);
  search::FanovaReport report;
  report.parameters = search::pedAnova(table.space, seen, known);
  report.explained = none;
  return report;
}

search::Contour contourOf(const StudyTable& table, std::size_t goal, std::size_t first, std::size_t second,
                          search::ContourKind kind) {
  search::ContourOptions options;
  options.kind = kind;
  auto result =
      search::contour(table.space, first, second, configurationsOf(table), minimisedValues(table, goal), options);
  for (auto& value : result.values) value *= sign(table, goal);
  return result;
}

std::vector<double> rankSharesOf(const StudyTable& table, std::size_t goal) {
  return search::rankShares(minimisedValues(table, goal));
}

std::vector<std::size_t> frontOf(const StudyTable& table) {
  const auto results = resultsOf(table);
  std::vector<search::Goals> points;
  std::vector<std::size_t> trials;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].state != search::TrialState::Complete) continue;
    points.push_back(results[i].values);
    trials.push_back(i);
  }
  std::vector<std::size_t> front;
  for (const auto at : search::paretoFront(points)) front.push_back(trials[at]);
  std::sort(front.begin(), front.end(),
            [&](std::size_t a, std::size_t b) { return results[a].values.front() < results[b].values.front(); });
  return front;
}

std::vector<double> hypervolumeOf(const StudyTable& table) {
  if (table.goals() < 2) return {};
  const auto results = resultsOf(table);
  if (std::none_of(results.begin(), results.end(),
                   [](const auto& each) { return each.state == search::TrialState::Complete; }))
    return {};
  return search::hypervolumeOverTrials(results, search::usualReference(results));
}

std::vector<TrialSpan> timelineOf(const StudyTable& table, std::int64_t nowMicros) {
  std::vector<TrialSpan> spans(table.size());
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  for (const auto created : table.createdMicros)
    if (created > 0) first = std::min(first, created);
  std::vector<search::Interval> intervals(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    auto& span = spans[i];
    intervals[i] = {none, none};
    if (table.createdMicros[i] <= 0 || table.status[i] == RunStatus::Queued) continue;
    span.start = static_cast<double>(table.createdMicros[i] - first) / microsASecond;
    const bool ended = table.endedMicros[i] > 0;
    const auto end = ended ? table.endedMicros[i] : spec::isFinal(table.status[i]) ? table.createdMicros[i] : nowMicros;
    span.end = std::max(span.start, static_cast<double>(end - first) / microsASecond);
    intervals[i] = {span.start, span.end};
  }
  const auto lanes = search::lanesOf(intervals);
  for (std::size_t i = 0; i < spans.size(); ++i) spans[i].lane = lanes[i];
  return spans;
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/drift.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace lathe::services {
namespace {

constexpr double movedFrom = 0.1, otherFrom = 0.25;
constexpr std::size_t mostGroups = 10;
constexpr double telling = 0.05;  // a share that changed by less is not what a sentence tells

struct Groups {
  std::vector<double> then, now;  ///< counts
};

/// Neighbouring bins together until each holds a tenth of the training rows; words that are rare together.
Groups grouped(const ColumnCounts& then, const ColumnCounts& now) {
  Groups groups;
  const auto add = [&](std::uint64_t before, std::uint64_t after) {
    groups.then.push_back(static_cast<double>(before));
    groups.now.push_back(static_cast<double>(after));
  };
  if (then.missing + now.missing > 0) add(then.missing, now.missing);
  if (then.counts.size() != now.counts.size() || then.counts.empty()) {
    add(then.count - then.missing, now.count - now.missing);
    return groups;
  }
  const auto total = std::accumulate(then.counts.begin(), then.counts.end(), std::uint64_t{0});
  const auto enough = std::max<std::uint64_t>(1, (total + mostGroups - 1) / mostGroups);
  std::uint64_t before = 0, after = 0;
  const bool words = !then.words.empty();
  const auto last = then.counts.size() - (words ? 1 : 0);
  std::uint64_t rareBefore = 0, rareAfter = 0;
  for (std::size_t i = 0; i < last; ++i) {
    if (words) {
      if (then.counts[i] * 100 >= total) {
        add(then.counts[i], now.counts[i]);
      } else {
        rareBefore += then.counts[i];
        rareAfter += now.counts[i];
      }
      continue;
    }
    before += then.counts[i];
    after += now.counts[i];
    if (before < enough && i + 1 < last) continue;
    add(before, after);
    before = after = 0;
  }
  if (rareBefore + rareAfter > 0) add(rareBefore, rareAfter);
  if (words && then.counts.back() + now.counts.back() > 0) add(then.counts.back(), now.counts.back());
  return groups;
}

double stabilityIndex(const Groups& groups) {
  const auto bins = static_cast<double>(groups.then.size());
  const auto total = [](const std::vector<double>& all) { return std::accumulate(all.begin(), all.end(), 0.0); };
  const double before = total(groups.then), after = total(groups.now);
  double sum = 0;
  for (std::size_t i = 0; i < groups.then.size(); ++i) {
    // Half a row more in each: an empty bin is no proof of impossibility.
    const double e = (groups.then[i] + 0.5) / (before + 0.5 * bins), a = (groups.now[i] + 0.5) / (after + 0.5 * bins);
    sum += (a - e) * std::log(a / e);
  }
  return sum;
}

/// The index of rows of the same kind is (1/n + 1/m) times a chi-square of bins - 1 degrees of freedom (Yurdakul 2018);
/// its 99 % quantile by Wilson and Hilferty's approximation.
double chanceOf(const Groups& groups) {
  const double freedom = static_cast<double>(groups.then.size()) - 1;
  if (freedom < 1) return 0;
  constexpr double normal99 = 2.3263478740408408;
  const double part = 2.0 / (9.0 * freedom);
  const double quantile = freedom * std::pow(1 - part + normal99 * std::sqrt(part), 3);
  const auto total = [](const std::vector<double>& all) { return std::accumulate(all.begin(), all.end(), 1e-9); };
  return quantile * (1 / total(groups.then) + 1 / total(groups.now));
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(double value) { return fmt::format("{:.3g} %", 100 * value); }

/// The word whose share changed most.
Message wordSentence(const ColumnCounts& then, const ColumnCounts& now) {
  std::size_t most = 0;
  double change = -1;
  for (std::size_t i = 0; i < then.words.size() && i < now.counts.size(); ++i) {
    const double moved =
        std::abs(share(now.counts[i], now.count - now.missing) - share(then.counts[i], then.count - then.missing));
    if (moved <= change) continue;
    change = moved;
    most = i;
  }
  return {LATHE_TEXT("events", "{word} is now {now} of {column}, in training it was {then}."),
          {{"word", then.words[most]},
           {"now", percent(share(now.counts[most], now.count - now.missing))},
           {"column", then.name},
           {"then", percent(share(then.counts[most], then.count - then.missing))}}};
}

Message numberSentence(const ColumnDrift& drift, double deviation) {
  const TextArgs args{{"column", drift.name},
                      {"now", fmt::format("{:.4g}", drift.meanNow)},
                      {"then", fmt::format("{:.4g}", drift.meanThen)}};
  const double moved = drift.meanNow - drift.meanThen;
  if (!(std::abs(moved) > 0.2 * deviation))
    return {LATHE_TEXT("events", "{column} is spread differently than in training."), args};
  if (drift.kind == spec::ColumnKind::DateTime)
    return moved > 0 ? Message{LATHE_TEXT("events", "{column} lies later than in training."), args}
                     : Message{LATHE_TEXT("events", "{column} lies earlier than in training."), args};
  return moved > 0
             ? Message{LATHE_TEXT("events", "{column} is higher than in training: {now} on average instead of {then}."),
                       args}
             : Message{LATHE_TEXT("events", "{column} is lower than in training: {now} on average instead of {then}."),
                       args};
}

Message sentenceFor(const ColumnDrift& drift, const ColumnCounts& then, const ColumnCounts& now) {
  const TextArgs args{{"column", drift.name},
                      {"unseen", percent(drift.unseen)},
                      {"now", percent(drift.missingNow)},
                      {"then", percent(drift.missingThen)}};
  if (drift.level == DriftLevel::Same) return {LATHE_TEXT("events", "{column} is as in training."), args};
  if (drift.unseen > telling)
    return {LATHE_TEXT("events", "{column} has values that training never saw, in {unseen} of the rows."), args};
  if (std::abs(drift.missingNow - drift.missingThen) > telling)
    return {LATHE_TEXT("events", "{column} is missing in {now} of the rows, in training in {then}."), args};
  return then.words.empty() ? numberSentence(drift, then.deviation) : wordSentence(then, now);
}

ColumnDrift driftOf(const ColumnCounts& then, const ColumnCounts& now) {
  ColumnDrift drift;
  drift.name = now.name;
  drift.kind = now.kind;
  const auto groups = grouped(then, now);
  drift.psi = groups.then.size() > 1 ? stabilityIndex(groups) : 0;
  drift.chance = chanceOf(groups);
  drift.missingNow = share(now.missing, now.count);
  drift.missingThen = share(then.missing, then.count);
  if (!now.words.empty() && !now.counts.empty()) drift.unseen = share(now.counts.back(), now.count);
  drift.meanNow = now.mean;
  drift.meanThen = then.mean;
  if (drift.psi > drift.chance && drift.psi >= movedFrom)
    drift.level = drift.psi >= otherFrom ? DriftLevel::Other : DriftLevel::Moved;
  drift.sentence = sentenceFor(drift, then, now);
  return drift;
}

}  // namespace

DriftReport compareInputs(const InputCounts& training, const InputCounts& seen) {
  DriftReport report;
  report.since = seen.since;
  report.rows = seen.rows;
  report.enough = seen.rows >= leastDriftRows;
  if (!report.enough) return report;
  for (const auto& now : seen.columns) {
    const auto then = std::find_if(training.columns.begin(), training.columns.end(),
                                   [&](const auto& column) { return column.name == now.name; });
    if (then != training.columns.end() && then->count > 0 && now.count > 0)
      report.columns.push_back(driftOf(*then, now));
  }
  std::stable_sort(report.columns.begin(), report.columns.end(),
                   [](const auto& a, const auto& b) { return a.level != b.level ? a.level > b.level : a.psi > b.psi; });
  return report;
}

const char* driftName(DriftLevel level) {
  switch (level) {
    case DriftLevel::Moved:
      return "moved";
    case DriftLevel::Other:
      return "other";
    default:
      return "same";
  }
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/study_reading.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/search/pareto.h"

namespace lathe::cli {

using spec::RunStatus;

Result<StudyReading> readStudy(const services::Project& project, const store::StudyRecord& study) {
  StudyReading read;
  LATHE_ASSIGN(settings, services::studySettingsFromJson(study.settingsJson));
  LATHE_ASSIGN(space, spec::searchSpaceFromJson(study.spaceJson));
  LATHE_ASSIGN(trials, project.store().studies().trials(study.number));
  read.settings = std::move(settings);
  read.space = std::move(space);
  read.trials = std::move(trials);
  if (spec::isFinal(study.status))
    for (auto& trial : read.trials)
      if (!spec::isFinal(trial.status)) trial.status = RunStatus::Interrupted;
  read.summary = Json::parse(study.summaryJson.empty() ? "{}" : study.summaryJson, nullptr, false);
  if (!read.summary.is_object()) read.summary = Json::object();
  return read;
}

std::vector<const store::TrialRecord*> ranked(const StudyReading& read) {
  std::vector<const store::TrialRecord*> order;
  for (const auto& trial : read.trials)
    if (trial.status == RunStatus::Completed && !trial.values.empty()) order.push_back(&trial);
  const bool larger = read.settings.goals.front().larger;
  std::stable_sort(order.begin(), order.end(), [larger](const auto* a, const auto* b) {
    return larger ? a->values.front() > b->values.front() : a->values.front() < b->values.front();
  });
  return order;
}

std::vector<const store::TrialRecord*> paretoTrials(const StudyReading& read) {
  std::vector<search::Goals> goals;
  std::vector<const store::TrialRecord*> trials;
  for (const auto& trial : read.trials) {
    if (trial.status != RunStatus::Completed || trial.values.size() != read.settings.goals.size()) continue;
    auto values = trial.values;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (read.settings.goals[i].larger) values[i] = -values[i];
    goals.push_back(std::move(values));
    trials.push_back(&trial);
  }
  std::vector<const store::TrialRecord*> front;
  for (const auto i : search::paretoFront(goals)) front.push_back(trials[i]);
  return front;
}

std::vector<FailureReason> failureReasons(const StudyReading& read) {
  std::vector<FailureReason> reasons;
  for (const auto& trial : read.trials) {
    if (trial.status != RunStatus::Failed || !trial.error) continue;
    // The same sentence may name other numbers.
    const auto known = std::find_if(reasons.begin(), reasons.end(), [&](const auto& each) {
      return each.error.code == trial.error->code && each.error.message.text == trial.error->message.text;
    });
    if (known == reasons.end())
      reasons.push_back({*trial.error, trial.number, 1});
    else
      ++known->trials;
  }
  std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) { return a.trials > b.trials; });
  return reasons;
}

std::vector<Warning> studyWarnings(const store::StudyRecord& study, const StudyReading& read) {
  const auto& all = read.trials;
  const auto count = [&all](RunStatus status) {
    return std::count_if(all.begin(), all.end(), [status](const auto& trial) { return trial.status == status; });
  };
  const bool ended = study.status == RunStatus::Completed || study.status == RunStatus::Failed;
  if (!ended || all.empty() || count(RunStatus::Completed) > 0) return {};
  const auto failed = count(RunStatus::Failed);
  const auto reasons = failureReasons(read);
  if (failed == static_cast<std::int64_t>(all.size()) && !reasons.empty()) {
    const auto& common = reasons.front();
    return {fail("study.all_failed",
                 common.trials == failed
                     ? "All {trials} trials failed for the same reason, trial {trial} so: {reason}"
                     : "All {trials} trials failed, {count} of them alike, trial {trial} so: {reason}",
                 "Mend what it names, or narrow the space, and search again.",
                 {{"trials", std::to_string(failed)},
                  {"count", std::to_string(common.trials)},
                  {"trial", std::to_string(common.trial)},
                  {"reason", common.error.sentence()}})
                .value()};
  }
  // The error of the study says more.
  if (study.error) return {};
  const bool timed = read.settings.seconds > 0 && (read.settings.trials == 0 || study.trials < read.settings.trials ||
                                                   study.seconds >= 0.9 * read.settings.seconds);
  return {fail("study.none_complete",
               timed ? "The time was over before any trial was complete, so there is no best one."
                     : "No trial was complete, so there is no best one.",
               timed ? "lathe-cli study resume {study} --timeout TIME goes on, TIME being that of all sittings; fewer "
                       "--epochs make trials shorter."
                     : "lathe-cli study resume {study} --trials N goes on.",
               {{"study", std::to_string(study.number)}})
              .value()};
}

}  // namespace lathe::cli

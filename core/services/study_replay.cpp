// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "core/services/study_service.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using Kind = store::StudyLogEntry::Kind;

}  // namespace

Result<ReplayOutcome> replayStudy(const Project& project, store::StudyNumber study) {
  const auto& studies = project.store().studies();
  LATHE_ASSIGN(record, studies.study(study));
  LATHE_ASSIGN(settings, studySettingsFromJson(record.settingsJson));
  LATHE_ASSIGN(space, spec::searchSpaceFromJson(record.spaceJson));
  LATHE_ASSIGN(trials, studies.trials(study));
  LATHE_ASSIGN(whole, studies.studyLog(study));
  const auto log = inOrder(std::move(whole), settings.deterministic).entries;
  LATHE_ASSIGN(logic, makeLogic(settings, space));
  std::map<std::int64_t, const store::TrialRecord*> byNumber;
  for (const auto& trial : trials) byNumber[trial.number] = &trial;
  ReplayOutcome outcome;
  const auto decided = [&](std::int64_t trial, bool asBefore) {
    ++outcome.decisions;
    if (asBefore) return;
    ++outcome.different;
    if (outcome.firstTrial < 0) outcome.firstTrial = trial;
  };
  // A trial was stopped by the pruner when it ended pruned right after its last report.
  std::map<std::int64_t, std::size_t> lastReport;
  for (std::size_t i = 0; i < log.size(); ++i)
    if (log[i].kind == Kind::Report) lastReport[log[i].trial] = i;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto& entry = log[i];
    if (entry.kind == Kind::Planned) {
      logic->apply(eventOf(entry, settings, {}));
      continue;
    }
    const auto found = byNumber.find(entry.trial);
    if (found == byNumber.end()) continue;
    const auto& trial = *found->second;
    const auto event = eventOf(entry, settings, [&](std::int64_t) { return trial.configuration; });
    if (entry.kind == Kind::Begin && trial.origin != "person") {
      const auto work = logic->next();
      decided(entry.trial, work.kind == search::Work::Kind::Fresh && work.target == entry.step &&
                               work.parent == trial.parent && spec::same(work.configuration, trial.configuration));
    } else if (entry.kind == Kind::Continue) {
      const auto work = logic->next();
      decided(entry.trial,
              work.kind == search::Work::Kind::Continue && work.trial == entry.trial && work.target == entry.step);
    }
    logic->apply(event);
    if (entry.kind == Kind::Report) {
      const bool stopped =
          logic->shouldStop(entry.trial, entry.step, event.value,
                            settings.deterministic ? static_cast<std::uint64_t>(entry.seen) : logic->heard() - 1);
      // Only a stop that the record does not know is a difference: other endings have other reasons.
      if (stopped) decided(entry.trial, lastReport[entry.trial] == i);
    }
  }
  return outcome;
}

}  // namespace lathe::services

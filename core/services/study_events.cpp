// SPDX-License-Identifier: GPL-3.0-or-later
// From a study's record to what decides, and from the log's entries to what that hears.
#include "core/services/study_events.h"

#include <algorithm>
#include <map>

#include "core/search/architectures/architecture_sampler.h"
#include "core/services/nas_settings.h"

namespace lathe::services {
namespace {

using search::StudyEvent;
using search::TrialState;
using spec::RunStatus;
using Kind = store::StudyLogEntry::Kind;

TrialState stateOf(RunStatus status) {
  return status == RunStatus::Completed ? TrialState::Complete
         : status == RunStatus::Pruned  ? TrialState::Pruned
                                        : TrialState::Failed;
}

constexpr std::int64_t early = -1;

bool ends(const store::StudyLogEntry& entry) { return entry.kind == Kind::End || entry.kind == Kind::Reached; }
bool isEarly(const store::StudyLogEntry& entry) { return ends(entry) && entry.seen == early; }

}  // namespace

void markEarly(store::StudyLogEntry& entry) {
  if (ends(entry)) entry.seen = early;
}

Result<std::unique_ptr<search::StudyLogic>> makeLogic(const StudySettings& settings, const spec::SearchSpace& space) {
  search::SamplerSetup sampling;
  sampling.space = space;
  sampling.goals = static_cast<int>(settings.goals.size());
  sampling.seed = settings.seed;
  const auto planned = settings.planned();
  sampling.budget = planned;
  sampling.population = settings.population;
  LATHE_ASSIGN(sampler, settings.architecture.active()
                            ? search::makeArchitectureSampler(settings.sampler, sampling, settings.architecture)
                            : search::makeSampler(settings.sampler, sampling));
  search::PrunerSetup pruning;
  pruning.space = space;
  pruning.maxSteps = std::max<std::int64_t>(1, settings.maxEpochs);
  pruning.minSteps = std::clamp<std::int64_t>(settings.minEpochs, 1, pruning.maxSteps);
  pruning.eta = settings.eta;
  pruning.budget = planned;
  pruning.population = settings.population;
  pruning.seed = settings.seed;
  pruning.percentile = settings.percentile;
  pruning.startupTrials = settings.startupTrials;
  pruning.patience = settings.patience;
  pruning.minDelta = settings.minDelta;
  pruning.lower = settings.lower;
  pruning.upper = settings.upper;
  if (settings.goals.front().larger) {  // pruners minimise
    pruning.lower = settings.upper ? std::optional(-*settings.upper) : std::nullopt;
    pruning.upper = settings.lower ? std::optional(-*settings.lower) : std::nullopt;
  }
  pruning.alpha = settings.significance;
  for (const auto& parameter : space.parameters)
    pruning.inheritable.push_back(parameter.name.rfind("training.", 0) == 0 && parameter.name != "training.epochs" &&
                                  parameter.name != "training.batch_size" &&
                                  parameter.name != "training.optimizer.name");
  LATHE_ASSIGN(pruner, search::makePruner(settings.pruner, pruning));
  return std::make_unique<search::StudyLogic>(space, std::move(sampler), std::move(pruner), pruning.maxSteps);
}

StudyEvent eventOf(const store::StudyLogEntry& entry, const StudySettings& settings,
                   const std::function<search::Configuration(std::int64_t)>& configuration) {
  StudyEvent event;
  event.trial = entry.trial;
  event.step = entry.step;
  const auto minimised = [&](std::size_t goal, double value) { return settings.goals[goal].larger ? -value : value; };
  switch (entry.kind) {
    case Kind::Begin:
      event.kind = StudyEvent::Kind::Begin;
      event.configuration = configuration(entry.trial);
      break;
    case Kind::Continue:
      event.kind = StudyEvent::Kind::Continue;
      break;
    case Kind::Report:
      event.kind = StudyEvent::Kind::Report;
      event.value = minimised(0, entry.value);
      break;
    case Kind::Reached:
      event.kind = StudyEvent::Kind::Reached;
      break;
    case Kind::End:
      event.kind = StudyEvent::Kind::End;
      event.state = stateOf(entry.status);
      for (std::size_t i = 0; i < std::min(entry.values.size(), settings.goals.size()); ++i)
        event.values.push_back(minimised(i, entry.values[i]));
      break;
    case Kind::Planned:
      event.kind = StudyEvent::Kind::Planned;
      break;
  }
  return event;
}

OrderedLog inOrder(std::vector<store::StudyLogEntry> log, bool deterministic) {
  OrderedLog ordered;
  if (!deterministic) {
    ordered.entries = std::move(log);
    return ordered;
  }
  std::vector<bool> closed;
  std::map<std::int64_t, std::size_t> open;  // the stretch that a trial is in
  std::size_t turn = 0;
  for (auto& entry : log) {
    if (entry.kind == Kind::Begin || entry.kind == Kind::Continue) {
      open[entry.trial] = closed.size();
      closed.push_back(false);
    } else if (const auto found = open.find(entry.trial); found != open.end()) {
      const auto place = found->second;
      if (place > turn || isEarly(entry)) {
        auto& waiting = ordered.waiting[place];
        if (!waiting.empty() && waiting.back().kind != Kind::Report) waiting.clear();  // kept at an earlier pause
        waiting.push_back(std::move(entry));
        continue;
      }
      ordered.waiting.erase(place);
      if (entry.kind != Kind::Report) {
        open.erase(found);
        closed[place] = true;
        while (turn < closed.size() && closed[turn]) ++turn;
      }
    }
    ordered.entries.push_back(std::move(entry));
  }
  return ordered;
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/study_logic.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lathe::search {

StudyLogic::StudyLogic(SearchSpace space, std::unique_ptr<Sampler> sampler, std::unique_ptr<Pruner> pruner,
                       std::int64_t maxSteps)
    : m_space(std::move(space)), m_sampler(std::move(sampler)), m_pruner(std::move(pruner)), m_maxSteps(maxSteps) {}

StudyWork StudyLogic::next(const std::optional<Configuration>& queued) {
  const auto work = m_pruner->next();
  StudyWork result;
  result.kind = work.kind;
  result.target = std::min(work.target, m_maxSteps);
  if (work.kind == Work::Kind::Continue) result.trial = work.trial;
  if (work.kind != Work::Kind::Fresh) return result;
  result.trial = m_next;
  if (queued) {
    result.origin = StudyWork::Origin::Person;
    result.configuration = *queued;
  } else if (work.configuration) {
    result.origin = StudyWork::Origin::Pruner;
    result.configuration = *work.configuration;
    result.parent = work.parent;
  } else {
    auto proposed = m_sampler->propose(m_next);
    if (!proposed) {
      result.kind = Work::Kind::Finished;
      result.trial = -1;
      result.exhausted = true;
      return result;
    }
    result.configuration = std::move(*proposed);
    result.parent = m_sampler->parentOfProposal();
  }
  return result;
}

void StudyLogic::apply(const StudyEvent& event) {
  using Kind = StudyEvent::Kind;
  if (event.kind == Kind::Planned) {
    m_planned = event.step;
    m_pruner->planned(event.step);
    return;
  }
  auto& trial = m_trials[event.trial];
  switch (event.kind) {
    case Kind::Begin: {
      trial.configuration = event.configuration;
      m_sampler->begin(event.trial, event.configuration);
      m_pruner->started(event.trial, {Work::Kind::Fresh, event.trial, event.step, event.configuration, -1});
      m_next = std::max(m_next, event.trial + 1);
      break;
    }
    case Kind::Continue:
      m_pruner->continued(event.trial, event.step);
      trial.place = Trial::Place::Running;
      break;
    case Kind::Report:
      trial.reports.push_back({event.step, event.value});
      if (event.step > trial.heardAhead) m_pruner->report(event.trial, event.step, event.value);
      break;
    case Kind::Reached:
      trial.place = Trial::Place::Paused;
      m_pruner->reached(event.trial, event.step);
      tell(event.trial, TrialState::Pruned, {});
      break;
    case Kind::End:
      trial.place = Trial::Place::Ended;
      ++m_ended;
      m_pruner->ended(event.trial, event.state);
      tell(event.trial, event.state, event.values);
      break;
    case Kind::Planned:
      break;
  }
}

void StudyLogic::hearAhead(std::int64_t number, std::int64_t step, double value) {
  m_trials[number].heardAhead = step;
  m_pruner->report(number, step, value);
}

void StudyLogic::tell(std::int64_t number, TrialState state, std::vector<double> values) {
  const auto& trial = m_trials[number];
  m_sampler->tell({number, trial.configuration, state, std::move(values), trial.reports});
}

std::vector<std::int64_t> StudyLogic::paused() const {
  std::vector<std::int64_t> numbers;
  for (const auto& [number, trial] : m_trials)
    if (trial.place == Trial::Place::Paused) numbers.push_back(number);
  return numbers;
}

}  // namespace lathe::search

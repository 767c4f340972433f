// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/search/pruner_study.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

using Place = StudyTrial::Place;
using Kind = PrunerEvent::Kind;

struct Worker {
  std::int64_t trial = -1;
  std::int64_t target = 0;
  // The last decision, to be repeated later.
  std::int64_t step = 0;
  double value = 0;
  std::uint64_t seen = 0;
  bool stops = false;
  [[nodiscard]] bool busy() const { return trial >= 0; }
};

class Study {
 public:
  explicit Study(const StudyPlan& plan) : m_plan(plan), m_order(plan.seed, "order"), m_workers(plan.workers) {
    auto made = makePruner(plan.pruner, plan.setup);
    if (!made) throw std::runtime_error(made.error().sentence());
    m_pruner = std::move(*made);
    m_rungs = m_pruner->rungs();
  }

  PrunedStudy run() {
    for (;;) {
      for (auto& worker : m_workers)
        if (!worker.busy()) give(worker);
      std::vector<Worker*> busy;
      for (auto& worker : m_workers)
        if (worker.busy()) busy.push_back(&worker);
      if (busy.empty()) break;
      advance(*busy[m_order.below(busy.size())]);
    }
    for (std::size_t trial = 0; trial < m_done.trials.size(); ++trial)
      if (m_done.trials[trial].place == Place::Paused) end(static_cast<std::int64_t>(trial), TrialState::Pruned);
    return std::move(m_done);
  }

 private:
  StudyTrial& at(std::int64_t trial) { return m_done.trials[static_cast<std::size_t>(trial)]; }
  void problem(const std::string& text) { m_done.problems.push_back(m_plan.pruner + ": " + text); }
  void note(PrunerEvent event) {
    apply(*m_pruner, event);
    m_done.log.push_back(std::move(event));
  }
  void end(std::int64_t trial, TrialState state) {
    at(trial).place = Place::Ended;
    at(trial).state = state;
    note({Kind::Ended, trial, at(trial).step, 0, {}, state});
  }

  void give(Worker& worker) {
    const Work work = m_pruner->next();
    if (!sameWork(work, m_pruner->next())) problem("next() changes by asking");
    m_done.asked.emplace_back(m_done.log.size(), work);
    const auto running =
        std::count_if(m_workers.begin(), m_workers.end(), [](const Worker& each) { return each.busy(); });
    if (work.kind == Work::Kind::Finished) return;
    if (work.kind == Work::Kind::Wait) {
      if (running == 0) problem("waits for nothing");
      return;
    }
    if (!std::binary_search(m_rungs.begin(), m_rungs.end(), work.target))
      problem(fmt::format("target {} is no rung", work.target));
    if (work.kind == Work::Kind::Continue) {
      if (work.trial < 0 || work.trial >= static_cast<std::int64_t>(m_done.trials.size()) ||
          at(work.trial).place != Place::Paused || work.target <= at(work.trial).step) {
        problem(fmt::format("continues trial {}, which is not paused below {}", work.trial, work.target));
        return;
      }
      at(work.trial).place = Place::Running;
      at(work.trial).continued = true;
      worker = {work.trial, work.target};
      note({Kind::Continued, work.trial, work.target, 0, {}, TrialState::Running});
      return;
    }
    const auto trial = static_cast<std::int64_t>(m_done.trials.size());
    if (trial >= m_plan.trials) return;
    StudyTrial fresh;
    if (work.parent >= 0) {
      if (at(work.parent).place != Place::Paused) problem("a parent is not paused");
      fresh.step = at(work.parent).step;
      fresh.parent = work.parent;
    }
    if (work.target <= fresh.step) problem("a child has nothing to train");
    fresh.begun = fresh.step;
    Random random(m_plan.seed * 1000003 + static_cast<std::uint64_t>(trial), "configuration");
    fresh.configuration = work.configuration ? *work.configuration : *drawFeasible(m_plan.setup.space, random);
    if (const auto good = spec::check(m_plan.setup.space, fresh.configuration); !good) problem(good.error().sentence());
    worker = {trial, work.target};
    Work begun = work;
    begun.configuration = fresh.configuration;
    m_done.trials.push_back(std::move(fresh));
    note({Kind::Started, trial, work.target, 0, std::move(begun), TrialState::Running});
  }

  void advance(Worker& worker) {
    const auto trial = worker.trial;
    // A decision may come later than what it rests on, and is the same then.
    if (worker.seen > 0 && m_pruner->shouldStop(trial, worker.step, worker.value, worker.seen) != worker.stops)
      problem("a decision is another one later");
    if (worker.stops) {
      worker = {};
      end(trial, TrialState::Pruned);
      sweep();
      return;
    }
    const auto step = ++at(trial).step;
    ++m_done.steps;
    if (m_plan.fails && m_plan.fails(trial, step)) {
      worker = {};
      end(trial, TrialState::Failed);
      sweep();
      return;
    }
    worker.step = step;
    worker.value = m_plan.curve(at(trial).configuration, trial, step);
    worker.seen = m_pruner->heard();
    worker.stops = m_pruner->shouldStop(trial, step, worker.value, worker.seen);
    note({Kind::Report, trial, step, worker.value, {}, TrialState::Running});
    if (worker.stops && step >= m_plan.setup.maxSteps) problem("stops at the end");
    if (worker.stops || step < worker.target) return;
    worker = {};
    if (step >= m_plan.setup.maxSteps) {
      end(trial, TrialState::Complete);
    } else {
      at(trial).place = Place::Paused;
      note({Kind::Reached, trial, step, 0, {}, TrialState::Running});
    }
    sweep();
  }
  void sweep() {
    for (const auto trial : m_pruner->hopeless()) {
      if (at(trial).place != Place::Paused) {
        problem(fmt::format("calls trial {} hopeless, which is not paused", trial));
        continue;
      }
      end(trial, TrialState::Pruned);
    }
  }

  const StudyPlan& m_plan;
  Random m_order;
  std::vector<Worker> m_workers;
  std::unique_ptr<Pruner> m_pruner;
  std::vector<std::int64_t> m_rungs;
  PrunedStudy m_done;
};

}  // namespace

void apply(Pruner& pruner, const PrunerEvent& event) {
  switch (event.kind) {
    case Kind::Started:
      pruner.started(event.trial, event.work);
      break;
    case Kind::Continued:
      pruner.continued(event.trial, event.step);
      break;
    case Kind::Report:
      pruner.report(event.trial, event.step, event.value);
      break;
    case Kind::Reached:
      pruner.reached(event.trial, event.step);
      break;
    case Kind::Ended:
      pruner.ended(event.trial, event.state);
      break;
  }
}

std::int64_t PrunedStudy::count(TrialState state) const {
  return std::count_if(trials.begin(), trials.end(), [&](const StudyTrial& trial) { return trial.state == state; });
}

PrunedStudy prunedStudy(const StudyPlan& plan) { return Study(plan).run(); }

bool sameWork(const Work& a, const Work& b) {
  if (a.configuration.has_value() != b.configuration.has_value()) return false;
  if (a.configuration && !spec::same(*a.configuration, *b.configuration)) return false;
  return a.kind == b.kind && a.trial == b.trial && a.target == b.target && a.parent == b.parent;
}

}  // namespace lathe::search

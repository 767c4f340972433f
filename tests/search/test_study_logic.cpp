// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "core/search/study_logic.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

using Kind = StudyEvent::Kind;

const std::vector<std::string> rungPruners{"halving", "asha", "hyperband", "bohb", "dehb", "pbt"};

struct Plan {
  std::string pruner;
  int choices = 6;
  std::int64_t budget = 50;
  int workers = 1;
};

std::unique_ptr<StudyLogic> logicOf(const Plan& plan) {
  const auto space =
      spaceOf(fmt::format(R"({{"parameters":[{{"name":"n","type":"int","low":0,"high":{}}}]}})", plan.choices - 1));
  SamplerSetup sampling;
  sampling.space = space;
  sampling.budget = plan.budget;
  PrunerSetup pruning;
  pruning.space = space;
  pruning.maxSteps = 9;
  pruning.budget = plan.budget;
  auto sampler = makeSampler("grid", sampling);
  auto pruner = makePruner(plan.pruner, pruning);
  REQUIRE_OK(sampler);
  REQUIRE_OK(pruner);
  return std::make_unique<StudyLogic>(space, std::move(*sampler), std::move(*pruner), 9);
}

/// A study as the services run it, without training.
class Study {
 public:
  explicit Study(const Plan& plan) : m_plan(plan), logic(logicOf(plan)) {}

  void apply(StudyEvent event) {
    logic->apply(event);
    log.push_back(std::move(event));
  }
  /// Until nothing runs and nothing is to be done, at most `trials` begun.
  void run(std::int64_t trials) {
    for (int turn = 0;; ++turn) {
      REQUIRE(turn < 5000);
      while (static_cast<int>(m_running.size()) < m_plan.workers && give(trials)) {
      }
      if (m_running.empty()) return;
      advance();
    }
  }
  [[nodiscard]] std::int64_t complete() const {
    return std::count_if(log.begin(), log.end(), [](const StudyEvent& event) {
      return event.kind == Kind::End && event.state == TrialState::Complete;
    });
  }

 private:
  bool give(std::int64_t trials) {
    const auto work = logic->next();
    asked.emplace_back(log.size(), work);
    if (work.exhausted) {
      CHECK(work.kind == Work::Kind::Finished);
      if (logic->planned() == logic->trials()) return false;
      apply({Kind::Planned, 0, logic->trials()});
      return true;
    }
    if (work.kind == Work::Kind::Continue) {
      CHECK(m_steps.at(work.trial) < work.target);
      apply({Kind::Continue, work.trial, work.target});
    } else if (work.kind == Work::Kind::Fresh && logic->trials() < trials) {
      StudyEvent begun{Kind::Begin, work.trial, work.target};
      begun.configuration = work.configuration;
      values[work.trial] = work.configuration[0];
      m_steps[work.trial] = work.parent >= 0 ? m_steps[work.parent] : 0;
      apply(std::move(begun));
    } else {
      return false;
    }
    m_running.emplace_back(work.trial, work.target);
    return true;
  }
  void advance() {
    const auto [trial, target] = m_running.front();
    const auto step = ++m_steps[trial];
    apply({Kind::Report, trial, step, values[trial] + 1.0 / static_cast<double>(step)});
    if (step < target) {
      std::rotate(m_running.begin(), m_running.begin() + 1, m_running.end());
      return;
    }
    m_running.erase(m_running.begin());
    StudyEvent last{step < 9 ? Kind::Reached : Kind::End, trial, step};
    if (step >= 9) last.values = {values[trial]};
    apply(std::move(last));
    for (const auto hopeless : logic->hopeless()) {
      StudyEvent pruned{Kind::End, hopeless};
      pruned.state = TrialState::Pruned;
      apply(std::move(pruned));
    }
  }

  const Plan m_plan;
  std::map<std::int64_t, std::int64_t> m_steps;
  std::vector<std::pair<std::int64_t, std::int64_t>> m_running;  // trial and target

 public:
  std::unique_ptr<StudyLogic> logic;
  std::map<std::int64_t, double> values;
  std::vector<StudyEvent> log;
  std::vector<std::pair<std::size_t, StudyWork>> asked;  // length of the log, what next() said then
};

void checkRebuilt(const Study& study, const Plan& plan) {
  for (std::size_t i = 0; i < study.asked.size(); i += 3) {
    const auto& [length, said] = study.asked[i];
    const auto fresh = logicOf(plan);
    for (std::size_t k = 0; k < length; ++k) fresh->apply(study.log[k]);
    const auto work = fresh->next();
    const bool same = work.kind == said.kind && work.trial == said.trial && work.target == said.target &&
                      work.exhausted == said.exhausted && spec::same(work.configuration, said.configuration);
    if (!same) testing::reportFailure(__FILE__, __LINE__, fmt::format("{} goes on otherwise at {}", plan.pruner, i));
  }
}

}  // namespace

LATHE_TEST("when the space is exhausted before the budget, the best trials still get to the end") {
  for (const auto& pruner : rungPruners)
    for (const int workers : {1, 3})
      for (const int choices : {2, 6, 11}) {
        const Plan plan{pruner, choices, 50, workers};
        Study study(plan);
        study.run(50);
        if (study.complete() == 0)
          testing::reportFailure(__FILE__, __LINE__, fmt::format("{} of {}: none is complete", pruner, choices));
        CHECK(study.logic->next().exhausted || study.logic->next().kind == Work::Kind::Wait);
        checkRebuilt(study, plan);
      }
}

LATHE_TEST("a study that is extended after its end begins trials again, and they get to the end too") {
  for (const auto& pruner : rungPruners)
    for (const int workers : {1, 3})
      for (const std::int64_t more : {1, 8, 30}) {
        const Plan plan{pruner, 100, 5, workers};
        Study study(plan);
        study.run(5);
        const auto before = study.complete();
        CHECK(before > 0);
        study.apply({Kind::Planned, 0, 5 + more});
        study.run(5 + more);
        CHECK_EQ(study.logic->trials(), 5 + more);
        if (study.complete() <= before)
          testing::reportFailure(__FILE__, __LINE__, fmt::format("{} with {} more: no other one", pruner, more));
        checkRebuilt(study, plan);
      }
}

LATHE_TEST("a budget that is cut below what has begun ends the intake, one that is not known does not") {
  for (const auto& pruner : rungPruners) {
    const Plan plan{pruner, 100, 40, 2};
    Study study(plan);
    study.run(4);  // and then somebody wants no more
    study.apply({Kind::Planned, 0, 3});
    study.run(4);
    CHECK(study.complete() > 0);
    study.apply({Kind::Planned, 0, 0});
    study.run(20);
    CHECK_EQ(study.logic->trials(), 20);
    CHECK_EQ(study.logic->planned(), 0);
    checkRebuilt(study, plan);
  }
}

LATHE_TEST("a plan is no trial") {
  const auto logic = logicOf({"hyperband"});
  CHECK_EQ(logic->planned(), -1);
  logic->apply({Kind::Planned, 7, 6});
  CHECK_EQ(logic->planned(), 6);
  CHECK_EQ(logic->trials(), 0);
  CHECK(logic->paused().empty());
  CHECK(!logic->next().exhausted);
  CHECK_EQ(logic->next().trial, 0);
}

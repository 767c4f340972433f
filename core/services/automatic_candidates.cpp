// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/automatic_candidates.h"

#include <algorithm>
#include <cmath>

#include "core/spec/customary.h"

namespace lathe::services {
namespace {

constexpr double workOfAnyStep = 1e6;
constexpr double freeWork = 2.5e11;
constexpr double shareOfTraining = 0.2;
constexpr double mostTrainings = 120;
constexpr double wideFrom = 2;  // trainings that fit into the budget
constexpr double leastSteps = 20;
constexpr int mostFolds = 10;  // twice five
constexpr int wideRungs = 3;
constexpr int narrowRungs = 2;
constexpr double horizonExponent = 0.32;

using spec::OptimizerSpec;

OptimizerSpec withRate(OptimizerSpec optimizer, double rate) {
  optimizer.lr = rate;
  return optimizer;
}

void addAdamw(std::vector<OptimizerSpec>& out, bool wide) {
  const auto usual = spec::customaryOptimizer("adamw");
  for (const double rate : {1e-3, 3e-3, 1e-2, 3e-4}) out.push_back(withRate(usual, rate));
  auto quicker = usual;
  quicker.beta2 = 0.99;
  out.push_back(withRate(quicker, 3e-3));
  if (!wide) return;
  out.push_back(withRate(usual, 3e-2));
  for (const double rate : {1e-3, 1e-2, 3e-2}) out.push_back(withRate(quicker, rate));
}

void addSgd(std::vector<OptimizerSpec>& out, bool wide) {
  auto usual = spec::customaryOptimizer("sgd");
  usual.nesterov = true;
  for (const double rate : {1e-1, 3e-2, 1e-2}) out.push_back(withRate(usual, rate));
  auto heavy = usual;
  heavy.momentum = 0.98;
  out.push_back(withRate(heavy, 1e-2));
  if (!wide) return;
  out.push_back(withRate(usual, 3e-1));
  for (const double rate : {3e-3, 3e-2, 1e-1}) out.push_back(withRate(heavy, rate));
  auto plain = usual;
  plain.momentum = 0;
  plain.nesterov = false;
  for (const double rate : {1e-1, 3e-1}) out.push_back(withRate(plain, rate));
}

// Among those whose usual beta 2 is 0.999, which is what is varied.
bool hasBeta2(const std::string& name) { return name != "sgd" && name != "adagrad" && name != "schedule_free_sgd"; }

// The momentum or beta worth trying beside the given one, where nobody changed it.
std::vector<OptimizerSpec> variants(const OptimizerSpec& given) {
  std::vector<OptimizerSpec> out{given};
  const auto usual = spec::customaryOptimizer(given.name);
  if (given.name == "sgd" && given.momentum == usual.momentum) {
    out.push_back(given);
    out.back().momentum = 0.98;
  } else if (hasBeta2(given.name) && given.beta2 == usual.beta2 && usual.beta2 == 0.999) {
    out.push_back(given);
    out.back().beta2 = 0.99;
  }
  return out;
}

}  // namespace

std::vector<spec::OptimizerSpec> candidatesFor(const spec::TrainingSpec& training, bool wide) {
  const auto& given = training.optimizer;
  std::vector<OptimizerSpec> out;
  if (given.name == "auto") {
    addAdamw(out, wide);
    addSgd(out, wide);
    for (auto& each : out) each.weightDecay = given.weightDecay;
  } else {
    const double usual = spec::customaryOptimizer(given.name).lr;
    const auto around = variants(given);
    for (const double factor : {1.0, 3.0, 10.0, 0.3})
      for (std::size_t i = 0; i < (wide || factor == 1.0 ? around.size() : 1); ++i)
        out.push_back(withRate(around[i], usual * factor));
    for (const double factor : {0.1, 30.0})
      if (wide) out.push_back(withRate(given, usual * factor));
  }
  for (auto& each : out) {
    each.weightDecaySchedule = given.weightDecaySchedule;
    each.decayAll = given.decayAll;
    each.hypergradient = given.hypergradient;
  }
  return out;
}

double workOf(std::int64_t steps, double stepFlops) { return static_cast<double>(steps) * (stepFlops + workOfAnyStep); }

namespace {

// `budget` in trainings of full length.
SweepPlan planWith(const spec::TrainingSpec& training, std::int64_t steps, double budget, bool wide, bool folds) {
  SweepPlan plan;
  plan.wide = wide;
  const int rungs = plan.wide ? wideRungs : narrowRungs;
  int candidates = static_cast<int>(candidatesFor(training, plan.wide).size());
  for (int i = 0; i < rungs && candidates > 1; ++i) {
    Rung rung;
    rung.candidates = candidates;
    const double each = budget / rungs / candidates;
    rung.fidelity = std::min(1.0, each);
    if (folds) rung.folds = std::clamp(static_cast<int>(each), 1, mostFolds);
    if (rung.fidelity * static_cast<double>(steps) < std::min(leastSteps, static_cast<double>(steps))) return {};
    plan.rungs.push_back(rung);
    candidates = (candidates + 2) / 3;
  }
  return plan;
}

}  // namespace

SweepPlan planSweep(const spec::TrainingSpec& training, std::int64_t stepsPerEpoch, double stepFlops, bool folds) {
  const auto steps = stepsPerEpoch * training.epochs;
  const double budget = std::max(shareOfTraining, std::min(mostTrainings, freeWork / workOf(steps, stepFlops)));
  SweepPlan plan;
  if (budget >= wideFrom) plan = planWith(training, steps, budget, true, folds);
  return plan.rungs.empty() ? planWith(training, steps, budget, false, folds) : plan;
}

double rateForLonger(double rate, double fidelity) {
  return fidelity >= 1 ? rate : rate * std::pow(fidelity, horizonExponent);
}

}  // namespace lathe::services

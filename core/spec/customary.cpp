// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/customary.h"

namespace lathe::spec {
namespace {

struct Optimizer {
  const char* name;
  double lr, weightDecay, momentum, beta1, beta2, epsilon;
};

constexpr Optimizer optimizers[] = {
    {"sgd", 1e-3, 0.01, 0.9, 0.9, 0.999, 1e-8},
    {"adam", 1e-3, 0.01, 0.9, 0.9, 0.999, 1e-8},
    {"adamw", 1e-3, 0.01, 0.9, 0.9, 0.999, 1e-8},
    {"rmsprop", 1e-2, 0, 0, 0.9, 0.99, 1e-8},
    {"adagrad", 1e-2, 0, 0.9, 0.9, 0.999, 1e-10},
    {"adadelta", 1, 0, 0.9, 0.9, 0.9, 1e-6},
    {"nadam", 2e-3, 0, 0.9, 0.9, 0.999, 1e-8},
    {"radam", 1e-3, 0, 0.9, 0.9, 0.999, 1e-8},
    {"lion", 1e-4, 0.1, 0.9, 0.9, 0.99, 1e-8},
    {"lamb", 1e-3, 0.01, 0.9, 0.9, 0.999, 1e-6},
    {"muon", 0.02, 0.01, 0.95, 0.9, 0.95, 1e-10},
    {"prodigy", 1, 0.01, 0.9, 0.9, 0.999, 1e-8},
    {"dadapt_adam", 1, 0, 0.9, 0.9, 0.999, 1e-8},
    {"schedule_free_sgd", 1, 0, 0.9, 0.9, 0.999, 1e-8},
    {"schedule_free_adamw", 2.5e-3, 0.01, 0.9, 0.9, 0.999, 1e-8},
    {"yellowfin", 1, 0, 0.9, 0.9, 0.999, 1e-8},
};

struct Schedule {
  const char* name;
  double warmupFraction, gamma;
};

constexpr Schedule schedules[] = {
    {"constant", 0, 0.1},     {"cosine", 0.05, 0.1},          {"step", 0, 0.1},      {"plateau", 0, 0.1},
    {"one_cycle", 0, 0.1},    {"cosine_restarts", 0.05, 0.1}, {"linear", 0.05, 0.1}, {"polynomial", 0.05, 0.1},
    {"exponential", 0, 0.95}, {"flat_cosine", 0.05, 0.1},     {"coslog4", 0, 0.1},
};

void follow(double& value, double before, double after) {
  if (value == before) value = after;
}

}  // namespace

const std::vector<std::string>& optimizerNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& each : optimizers) out.emplace_back(each.name);
    return out;
  }();
  return names;
}

const std::vector<std::string>& scheduleNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& each : schedules) out.emplace_back(each.name);
    return out;
  }();
  return names;
}

OptimizerSpec customaryOptimizer(const std::string& name) {
  OptimizerSpec spec;
  if (name == "auto") {
    spec.name = name;
    spec.lr = 0;
  }
  for (const auto& each : optimizers)
    if (name == each.name) {
      spec.name = name;
      spec.lr = each.lr;
      spec.weightDecay = each.weightDecay;
      spec.momentum = each.momentum;
      spec.beta1 = each.beta1;
      spec.beta2 = each.beta2;
      spec.epsilon = each.epsilon;
    }
  return spec;
}

ScheduleSpec customarySchedule(const std::string& name) {
  ScheduleSpec spec;
  for (const auto& each : schedules)
    if (name == each.name) {
      spec.name = name;
      spec.warmupFraction = each.warmupFraction;
      spec.gamma = each.gamma;
    }
  return spec;
}

void followOptimizer(TrainingSpec& training, const std::string& before) {
  auto& now = training.optimizer;
  if (now.name == before) return;
  const auto old = customaryOptimizer(before);
  const auto usual = customaryOptimizer(now.name);
  if (now.lr != 0) follow(now.lr, old.lr, usual.lr);  // an automatic one stays automatic
  follow(now.weightDecay, old.weightDecay, usual.weightDecay);
  follow(now.momentum, old.momentum, usual.momentum);
  follow(now.beta1, old.beta1, usual.beta1);
  follow(now.beta2, old.beta2, usual.beta2);
  follow(now.epsilon, old.epsilon, usual.epsilon);
  auto& schedule = training.schedule.name;
  OptimizerSpec was;
  was.name = before;
  if (isScheduleFree(now) && !isScheduleFree(was) && schedule == "cosine") schedule = "constant";
  if (!isScheduleFree(now) && isScheduleFree(was) && schedule == "constant") schedule = "cosine";
}

void followSchedule(TrainingSpec& training, const std::string& before) {
  auto& now = training.schedule;
  if (now.name == before) return;
  const auto old = customarySchedule(before);
  const auto usual = customarySchedule(now.name);
  follow(now.warmupFraction, old.warmupFraction, usual.warmupFraction);
  follow(now.gamma, old.gamma, usual.gamma);
}

bool isAutomatic(const OptimizerSpec& optimizer) { return optimizer.name == "auto" || optimizer.lr == 0; }

bool findsItsRate(const std::string& optimizer) {
  return optimizer == "prodigy" || optimizer == "dadapt_adam" || optimizer == "yellowfin";
}

bool isScheduleFree(const OptimizerSpec& optimizer) {
  return optimizer.name == "schedule_free_sgd" || optimizer.name == "schedule_free_adamw";
}

double momentumOf(const OptimizerSpec& optimizer) {
  const auto& name = optimizer.name;
  if (name == "adagrad" || name == "adadelta" || name == "yellowfin") return -1;
  if (name == "sgd" || name == "rmsprop") return optimizer.momentum > 0 ? optimizer.momentum : -1;
  return name == "muon" || name == "schedule_free_sgd" ? optimizer.momentum : optimizer.beta1;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/population.h"

#include <algorithm>

#include "core/engine/training_steps.h"

namespace lathe::engine {
namespace {

// The probability is the member's own.
bool alike(const spec::Operation& a, const spec::Operation& b) {
  if (a.primitive != spec::Primitive::Dropout || b.primitive != a.primitive) return a == b;
  auto other = b;
  other.reals = a.reals;
  return a == other;
}

bool alike(const std::vector<spec::Operation>& a, const std::vector<spec::Operation>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& first, const auto& second) { return alike(first, second); });
}

std::optional<std::string> programDifference(const spec::Program& a, const spec::Program& b) {
  if (a.inputType != b.inputType || a.input != b.input || a.prepared != b.prepared || a.constants != b.constants ||
      a.preprocess != b.preprocess)
    return "the preprocessing";
  for (std::size_t i = 0; i < std::min(a.model.size(), b.model.size()); ++i)
    if (!alike(a.model[i], b.model[i])) return "the layer " + a.model[i].layer;
  if (!alike(a.model, b.model)) return "the number of layers";
  for (std::size_t i = 0; i < std::min(a.parameters.size(), b.parameters.size()); ++i)
    if (a.parameters[i] != b.parameters[i]) return a.parameters[i].name;
  if (a.parameters != b.parameters || a.values != b.values || a.head != b.head) return "the model";
  return std::nullopt;
}

std::optional<std::string> settingDifference(const TrainingRequest& a, const TrainingRequest& b) {
  if (a.data != b.data) return "the data";
  const auto& x = a.training;
  const auto& y = b.training;
  if (x.batchSize != y.batchSize) return "training.batch_size";
  if (x.accumulateSteps != y.accumulateSteps) return "training.accumulate_steps";
  if (x.device != y.device) return "training.device";
  if (x.threads != y.threads) return "training.threads";
  if (x.optimizer.name != y.optimizer.name) return "training.optimizer.name";
  return std::nullopt;
}

}  // namespace

std::vector<Result<TrainingSummary>> runPopulation(std::span<const PopulationMember> members,
                                                   const std::string& engineName, PopulationLearner& learner,
                                                   const Clock& clock) {
  std::vector<std::unique_ptr<TrainingLoop>> loops;
  std::vector<std::size_t> running;
  for (const auto& member : members) {
    running.push_back(loops.size());
    loops.push_back(std::make_unique<TrainingLoop>(*member.request, engineName, learner.member(loops.size()),
                                                   *member.observer, *member.control, clock));
  }
  std::vector<Result<TrainingSummary>> results(members.size());
  std::vector<PopulationLearner::Asked> asked;
  while (!running.empty()) {
    asked.clear();
    for (const auto index : running) {
      if (const auto step = loops[index]->next()) {
        asked.push_back({index, step->rows, step->settings});
        continue;
      }
      results[index] = loops[index]->result();
      loops[index].reset();
      learner.leave(index);
    }
    running.clear();
    for (const auto& each : asked) running.push_back(each.member);
    if (asked.empty()) break;
    const auto outcomes = learner.step(asked);
    for (std::size_t i = 0; i < asked.size(); ++i) loops[asked[i].member]->done(outcomes[i]);
  }
  return results;
}

std::optional<std::string> populationDifference(std::span<const TrainingRequest* const> requests,
                                                std::span<const spec::Program> programs) {
  for (std::size_t i = 1; i < requests.size(); ++i) {
    if (auto found = settingDifference(*requests[0], *requests[i])) return found;
    if (auto found = programDifference(programs[0], programs[i])) return found;
  }
  return std::nullopt;
}

tl::unexpected<Error> populationDiffers(const std::string& setting) {
  return fail("engine.population",
              LATHE_TEXT("errors", "These trainings cannot share their steps, because they differ in {setting}."),
              LATHE_TEXT("errors", "Train them in groups that agree in it, or each by itself."),
              {{"setting", setting}});
}

tl::unexpected<Error> populationRefuses(const std::string& setting) {
  return fail("engine.population", LATHE_TEXT("errors", "Trainings with {setting} cannot share their steps."),
              LATHE_TEXT("errors", "Train each of them by itself."), {{"setting", setting}});
}

std::vector<Result<TrainingSummary>> Engine::trainPopulation(std::span<const PopulationMember> members) {
  const Result<TrainingSummary> refused = populationRefuses("this engine");
  return std::vector<Result<TrainingSummary>>(members.size(), refused);
}

Result<void> Engine::checkPopulation(std::span<const TrainingRequest* const>) const {
  return populationRefuses("this engine");
}

}  // namespace lathe::engine

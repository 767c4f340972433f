// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

#include "core/services/study_service.h"
#include "tests/services/workshop.h"

namespace lathe::tests {

inline const char* const rates = R"({"parameters":[
  {"name":"training.optimizer.lr","type":"float","low":1e-4,"high":1,"log":true},
  {"name":"training.batch_size","type":"ordinal","choices":[16,32,64]},
  {"name":"training.optimizer.weight_decay","type":"float","low":1e-6,"high":0.1,"log":true}]})";

struct Searches : Workshop {
  explicit Searches(engine::FakeEngineOptions options = {}) : Workshop(options) {
    studies = services::makeStudyService(engine);
  }

  [[nodiscard]] services::StudyRequest search(int trials, int epochs = 4) const {
    services::StudyRequest result;
    result.spec = request(epochs).spec;
    result.spec.training.optimizer.name = "adamw";
    result.settings.trials = trials;
    result.settings.workers = 2;
    result.settings.sampler = "random";
    result.settings.confirmSeeds = 1;
    auto space = spec::searchSpaceFromJson(rates);
    REQUIRE_OK(space);
    result.space = *space;
    return result;
  }
  store::StudyNumber begin(const services::StudyRequest& what, services::StudySink sink = {}) {
    const auto study = studies->start(project, what, {}, std::move(sink));
    REQUIRE_OK(study);
    return *study;
  }
  store::StudyRecord ended(store::StudyNumber study) {
    auto record = studies->wait(*project, study);
    REQUIRE_OK(record);
    return *record;
  }
  std::vector<store::TrialRecord> trials(store::StudyNumber study) {
    auto all = project->store().studies().trials(study);
    REQUIRE_OK(all);
    return *all;
  }

  std::unique_ptr<services::StudyService> studies;
};

// Everything that must not depend on workers or interruptions.
inline std::string contentOf(const std::vector<store::TrialRecord>& trials) {
  std::string text;
  for (const auto& trial : trials) {
    text += fmt::format("{} {} {}:", trial.number, spec::name(trial.status), trial.steps);
    for (const double value : trial.configuration) text += fmt::format(" {}", value);
    for (const double value : trial.values) text += fmt::format(" = {}", value);
    text += "\n";
  }
  return text;
}

}  // namespace lathe::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_settings.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/services/nas_settings.h"
#include "core/spec/metrics.h"

namespace lathe::services {
namespace {

using Json = nlohmann::ordered_json;

tl::unexpected<Error> unreadable() {
  return fail("study.settings", LATHE_TEXT("errors", "The settings of the study cannot be read."),
              LATHE_TEXT("errors", "Start a new study."));
}

}  // namespace

const std::vector<std::string>& costGoals() {
  static const std::vector<std::string> names{"latency_ms", "bytes", "parameters", "flops"};
  return names;
}

bool isCostGoal(std::string_view metric) {
  return std::find(costGoals().begin(), costGoals().end(), metric) != costGoals().end();
}

StudyGoal goalOf(const std::string& metric) { return {metric, !isCostGoal(metric) && spec::largerIsBetter(metric)}; }

std::string toJson(const StudySettings& s) {
  Json goals = Json::array();
  for (const auto& goal : s.goals)
    goals.push_back({{"metric", goal.metric}, {"direction", goal.larger ? "maximize" : "minimize"}});
  Json json{{"goals", std::move(goals)},
            {"sampler", s.sampler},
            {"pruner", s.pruner},
            {"trials", s.trials},
            {"seconds", s.seconds},
            {"workers", s.workers},
            {"threads", s.threads},
            {"population", s.population},
            {"deterministic", s.deterministic},
            {"window", s.window},
            {"folds", s.folds},
            {"fold_repeats", s.foldRepeats},
            {"seed", s.seed},
            {"max_epochs", s.maxEpochs},
            {"min_epochs", s.minEpochs},
            {"eta", s.eta},
            {"percentile", s.percentile},
            {"startup_trials", s.startupTrials},
            {"patience", s.patience},
            {"min_delta", s.minDelta},
            {"lower", s.lower ? Json(*s.lower) : Json()},
            {"upper", s.upper ? Json(*s.upper) : Json()},
            {"significance", s.significance},
            {"terminator", s.terminator},
            {"confirm_top", s.confirmTop},
            {"confirm_seeds", s.confirmSeeds},
            {"device", s.device}};
  if (s.plannedFirst >= 0) json["planned_first"] = s.plannedFirst;
  if (s.architecture.active()) json["architecture"] = Json::parse(toJson(s.architecture));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<StudySettings> studySettingsFromJson(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return unreadable();
  StudySettings s;
  try {
    for (const auto& goal : json.at("goals"))
      s.goals.push_back({goal.at("metric").get<std::string>(), goal.at("direction") == "maximize"});
    const auto read = [&](const char* name, auto& field) {
      if (const auto at = json.find(name); at != json.end()) at->get_to(field);
    };
    read("sampler", s.sampler);
    read("pruner", s.pruner);
    read("trials", s.trials);
    read("seconds", s.seconds);
    read("workers", s.workers);
    read("threads", s.threads);
    read("population", s.population);
    read("deterministic", s.deterministic);
    read("window", s.window);
    read("folds", s.folds);
    read("fold_repeats", s.foldRepeats);
    read("seed", s.seed);
    read("max_epochs", s.maxEpochs);
    read("min_epochs", s.minEpochs);
    read("eta", s.eta);
    read("percentile", s.percentile);
    read("startup_trials", s.startupTrials);
    read("patience", s.patience);
    read("min_delta", s.minDelta);
    for (const auto& [name, field] : {std::pair("lower", &s.lower), std::pair("upper", &s.upper)})
      if (const auto at = json.find(name); at != json.end() && at->is_number()) *field = at->get<double>();
    read("significance", s.significance);
    read("planned_first", s.plannedFirst);
    read("terminator", s.terminator);
    read("confirm_top", s.confirmTop);
    read("confirm_seeds", s.confirmSeeds);
    read("device", s.device);
  } catch (const Json::exception&) {
    return unreadable();
  }
  if (s.goals.empty()) return unreadable();
  if (const auto at = json.find("architecture"); at != json.end()) {
    LATHE_ASSIGN(architecture, architectureStudyFromJson(at->dump()));
    s.architecture = std::move(architecture);
  }
  return s;
}

}  // namespace lathe::services

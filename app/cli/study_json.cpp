// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/study_json.h"

#include <algorithm>

#include "app/cli/nas_json.h"
#include "app/cli/study_reading.h"
#include "app/cli/values_json.h"
#include "core/services/study_service.h"

namespace lathe::cli {
namespace {

using services::StudySettings;
using spec::RunStatus;

Json valuesJson(const StudySettings& settings, const std::vector<double>& values) {
  Json json = Json::object();
  for (std::size_t i = 0; i < std::min(values.size(), settings.goals.size()); ++i)
    json[settings.goals[i].metric] = values[i];
  return json;
}

Json trialJson(const StudyReading& read, const store::TrialRecord& trial) {
  Json json{{"trial", trial.number}, {"run", trial.run}, {"status", spec::name(trial.status)}};
  json["params"] = trial.configuration.size() == read.space.size()
                       ? Json::parse(spec::configurationJson(read.space, trial.configuration))
                       : Json::object();
  json["values"] = valuesJson(read.settings, trial.values);
  json["epochs"] = trial.steps;
  json["origin"] = trial.origin;
  if (trial.parent >= 0) json["parent"] = trial.parent;
  json["seconds"] = trial.seconds;
  json["created"] = timeJson(trial.createdMicros);
  json["ended"] = timeJson(trial.endedMicros);
  if (trial.error) json["error"] = errorJson(*trial.error);
  return json;
}

Json bestJson(const StudyReading& read) {
  const auto order = ranked(read);
  if (order.empty()) return nullptr;
  const store::TrialRecord* best = order.front();
  // The winner is who was best over several seeds, where that was found out.
  if (const auto winner = read.summary.find("winner"); winner != read.summary.end())
    for (const auto* trial : order)
      if (trial->number == winner->value("trial", std::int64_t{-1})) best = trial;
  auto json = trialJson(read, *best);
  // With folds the run to use is a training of its own, not one of the folds.
  if (const auto winner = read.summary.find("winner");
      winner != read.summary.end() && best->number == winner->value("trial", std::int64_t{-1}))
    json["run"] = winner->value("run", best->run);
  json["value"] = best->values.front();
  json["metric"] = read.settings.goals.front().metric;
  return json;
}

Json frontJson(const StudyReading& read) {
  Json front = Json::array();
  for (const auto* trial : paretoTrials(read)) front.push_back(trialJson(read, *trial));
  return front;
}

}  // namespace

Result<Json> studyJson(const services::Project& project, const store::StudyRecord& study, bool details) {
  LATHE_ASSIGN(read, readStudy(project, study));
  Json json{{"study", study.number}, {"name", study.name}, {"kind", study.kind}, {"status", spec::name(study.status)}};
  json["best"] = bestJson(read);
  if (read.settings.goals.size() > 1) json["front"] = frontJson(read);
  json["trials"] = study.trials;
  json["completed"] = study.completed;
  json["pruned"] = study.pruned;
  json["failed"] = study.failed;
  json["seconds"] = study.seconds;
  json["created"] = timeJson(study.createdMicros);
  json["sampler"] = read.settings.sampler;
  json["pruner"] = read.settings.pruner;
  json["goals"] = Json::parse(study.settingsJson).at("goals");
  if (!read.summary.empty()) json["confirmed"] = read.summary;
  if (study.error) json["error"] = errorJson(*study.error);
  json["warnings"] = errorsJson(studyWarnings(study, read));
  const bool architectures = read.settings.architecture.active();
  const auto withArchitectures = [&]() -> Result<Json> {
    LATHE_TRY(addArchitectures(json, project, study.number, read.settings, read.space, read.trials, read.summary));
    return json;
  };
  if (!details) return architectures ? withArchitectures() : json;
  json["settings"] = Json::parse(study.settingsJson);
  json["space"] = Json::parse(study.spaceJson);
  json["list"] = Json::array();
  for (const auto& trial : read.trials) json["list"].push_back(trialJson(read, trial));
  return architectures ? withArchitectures() : json;
}

}  // namespace lathe::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/study_json.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "app/cli/nas_json.h"
#include "app/cli/values_json.h"
#include "core/search/pareto.h"
#include "core/services/study_service.h"

namespace lathe::cli {
namespace {

using services::StudySettings;
using spec::RunStatus;

/// A study's record, read.
struct Read {
  StudySettings settings;
  spec::SearchSpace space;
  std::vector<store::TrialRecord> trials;
  Json summary;
};

Result<Read> readStudy(const services::Project& project, const store::StudyRecord& study) {
  Read read;
  LATHE_ASSIGN(settings, services::studySettingsFromJson(study.settingsJson));
  LATHE_ASSIGN(space, spec::searchSpaceFromJson(study.spaceJson));
  LATHE_ASSIGN(trials, project.store().studies().trials(study.number));
  read.settings = std::move(settings);
  read.space = std::move(space);
  read.trials = std::move(trials);
  read.summary = Json::parse(study.summaryJson.empty() ? "{}" : study.summaryJson, nullptr, false);
  if (!read.summary.is_object()) read.summary = Json::object();
  return read;
}

Json valuesJson(const StudySettings& settings, const std::vector<double>& values) {
  Json json = Json::object();
  for (std::size_t i = 0; i < std::min(values.size(), settings.goals.size()); ++i)
    json[settings.goals[i].metric] = values[i];
  return json;
}

Json trialJson(const Read& read, const store::TrialRecord& trial) {
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

// Best first; completed ones of the first goal.
std::vector<const store::TrialRecord*> ranked(const Read& read) {
  std::vector<const store::TrialRecord*> order;
  for (const auto& trial : read.trials)
    if (trial.status == RunStatus::Completed && !trial.values.empty()) order.push_back(&trial);
  const bool larger = read.settings.goals.front().larger;
  std::stable_sort(order.begin(), order.end(), [larger](const auto* a, const auto* b) {
    return larger ? a->values.front() > b->values.front() : a->values.front() < b->values.front();
  });
  return order;
}

Json bestJson(const Read& read) {
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

Json frontJson(const Read& read) {
  std::vector<search::Goals> goals;
  std::vector<const store::TrialRecord*> trials;
  for (const auto& trial : read.trials) {
    if (trial.status != RunStatus::Completed || trial.values.size() != read.settings.goals.size()) continue;
    auto values = trial.values;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (read.settings.goals[i].larger) values[i] = -values[i];
    goals.push_back(std::move(values));
    trials.push_back(&trial);
  }
  Json front = Json::array();
  for (const auto i : search::paretoFront(goals)) front.push_back(trialJson(read, *trials[i]));
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

Result<std::string> studyText(const services::Project& project, const store::StudyRecord& study) {
  LATHE_ASSIGN(read, readStudy(project, study));
  std::string text = fmt::format("Study {} {}: {}, {} completed, {} pruned, {} failed, {}\n", study.number,
                                 spec::name(study.status), counted(study.trials, "trial", "trials"), study.completed,
                                 study.pruned, study.failed, durationText(study.seconds));
  const auto& goals = read.settings.goals;
  Table table;
  table.column("trial", Table::Align::Right);
  table.column("run", Table::Align::Right);
  for (const auto& goal : goals) table.column(goal.metric, Table::Align::Right);
  table.column("settings");
  const auto add = [&](const store::TrialRecord& trial) {
    std::vector<std::string> cells{std::to_string(trial.number), std::to_string(trial.run)};
    for (const double value : trial.values) cells.push_back(shortNumber(value));
    std::string settings;
    for (std::size_t i = 0; i < read.space.size(); ++i) {
      if (std::isnan(trial.configuration[i])) continue;
      const auto value = spec::valueOf(read.space.parameters[i], trial.configuration[i]);
      const auto shown = value.isNumber() && !value.isInteger() ? shortNumber(value.toReal())
                         : value.isText()                       ? value.toText()
                                                                : value.json();
      const auto& name = read.space.parameters[i].name;
      settings += fmt::format("{}{}={}", settings.empty() ? "" : " ",
                              search::isArchitectureParameter(name) ? name.substr(name.find('.') + 1) : name, shown);
    }
    cells.push_back(settings);
    table.row(std::move(cells));
  };
  if (goals.size() > 1) {
    text += "Pareto front:\n";
    const auto front = frontJson(read);
    for (const auto& each : front) add(read.trials[each["trial"].get<std::size_t>()]);
  } else {
    const auto order = ranked(read);
    for (std::size_t i = 0; i < std::min<std::size_t>(5, order.size()); ++i) add(*order[i]);
  }
  if (!table.empty()) text += table.text();
  if (const auto winner = read.summary.find("winner"); winner != read.summary.end())
    text += fmt::format("Winner: trial {}, run {}\n", (*winner)["trial"].get<std::int64_t>(),
                        (*winner)["run"].get<std::int64_t>());
  if (const auto verdict = read.summary.find("sentence"); verdict != read.summary.end())
    text += verdict->get<std::string>() + "\n";
  if (const auto end = read.summary.find("terminator"); end != read.summary.end())
    text +=
        fmt::format("{}The best can hardly be beaten by more than {}; the noise of one evaluation is {}.\n",
                    end->value("stopped", false) && (read.settings.trials == 0 || study.trials < read.settings.trials)
                        ? "Ended early by the terminator. "
                        : "",
                    shortNumber(end->value("regret_bound", NAN)), shortNumber(end->value("noise", NAN)));
  if (const auto test = read.summary.find("test"); test != read.summary.end())
    for (const auto& [name, value] : test->items())
      text += fmt::format("{}: {}\n", name, shortNumber(value.is_number() ? value.get<double>() : NAN));
  if (read.settings.architecture.active()) {
    LATHE_ASSIGN(more, architecturesText(project, study.number, read.settings, read.space, read.trials, read.summary));
    text += more;
  }
  return text;
}

}  // namespace lathe::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <charconv>
#include <fmt/format.h>
#include <set>

#include "app/cli/commands.h"
#include "app/cli/values_json.h"
#include "core/base/clock.h"
#include "core/services/run_curves.h"
#include "core/services/study_service.h"

namespace lathe::cli {
namespace {

using services::Project;

double metricOf(const store::RunRecord& run, const std::string& name) {
  const auto found = run.metrics.find(name);
  return found == run.metrics.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

struct ListOptions {
  std::string study;
  bool all = false;
};

Result<int> list(Context& context, const ListOptions& options) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Read));
  store::RunFilter filter;
  filter.includeTrials = options.all;
  if (!options.study.empty()) {
    LATHE_ASSIGN(study, services::findStudy(*project, options.study));
    filter.study = study.number;
  }
  LATHE_ASSIGN(runs, project->store().runs(filter));
  Json json = Json::array();
  std::set<std::string> monitors;
  for (auto& run : runs) {
    run = services::asItStands(project->store(), std::move(run));
    json.push_back(runJson(run, *project));
    if (!run.monitor.empty()) monitors.insert(run.monitor);
  }
  Table table;
  table.column("run", Table::Align::Right);
  for (const char* title : {"name", "status", "model"}) table.column(title);
  for (const char* title : {"epochs", "time"}) table.column(title, Table::Align::Right);
  for (const auto& monitor : monitors) table.column(monitor, Table::Align::Right);
  table.column("created");
  for (const auto& run : runs) {
    std::vector<std::string> cells{std::to_string(run.number),
                                   run.name,
                                   spec::name(run.status),
                                   run.model,
                                   fmt::format("{}/{}", run.epochs, run.totalEpochs),
                                   durationText(run.seconds)};
    for (const auto& monitor : monitors) cells.push_back(shortNumber(metricOf(run, monitor)));
    cells.push_back(isoTime(run.createdMicros));
    table.row(std::move(cells));
  }
  return context.print({{"runs", std::move(json)}},
                       runs.empty() ? "No runs yet. lathe-cli train --data FILE makes one.\n" : table.text());
}

/// Everything known of one run, beside its record.
Result<Json> detailsJson(const Project& project, const store::RunRecord& run) {
  const auto& store = project.store();
  auto json = runJson(run, project);
  LATHE_ASSIGN(parameters, store.runParameters(run.number));
  LATHE_ASSIGN(environment, store.runEnvironment(run.number));
  LATHE_ASSIGN(events, store.events(run.number));
  LATHE_ASSIGN(artefacts, store.artefacts(run.number));
  LATHE_ASSIGN(series, store.series(run.number));
  json["error"] = run.error ? errorJson(*run.error) : Json();
  json["parameters"] = parameters;
  json["environment"] = environment;
  json["events"] = Json::array();
  for (const auto& event : events)
    json["events"].push_back({{"time", timeJson(event.micros)},
                              {"kind", event.kind},
                              {"code", event.code},
                              {"message", event.message.render()},
                              {"hint", event.hint.render()}});
  json["artefacts"] = Json::array();
  for (const auto& artefact : artefacts)
    json["artefacts"].push_back({{"kind", artefact.kind},
                                 {"path", project.absolute(artefact.path).string()},
                                 {"bytes", artefact.bytes},
                                 {"sha256", artefact.sha256},
                                 {"created", timeJson(artefact.createdMicros)}});
  json["curves"] = Json::array();
  for (const auto& curve : series)
    json["curves"].push_back({{"name", curve.name}, {"points", curve.points}, {"last_step", curve.lastStep}});
  return json;
}

std::string detailsText(const Project& project, const store::RunRecord& run, const Json& json) {
  std::string out = runText(run, project);
  if (run.error) out += "\n" + run.error->sentence() + "\n";
  if (!json["parameters"].empty()) {
    Table table;
    table.column("parameter");
    table.column("value");
    for (const auto& [name, value] : json["parameters"].items()) table.row({name, value.get<std::string>()});
    out += "\n" + table.text();
  }
  if (!json["events"].empty()) {
    out += "\n";
    for (const auto& event : json["events"])
      out += fmt::format("{}  {}\n", event["time"].is_string() ? event["time"].get<std::string>() : "",
                         event["message"].get<std::string>());
  }
  return out;
}

Result<int> show(Context& context, const std::string& name, bool specOnly) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Read));
  LATHE_ASSIGN(run, project->findRun(name));
  LATHE_ASSIGN(specText, project->store().runSpec(run.number));
  const auto spec = storedSpecJson(specText, *project);
  if (specOnly && !context.globals().json)
    return context.print({}, spec.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  LATHE_ASSIGN(json, detailsJson(*project, run));
  const auto text = detailsText(*project, run, json);
  json["spec"] = spec;
  return context.print({{"runs", Json::array({std::move(json)})}, {"spec", spec}}, text);
}

/// Leaves of a spec by their dotted paths.
void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& out) {
  if (json.is_object() && !json.empty()) {
    const auto prefix = path.empty() ? path : path + ".";
    for (const auto& [key, value] : json.items()) flatten(value, std::string(prefix).append(key), out);
    return;
  }
  out[path] = oneLine(json);
}

Result<int> compare(Context& context, const std::vector<std::string>& names) {
  if (names.size() < 2)
    return usage("runs", "runs compare needs at least two runs.", "For example lathe-cli runs compare best latest.");
  LATHE_ASSIGN(project, context.project(Project::Mode::Read));
  std::vector<store::RunRecord> runs;
  std::vector<std::map<std::string, std::string>> specs;
  std::set<std::string> metrics;
  std::set<std::string> fields;
  for (const auto& name : names) {
    LATHE_ASSIGN(found, project->findRun(name));
    const auto run = services::asItStands(project->store(), std::move(found));
    LATHE_ASSIGN(specText, project->store().runSpec(run.number));
    std::map<std::string, std::string> flat;
    flatten(storedSpecJson(specText, *project), "", flat);
    for (const auto& [path, unused] : flat) fields.insert(path);
    for (const auto& [metric, unused] : run.metrics) metrics.insert(metric);
    runs.push_back(run);
    specs.push_back(std::move(flat));
  }

  Table table;
  table.column("");
  for (const auto& run : runs) table.column(fmt::format("run {}", run.number), Table::Align::Right);
  for (const auto& metric : metrics) {
    std::vector<std::string> cells{metric};
    for (const auto& run : runs) cells.push_back(shortNumber(metricOf(run, metric)));
    table.row(std::move(cells));
  }
  Json differences = Json::array();
  for (const auto& field : fields) {
    std::vector<std::string> cells{field};
    Json values = Json::array();
    for (const auto& flat : specs) {
      const auto found = flat.find(field);
      cells.push_back(found == flat.end() ? "-" : found->second);
      values.push_back(found == flat.end() ? Json() : Json::parse(found->second, nullptr, false));
    }
    if (std::set<std::string>(cells.begin() + 1, cells.end()).size() < 2) continue;
    differences.push_back({{"path", field}, {"values", std::move(values)}});
    table.row(std::move(cells));
  }
  Json json = Json::array();
  for (const auto& run : runs) json.push_back(runJson(run, *project));
  return context.print({{"runs", std::move(json)}, {"differences", std::move(differences)}}, table.text());
}

Result<int> remove(Context& context, const std::vector<std::string>& names) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  std::vector<store::RunRecord> runs;
  for (const auto& name : names) {
    LATHE_ASSIGN(run, project->findRun(name));
    if (!spec::allowed(spec::RunAction::Remove, run.status))
      return fail("run.bad_transition", "Run {run} is {status} and cannot be removed.", "Pause or cancel it first.",
                  {{"run", std::to_string(run.number)}, {"status", spec::name(run.status)}});
    runs.push_back(run);
  }
  Json json = Json::array();
  std::string text;
  for (const auto& run : runs) {
    LATHE_TRY(project->store().removeRun(run.number));
    json.push_back(runJson(run, *project));
    text += fmt::format("Run {} is removed; lathe-cli runs restore {} brings it back within seven days.\n", run.number,
                        run.number);
  }
  LATHE_TRY(project->store().flush());
  return context.print({{"runs", std::move(json)}}, text);
}

Result<int> restore(Context& context, const std::string& name) {
  store::RunNumber number = 0;
  const char* last = name.data() + name.size();
  if (const auto [end, error] = std::from_chars(name.data(), last, number); error != std::errc() || end != last)
    return usage("run", fmt::format("\"{}\" is no run's number.", name), "Give the number of a removed run.");
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_TRY(project->store().restoreRun(number));
  LATHE_TRY(project->store().flush());
  LATHE_ASSIGN(run, project->store().run(number));
  return context.print({{"runs", Json::array({runJson(run, *project)})}}, fmt::format("Run {} is back.\n", number));
}

}  // namespace

void addRuns(CLI::App& root, Action& chosen) {
  auto* runs = root.add_subcommand("runs", "The runs of a project");
  runs->require_subcommand(1);
  auto* listCommand = runs->add_subcommand("list", "All runs, newest first");
  auto listOptions = std::make_shared<ListOptions>();
  listCommand->add_flag("--all", listOptions->all, "With the trials of studies");
  listCommand->add_option("--study", listOptions->study, "The runs of a study, its trials included")
      ->type_name("STUDY");
  listCommand->callback(
      [listOptions, &chosen] { chosen = [listOptions](Context& context) { return list(context, *listOptions); }; });

  struct Names {
    std::string run;
    std::vector<std::string> runs;
    bool spec = false;
  };
  const auto help = "A run's number, latest or best";
  auto* showCommand = runs->add_subcommand("show", "One run: metrics, settings, events, files");
  auto shown = std::make_shared<Names>();
  showCommand->add_option("run", shown->run, help)->type_name("RUN")->required();
  showCommand->add_flag("--spec", shown->spec, "Print the resolved spec alone");
  showCommand->callback(
      [shown, &chosen] { chosen = [shown](Context& context) { return show(context, shown->run, shown->spec); }; });

  auto* compareCommand = runs->add_subcommand("compare", "Metrics and settings of runs side by side");
  auto compared = std::make_shared<Names>();
  compareCommand->add_option("runs", compared->runs, help)->type_name("RUN")->required();
  compareCommand->callback(
      [compared, &chosen] { chosen = [compared](Context& context) { return compare(context, compared->runs); }; });

  auto* removeCommand = runs->add_subcommand("rm", "Remove runs; they can be brought back for seven days");
  auto removed = std::make_shared<Names>();
  removeCommand->add_option("runs", removed->runs, help)->type_name("RUN")->required();
  removeCommand->callback(
      [removed, &chosen] { chosen = [removed](Context& context) { return remove(context, removed->runs); }; });

  auto* restoreCommand = runs->add_subcommand("restore", "Bring a removed run back");
  auto restored = std::make_shared<Names>();
  restoreCommand->add_option("run", restored->run, "The removed run's number")->type_name("RUN")->required();
  restoreCommand->callback(
      [restored, &chosen] { chosen = [restored](Context& context) { return restore(context, restored->run); }; });
}

}  // namespace lathe::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/state_file.h"

#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using Json = nlohmann::ordered_json;

constexpr int version = 1;

Json specJson(const spec::ExperimentSpec& spec) { return Json::parse(spec::toJson(spec, -1)); }

Json tryJson(const SavedTry& tried) {
  Json folds = Json::array();
  for (const auto& fold : tried.folds)
    folds.push_back({{"fold", fold.fold},
                     {"epochs", fold.epochs},
                     {"best_epoch", fold.bestEpoch},
                     {"seconds", fold.seconds},
                     {"seconds_per_epoch", fold.secondsPerEpoch}});
  return {{"key", tried.key},           {"title", tried.title},       {"state", tried.state},
          {"baseline", tried.baseline}, {"proposal", tried.proposal}, {"run", tried.run},
          {"seconds", tried.seconds},   {"folds", std::move(folds)},  {"spec", specJson(tried.spec)},
          {"from", tried.from}};
}

SavedTry tryOf(const Json& json) {
  SavedTry tried;
  tried.key = json.at("key").get<std::string>();
  tried.title = json.at("title").get<std::string>();
  tried.state = json.at("state").get<std::string>();
  tried.baseline = json.at("baseline").get<bool>();
  tried.proposal = json.at("proposal").get<std::int64_t>();
  tried.run = json.at("run").get<std::int64_t>();
  tried.seconds = json.at("seconds").get<double>();
  tried.from = json.value("from", std::string());
  for (const auto& fold : json.at("folds"))
    tried.folds.push_back({fold.at("fold").get<int>(), fold.at("epochs").get<int>(), fold.at("best_epoch").get<int>(),
                           fold.at("seconds").get<double>(), fold.at("seconds_per_epoch").get<double>()});
  return tried;
}

tl::unexpected<Error> damaged(const std::filesystem::path& file) {
  return fail("autopilot.state", LATHE_TEXT("errors", "{file} is no state of an Autopilot that can be gone on from."),
              LATHE_TEXT("errors", "Start anew in another folder."), {{"file", file.string()}});
}

}  // namespace

std::filesystem::path stateFile(const std::filesystem::path& folder) { return folder / "autopilot.json"; }

Result<void> writeState(const std::filesystem::path& folder, const SavedState& state) {
  Json tried = Json::array();
  for (const auto& each : state.tried) tried.push_back(tryJson(each));
  Json json{{"format", version},           {"project", state.project},    {"goal", state.goal},
            {"data_sha256", state.sha256}, {"seconds", state.seconds},    {"used", state.used},
            {"folds", state.folds},        {"finished", state.finished},  {"final_run", state.finalRun},
            {"tried", std::move(tried)},   {"spec", specJson(state.spec)}};
  json["formats"] = state.formats;
  if (state.mostMilliseconds) json["max_latency_ms"] = *state.mostMilliseconds;
  if (state.mostBytes) json["max_bytes"] = *state.mostBytes;
  return writeFileAtomically(stateFile(folder), json.dump(1, ' ', false, Json::error_handler_t::replace));
}

Result<SavedState> readState(const std::filesystem::path& folder) {
  const auto file = stateFile(folder);
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return fail("autopilot.no_state", LATHE_TEXT("errors", "There is no Autopilot in {folder} to go on with."),
                LATHE_TEXT("errors", "Start one there, or name the folder of one that was stopped."),
                {{"folder", folder.string()}});
  LATHE_ASSIGN(text, readFile(file, 64U << 20));
  try {
    const auto json = Json::parse(text);
    if (json.at("format").get<int>() > version) return damaged(file);
    SavedState state;
    state.project = json.at("project").get<std::string>();
    state.goal = json.at("goal").get<std::string>();
    state.sha256 = json.at("data_sha256").get<std::string>();
    state.seconds = json.at("seconds").get<double>();
    state.used = json.at("used").get<double>();
    state.folds = json.at("folds").get<int>();
    state.finished = json.at("finished").get<bool>();
    state.finalRun = json.at("final_run").get<std::int64_t>();
    state.formats = json.value("formats", std::vector<std::string>());
    if (json.contains("max_latency_ms")) state.mostMilliseconds = json.at("max_latency_ms").get<double>();
    if (json.contains("max_bytes")) state.mostBytes = json.at("max_bytes").get<double>();
    LATHE_ASSIGN(spec, spec::fromJson(json.at("spec").dump()));
    state.spec = std::move(spec);
    for (const auto& each : json.at("tried")) {
      auto tried = tryOf(each);
      LATHE_ASSIGN(own, spec::fromJson(each.at("spec").dump()));
      tried.spec = std::move(own);
      state.tried.push_back(std::move(tried));
    }
    return state;
  } catch (const std::exception&) {
    return damaged(file);
  }
}

Result<AutopilotState> autopilotStateOf(const std::filesystem::path& folder) {
  LATHE_ASSIGN(saved, readState(folder));
  AutopilotState state{
      std::move(saved.spec), saved.seconds, saved.used, std::move(saved.goal), saved.finished, {}, {}, {},
      saved.finalRun};
  state.formats = std::move(saved.formats);
  state.mostMilliseconds = saved.mostMilliseconds;
  state.mostBytes = saved.mostBytes;
  return state;
}

}  // namespace lathe::services

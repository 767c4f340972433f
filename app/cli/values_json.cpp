// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/values_json.h"

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/services/run_curves.h"
#include "core/spec/spec_json.h"

namespace lathe::cli {
namespace {

Json pathJson(const std::string& path, const services::Project& project) {
  return path.empty() ? Json() : Json(project.absolute(path).string());
}

Json columnJson(const spec::ColumnProfile& column) {
  return {{"name", column.name},
          {"kind", spec::name(column.kind)},
          {"role", spec::name(column.role)},
          {"missing", column.missing},
          {"distinct", column.distinct},
          {"distinct_exact", column.distinctExact},
          {"min", column.min},
          {"max", column.max},
          {"mean", column.mean},
          {"standard_deviation", column.standardDeviation}};
}

// The trial that a run was; of a study's winner, a run as any other, the study knows which. Null: it was none.
Json trialOf(const store::RunRecord& run, const services::Project& project) {
  if (run.study <= 0) return nullptr;
  if (run.isTrial()) return run.trial;
  const auto& studies = project.store().studies();
  if (const auto study = studies.study(run.study)) {
    const auto summary = Json::parse(study->summaryJson, nullptr, false);
    if (summary.is_object() && summary.contains("winner") && summary["winner"].is_object()) {
      const auto& winner = summary["winner"];
      if (winner.value("run", std::int64_t{0}) == run.number) return winner.value("trial", Json());
    }
  }
  const auto trials = studies.trials(run.study);
  if (!trials) return nullptr;
  for (const auto& trial : *trials)
    if (trial.run == run.number) return trial.number;
  return nullptr;
}

}  // namespace

Json timeJson(std::int64_t micros) { return micros == 0 ? Json() : Json(isoTime(micros)); }

Json metricsJson(const std::map<std::string, double>& metrics) {
  Json json = Json::object();
  for (const auto& [name, value] : metrics) json[name] = value;
  return json;
}

Json runJson(const store::RunRecord& record, const services::Project& project) {
  const auto run = services::asItStands(project.store(), record);
  return {{"run", run.number},
          {"name", run.name},
          {"status", spec::name(run.status)},
          {"model", run.model},
          {"study", run.study > 0 ? Json(run.study) : Json()},
          {"trial", trialOf(run, project)},
          {"winner", run.study > 0 && !run.isTrial()},
          {"task", run.task},
          {"epochs", run.epochs},
          {"total_epochs", run.totalEpochs},
          {"steps", run.steps},
          {"total_steps", run.totalSteps},
          {"seconds", run.seconds},
          {"samples_per_second", run.samplesPerSecond},
          {"metrics", metricsJson(run.metrics)},
          {"monitor", run.monitor},
          {"checkpoint", pathJson(run.bestCheckpoint, project)},
          {"last_checkpoint", pathJson(run.lastCheckpoint, project)},
          {"created", timeJson(run.createdMicros)},
          {"started", timeJson(run.startedMicros)},
          {"ended", timeJson(run.endedMicros)},
          {"test_looks", run.testLooks},
          {"tags", run.tags},
          {"note", run.note},
          {"data_sha256", run.dataHash},
          {"project", project.folder().string()}};
}

Json specJson(const spec::ExperimentSpec& spec) { return Json::parse(spec::toJson(spec, -1), nullptr, false); }

Json storedSpecJson(const std::string& text, const services::Project& project) {
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return {};
  if (json.contains("data"))
    for (const char* key : {"path", "test_path"})
      if (auto& data = json["data"];
          data.contains(key) && data[key].is_string() && !data[key].get_ref<const std::string&>().empty())
        data[key] = project.absolute(data[key].get<std::string>()).string();
  return json;
}

Json profileJson(const spec::DataProfile& profile) {
  Json columns = Json::array();
  for (const auto& column : profile.columns) columns.push_back(columnJson(column));
  Json classes = Json::array();
  for (std::size_t i = 0; i < profile.classes.size(); ++i)
    classes.push_back({{"name", profile.classes[i]},
                       {"rows", i < profile.classCounts.size() ? Json(profile.classCounts[i]) : Json()}});
  Json json{{"path", profile.path},          {"format", profile.format}, {"rows", profile.rows},
            {"test_rows", profile.testRows}, {"bytes", profile.bytes},   {"sha256", profile.sha256}};
  if (profile.image) {
    json["image_shape"] = profile.imageShape;
  } else if (profile.audio) {
    json["sample_rate"] = profile.sampleRate;
    json["clip_seconds"] = profile.clipSeconds;
  } else {
    json["encoding"] = profile.encoding;
    json["delimiter"] = profile.delimiter;
    json["decimal"] = profile.decimal;
    json["header"] = profile.header;
  }
  json["columns"] = std::move(columns);
  json["task"] = spec::name(profile.task);
  json["target"] = profile.target;
  if (profile.targets.size() > 1) json["targets"] = profile.targets;
  json["classes"] = std::move(classes);
  json["split"] = {{"train", profile.trainRows}, {"val", profile.validationRows}, {"test", profile.heldOutRows}};
  json["seconds"] = profile.seconds;
  json["warnings"] = errorsJson(profile.warnings);
  return json;
}

Json parityJson(const exporting::ParityReport& parity) {
  return {{"runtime", parity.runtime},
          {"independent", parity.independent},
          {"rows", parity.rows},
          {"max_diff", parity.maxDiff},
          {"ok", parity.ok},
          {"class_mismatches", parity.classMismatches},
          {"limit", exporting::parityLimit}};
}

Json reportJson(const spec::GraphReport& report, const spec::ModelGraph& graph) {
  Json layers = Json::array();
  for (std::size_t i = 0; i < report.layers.size(); ++i) {
    const auto& layer = report.layers[i];
    layers.push_back({{"name", layer.name},
                      {"kind", i < graph.layers.size() ? graph.layers[i].kind : ""},
                      {"output", layer.output},
                      {"parameters", layer.parameters},
                      {"flops", layer.flops},
                      {"error", layer.error ? errorJson(*layer.error) : Json()}});
  }
  return {{"layers", std::move(layers)}, {"parameters", report.parameters}, {"flops", report.flops}};
}

std::string runText(const store::RunRecord& record, const services::Project& project) {
  const auto run = services::asItStands(project.store(), record);
  std::string out = fmt::format("Run {}{}{} {}: {}, {} in {}", run.number, run.name.empty() ? "" : " ", run.name,
                                spec::name(run.status), counted(run.epochs, "epoch", "epochs"),
                                counted(run.steps, "step", "steps"), durationText(run.seconds));
  if (run.samplesPerSecond > 0)
    out += fmt::format(", {} samples/s", grouped(static_cast<std::int64_t>(run.samplesPerSecond)));
  out += "\n";
  if (!run.metrics.empty()) {
    Table table;
    table.column("metric");
    table.column("value", Table::Align::Right);
    for (const auto& [name, value] : run.metrics) table.row({name, shortNumber(value)});
    out += "\n" + table.text();
  }
  if (!run.bestCheckpoint.empty()) out += "\ncheckpoint  " + project.absolute(run.bestCheckpoint).string() + "\n";
  return out;
}

namespace {

std::string differenceText(const char* verdict, const exporting::ParityReport& parity) {
  return fmt::format(
      "{}: largest difference {:.3g} over {} in {}{}{}\n", verdict, parity.maxDiff, counted(parity.rows, "row", "rows"),
      parity.runtime, parity.independent ? "" : " (checked by Lathe only)",
      parity.classMismatches > 0 ? fmt::format(", {} decided otherwise", counted(parity.classMismatches, "row", "rows"))
                                 : "");
}

}  // namespace

std::string parityText(const exporting::ParityReport& parity) {
  return differenceText(parity.ok ? "parity holds" : "parity FAILS", parity);
}

std::string toldParityText(const exporting::ParityReport& parity) {
  return differenceText("beside the trained model", parity);
}

}  // namespace lathe::cli

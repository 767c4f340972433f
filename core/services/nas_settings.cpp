// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/nas_settings.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/search/names.h"
#include "core/search/pruner.h"
#include "core/services/training_service.h"
#include "core/spec/customary.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using Json = nlohmann::ordered_json;
using search::ArchitectureStudy;

constexpr int imageEpochs = 4, tableEpochs = 20, finalFactor = 3;
constexpr std::int64_t superFactor = 2;
constexpr double usualRate = 2e-3;

Json inputJson(const spec::GraphContext::Input& input) {
  Json json{{"name", input.name}, {"shape", input.shape}};
  if (!input.cardinalities.empty()) json["cardinalities"] = input.cardinalities;
  if (input.parts.numbers > 0) json["numbers"] = input.parts.numbers;
  if (input.parts.dates > 0) json["dates"] = input.parts.dates;
  if (!input.parts.oneHot.empty()) json["one_hot"] = input.parts.oneHot;
  return json;
}

spec::GraphContext::Input inputFrom(const Json& json) {
  spec::GraphContext::Input input;
  input.name = json.at("name").get<std::string>();
  input.shape = json.at("shape").get<spec::Shape>();
  input.cardinalities = json.value("cardinalities", std::vector<std::int64_t>());
  input.parts.numbers = json.value("numbers", std::int64_t{0});
  input.parts.dates = json.value("dates", std::int64_t{0});
  input.parts.oneHot = json.value("one_hot", std::vector<std::int64_t>());
  return input;
}

spec::Task taskNamed(const std::string& name) {
  using spec::Task;
  for (const auto task :
       {Task::Classification, Task::Regression, Task::Multilabel, Task::Quantile, Task::Anomaly, Task::Forecast})
    if (name == spec::name(task)) return task;
  return Task::Auto;
}

// NaN is null in JSON.
Json configurationsJson(const std::vector<spec::Configuration>& all) {
  auto json = Json::array();
  for (const auto& each : all) {
    auto values = Json::array();
    for (const double value : each) values.push_back(std::isnan(value) ? Json(nullptr) : Json(value));
    json.push_back(std::move(values));
  }
  return json;
}

std::vector<spec::Configuration> configurationsFrom(const Json& json) {
  std::vector<spec::Configuration> all;
  for (const auto& values : json) {
    auto& each = all.emplace_back();
    for (const auto& value : values) each.push_back(value.is_number() ? value.get<double>() : std::nan(""));
  }
  return all;
}

Result<std::string> known(const std::string& what, const std::string& given, const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (search::plainName(given) == search::plainName(name)) return name;
  return fail("nas.method", LATHE_TEXT("errors", "Architecture search knows no {what} {given}."),
              LATHE_TEXT("errors", "It knows {names}."),
              {{"what", what}, {"given", given}, {"names", search::joined(names)}});
}

}  // namespace

std::string toJson(const ArchitectureStudy& study) {
  auto inputs = Json::array();
  for (const auto& input : study.context.graph.inputs) inputs.push_back(inputJson(input));
  const Json json{{"space", study.space},
                  {"method", study.method},
                  {"task", spec::name(study.context.task)},
                  {"inputs", std::move(inputs)},
                  {"outputs", study.context.graph.outputs},
                  {"train_rows", study.context.trainRows},
                  {"max_parameters", study.limits.parameters},
                  {"max_flops", study.limits.flops},
                  {"max_latency_ms", study.limits.latencyMs},
                  {"inherits", study.inherits},
                  {"final_epochs", study.finalEpochs},
                  {"super_epochs", study.superEpochs},
                  {"proxies", study.proxies},
                  {"ranks", study.ranks},
                  {"ranked", configurationsJson(study.ranked)},
                  {"supernet", study.supernet}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<ArchitectureStudy> architectureStudyFromJson(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  ArchitectureStudy study;
  try {
    study.space = json.at("space").get<std::string>();
    study.method = json.at("method").get<std::string>();
    study.context.task = taskNamed(json.at("task").get<std::string>());
    for (const auto& input : json.at("inputs")) study.context.graph.inputs.push_back(inputFrom(input));
    study.context.graph.outputs = json.at("outputs").get<std::int64_t>();
    study.context.trainRows = json.at("train_rows").get<std::int64_t>();
    study.limits.parameters = json.at("max_parameters").get<double>();
    study.limits.flops = json.at("max_flops").get<double>();
    study.limits.latencyMs = json.at("max_latency_ms").get<double>();
    study.inherits = json.at("inherits").get<bool>();
    study.finalEpochs = json.at("final_epochs").get<int>();
    study.superEpochs = json.at("super_epochs").get<std::int64_t>();
    study.proxies = json.at("proxies").get<bool>();
    study.ranks = json.at("ranks").get<bool>();
    study.ranked = configurationsFrom(json.at("ranked"));
    study.supernet = json.at("supernet").get<std::string>();
  } catch (const Json::exception&) {
    return fail("study.settings", LATHE_TEXT("errors", "The settings of the study cannot be read."),
                LATHE_TEXT("errors", "Start a new study."));
  }
  return study;
}

Result<spec::ExperimentSpec> trialSpecOf(const StudySettings& settings, const spec::ExperimentSpec& base,
                                         const spec::SearchSpace& space, const spec::Configuration& configuration) {
  const auto& study = settings.architecture;
  if (!study.active()) return specOf(base, space, configuration);
  spec::SearchSpace others;
  spec::Configuration values;
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (search::isArchitectureParameter(space.parameters[i].name)) continue;
    others.parameters.push_back(space.parameters[i]);
    values.push_back(configuration[i]);
  }
  LATHE_ASSIGN(spec, specOf(base, others, values));
  LATHE_ASSIGN(graph, search::buildArchitecture(study.space, space, configuration, study.context));
  spec.model.templateName = "custom";
  spec.model.settings.clear();
  spec.model.graph.layers = std::move(graph.layers);
  return std::move(spec);
}

spec::TemplateContext architectureContext(const ResolvedTraining& resolved) {
  spec::TemplateContext context;
  context.graph = spec::graphContext(resolved.model.schema, resolved.model.fitted, resolved.model.preprocessing);
  for (auto& input : context.graph.inputs) input.parts.bins.clear();
  context.task = resolved.spec.data.task;
  context.trainRows = static_cast<std::int64_t>(resolved.data->split.train.size());
  return context;
}

Result<spec::SearchSpace> settleArchitectures(StudySettings& settings, spec::TrainingSpec& training,
                                              const ResolvedTraining& resolved) {
  auto& study = settings.architecture;
  study.context = architectureContext(resolved);
  LATHE_ASSIGN(method, known("method", study.method, search::architectureMethods()));
  study.method = method;
  if (study.space.empty() || study.space == "auto") study.space = search::usualArchitectureSpace(study.context);
  LATHE_ASSIGN(space, search::architectureSpace(study.space, study.context));
  study.space = search::plainName(study.space);
  const bool ranks = method == "spos" || method == "darts";
  settings.sampler = method == "bohb" ? "tpe" : ranks ? "ranked" : method;
  if (method == "bohb") settings.pruner = "bohb";
  if (settings.pruner == "pbt" || settings.pruner == "dehb")
    return fail("nas.pruner", LATHE_TEXT("errors", "{pruner} makes settings of its own, which architectures have not."),
                LATHE_TEXT("errors", "Choose asha, hyperband, median or none."), {{"pruner", settings.pruner}});
  const bool images = resolved.model.schema.image;
  if (training.optimizer.name == "auto") {
    training.optimizer.name = "adamw";
    spec::followOptimizer(training, "auto");
  }
  if (training.optimizer.lr == 0) training.optimizer.lr = usualRate;
  if (training.autoEpochs || training.epochs <= 0) {
    training.autoEpochs = false;
    training.epochs = images ? imageEpochs : tableEpochs;
  }
  if (study.finalEpochs <= 0) study.finalEpochs = finalFactor * training.epochs;
  if (study.superEpochs <= 0) study.superEpochs = superFactor * training.epochs;
  return std::move(space);
}

}  // namespace lathe::services

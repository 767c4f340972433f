// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/start_weights.h"

#include <cerrno>

#include "core/base/files.h"
#include "core/data/weight_file.h"
#include "core/engine/initial_weights.h"
#include "core/spec/image_scaling.h"
#include "core/spec/templates.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

fs::path fileOf(const spec::ModelSpec& model, const fs::path& base) {
  const fs::path file(model.weights);
  return file.is_relative() ? (base / file).lexically_normal() : file;
}

/// "fc.weight, fc.bias ... (12)"
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 6;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i > 0 ? ", " : "") + names[i].substr(0, 80);
  return names.size() > most ? text + " ... (" + std::to_string(names.size()) + ")" : text;
}

}  // namespace

Result<void> checkWeightsFile(const spec::ModelSpec& model, const fs::path& base) {
  if (model.weights.empty()) return {};
  const auto file = fileOf(model, base);
  std::error_code error;
  if (fs::is_regular_file(file, error)) return {};
  if (fs::is_directory(file, error)) return fileError(EISDIR, file);
  return fail(
      "weights.missing", LATHE_TEXT("errors", "The weights file {file} is not there."),
      LATHE_TEXT("errors", "Choose another one (model.weights), or leave it empty to start from random numbers."),
      {{"file", file.string()}});
}

Result<StartWeights> readStartWeights(const spec::ModelSpec& spec, const spec::ModelDescription& model,
                                      const fs::path& base, const JobContext& job) {
  StartWeights start;
  if (spec.weights.empty()) return start;
  LATHE_TRY(checkWeightsFile(spec, base));
  const auto file = fileOf(spec, base);
  job.report({"weights", 0, 0, ""});
  auto hash = sha256Of(file, job);
  if (!hash) return passOn(hash);
  start.sha256 = *hash;
  LATHE_ASSIGN(read, data::readWeightFile(file, job));
  LATHE_ASSIGN(program, spec::lower(model));
  LATHE_ASSIGN(match, engine::matchWeights(program, read, file.string()));
  start.tensors = match.loaded;
  const auto all = match.loaded->size() + match.fresh.size() + match.otherShape.size();
  start.notes.push_back({LATHE_TEXT("events",
                                    "{loaded} of the model's {all} tensors start from {file} ({format}, SHA-256 "
                                    "{hash})."),
                         {{"loaded", std::to_string(match.loaded->size())},
                          {"all", std::to_string(all)},
                          {"file", file.string()},
                          {"format", read.format},
                          {"hash", start.sha256}}});
  if (!match.otherShape.empty())
    start.notes.push_back({LATHE_TEXT("events", "Starting fresh, since the file has them in another shape: {names}."),
                           {{"names", listed(match.otherShape)}}});
  if (!match.fresh.empty())
    start.notes.push_back({LATHE_TEXT("events", "Starting fresh, since the file does not have them: {names}."),
                           {{"names", listed(match.fresh)}}});
  if (!match.unused.empty())
    start.notes.push_back(
        {LATHE_TEXT("events", "In the file, but not used by this model: {names}."), {{"names", listed(match.unused)}}});
  return start;
}

Result<std::vector<Message>> takeStartWeights(ResolvedTraining& resolved, const fs::path& base, bool resumed,
                                              const JobContext& job) {
  auto& model = resolved.spec.model;
  LATHE_ASSIGN(weights, readStartWeights(model, resolved.model, base, job));
  if (!model.weightsHash.empty() && !weights.sha256.empty() && model.weightsHash != weights.sha256) {
    auto changed =
        fail("weights.changed", LATHE_TEXT("errors", "{file} has changed since this experiment was made."),
             LATHE_TEXT("errors", "If that is not wanted, bring the old file back."), {{"file", model.weights}});
    if (resumed) return changed;
    resolved.warnings.push_back(std::move(changed).value());
  }
  model.weightsHash = weights.sha256;
  resolved.initialWeights = weights.tensors;
  return std::move(weights.notes);
}

Result<std::string> templateForWeights(const fs::path& file, const JobContext& job) {
  LATHE_ASSIGN(read, data::readWeightFile(file, job));
  spec::TemplateContext context;
  constexpr std::int64_t side = 32, classes = 1000;
  context.graph.inputs.push_back({"image", {3, side, side}, {}});
  context.graph.outputs = classes;
  std::string best;
  std::size_t most = 0;
  for (const auto* name : {"resnet18", "resnet34", "resnet50", "mobilenet-v2"}) {
    LATHE_ASSIGN(graph, spec::buildTemplate(name, {}, context));
    spec::Program program;
    program.prepared = {0};
    program.values.push_back(context.graph.inputs.front().shape);
    LATHE_TRY(spec::lowerGraph(graph, context.graph, program));
    const auto match = engine::matchWeights(program, read, file.string());
    // What the file lacks counts against it: ResNet-18 would fit into a file of ResNet-34.
    if (!match) continue;
    const auto good = match->loaded->size() * 2;
    const auto bad = match->fresh.size() + match->unused.size();
    if (good <= bad || good - bad <= most) continue;
    most = good - bad;
    best = name;
  }
  if (!best.empty()) return best;
  return fail("weights.no_match",
              LATHE_TEXT("errors", "{file} holds none of torchvision's resnet18, resnet34, resnet50 or mobilenet_v2."),
              LATHE_TEXT("errors", "Choose another file, or a template that fits it (model.template)."),
              {{"file", file.string()}});
}

void resolveImageScaling(spec::ExperimentSpec& spec, std::vector<Message>& reasons) {
  auto& scaling = spec.data.preprocessing.imageScaling;
  if (scaling != "auto") return;
  scaling = spec::imageScalingFor(spec.model);
  if (scaling == "imagenet")
    reasons.push_back(
        {LATHE_TEXT("events", "Images are scaled as ImageNet's, which ready weights of {template} were made with."),
         {{"template", spec.model.templateName}}});
}

void warnOfFreezing(const spec::ExperimentSpec& spec, std::vector<Warning>& warnings) {
  if (!spec.model.weights.empty()) return;
  if (spec.training.freeze != "none")
    warnings.push_back(
        fail("weights.frozen_random",
             LATHE_TEXT("errors", "What is frozen stays at random numbers, since no weights file is named."),
             LATHE_TEXT("errors", "Name one (model.weights), or set training.freeze to none."))
            .value());
  if (spec.model.graph.lora.rank > 0)
    warnings.push_back(
        fail("weights.adapted_random",
             LATHE_TEXT("errors", "LoRA adapts layers that stay at random numbers, since no weights file is named."),
             LATHE_TEXT("errors", "Name one (model.weights), or set model.lora_rank to 0."))
            .value());
}

}  // namespace lathe::services

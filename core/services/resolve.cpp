// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/data/split.h"
#include "core/services/data_cache.h"
#include "core/services/kept_data.h"
#include "core/services/resolve_augment.h"
#include "core/services/resolve_rules.h"
#include "core/services/start_weights.h"
#include "core/services/training_service.h"
#include "core/services/trials.h"
#include "core/spec/image_scaling.h"
#include "core/spec/spec_json.h"
#include "core/spec/targets.h"
#include "core/spec/templates.h"

namespace lathe::services {
namespace {

Result<std::string> contentHash(const spec::DataProfile& profile, const spec::DataSpec& where, const JobContext& job) {
  if (!profile.sha256.empty()) return profile.sha256;
  return sha256Of(std::filesystem::path(where.path), job);
}

void noteHash(ResolvedTraining& result, const KeptData::Read& read, const spec::DataSpec& where) {
  auto& known = result.spec.data.sha256;
  if (!known.empty() && known != read.sha256)
    result.warnings.push_back(
        fail("data.changed", LATHE_TEXT("errors", "{file} has changed since this experiment was made."),
             LATHE_TEXT("errors", "If that is not wanted, bring the old file back."), {{"file", where.path}})
            .value());
  known = read.sha256;
}

std::string keyOf(const spec::DataSpec& data) {
  spec::ExperimentSpec only;
  only.data = data;
  only.data.sha256.clear();
  return spec::toJson(only, -1);
}

// Null when there are problems, which the outcome then holds.
Result<std::shared_ptr<const KeptData::Read>> keptOrRead(ResolveOutcome& outcome, const spec::DataSpec& asked,
                                                         const spec::DataSpec& where, const JobContext& job,
                                                         KeptData* kept) {
  const auto read = [&]() -> Result<KeptData::Read> {
    job.report({"read", 0, 0, ""});
    auto source = openShared(where, job);
    if (!source) return passOn(source);
    job.report({"profile", 0, 0, ""});
    auto profile = (*source)->profile(where, job);
    // Images and sound have no columns to name.
    if (!profile || !(profile->image || profile->audio))
      outcome.problems = unknownColumns(asked, (*source)->columnNames());
    if (!outcome.problems.empty()) return tl::unexpected<Error>(outcome.problems.front());
    if (!profile) return passOn(profile);
    LATHE_ASSIGN(hash, contentHash(*profile, where, job));
    job.report({"prepare", 0, 0, ""});
    auto dataset = (*source)->dataset(where, job);
    if (!dataset) return passOn(dataset);
    return KeptData::Read{std::move(*profile), std::make_shared<const data::Dataset>(std::move(*dataset)), hash};
  };
  if (kept != nullptr) {
    auto found = kept->read(keyOf(where), read);
    if (!found && !outcome.problems.empty()) return std::shared_ptr<const KeptData::Read>();
    return found;
  }
  auto made = read();
  if (!made && !outcome.problems.empty()) return std::shared_ptr<const KeptData::Read>();
  if (!made) return passOn(made);
  return std::make_shared<const KeptData::Read>(std::move(*made));
}

Result<std::shared_ptr<const spec::FittedPreprocessing>> keptOrFitted(const data::Dataset& dataset,
                                                                      const spec::DataSpec& data, KeptData* kept) {
  const auto fit = [&] { return data::fitPreprocessing(dataset, data.preprocessing); };
  if (kept != nullptr) return kept->fitted(keyOf(data), fit);
  LATHE_ASSIGN(made, fit());
  return std::make_shared<const spec::FittedPreprocessing>(std::move(made));
}

// Settings are the truth of a template; only layers edited by hand are kept as they are.
Result<void> resolveGraph(ResolvedTraining& result, const spec::GraphContext& context) {
  auto& model = result.spec.model;
  if (model.templateName == "custom" && model.graph.layers.empty())
    return fail("spec.no_layers", LATHE_TEXT("errors", "The model has no layers."),
                LATHE_TEXT("errors", "Add layers, or choose a template."));
  if (model.templateName.empty() && !model.graph.layers.empty()) model.templateName = "custom";
  if (model.templateName != "custom") {
    if (model.templateName.empty()) {
      model.templateName = spec::defaultTemplate(context, result.spec.data.task);
      result.reasons.push_back({LATHE_TEXT("events", "The model is {template}, the usual start for such data."),
                                {{"template", model.templateName}}});
    }
    spec::TemplateContext given{context, result.spec.data.task,
                                static_cast<std::int64_t>(result.data->split.train.size())};
    LATHE_ASSIGN(graph, spec::buildTemplate(model.templateName, model.settings, given));
    model.graph.layers = std::move(graph.layers);
  }
  result.report = spec::analyse(model.graph, context);
  if (result.report.error) return tl::unexpected<Error>(*result.report.error);
  return {};
}

// A batch that nobody asked for is no reason to refuse a training.
void fitIntoMemory(ResolvedTraining& result, const engine::Engine& engine) {
  auto& training = result.spec.training;
  engine::TrainingRequest request{result.model, training, result.data, {}, std::nullopt, ""};
  auto need = engine.estimate(request);
  if (need.largestBatchThatFits >= 1 && need.largestBatchThatFits < training.batchSize) {
    training.batchSize = need.largestBatchThatFits;
    result.reasons.push_back({LATHE_TEXT("events", "Batches of {size}: more do not fit into the memory that is free."),
                              {{"size", std::to_string(training.batchSize)}}});
    request.training = training;
    need = engine.estimate(request);
  }
  result.reasons.push_back({LATHE_TEXT("events", "It takes about {megabytes} MB of memory beyond the data."),
                            {{"megabytes", std::to_string((need.bytes + 999'999) / 1'000'000)}}});
}

// What comes in steps: an error ends it, problems of one step are collected before that.
Result<void> resolveWith(ResolveOutcome& outcome, const spec::ExperimentSpec& spec, const std::filesystem::path& base,
                         const JobContext& job, const engine::Engine* engine, KeptData* kept) {
  auto& result = outcome.resolved;
  if (spec.data.path.empty())
    return fail("data.no_path", LATHE_TEXT("errors", "No data are named."),
                LATHE_TEXT("errors", "Choose a data file or folder."));

  LATHE_TRY(checkWeightsFile(spec.model, base));
  resolvePreparation(result.spec, result.reasons);
  const auto where = located(result.spec.data, base);
  LATHE_ASSIGN(read, keptOrRead(outcome, spec.data, where, job, kept));
  if (read == nullptr) return {};  // problems
  const auto& dataset = read->dataset;
  auto profile = read->profile;
  result.warnings = profile.warnings;
  noteHash(result, *read, where);
  if (profile.testRows > 0) result.spec.data.split = data::besideBroughtTest(spec.data.split);
  profile.task = dataset->schema.task;
  profile.target = dataset->schema.target.name;
  profile.targets = spec::targetColumns(dataset->schema.target);
  profile.classes = dataset->schema.target.classes;
  profile.validationRows = static_cast<std::int64_t>(dataset->split.validation.size());
  resolveTask(result.spec, profile, result.reasons, outcome.problems);
  resolveSequence(result.spec.data, dataset->schema.sequence, result.reasons);
  resolveText(result.spec.data.preprocessing, *dataset, result.reasons);
  resolveAugment(
      result.spec, *dataset,
      [&](std::uint32_t row) -> Result<std::vector<std::uint8_t>> {
        const auto bytes = static_cast<std::size_t>(spec::elementCount(dataset->schema.inputShape));
        const auto first = dataset->pixels.begin() + static_cast<std::ptrdiff_t>(row * bytes);
        return std::vector<std::uint8_t>(first, first + static_cast<std::ptrdiff_t>(bytes));
      },
      result.reasons, outcome.problems);

  if (dataset->schema.image) {
    resolveImageScaling(result.spec, result.reasons);
    LATHE_TRY(spec::checkImageScaling(dataset->schema.inputShape, result.spec.data.preprocessing));
  }
  resolveSound(result.spec.data.preprocessing, dataset->schema, result.reasons);
  warnOfFreezing(result.spec, result.warnings);
  const auto& preprocessing = result.spec.data.preprocessing;
  LATHE_ASSIGN(fitted, keptOrFitted(*dataset, result.spec.data, kept));
  result.data = dataset;
  result.model.schema = result.data->schema;
  spec::applyLoss(result.model.schema, result.spec.training.loss);
  result.model.fitted = *fitted;
  result.model.preprocessing = preprocessing;
  noteCategories(result.model, result.reasons);
  noteBins(result.model, result.reasons);
  if (const auto graph =
          resolveGraph(result, spec::graphContext(result.model.schema, result.model.fitted, preprocessing));
      !graph)
    outcome.problems.push_back(graph.error());
  result.model.graph = result.spec.model.graph;
  if (result.model.graph.lora.rank == 0) result.model.graph.lora = {};
  result.usualTraining = resolveTemplateTraining(result.spec, result.reasons);
  if (result.usualTraining && findsItsLength(result.spec.model.templateName) &&
      foldsFit(result.data->split, result.spec.data.split.method))
    resolveLength(result.spec.training, result.spec.model.templateName,
                  static_cast<std::int64_t>(result.data->split.train.size()));
  const bool batchIsOpen = result.spec.training.batchSize == 0;
  LATHE_TRY(resolveMachine(result.spec.training, result.spec.model.templateName,
                           static_cast<std::int64_t>(result.data->split.train.size()), result.report.flops, engine,
                           result.reasons));
  if (batchIsOpen && engine != nullptr) fitIntoMemory(result, *engine);
  return {};
}

}  // namespace

ResolveOutcome tryResolve(const spec::ExperimentSpec& spec, const std::filesystem::path& base, const JobContext& job,
                          const engine::Engine* engine, KeptData* kept) {
  ResolveOutcome outcome;
  outcome.resolved.spec = spec;
  followMonitor(outcome.resolved.spec.training);
  outcome.problems = spec::validate(outcome.resolved.spec);
  if (!outcome.problems.empty()) return outcome;
  if (const auto done = resolveWith(outcome, spec, base, job, engine, kept); !done)
    outcome.problems.push_back(done.error());
  return outcome;
}

Result<ResolvedTraining> resolve(const spec::ExperimentSpec& spec, const std::filesystem::path& base,
                                 const JobContext& job, const engine::Engine* engine, KeptData* kept) {
  auto outcome = tryResolve(spec, base, job, engine, kept);
  if (!outcome.problems.empty()) return tl::unexpected<Error>(outcome.problems.front());
  return std::move(outcome.resolved);
}

}  // namespace lathe::services

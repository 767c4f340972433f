// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/retrain.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <unordered_set>

#include "core/services/parity_rows.h"
#include "core/services/scoring_rows.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

constexpr std::size_t leastRows = 20;

/// Errors here come before anything is trained: a missing column, no labels.
Result<data::Dataset> checkedRows(const spec::DataSchema& schema, const std::filesystem::path& file,
                                  const JobContext& job) {
  job.report({"read", 0, 0, ""});
  LATHE_ASSIGN(rows, rowsFor(schema, file, "", job));
  LATHE_ASSIGN(labelled, labelledRows(rows, file));
  (void)labelled;
  return std::move(rows.dataset);
}

std::size_t hashOf(const data::Dataset& data, std::uint32_t row) {
  const auto input = inputOf(data, row);
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(input.data()), input.size() * sizeof(float)});
}

/// New data often hold the old ones. A row that the served model learnt from speaks for it and says nothing about which
/// one is better, so it is left out, unless next to nothing would be left.
std::vector<std::uint32_t> unknownTo(const Project& project, store::RunNumber run, const spec::DataSchema& schema,
                                     const data::Dataset& fresh, std::vector<std::uint32_t> heldOut,
                                     const JobContext& job) {
  const auto json = project.store().runSpec(run);
  const auto spec = json ? spec::fromJson(*json) : Result<spec::ExperimentSpec>(passOn(json));
  if (!spec) return heldOut;
  const auto old = parityRows(*spec, schema, project.folder(), job);
  if (!old) return heldOut;  // the old data are not there any more
  std::unordered_set<std::size_t> learnt;
  const auto& split = old->source.split;
  for (const auto* part : {&split.train, &split.validation})
    for (const auto row : *part) learnt.insert(hashOf(old->source, row));
  auto rest = heldOut;
  std::erase_if(rest, [&](auto row) {
    return row >= fresh.rows || !data::hasInput(fresh, row) || learnt.contains(hashOf(fresh, row));
  });
  return rest.size() >= leastRows ? rest : heldOut;
}

Result<spec::ExperimentSpec> specFor(const Project& project, store::RunNumber run, const std::filesystem::path& file) {
  LATHE_ASSIGN(json, project.store().runSpec(run));
  LATHE_ASSIGN(spec, spec::fromJson(json));
  std::error_code error;
  spec.data.path = project.relative(std::filesystem::absolute(file, error).lexically_normal());
  spec.data.testPath.clear();
  spec.data.sha256.clear();
  return spec;
}

Result<void> wait(TrainingService& training, const std::shared_ptr<Project>& project, store::RunNumber run,
                  const JobContext& job) {
  const std::stop_callback cancel(job.stop, [&] { (void)training.cancel(*project, run).has_value(); });
  LATHE_ASSIGN(record, training.wait(*project, run));
  if (record.status == spec::RunStatus::Completed) return {};
  if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "The training was cancelled."), "");
  if (record.error) return tl::unexpected<Error>(*record.error);
  return fail("retrain.not_completed", LATHE_TEXT("errors", "Run {run}, which trained on the new data, is {status}."),
              LATHE_TEXT("errors", "The version that is served stays. Resume the run, or retrain again."),
              {{"run", std::to_string(run)}, {"status", spec::name(record.status)}});
}

/// Other classes mean other answers: nothing row by row can be compared then.
Result<void> checkClasses(const spec::DataSchema& before, const spec::DataSchema& after) {
  const auto sorted = [](const auto& classes) { return std::set<std::string>(classes.begin(), classes.end()); };
  const auto old = sorted(before.target.classes), fresh = sorted(after.target.classes);
  if (before.task == after.task && old == fresh) return {};
  std::string names;
  for (const auto& each : fresh)
    if (!old.contains(each)) names += (names.empty() ? "" : ", ") + each;
  if (names.empty())
    for (const auto& each : old)
      if (!fresh.contains(each)) names += (names.empty() ? "" : ", ") + each;
  return fail("retrain.other_classes",
              LATHE_TEXT("errors", "The new data have other classes than the model that is served: {classes}."),
              LATHE_TEXT("errors", "Deploy the new run as a model of its own if that is meant."),
              {{"classes", names.empty() ? std::string(spec::name(after.task)) : names}});
}

Result<spec::DataSchema> schemaOf(const Project& project, store::RunNumber run) {
  LATHE_ASSIGN(json, project.store().runModel(run));
  LATHE_ASSIGN(model, spec::modelDescriptionFromJson(json));
  return model.schema;
}

}  // namespace

Result<TrainedAgain> trainAgain(TrainingService& training, const std::shared_ptr<Project>& project,
                                store::RunNumber run, const std::filesystem::path& file, const JobContext& job) {
  LATHE_ASSIGN(before, schemaOf(*project, run));
  LATHE_ASSIGN(fresh, checkedRows(before, file, job));
  LATHE_ASSIGN(spec, specFor(*project, run, file));
  const auto sink = [&job](const LiveRun& live) {
    const auto& progress = live.progress;
    job.report({"train", static_cast<double>(progress.step), static_cast<double>(progress.totalSteps), "steps"});
  };
  TrainedAgain trained;
  LATHE_ASSIGN(number, training.start(project, {spec, 0, 0, true}, sink));
  trained.run = number;
  LATHE_TRY(wait(training, project, number, job));
  LATHE_ASSIGN(after, schemaOf(*project, number));
  LATHE_TRY(checkClasses(before, after));
  LATHE_ASSIGN(resolvedJson, project->store().runSpec(number));
  LATHE_ASSIGN(resolved, spec::fromJson(resolvedJson));
  LATHE_ASSIGN(rows, parityRows(resolved, after, project->folder(), job));
  if (rows.split != "test" && rows.split != "val")
    return fail("deploy.no_rows_held_out",
                LATHE_TEXT("errors", "{file} leaves no labelled row on which both models can be compared."),
                LATHE_TEXT("errors", "Give a file with more labelled rows."), {{"file", file.string()}});
  // Its test split is looked at once more.
  if (rows.split == "test") LATHE_TRY(project->store().countTestLook(number));
  trained.heldOut = unknownTo(*project, run, before, fresh, std::move(rows.chosen), job);
  return trained;
}

}  // namespace lathe::services

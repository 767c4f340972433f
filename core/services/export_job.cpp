// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/export_job.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/exporting/model_files.h"
#include "core/services/export_files.h"
#include "core/services/parity_rows.h"
#include "core/services/resume_point.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

Result<std::vector<const exporting::ModelFormat*>> formatsOf(const std::vector<std::string>& names) {
  std::vector<const exporting::ModelFormat*> formats;
  for (const auto& name : names) {
    const auto* format = exporting::modelFormat(name);
    if (format == nullptr)
      return fail("export.unknown_format", LATHE_TEXT("errors", "There is no export format {format}."),
                  LATHE_TEXT("errors", "Choose one of: {known}."),
                  {{"format", name}, {"known", fmt::format("{}", fmt::join(exporting::modelFormatNames(), ", "))}});
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) formats.push_back(format);
  }
  if (formats.empty())
    return fail("export.no_format", LATHE_TEXT("errors", "No format is chosen for the export."),
                LATHE_TEXT("errors", "Choose one of: {known}."),
                {{"known", fmt::format("{}", fmt::join(exporting::modelFormatNames(), ", "))}});
  return formats;
}

struct Source {
  store::RunRecord record;
  spec::ExperimentSpec spec;
  spec::ModelDescription model;
  fs::path checkpoint;
};

Result<Source> sourceOf(const Project& project, store::RunNumber run) {
  auto record = project.store().run(run);
  if (!record) return passOn(record);
  if (!spec::allowed(spec::RunAction::Export, record->status))
    return fail("run.not_exportable", LATHE_TEXT("errors", "Run {run} is {status}, so it cannot be exported yet."),
                LATHE_TEXT("errors", "Wait until it has ended, or pause it."),
                {{"run", std::to_string(run)}, {"status", spec::name(record->status)}});
  Source source;
  LATHE_ASSIGN(checkpoint, bestCheckpoint(project, *record));
  source.checkpoint = std::move(checkpoint);
  LATHE_ASSIGN(specJson, project.store().runSpec(run));
  auto spec = spec::fromJson(specJson);
  if (!spec) return passOn(spec);
  LATHE_ASSIGN(modelJson, project.store().runModel(run));
  auto model = spec::modelDescriptionFromJson(modelJson);
  if (!model) return passOn(model);
  source.record = std::move(*record);
  source.spec = std::move(*spec);
  source.model = std::move(*model);
  return source;
}

void addReference(exporting::ExportManifest& manifest, const data::Dataset& rows, const engine::Predictions& outputs) {
  // As text a number takes some ten bytes.
  constexpr std::int64_t mostValues = 1 << 20;
  const auto most = static_cast<std::size_t>(
      std::clamp<std::int64_t>(mostValues / std::max<std::int64_t>(1, spec::elementCount(rows.schema.inputShape)), 1,
                               static_cast<std::int64_t>(referenceRowCount)));
  for (std::size_t row = 0; row < std::min(rows.rows, most); ++row) {
    manifest.referenceRows.push_back(inputOf(rows, row));
    const auto first = outputs.values.begin() + static_cast<std::ptrdiff_t>(row * outputs.columns);
    manifest.referenceOutputs.emplace_back(first, first + static_cast<std::ptrdiff_t>(outputs.columns));
  }
}

tl::unexpected<Error> parityError(const std::string& file, const exporting::ParityReport& report) {
  return fail(
      "export.parity",
      LATHE_TEXT("errors",
                 "{file} does not predict the same as the trained model: the largest difference on {rows} rows is "
                 "{difference}, {limit} is allowed, and {classes} rows get another class. Nothing was exported."),
      LATHE_TEXT("errors", "Report this with the model's layers; the run itself is untouched."),
      {{"file", file},
       {"rows", std::to_string(report.rows)},
       {"difference", fmt::format("{:.3g}", report.maxDiff)},
       {"limit", fmt::format("{:g}", exporting::parityLimit)},
       {"classes", std::to_string(report.classMismatches)}});
}

// The run keeps what was exported and how it was proven.
Result<void> keepRecord(Project& project, const ExportResult& result) {
  if (project.readOnly()) return {};
  auto& store = project.store();
  const auto run = result.manifest.run;
  const auto now = systemClock().nowMicros();
  for (const auto& file : result.manifest.files) {
    store::Artefact artefact{0,           run,
                             file.format, project.relative(result.folder / file.path),
                             file.sha256, static_cast<std::int64_t>(file.bytes),
                             now,         toJson(file.parity)};
    LATHE_TRY(store.addArtefact(artefact));
  }
  const auto manifest = result.folder / manifestName;
  LATHE_ASSIGN(hash, sha256Of(manifest));
  std::error_code error;
  const auto bytes = fs::file_size(manifest, error);
  LATHE_TRY(store.addArtefact(
      {0, run, "manifest", project.relative(manifest), hash, error ? 0 : static_cast<std::int64_t>(bytes), now, "{}"}));
  store.addEvent(
      run, "export",
      {LATHE_TEXT("events", "Exported {name} to {folder}: the largest difference on {rows} rows is {difference}."),
       {{"name", result.manifest.name},
        {"folder", result.folder.string()},
        {"rows", std::to_string(result.worst.rows)},
        {"difference", fmt::format("{:.3g}", result.worst.maxDiff)}}});
  return store.flush();
}

}  // namespace

Result<exporting::ParityReport> compareInFreshProcess(FreshProcess* freshProcess, const fs::path& file,
                                                      const data::Dataset& rows, const engine::Predictions& reference,
                                                      const spec::ModelDescription& model, const JobContext& job) {
  if (freshProcess == nullptr)
    return fail("export.no_process",
                LATHE_TEXT("errors", "The file cannot be checked: no second process can be started."),
                LATHE_TEXT("errors", "Install Lathe again, with lathe-cli beside it."));
  std::string runtime;
  auto exported = freshProcess->predict(file, rows, runtime, job);
  if (!exported) return passOn(exported);
  auto report = exporting::compare(*exported, reference, model);
  report.runtime = runtime;
  report.independent = runtime.rfind("LibTorch", 0) == 0;
  return report;
}

Result<ExportResult> runExport(engine::Engine& engine, FreshProcess* freshProcess, Project& project,
                               const ExportRequest& request, const JobContext& job) {
  LATHE_ASSIGN(formats, formatsOf(request.formats));
  if (request.folder.empty())
    return fail("export.no_folder", LATHE_TEXT("errors", "No folder is named for the export."),
                LATHE_TEXT("errors", "Choose a folder."));
  LATHE_ASSIGN(source, sourceOf(project, request.run));
  auto name = !request.name.empty() ? request.name : source.spec.exporting.name;
  if (name.empty()) name = identifier(source.record.name);
  LATHE_TRY(checkExportName(name));

  job.report({"read", 0, 0, ""});
  LATHE_ASSIGN(rows, parityRows(source.spec, source.model.schema, project.folder(), job));
  auto model = engine.load(source.checkpoint);
  if (!model) return passOn(model);
  auto reference = (*model)->predict(rows, {}, job);
  if (!reference) return passOn(reference);

  std::error_code error;
  const auto folder = fs::absolute(request.folder, error).lexically_normal();
  LATHE_ASSIGN(staging, StagingFolder::make(folder));
  ExportResult result;
  result.folder = folder;
  auto& manifest = result.manifest;
  manifest.name = name;
  manifest.created = isoTime(systemClock().nowMicros());
  manifest.latheVersion = latheVersion();
  manifest.run = request.run;
  manifest.schema = source.model.schema;
  manifest.targetStd = source.model.fitted.targetStd;
  manifest.targetStds = source.model.fitted.targetStds;
  if ((*model)->scoring()) manifest.decisionThreshold = (*model)->scoring()->threshold;
  for (const auto* format : formats) {
    const auto fileName = name + format->extension;
    const auto file = staging.path() / fileName;
    job.report({"write", 0, 0, ""});
    LATHE_TRY((engine.*format->write)(source.checkpoint, file));
    job.report({"verify", 0, static_cast<double>(rows.rows), "rows"});
    auto report = compareInFreshProcess(freshProcess, file, rows, *reference, source.model, job);
    if (!report) return passOn(report);
    if (!report->ok) return parityError(fileName, *report);
    if (manifest.files.empty() || report->maxDiff > result.worst.maxDiff) result.worst = *report;
    LATHE_ASSIGN(hash, sha256Of(file, job));
    manifest.files.push_back({fileName, format->name, fs::file_size(file, error), hash, *report});
  }
  addReference(manifest, rows, *reference);
  if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "The export was cancelled."), "");

  LATHE_TRY(staging.install(manifest));
  LATHE_TRY(keepRecord(project, result));
  return result;
}

}  // namespace lathe::services

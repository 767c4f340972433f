// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/export_job.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <span>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/exporting/formats/model_files.h"
#include "core/services/export_files.h"
#include "core/services/export_quantized.h"
#include "core/services/model_card.h"
#include "core/services/parity_rows.h"
#include "core/services/parity_sample.h"
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

tl::unexpected<Error> parityError(const std::string& file, const exporting::ParityReport& report,
                                  const fs::path& kept) {
  return fail(
      "export.parity",
      LATHE_TEXT("errors",
                 "{file} does not predict the same as the trained model: the largest difference on {rows} rows is "
                 "{difference}, {limit} is allowed, and {classes} rows get another class. Nothing was exported; the "
                 "rows are kept in {kept}."),
      LATHE_TEXT("errors", "Report this with the model's layers; the run itself is untouched."),
      {{"file", file},
       {"rows", std::to_string(report.rows)},
       {"difference", fmt::format("{:.3g}", report.maxDiff)},
       {"limit", fmt::format("{:g}", exporting::parityLimit)},
       {"classes", std::to_string(report.classMismatches)},
       {"kept", kept.string()}});
}

void appendRow(std::string& text, const std::string& first, std::span<const float> values) {
  text += first;
  for (const float value : values) text += fmt::format(",{}", value);
  text += '\n';
}

/// Inputs of the rows that differ, what they should give and what they gave, three lines a row.
fs::path keepFailingRows(const Project& project, const std::string& file, const data::Dataset& rows,
                         const engine::Predictions& expected, const engine::Predictions& found,
                         const exporting::ParityReport& report) {
  std::string text = "row,what,values\n";
  for (const auto row : report.failingRows) {
    if (row >= expected.rows || row >= found.rows || expected.columns != found.columns) continue;
    const auto outputs = [&](const engine::Predictions& all) {
      return std::span(all.values).subspan(row * all.columns, all.columns);
    };
    const auto number = std::to_string(row);
    appendRow(text, number + ",input", inputOf(rows, row));
    appendRow(text, number + ",expected", outputs(expected));
    appendRow(text, number + ",exported", outputs(found));
  }
  auto name = file;
  std::replace(name.begin(), name.end(), '/', '_');
  const auto kept = project.folder() / "parity-failures" / (name + ".csv");
  std::error_code error;
  fs::create_directories(kept.parent_path(), error);
  return !project.readOnly() && writeFileAtomically(kept, text) ? kept : fs::path("-");
}

std::string detailsOf(const exporting::ExportedFile& file) {
  auto details = nlohmann::json::parse(toJson(file.parity));
  if (file.quantization) details["quantization"] = nlohmann::json::parse(exporting::toJson(*file.quantization));
  return details.dump();
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
                             now,         detailsOf(file)};
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
                                                      const spec::ModelDescription& model, const JobContext& job,
                                                      engine::Predictions* found) {
  if (freshProcess == nullptr)
    return fail("export.no_process",
                LATHE_TEXT("errors", "The file cannot be checked: no second process can be started."),
                LATHE_TEXT("errors", "Install Lathe again, with lathe-cli beside it."));
  std::string runtime;
  auto exported = freshProcess->predict(file, rows, runtime, job);
  if (!exported) return passOn(exported);
  auto report = exporting::compare(*exported, reference, model);
  report.runtime = runtime;
  report.independent = exporting::isIndependent(runtime);
  if (found != nullptr) *found = std::move(*exported);
  return report;
}

namespace {

Result<exporting::AlongFile> describedFile(const fs::path& folder, const fs::path& path) {
  std::error_code error;
  LATHE_ASSIGN(hash, sha256Of(folder / path));
  return exporting::AlongFile{path.generic_string(), fs::file_size(folder / path, error), hash};
}

/// Writes an export into a temporary folder and proves each file.
class ExportJob {
 public:
  ExportJob(engine::Engine& engine, FreshProcess* freshProcess, Project& project, Source source, std::string name,
            exporting::Precision precision, const JobContext& job)
      : m_engine(engine),
        m_freshProcess(freshProcess),
        m_project(project),
        m_source(std::move(source)),
        m_name(std::move(name)),
        m_precision(precision),
        m_job(job) {}

  Result<ExportResult> run(const std::vector<const exporting::ModelFormat*>& formats, const fs::path& target) {
    m_job.report({"read", 0, 0, ""});
    LATHE_ASSIGN(rows, parityRows(m_source.spec, m_source.model.schema, m_project.folder(), m_job));
    m_data = std::move(rows);
    auto model = m_engine.load(m_source.checkpoint);
    if (!model) return passOn(model);
    m_scoring = (*model)->scoring();
    auto reference = (*model)->predict(m_data.rows, {}, m_job);
    if (!reference) return passOn(reference);
    m_reference = std::move(*reference);
    chooseCompared();

    std::error_code error;
    m_result.folder = fs::absolute(target, error).lexically_normal();
    LATHE_ASSIGN(staging, StagingFolder::make(m_result.folder));
    describe();
    m_written = m_source.checkpoint;
    if (isQuantized()) {
      m_written = staging.path() / "quantized.ckpt";
      LATHE_TRY(writeQuantizedCheckpoint(m_source.checkpoint, m_precision, m_data, m_written));
    }
    for (const auto* format : formats) LATHE_TRY(writeFormat(*format, staging.path()));
    m_job.report({"describe", 0, 0, ""});
    LATHE_TRY(writeCard(staging.path()));
    addReference(m_result.manifest, m_data.rows, m_reference);
    if (m_job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "The export was cancelled."), "");
    LATHE_TRY(staging.install(m_result.manifest));
    LATHE_TRY(keepRecord(m_project, m_result));
    return std::move(m_result);
  }

 private:
  [[nodiscard]] bool isQuantized() const { return m_precision != exporting::Precision::Float32; }

  void describe() {
    auto& manifest = m_result.manifest;
    manifest.name = m_name;
    manifest.created = isoTime(systemClock().nowMicros());
    manifest.latheVersion = latheVersion();
    manifest.run = m_source.record.number;
    manifest.schema = m_source.model.schema;
    manifest.targetStd = m_source.model.fitted.targetStd;
    manifest.targetStds = m_source.model.fitted.targetStds;
    if (m_scoring) manifest.decisionThreshold = m_scoring->threshold;
  }

  /// Large networks take minutes for all rows, once for each format: some stand for all then.
  void chooseCompared() {
    const auto chosen = paritySample(m_data.rows, parityRowCount(m_source.model));
    m_sampled = chosen.size() < m_data.rows.rows;
    if (!m_sampled) return;
    m_comparedRows = rowsOf(m_data.rows, chosen);
    m_expected = {chosen.size(), m_reference.columns, {}};
    for (const auto row : chosen) {
      const auto first = m_reference.values.begin() + static_cast<std::ptrdiff_t>(row * m_reference.columns);
      m_expected.values.insert(m_expected.values.end(), first,
                               first + static_cast<std::ptrdiff_t>(m_reference.columns));
    }
  }

  /// Predicted anew in a fresh process: what is not the same is refused, unless its weights have fewer bits.
  Result<exporting::ParityReport> proven(const fs::path& folder, const fs::path& file) {
    const auto& rows = m_sampled ? m_comparedRows : m_data.rows;
    const auto& expected = m_sampled ? m_expected : m_reference;
    m_job.report({"verify", 0, static_cast<double>(rows.rows), "rows"});
    engine::Predictions found;
    LATHE_ASSIGN(report,
                 compareInFreshProcess(m_freshProcess, folder / file, rows, expected, m_source.model, m_job, &found));
    if (report.ok || isQuantized()) return report;
    const auto name = file.generic_string();
    return parityError(name, report, keepFailingRows(m_project, name, rows, expected, found, report));
  }

  Result<void> writeFormat(const exporting::ModelFormat& format, const fs::path& folder) {
    m_job.report({"write", 0, 0, ""});
    LATHE_ASSIGN(written, format.write({m_engine, m_written, folder, m_name}));
    LATHE_ASSIGN(report, proven(folder, written.file));
    for (const auto& path : written.along)
      if (exporting::modelFormatOf(path) != nullptr) {
        LATHE_ASSIGN(along, proven(folder, path));
        report = worse(along, report);
      }
    auto& files = m_result.manifest.files;
    if (files.empty() || report.maxDiff > m_result.worst.maxDiff) m_result.worst = report;
    LATHE_ASSIGN(file, describedFile(folder, written.file));
    files.push_back({file.path, format.name, file.bytes, file.sha256, report, {}});
    for (const auto& path : written.along) {
      LATHE_ASSIGN(along, describedFile(folder, path));
      files.back().along.push_back(std::move(along));
    }
    if (!isQuantized()) return {};
    m_job.report({"measure", 0, 0, ""});
    LATHE_ASSIGN(beside, compareWithFloat32(
                             m_engine, {format, m_source.checkpoint, folder / written.file, folder / "float32", m_name},
                             m_precision, m_data, m_source.spec.training.monitor, m_job));
    files.back().quantization = std::move(beside);
    return {};
  }

  Result<void> writeCard(const fs::path& folder) {
    CardFacts facts{m_source.record, m_source.spec, m_source.model, 0, {}, 0};
    if (const auto program = spec::lower(m_source.model))
      for (const auto& parameter : program->parameters)
        if (parameter.trainable) facts.parameters += spec::elementCount(parameter.shape);
    // Rows that the run itself has not looked at are not looked at here.
    const auto known = [&](const auto& metric) { return metric.first.rfind(m_data.split + "/", 0) == 0; };
    if (std::any_of(facts.run.metrics.begin(), facts.run.metrics.end(), known)) {
      facts.intervals = metricIntervals(m_reference, m_data, m_source.model, m_scoring);
      facts.scoredRows = static_cast<std::int64_t>(m_reference.rows);
    }
    auto& manifest = m_result.manifest;
    for (const auto& [ending, text] :
         {std::pair{".md", cardMarkdown(manifest, facts)}, {".html", cardHtml(manifest, facts)}}) {
      const fs::path path = m_name + ending;
      LATHE_TRY(writeFileAtomically(folder / path, text));
      LATHE_ASSIGN(document, describedFile(folder, path));
      manifest.documents.push_back(std::move(document));
    }
    return {};
  }

  engine::Engine& m_engine;
  FreshProcess* m_freshProcess;
  Project& m_project;
  const Source m_source;
  const std::string m_name;
  const exporting::Precision m_precision;
  const JobContext& m_job;
  fs::path m_written;  // the checkpoint that files are made of
  ParityData m_data;
  std::optional<engine::Scoring> m_scoring;
  engine::Predictions m_reference;
  bool m_sampled = false;  ///< compared on some rows, not on all of m_data
  data::Dataset m_comparedRows;
  engine::Predictions m_expected;
  ExportResult m_result;
};

}  // namespace

Result<ExportResult> runExport(engine::Engine& engine, FreshProcess* freshProcess, Project& project,
                               const ExportRequest& request, const JobContext& job) {
  LATHE_ASSIGN(formats, formatsOf(request.formats));
  LATHE_ASSIGN(precision, precisionFor(request.quantize, formats));
  if (request.folder.empty())
    return fail("export.no_folder", LATHE_TEXT("errors", "No folder is named for the export."),
                LATHE_TEXT("errors", "Choose a folder."));
  LATHE_ASSIGN(source, sourceOf(project, request.run));
  auto name = !request.name.empty() ? request.name : source.spec.exporting.name;
  if (name.empty()) name = identifier(source.record.name);
  // So that several precisions lie side by side.
  if (request.name.empty() && !request.quantize.empty()) name += "_" + identifier(request.quantize);
  LATHE_TRY(checkExportName(name));
  return ExportJob(engine, freshProcess, project, std::move(source), std::move(name), precision, job)
      .run(formats, request.folder);
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/model_service.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/data/windows.h"
#include "core/exporting/formats/model_files.h"
#include "core/services/export_files.h"
#include "core/services/export_job.h"
#include "core/services/parity_rows.h"
#include "core/services/resume_point.h"
#include "core/services/scoring_rows.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

Result<std::vector<std::uint32_t>> splitRows(const data::Dataset& dataset, const std::string& split,
                                             const fs::path& file) {
  if (split.empty()) return std::vector<std::uint32_t>();
  const auto& test = dataset.split.test;
  if (test.empty() || test.size() == dataset.rows)
    return fail("data.no_split", LATHE_TEXT("errors", "{file} does not bring a split of its own."),
                LATHE_TEXT("errors", "Predict all of its rows."), {{"file", file.string()}});
  if (split == "test") return test;
  if (split != "train")
    return fail("data.unknown_split", LATHE_TEXT("errors", "There is no split {split}."),
                LATHE_TEXT("errors", "Choose one of: {known}."), {{"split", split}, {"known", "train, test"}});
  std::vector<bool> isTest(dataset.rows, false);
  for (const auto row : test) isTest[row] = true;
  std::vector<std::uint32_t> rows;
  rows.reserve(dataset.rows - test.size());
  for (std::uint32_t row = 0; row < dataset.rows; ++row)
    if (!isTest[row]) rows.push_back(row);
  return rows;
}

// One line a row: a row without its whole window has NaN.
Result<engine::Predictions> predictKnown(const engine::Predictor& model, const data::Dataset& dataset,
                                         std::vector<std::uint32_t> rows, std::vector<Error>& warnings,
                                         const JobContext& job) {
  if (dataset.schema.sequence.window == 0) return model.predict(dataset, rows, job);
  if (rows.empty()) {
    rows.resize(dataset.rows);
    std::iota(rows.begin(), rows.end(), 0U);
  }
  std::vector<std::uint32_t> known;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!data::hasInput(dataset, rows[i])) continue;
    known.push_back(rows[i]);
    places.push_back(i);
  }
  engine::Predictions all{rows.size(), spec::outputCount(model.schema()), {}};
  all.values.resize(all.rows * all.columns, std::nanf(""));
  if (known.size() < rows.size())
    warnings.push_back(fail("data.incomplete_windows",
                            LATHE_TEXT("data",
                                       "{count} rows have no prediction: fewer than {window} rows of their series are "
                                       "known up to them."),
                            LATHE_TEXT("data", "Give the rows before them in the same file."),
                            {{"count", std::to_string(rows.size() - known.size())},
                             {"window", std::to_string(dataset.schema.sequence.window)}})
                           .value());
  if (known.empty()) return all;
  auto predictions = model.predict(dataset, known, job);
  if (!predictions) return passOn(predictions);
  for (std::size_t i = 0; i < known.size(); ++i)
    std::copy_n(predictions->values.begin() + static_cast<std::ptrdiff_t>(i * all.columns), all.columns,
                all.values.begin() + static_cast<std::ptrdiff_t>(places[i] * all.columns));
  return all;
}

engine::Predictions flat(const std::vector<std::vector<float>>& rows) {
  engine::Predictions result;
  result.rows = rows.size();
  result.columns = rows.empty() ? 0 : rows.front().size();
  for (const auto& row : rows) result.values.insert(result.values.end(), row.begin(), row.end());
  return result;
}

class EngineModelService final : public ModelService {
 public:
  EngineModelService(std::shared_ptr<engine::Engine> engine, std::shared_ptr<FreshProcess> freshProcess)
      : m_engine(std::move(engine)), m_freshProcess(std::move(freshProcess)) {}

  Result<ExportResult> exportRun(Project& project, const ExportRequest& request, const JobContext& job) override {
    return runExport(*m_engine, m_freshProcess.get(), project, request, job);
  }

  Result<Verification> verify(Project* project, const fs::path& dirOrFile, const fs::path& data,
                              const JobContext& job) override {
    auto location = exporting::findExport(dirOrFile);
    if (!location) return passOn(location);
    const auto& manifest = location->manifest;
    spec::ModelDescription model;
    model.schema = manifest.schema;
    model.fitted.targetStd = manifest.targetStd;
    model.fitted.targetStds = manifest.targetStds;

    Verification result;
    const auto files = filesOf(*location, dirOrFile);
    result.judged =
        files.empty() || std::any_of(files.begin(), files.end(), [](const auto& file) { return file.judged; });
    bool first = true;
    // What is only told counts where nothing is judged.
    const auto count = [&](const NamedFile& file, const exporting::ParityReport& report) {
      if (file.judged != result.judged) return;
      result.parity = first ? report : worse(report, result.parity);
      first = false;
    };
    for (const auto& file : files) {
      LATHE_ASSIGN(report, verifyReference(manifest, file.path, model, job));
      count(file, report);
    }
    if (data.empty()) return result;
    LATHE_ASSIGN(read, rowsFor(manifest.schema, data, "", job));
    result.warnings = std::move(read.warnings);
    auto rows = std::move(read.dataset);
    auto compared = data::rowsWithInput(rows);
    if (compared.size() > mostParityRows) compared.resize(mostParityRows);
    if (compared.size() < rows.rows) rows = rowsOf(rows, compared);
    const auto original = loadOriginal(project, *location);
    if (!original) {
      result.warnings.push_back(original.error());
      std::string runtime;
      const auto answered = m_freshProcess ? m_freshProcess->predict(location->modelFile, rows, runtime, job)
                                           : Result<engine::Predictions>(engine::Predictions());
      if (!answered) return passOn(answered);
      return result;
    }
    auto expected = (*original)->predict(rows, {}, job);
    if (!expected) return passOn(expected);
    result.withCheckpoint = true;
    for (const auto& file : files) {
      auto onData = compareInFreshProcess(m_freshProcess.get(), file.path, rows, *expected, model, job);
      if (!onData) return passOn(onData);
      count(file, *onData);
    }
    result.parity.rows = static_cast<std::int64_t>(rows.rows);
    return result;
  }

  Result<std::unique_ptr<engine::Predictor>> loadRun(const Project& project, store::RunNumber run) override {
    const auto record = project.store().run(run);
    if (!record) return passOn(record);
    LATHE_ASSIGN(checkpoint, bestCheckpoint(project, *record));
    return m_engine->load(checkpoint);
  }

  Result<std::unique_ptr<engine::Predictor>> loadExport(const fs::path& dirOrFile) override {
    // Any single file of an export is enough.
    std::error_code error;
    if (fs::is_regular_file(dirOrFile, error) && exporting::modelFormatOf(dirOrFile) != nullptr)
      return exporting::loadModelFile(*m_engine, dirOrFile);
    auto location = exporting::findExport(dirOrFile);
    if (!location) return passOn(location);
    return exporting::loadModelFile(*m_engine, location->modelFile);
  }

  Result<PredictionTable> predict(const engine::Predictor& model, const fs::path& data, const std::string& split,
                                  const JobContext& job) override {
    LATHE_ASSIGN(read, rowsFor(model.schema(), data, "", job));
    LATHE_ASSIGN(rows, splitRows(read.dataset, split, data));
    PredictionTable table;
    table.schema = model.schema();
    table.warnings = std::move(read.warnings);
    auto predictions = predictKnown(model, read.dataset, std::move(rows), table.warnings, job);
    if (!predictions) return passOn(predictions);
    table.predictions = std::move(*predictions);
    table.columns = spec::predictionColumns(table.schema);
    if (model.scoring()) table.threshold = model.scoring()->threshold;
    return table;
  }

  Result<Evaluation> evaluate(const engine::Predictor& model, const fs::path& data, const JobContext& job) override {
    const auto& scoring = model.scoring();
    LATHE_ASSIGN(read, rowsFor(model.schema(), data, scoring ? scoring->weight : "", job));
    LATHE_ASSIGN(rows, labelledRows(read, data));
    auto predictions = model.predict(read.dataset, rows, job);
    if (!predictions) return passOn(predictions);
    Evaluation result;
    result.metrics =
        scoring ? engine::scores(*predictions, read.dataset, rows, model.model(), scoring->loss, scoring->threshold)
                : engine::scores(*predictions, read.dataset, rows);
    for (auto& [name, value] : result.metrics) name.insert(0, "data/");
    result.rows = static_cast<std::int64_t>(rows.size());
    result.warnings = std::move(read.warnings);
    return result;
  }

 private:
  // A file that is named alone, else all of the export.
  struct NamedFile {
    fs::path path;
    bool judged = true;
  };
  static std::vector<NamedFile> filesOf(const exporting::ExportLocation& location, const fs::path& named) {
    std::error_code error;
    const auto path = fs::absolute(named, error).lexically_normal();
    const bool whole = fs::equivalent(path, location.folder, error) || path.filename() == manifestName;
    std::vector<NamedFile> files;
    for (const auto& file : location.manifest.files)
      if (const auto each = location.folder / file.path;
          (whole && fs::exists(each, error)) || each == location.modelFile) {
        files.push_back({each, !file.quantization});
        // Of a table with words also the graph that takes each column for itself.
        for (const auto& along : file.along)
          if (exporting::modelFormatOf(along.path) != nullptr && fs::exists(location.folder / along.path, error))
            files.push_back({location.folder / along.path, !file.quantization});
      }
    return files;
  }

  // What the export brought along when it was made.
  Result<exporting::ParityReport> verifyReference(const exporting::ExportManifest& manifest, const fs::path& file,
                                                  const spec::ModelDescription& model, const JobContext& job) {
    LATHE_ASSIGN(rows, rowsFrom(manifest.referenceRows, manifest.schema));
    return compareInFreshProcess(m_freshProcess.get(), file, rows, flat(manifest.referenceOutputs), model, job);
  }

  // The run's checkpoint, where the project holds the very export.
  Result<std::unique_ptr<engine::Predictor>> loadOriginal(Project* project, const exporting::ExportLocation& location) {
    if (project != nullptr && location.manifest.run > 0) {
      const auto artefacts = project->store().artefacts(location.manifest.run);
      const auto known = [&location](const store::Artefact& artefact) {
        return std::any_of(location.manifest.files.begin(), location.manifest.files.end(),
                           [&artefact](const auto& file) { return file.sha256 == artefact.sha256; });
      };
      if (artefacts && std::any_of(artefacts->begin(), artefacts->end(), known))
        return loadRun(*project, location.manifest.run);
    }
    return fail(
        "export.no_original",
        LATHE_TEXT("errors", "The run behind {file} is not at hand: only its {rows} reference rows were compared."),
        LATHE_TEXT("errors", "Name the project of the run to compare other rows."),
        {{"file", location.modelFile.filename().string()},
         {"rows", std::to_string(location.manifest.referenceRows.size())}});
  }

  const std::shared_ptr<engine::Engine> m_engine;      // shared with the training service
  const std::shared_ptr<FreshProcess> m_freshProcess;  // made by app/ for several services
};

}  // namespace

std::unique_ptr<ModelService> makeModelService(std::shared_ptr<engine::Engine> engine,
                                               std::shared_ptr<FreshProcess> freshProcess) {
  return std::make_unique<EngineModelService>(std::move(engine), std::move(freshProcess));
}

}  // namespace lathe::services

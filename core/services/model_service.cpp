// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/model_service.h"

#include <algorithm>
#include <cmath>

#include "core/base/files.h"
#include "core/services/data_cache.h"
#include "core/services/export_job.h"
#include "core/services/parity_rows.h"
#include "core/services/resume_point.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

Result<data::Dataset> encodeFile(const fs::path& file, const spec::DataSchema& schema, const JobContext& job) {
  spec::DataSpec spec;
  std::error_code error;
  spec.path = fs::absolute(file, error).lexically_normal().string();
  spec.target = schema.target.name;
  spec.task = schema.task;
  auto source = openShared(spec, job);
  if (!source) return passOn(source);
  return (*source)->encode(schema, spec, job);
}

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

std::vector<std::uint32_t> labelledRows(const data::Dataset& dataset) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < dataset.rows; ++row) {
    const bool labelled = dataset.schema.task == spec::Task::Regression
                              ? row < dataset.targets.size() && std::isfinite(dataset.targets[row])
                              : row < dataset.classes.size() && dataset.classes[row] >= 0;
    if (labelled) rows.push_back(row);
  }
  return rows;
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

  Result<exporting::ParityReport> verify(Project* project, const fs::path& dirOrFile, const fs::path& data,
                                         const JobContext& job) override {
    auto location = exporting::findExport(dirOrFile);
    if (!location) return passOn(location);
    const auto& manifest = location->manifest;
    spec::ModelDescription model;
    model.schema = manifest.schema;
    model.fitted.targetStd = manifest.targetStd;

    auto report = verifyReference(*location, model, job);
    if (!report || data.empty()) return report;
    LATHE_ASSIGN(rows, encodeFile(data, manifest.schema, job));
    if (rows.rows > mostParityRows) {
      std::vector<std::uint32_t> first(mostParityRows);
      for (std::uint32_t i = 0; i < first.size(); ++i) first[i] = i;
      rows = rowsOf(rows, first);
    }
    auto original = loadOriginal(project, *location);
    if (!original) return passOn(original);
    auto reference = (*original)->predict(rows, {}, job);
    if (!reference) return passOn(reference);
    auto onData = compareInFreshProcess(m_freshProcess.get(), location->modelFile, rows, *reference, model, job);
    if (!onData) return onData;
    auto result = worse(*onData, *report);
    result.rows = onData->rows;
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
    if (fs::is_regular_file(dirOrFile, error) && dirOrFile.extension() == ".pt")
      return m_engine->loadTorchScript(dirOrFile);
    auto location = exporting::findExport(dirOrFile);
    if (!location) return passOn(location);
    return m_engine->loadTorchScript(location->modelFile);
  }

  Result<PredictionTable> predict(const engine::Predictor& model, const fs::path& data, const std::string& split,
                                  const JobContext& job) override {
    LATHE_ASSIGN(dataset, encodeFile(data, model.schema(), job));
    LATHE_ASSIGN(rows, splitRows(dataset, split, data));
    PredictionTable table;
    table.schema = model.schema();
    auto predictions = model.predict(dataset, rows, job);
    if (!predictions) return passOn(predictions);
    table.predictions = std::move(*predictions);
    table.columns.emplace_back("prediction");
    if (table.schema.task == spec::Task::Classification)
      for (const auto& name : table.schema.target.classes) table.columns.push_back("prob_" + name);
    return table;
  }

  Result<std::vector<std::pair<std::string, double>>> evaluate(const engine::Predictor& model, const fs::path& data,
                                                               const JobContext& job) override {
    LATHE_ASSIGN(dataset, encodeFile(data, model.schema(), job));
    const auto rows = labelledRows(dataset);
    if (rows.empty())
      return fail("data.no_labels", LATHE_TEXT("errors", "{file} holds no usable value of the target {target}."),
                  LATHE_TEXT("errors", "Give a file with labelled rows, or predict instead of evaluating."),
                  {{"file", data.string()}, {"target", model.schema().target.name}});
    auto predictions = model.predict(dataset, rows, job);
    if (!predictions) return passOn(predictions);
    auto metrics = engine::scores(*predictions, dataset, rows);
    for (auto& [name, value] : metrics) name.insert(0, "data/");
    return metrics;
  }

 private:
  // What the export brought along when it was made.
  Result<exporting::ParityReport> verifyReference(const exporting::ExportLocation& location,
                                                  const spec::ModelDescription& model, const JobContext& job) {
    const auto& manifest = location.manifest;
    LATHE_ASSIGN(rows, rowsFrom(manifest.referenceRows, manifest.schema));
    return compareInFreshProcess(m_freshProcess.get(), location.modelFile, rows, flat(manifest.referenceOutputs), model,
                                 job);
  }

  // The run's checkpoint where the project holds the very export, else the file itself in this process.
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
    return m_engine->loadTorchScript(location.modelFile);
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

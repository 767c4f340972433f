// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/exporting/manifest.h"
#include "core/services/project.h"

namespace lathe::services {

/// Runs a parity check in a fresh process; app/ gives the implementation (it starts its own program again).
class FreshProcess {
 public:
  virtual ~FreshProcess() = default;
  /// Predicts `rows` (raw inputs) with the exported file in a new process; `runtime` names what ran there.
  virtual Result<engine::Predictions> predict(const std::filesystem::path& modelFile, const data::Dataset& rows,
                                              std::string& runtime, const JobContext& job) = 0;
};

struct ExportRequest {
  store::RunNumber run = 0;
  std::vector<std::string> formats = {"torchscript"};
  std::filesystem::path folder;
  std::string name;           ///< empty: from the run's name
  std::string quantize = {};  ///< int8, int8-static, bf16, f16 (core/exporting/quantization.h); empty: float32
};

struct ExportResult {
  exporting::ExportManifest manifest;
  std::filesystem::path folder;
  exporting::ParityReport worst;
};

struct PredictionTable {
  std::vector<std::string> columns;  ///< as spec::predictionColumns() has them
  spec::DataSchema schema;
  double threshold = 0.5;           ///< two classes: above it `prediction` is the second one
  engine::Predictions predictions;  ///< NaN in the rows of a series whose window is not complete
  std::vector<Error> warnings;      ///< values that could not be read or were never seen
};

struct Evaluation {
  std::vector<std::pair<std::string, double>> metrics;  ///< data/METRIC
  std::int64_t rows = 0;                                ///< scored
  std::vector<Error> warnings;
};

struct Verification {
  exporting::ParityReport parity;
  bool judged = true;           ///< false: all files are quantised, and their parity is only told
  bool withCheckpoint = false;  ///< compared on the given rows with the run's checkpoint, else on the reference rows
  std::vector<Error> warnings;
};

/// Export, verify, predict and evaluate: what one does with a finished run or an EXPORT. All calls block; worker
/// threads.
class ModelService {
 public:
  virtual ~ModelService() = default;
  /// Writes to a temporary folder, verifies in a fresh process on test rows, then puts it in place whole;
  /// "export.parity" refuses, but for quantised files, which are compared with float32 ones instead. The artefact and
  /// its report are stored with the run.
  virtual Result<ExportResult> exportRun(Project& project, const ExportRequest& request,
                                         const JobContext& job = {}) = 0;
  /// Parity again of a file, or of all files of a folder (the worst one is told), always on the reference rows of the
  /// manifest, and on the rows of `data` with the run's checkpoint where the project holds this very export. `project`
  /// may be null, `data` empty.
  virtual Result<Verification> verify(Project* project, const std::filesystem::path& dirOrFile,
                                      const std::filesystem::path& data, const JobContext& job = {}) = 0;
  virtual Result<std::unique_ptr<engine::Predictor>> loadRun(const Project& project, store::RunNumber run) = 0;
  virtual Result<std::unique_ptr<engine::Predictor>> loadExport(const std::filesystem::path& dirOrFile) = 0;
  /// `split`: "" (all), "train" or "test" where the data brings its own.
  virtual Result<PredictionTable> predict(const engine::Predictor& model, const std::filesystem::path& data,
                                          const std::string& split, const JobContext& job = {}) = 0;
  /// Every metric that fits the task on the labelled rows, measured as the training measured itself: its loss, and its
  /// column of weights. So the test rows of a run give the run's test/ metrics again, from the run and from its
  /// exports.
  virtual Result<Evaluation> evaluate(const engine::Predictor& model, const std::filesystem::path& data,
                                      const JobContext& job = {}) = 0;
};

[[nodiscard]] std::unique_ptr<ModelService> makeModelService(std::shared_ptr<engine::Engine> engine,
                                                             std::shared_ptr<FreshProcess> freshProcess);

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <torch/script.h>

#include "core/engine/engine.h"

namespace lathe::engine {

inline constexpr const char* torchEngineName = "torch";

/// A model from a checkpoint of this engine.
Result<std::unique_ptr<Predictor>> loadCheckpointPredictor(const std::filesystem::path& checkpoint);

/// A checkpoint's model as a TorchScript file with extra files; core/engine/engine.h says which.
Result<void> writeTorchScript(const std::filesystem::path& checkpoint, const std::filesystem::path& file);

/// A checkpoint's model as an ONNX file (core/exporting/onnx/onnx_model.h) with schema, classes and description; as one
/// with an input a column where the file is called NAME.columns.onnx and the model is of a table.
Result<void> writeOnnxFile(const std::filesystem::path& checkpoint, const std::filesystem::path& file);
/// A model from such a file, run by OnnxRunner.
Result<std::unique_ptr<Predictor>> loadOnnxPredictor(const std::filesystem::path& file);

/// A checkpoint's model as the saved_model.pb of a SavedModel (core/exporting/tensorflow/saved_model.h).
Result<void> writeSavedModelFile(const std::filesystem::path& checkpoint, const std::filesystem::path& file);
/// A model from such a file, run by SavedModelRunner. What is not one: "engine.foreign_model".
Result<std::unique_ptr<Predictor>> loadSavedModelPredictor(const std::filesystem::path& file);

/// What an exported file says of its model.
struct DescribedModel {
  spec::ModelDescription model;
  std::optional<Scoring> scoring;
};
/// Predicts rows in parts with a whole exported network: raw rows in, outputs out.
class ExportedPredictor final : public Predictor {
 public:
  using Forward = std::function<torch::Tensor(const torch::Tensor&)>;
  ExportedPredictor(DescribedModel described, Forward forward);
  [[nodiscard]] const spec::ModelDescription& model() const override { return m_model; }
  [[nodiscard]] const std::optional<Scoring>& scoring() const override { return m_scoring; }
  Result<Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>& rows,
                              const JobContext& job) const override;

 private:
  Result<Predictions> run(const data::Dataset& data, std::span<const std::uint32_t> rows, const JobContext& job) const;
  spec::ModelDescription m_model;
  std::optional<Scoring> m_scoring;
  Forward m_forward;
  std::size_t m_rowsAtOnce = 1;
};

/// A model from such a file. The file is not trusted: only straight-line code of the operations that exports are made
/// of is run; anything else is "engine.foreign_model".
Result<std::unique_ptr<Predictor>> loadScriptPredictor(const std::filesystem::path& file);

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/torch_predictor.h"

#include "core/engine/linear_model.h"
#include "core/engine/training_loop.h"
#include "core/engine_torch/torch_learner.h"

namespace lathe::engine {
namespace {

class TorchPredictor final : public Predictor {
 public:
  TorchPredictor(spec::ModelDescription model, std::optional<Scoring> scoring, const spec::Program& program)
      : m_model(std::move(model)),
        m_scoring(std::move(scoring)),
        m_runner(program, torch::Device(torch::kCPU)),
        m_parameters(program, torch::Device(torch::kCPU), false) {}

  Result<void> restore(const Checkpoint& checkpoint) { return m_parameters.restore(checkpoint); }

  [[nodiscard]] const spec::ModelDescription& model() const override { return m_model; }
  [[nodiscard]] const std::optional<Scoring>& scoring() const override { return m_scoring; }

  Result<Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>& rows,
                              const JobContext& job) const override {
    LATHE_TRY(checkInputs(m_model.schema, data, rows));
    const auto chosen = rowsOrAll(rows, data.rows);
    auto result = guarded([&]() -> Result<Predictions> {
      return evaluateRows(
          m_runner, m_parameters.all(), chosen, evaluationRows(m_runner.program()),
          [&](auto part) { return m_runner.preprocess(rawRows(data, part, m_runner.device())); }, job);
    });
    if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "Predicting was cancelled."), "");
    return result;
  }

 private:
  spec::ModelDescription m_model;
  std::optional<Scoring> m_scoring;
  ProgramRunner m_runner;
  ParameterStore m_parameters;
};

}  // namespace

Result<std::unique_ptr<Predictor>> loadCheckpointPredictor(const std::filesystem::path& file) {
  return guarded([&]() -> Result<std::unique_ptr<Predictor>> {
    LATHE_ASSIGN(checkpoint, readCheckpoint(file));
    LATHE_ASSIGN(model, modelOf(checkpoint, torchEngineName, file));
    LATHE_ASSIGN(program, spec::lower(model));
    LATHE_TRY(ParameterStore::check(program, checkpoint));
    auto predictor = std::make_unique<TorchPredictor>(model, scoringOf(checkpoint), program);
    LATHE_TRY(predictor->restore(checkpoint));
    return predictor;
  });
}

ExportedPredictor::ExportedPredictor(DescribedModel described, Forward forward)
    : m_model(std::move(described.model)), m_scoring(std::move(described.scoring)), m_forward(std::move(forward)) {
  if (const auto program = spec::lower(m_model)) m_rowsAtOnce = evaluationRows(*program);
}

Result<Predictions> ExportedPredictor::predict(const data::Dataset& data, const std::vector<std::uint32_t>& rows,
                                               const JobContext& job) const {
  LATHE_TRY(checkInputs(m_model.schema, data, rows));
  const auto chosen = rowsOrAll(rows, data.rows);
  return guarded([&]() -> Result<Predictions> { return run(data, chosen, job); });
}

Result<Predictions> ExportedPredictor::run(const data::Dataset& data, std::span<const std::uint32_t> rows,
                                           const JobContext& job) const {
  const c10::InferenceMode inference;
  const auto atOnce = m_rowsAtOnce;
  Predictions predictions{rows.size(), spec::outputCount(m_model.schema), {}};
  for (std::size_t first = 0; first < rows.size(); first += atOnce) {
    if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "Predicting was cancelled."), "");
    const auto part = rows.subspan(first, std::min(atOnce, rows.size() - first));
    const auto output =
        m_forward(rawRows(data, part, torch::Device(torch::kCPU))).to(torch::kCPU, torch::kFloat32).contiguous();
    TORCH_CHECK(static_cast<std::size_t>(output.numel()) == part.size() * predictions.columns, "the model gave ",
                output.numel(), " numbers for ", part.size(), " rows");
    const auto* values = output.data_ptr<float>();
    predictions.values.insert(predictions.values.end(), values, values + output.numel());
    job.report({"predict", static_cast<double>(first + part.size()), static_cast<double>(rows.size()), "rows"});
  }
  return predictions;
}

}  // namespace lathe::engine

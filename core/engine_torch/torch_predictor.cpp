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

}  // namespace lathe::engine

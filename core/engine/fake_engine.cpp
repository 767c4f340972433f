// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/fake_engine.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <thread>
#include <utility>

#include "core/engine/batching.h"
#include "core/engine/ensemble_file.h"
#include "core/engine/histogram_counter.h"
#include "core/engine/image_batches.h"
#include "core/engine/linear_model.h"
#include "core/engine/micro_batches.h"
#include "core/engine/optimizer.h"
#include "core/engine/training_loop.h"
#include "core/engine/weight_average.h"

namespace lathe::engine {
namespace {

constexpr const char* engineName = "fake";

class FakeLearner final : public Learner {
 public:
  FakeLearner(LinearModel model, const TrainingRequest& request, const Loss& loss, const FakeEngineOptions& options)
      : m_model(std::move(model)),
        m_request(request),
        m_loss(loss),
        m_options(options),
        m_optimizer(request.training.optimizer, slots()),
        m_average(request.training.average, slots(), m_optimizer),
        m_weightGradient(m_model.weights().size()),
        m_biasGradient(m_model.biases().size()) {
    if (!request.data->schema.image || !spec::augments(request.training.augment)) return;
    m_augmented.schema = request.data->schema;
    m_images = std::make_unique<ImageBatches>(
        request.data, Augmenter(request.training.augment, request.data->schema.inputShape, request.training.seed),
        ImageBatches::Options{largestBatch(request.data->split.train.size(), request.training), std::nullopt, true});
  }

  void announce(std::span<const std::uint32_t> rows, std::int64_t step) override {
    if (m_images) m_images->announce(MicroBatches(rows.size(), m_request.training).of(rows, 0), step);
  }

  Result<StepOutcome> step(std::span<const std::uint32_t> rows, const StepSettings& settings) override {
    if (m_options.secondsPerStep > 0)
      std::this_thread::sleep_for(std::chrono::duration<double>(m_options.secondsPerStep));
    const auto step = settings.step;
    if (m_options.failAtStep == step)
      return fail("engine.failed", LATHE_TEXT("errors", "The training failed at step {step}, as it was told to."),
                  LATHE_TEXT("errors", "Start it again."), {{"step", std::to_string(step)}});
    std::fill(m_weightGradient.begin(), m_weightGradient.end(), 0.0F);
    std::fill(m_biasGradient.begin(), m_biasGradient.end(), 0.0F);
    StepOutcome outcome;
    const MicroBatches parts(rows.size(), m_request.training);
    for (std::int64_t i = 0; i < parts.count(); ++i) {
      const auto score = gradientOf(parts.of(rows, i), step, parts.count() > 1);
      if (parts.count() == 1 || !std::isfinite(score.loss))
        outcome.score = score;
      else
        outcome.score.add(score);
      if (!std::isfinite(outcome.score.loss)) return outcome;
    }
    if (m_options.divergeAtStep == step) outcome.score.loss = std::numeric_limits<double>::quiet_NaN();
    if (!std::isfinite(outcome.score.loss)) return outcome;
    const double scale = parts.gradientScale(outcome.score);
    outcome.gradientNorm = m_optimizer.gradientNorm(m_gradients) * scale;
    if (!std::isfinite(outcome.gradientNorm)) return outcome;
    if (auto* into = std::exchange(m_countInto, nullptr)) *into = countParameters(slots(), m_gradients, scale);
    m_optimizer.update(m_gradients, settings, scale * clippingScale(outcome.gradientNorm, m_request.training.clipNorm));
    m_average.afterStep(settings);
    outcome.lr = m_optimizer.rate();
    outcome.momentum = m_optimizer.momentum();
    return outcome;
  }

  void countNextStep(ParameterHistograms& histograms) override { m_countInto = &histograms; }

  [[nodiscard]] bool hasAverage() const override { return m_average.available(); }
  Result<void> enterAverage() override {
    m_average.enter();
    return {};
  }
  Result<void> leaveAverage() override {
    m_average.leave();
    return {};
  }

  Result<Predictions> evaluate(std::span<const std::uint32_t> rows) override {
    return m_model.predict(*m_request.data, rows);
  }

  void save(Checkpoint& checkpoint, bool resumable) const override {
    m_model.save(checkpoint);
    if (!resumable) return;
    m_optimizer.save(checkpoint);
    m_average.save(checkpoint);
  }

  Result<void> restore(const Checkpoint& checkpoint) override {
    LATHE_TRY(m_model.restore(checkpoint));
    LATHE_TRY(m_optimizer.restore(checkpoint));
    return m_average.restore(checkpoint);
  }

 private:
  std::vector<Optimizer::Slot> slots() {
    return {{"linear.weight", m_model.weights().data(), m_model.weights().size(), true},
            {"linear.bias", m_model.biases().data(), m_model.biases().size(), false}};
  }

  // Adds the gradient of one batch, `weighted` by what its loss is a mean over.
  BatchScore gradientOf(std::span<const std::uint32_t> rows, std::int64_t step, bool weighted) {
    MixedRows mixed;
    const auto prepared = m_images ? augmented(rows, step, mixed) : m_model.prepare(*m_request.data, rows);
    const auto output = m_model.forward(prepared, rows.size());
    std::vector<float> gradient(output.size());
    const auto score = m_loss.evaluate(output, rows, gradient, mixed);
    if (weighted)
      for (auto& slope : gradient) slope *= static_cast<float>(score.weight);
    backward(prepared, gradient, rows.size());
    return score;
  }

  std::vector<float> augmented(std::span<const std::uint32_t> rows, std::int64_t step, MixedRows& mixed) {
    const auto batch = m_images->take(rows, step);
    const auto perRow = static_cast<std::size_t>(spec::elementCount(m_augmented.schema.inputShape));
    m_augmented.rows = rows.size();
    m_augmented.pixels.assign(batch.bytes, batch.bytes + rows.size() * perRow);
    m_places.resize(rows.size());
    std::iota(m_places.begin(), m_places.end(), 0U);
    mixed = batch.mixed;
    return m_model.prepare(m_augmented, m_places);
  }

  void backward(const std::vector<float>& prepared, const std::vector<float>& gradient, std::size_t rows) {
    const std::size_t inputs = m_model.inputs();
    const std::size_t outputs = m_model.outputs();
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t o = 0; o < outputs; ++o) {
        const float slope = gradient[i * outputs + o];
        m_biasGradient[o] += slope;
        for (std::size_t d = 0; d < inputs; ++d) m_weightGradient[o * inputs + d] += slope * prepared[i * inputs + d];
      }
  }

  LinearModel m_model;
  const TrainingRequest& m_request;
  const Loss& m_loss;
  FakeEngineOptions m_options;
  Optimizer m_optimizer;
  WeightAverage m_average;
  std::vector<float> m_weightGradient;
  std::vector<float> m_biasGradient;
  std::vector<const float*> m_gradients{m_weightGradient.data(), m_biasGradient.data()};
  ParameterHistograms* m_countInto = nullptr;
  std::unique_ptr<ImageBatches> m_images;  ///< only with augmentation
  data::Dataset m_augmented;               ///< the images of a step
  std::vector<std::uint32_t> m_places;
};

class FakePredictor final : public Predictor {
 public:
  FakePredictor(spec::ModelDescription description, std::vector<LinearModel> models, std::optional<Scoring> scoring)
      : m_description(std::move(description)), m_models(std::move(models)), m_scoring(std::move(scoring)) {}
  [[nodiscard]] const spec::ModelDescription& model() const override { return m_description; }
  [[nodiscard]] const std::optional<Scoring>& scoring() const override { return m_scoring; }
  Result<Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>& rows,
                              const JobContext& job) const override {
    LATHE_TRY(checkInputs(schema(), data, rows));
    const auto chosen = rowsOrAll(rows, data.rows);
    std::vector<Predictions> all;
    for (const auto& model : m_models) {
      LATHE_ASSIGN(predicted, model.predict(data, chosen, job));
      all.push_back(std::move(predicted));
    }
    return m_description.members.empty() ? all.front() : combined(m_description, all);
  }

 private:
  spec::ModelDescription m_description;
  std::vector<LinearModel> m_models;  ///< of an ensemble one a member
  std::optional<Scoring> m_scoring;
};

class FakeEngine final : public Engine {
 public:
  explicit FakeEngine(FakeEngineOptions options) : m_options(options) {}

  [[nodiscard]] EngineInfo info() const override {
    EngineInfo info;
    info.name = "FakeEngine";
    info.blas = "none";
    info.devices = {"cpu"};
    return info;
  }

  Result<TrainingSummary> train(const TrainingRequest& request, TrainingObserver& observer,
                                TrainingControl& control) override {
    LATHE_TRY(checkRequest(request));
    if (request.model.schema.task == spec::Task::Anomaly)
      return fail("engine.no_anomalies", LATHE_TEXT("errors", "This build of Lathe cannot search for anomalies."),
                  LATHE_TEXT("errors", "Use a build with LibTorch."));
    if (request.initialWeights && !request.resumeFrom)
      return fail("engine.no_layers",
                  LATHE_TEXT("errors", "This build of Lathe has no engine that weights could be loaded into."),
                  LATHE_TEXT("errors", "Train with a build that has LibTorch, or without model.weights."));
    LATHE_ASSIGN(model, LinearModel::create(request.model, request.training.seed));
    const Loss loss(request.training.loss, request.model, request.data);
    FakeLearner learner(std::move(model), request, loss, m_options);
    return runTraining(request, engineName, learner, observer, control);
  }

  Result<std::unique_ptr<Predictor>> load(const std::filesystem::path& checkpoint) override {
    LATHE_ASSIGN(from, readCheckpoint(checkpoint));
    LATHE_ASSIGN(description, modelOf(from, engineName, checkpoint));
    LATHE_ASSIGN(models, modelsOf(description, from));
    return std::make_unique<FakePredictor>(std::move(description), std::move(models), scoringOf(from));
  }

  Result<void> exportTorchScript(const std::filesystem::path& checkpoint, const std::filesystem::path& file) override {
    LATHE_ASSIGN(from, readCheckpoint(checkpoint));
    LATHE_ASSIGN(description, modelOf(from, engineName, checkpoint));
    LATHE_ASSIGN(models, modelsOf(description, from));
    Checkpoint exported;
    exported.meta = {{"format", from.meta["format"]},
                     {"engine", engineName},
                     {"model", from.meta["model"]},
                     {scoringKey, from.meta[scoringKey]}};
    if (description.members.empty())
      models.front().save(exported);
    else
      exported.tensors = from.tensors;
    LATHE_TRY(writeCheckpoint(exported, file));
    return {};
  }

  Result<std::unique_ptr<Predictor>> loadTorchScript(const std::filesystem::path& file) override { return load(file); }
  // One kind of file is as good as the other here.
  Result<void> exportOnnx(const std::filesystem::path& checkpoint, const std::filesystem::path& file) override {
    return exportTorchScript(checkpoint, file);
  }
  Result<std::unique_ptr<Predictor>> loadOnnx(const std::filesystem::path& file) override { return load(file); }
  Result<void> exportSavedModel(const std::filesystem::path& checkpoint, const std::filesystem::path& file) override {
    return exportTorchScript(checkpoint, file);
  }
  Result<std::unique_ptr<Predictor>> loadSavedModel(const std::filesystem::path& file) override { return load(file); }

  [[nodiscard]] MemoryEstimate estimate(const TrainingRequest& request) const override {
    const auto model = LinearModel::create(request.model, 0);
    if (!model) return {};
    const std::uint64_t perRow = 2 * sizeof(float) * (model->inputs() + model->outputs());
    const std::uint64_t weights = 4 * sizeof(float) * model->outputs() * (model->inputs() + 1);
    return {weights + perRow * static_cast<std::uint64_t>(std::max(1, request.training.batchSize)),
            m_options.largestBatchThatFits};
  }

 private:
  // One, or the members of an ensemble.
  static Result<std::vector<LinearModel>> modelsOf(const spec::ModelDescription& description,
                                                   const Checkpoint& checkpoint) {
    std::vector<LinearModel> models;
    const bool single = description.members.empty();
    for (std::size_t i = 0; i < std::max<std::size_t>(1, description.members.size()); ++i) {
      LATHE_ASSIGN(model, LinearModel::create(single ? description : spec::memberOf(description, i), 0));
      LATHE_TRY(model.restore(single ? checkpoint : memberCheckpoint(checkpoint, i)));
      models.push_back(std::move(model));
    }
    return models;
  }

  FakeEngineOptions m_options;
};

}  // namespace

std::unique_ptr<Engine> makeFakeEngine(FakeEngineOptions options) { return std::make_unique<FakeEngine>(options); }

}  // namespace lathe::engine

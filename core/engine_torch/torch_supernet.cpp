// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/torch_supernet.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <thread>

#include "core/engine/batching.h"
#include "core/engine/curvature.h"
#include "core/engine/losses.h"
#include "core/engine/micro_batches.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/generator_state.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/shared_weights.h"
#include "core/engine_torch/tensors.h"

namespace lathe::engine {
namespace {

constexpr std::size_t rowsOfEvaluation = 256;
constexpr std::int64_t partOfChannels = 4;  // a mixture's operations see one of so many (Xu et al. 2020)
constexpr double weightDecay = 1e-2;
constexpr const char* formatName = "lathe-supernet-1";
constexpr const char* alphaPrefix = "alpha:";

bool endsWith(const std::string& text, const std::string& ending) {
  return text.size() > ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

/// Up to "__": what a mixture's layers have in common; empty for other layers.
std::string groupOf(const std::string& layer) {
  const auto at = layer.find("__");
  return at == std::string::npos ? std::string() : layer.substr(0, at);
}

std::string keyOf(const std::string& layer) {
  const auto group = groupOf(layer);
  return group.substr(group.find('_') + 1);
}

bool isMix(const spec::Operation& operation) {
  return operation.primitive == spec::Primitive::Add && endsWith(operation.layer, Supernet::mixEnding);
}
bool isEdges(const spec::Operation& operation) {
  return operation.primitive == spec::Primitive::Add && endsWith(operation.layer, Supernet::edgesEnding);
}

/// Channels i, i + C / k, i + 2 C / k ... next to each other, so that another part is seen next time.
torch::Tensor shuffled(const torch::Tensor& x) {
  const auto n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
  if (c % partOfChannels != 0) return x;
  return x.reshape({n, partOfChannels, c / partOfChannels, h, w}).transpose(1, 2).reshape({n, c, h, w});
}

std::int64_t partOf(std::int64_t channels) { return std::max<std::int64_t>(1, channels / partOfChannels); }

class TorchSupernet final : public Supernet {
 public:
  explicit TorchSupernet(const TrainingRequest& request)
      : m_request(request),
        m_loss(request.training.loss, request.model, request.data),
        m_runner(programOf(request.model.graph), torch::kCPU),
        m_source(request.data, m_runner, largestBatch(request.data->split.train.size(), request.training)),
        m_weights(request.training.seed),
        m_dropout(request.training.seed, "supernet") {
    for (const auto& constant : m_runner.program().constants)
      m_constants[constant.name] =
          torch::from_blob(const_cast<float*>(constant.data.data()), constant.shape, torch::kFloat32);
    keepMemoryBetweenSteps();
  }
  ~TorchSupernet() override { m_weights.forget(); }
  TorchSupernet(const TorchSupernet&) = delete;
  TorchSupernet& operator=(const TorchSupernet&) = delete;

  Result<double> step(const spec::ModelGraph& path, std::span<const std::uint32_t> rows, double rate) override {
    return descend(path, rows, [&] { m_weights.update(rate, weightDecay); });
  }

  Result<double> architectureStep(const spec::ModelGraph& mixture, std::span<const std::uint32_t> rows,
                                  double rate) override {
    return descend(mixture, rows, [&] {
      m_weights.forget();
      const torch::NoGradGuard noGrad;
      for (auto& [key, alpha] : m_alphas) {
        const auto gradient = alpha.value.grad();
        if (!gradient.defined()) continue;
        // Adam with the betas of DARTS.
        const double now = ++alpha.steps;
        alpha.mean.mul_(0.5).add_(gradient, 0.5);
        alpha.square.mul_(0.999).addcmul_(gradient, gradient, 0.001);
        alpha.value.sub_((alpha.mean / (1 - std::pow(0.5, now))) /
                         ((alpha.square / (1 - std::pow(0.999, now))).sqrt() + 1e-8) * rate);
      }
    });
  }

  Result<double> architectureCurvature(const spec::ModelGraph& mixture, std::span<const std::uint32_t> rows) override {
    return guarded([&]() -> Result<double> {
      holdThreads();
      const auto program = programOf(mixture);
      const auto dimensions = architectureGradient(program, rows).size();  // also makes weights that are not there yet
      Random random(m_request.training.seed, "curvature");
      const auto kept = m_alphas;
      const auto curvature = largestCurvature(dimensions, random, [&](const std::vector<double>& by) {
        const auto* each = by.data();
        for (auto& [key, alpha] : m_alphas) {
          const auto moved = kept.at(key).value.detach().clone();
          for (std::int64_t i = 0; i < moved.numel(); ++i) moved[i] += *each++;
          alpha.value = moved.requires_grad_(true);
        }
        return architectureGradient(program, rows);
      });
      m_alphas = kept;
      return curvature;
    });
  }

  Result<Predictions> predict(const spec::ModelGraph& path, const std::vector<std::uint32_t>& rows) override {
    return guarded([&]() -> Result<Predictions> {
      holdThreads();
      const torch::NoGradGuard noGrad;
      const auto program = programOf(path);
      Predictions predictions;
      predictions.rows = rows.size();
      // Of one size, the last as large as the others where it can be: statistics of few rows say little.
      const BatchPlan plan(rows.size(), rowsOfEvaluation);
      for (std::int64_t i = 0; i < plan.steps(); ++i) {
        const auto [first, count] = plan.range(i);
        const std::span<const std::uint32_t> part(rows.data() + first, count);
        const auto logits = run(program, m_source.batch(part), 0);
        const auto output = m_runner.head(logits).contiguous();
        predictions.columns = static_cast<std::size_t>(output.numel()) / count;
        const auto* values = output.data_ptr<float>();
        predictions.values.insert(predictions.values.end(), values, values + output.numel());
      }
      m_weights.forget();
      return predictions;
    });
  }

  [[nodiscard]] std::map<std::string, std::vector<double>> architectureWeights() const override {
    std::map<std::string, std::vector<double>> all;
    for (const auto& [key, alpha] : m_alphas) {
      const auto shares = torch::softmax(alpha.value.detach(), 0).to(torch::kFloat64).contiguous();
      all[key] = {shares.data_ptr<double>(), shares.data_ptr<double>() + shares.numel()};
    }
    return all;
  }

  Result<void> save(const std::filesystem::path& file, const std::string& text) const override {
    return guarded([&]() -> Result<void> {
      Checkpoint checkpoint;
      checkpoint.meta = {{"format", formatName}, {"text", text}};
      m_weights.save(checkpoint);
      for (const auto& [key, alpha] : m_alphas) {
        const auto steps = torch::full({1}, alpha.steps, torch::kFloat32);
        saveTensor(checkpoint, alphaPrefix + key, torch::cat({alpha.value.detach(), alpha.mean, alpha.square, steps}));
      }
      saveGenerator(checkpoint, m_dropout);
      LATHE_TRY(writeCheckpoint(checkpoint, file));
      return {};
    });
  }

  Result<std::string> restore(const std::filesystem::path& file) override {
    return guarded([&]() -> Result<std::string> {
      LATHE_ASSIGN(checkpoint, readCheckpoint(file));
      if (checkpoint.meta["format"] != formatName)
        return fail("engine.checkpoint_mismatch", LATHE_TEXT("errors", "{file} holds no shared network."),
                    LATHE_TEXT("errors", "Start a new search."), {{"file", file.string()}});
      m_weights.restore(checkpoint);
      m_alphas.clear();
      for (const auto& tensor : checkpoint.tensors) {
        if (tensor.name.rfind(alphaPrefix, 0) != 0) continue;
        const auto* values = reinterpret_cast<const float*>(tensor.bytes.data());
        const auto count = static_cast<std::int64_t>(tensor.bytes.size() / sizeof(float) - 1) / 3;
        const auto part = [&](std::int64_t i) {
          return torch::from_blob(const_cast<float*>(values) + i * count, {count}, torch::kFloat32).clone();
        };
        m_alphas[tensor.name.substr(std::string(alphaPrefix).size())] = {part(0).requires_grad_(true), part(1), part(2),
                                                                         static_cast<double>(values[3 * count])};
      }
      LATHE_TRY(restoreGenerator(checkpoint, m_dropout));
      return checkpoint.meta["text"];
    });
  }

 private:
  const MemoryReturn m_memory;  // first: goes last
  struct Alpha {
    torch::Tensor value, mean, square;
    double steps = 0;
  };

  // From the first step on, on the thread that takes it: what keeps threads from spinning beside other busy programs
  // looks at many steps.
  void holdThreads() {
    if (!m_threads || m_thread != std::this_thread::get_id()) {
      m_threads.emplace(m_request.training.threads);
      m_thread = std::this_thread::get_id();
    }
    m_threads->renew();
  }

  [[nodiscard]] spec::Program programOf(const spec::ModelGraph& graph) const {
    auto model = m_request.model;
    model.graph = graph;
    auto program = spec::lower(model);
    TORCH_CHECK(program.has_value(),
                "a path of the shared network is no model: ", program ? std::string() : program.error().sentence());
    return *program;
  }

  // Forward and backward; nothing is backward when the loss is not finite.
  double differentiate(const spec::Program& program, std::span<const std::uint32_t> rows, double dropoutFactor) {
    const auto output = run(program, m_source.batch(rows), dropoutFactor);
    const auto plain = output.detach().contiguous();
    auto gradient = torch::empty_like(plain);
    const auto count = static_cast<std::size_t>(plain.numel());
    const auto score =
        m_loss.evaluate({plain.data_ptr<float>(), count}, rows, {gradient.data_ptr<float>(), count}, MixedRows{});
    if (std::isfinite(score.loss)) output.backward(gradient);
    return score.loss;
  }

  void forgetGradients() {
    m_weights.forget();
    for (auto& [key, alpha] : m_alphas) alpha.value.mutable_grad().reset();
  }

  template <class Update>
  Result<double> descend(const spec::ModelGraph& path, std::span<const std::uint32_t> rows, const Update& update) {
    return guarded([&]() -> Result<double> {
      holdThreads();
      const double loss = differentiate(programOf(path), rows, 1);
      if (std::isfinite(loss)) update();
      forgetGradients();
      return loss;
    });
  }

  // All architecture weights one after the other; NaN for a loss that is not finite.
  std::vector<double> architectureGradient(const spec::Program& program, std::span<const std::uint32_t> rows) {
    const bool finite = std::isfinite(differentiate(program, rows, 0));
    std::vector<double> all;
    for (const auto& [key, alpha] : m_alphas) {
      const auto gradient = alpha.value.grad();
      for (std::int64_t i = 0; i < alpha.value.numel(); ++i)
        all.push_back(!finite ? std::nan("") : gradient.defined() ? gradient[i].item<double>() : 0);
    }
    forgetGradients();
    return all;
  }

  torch::Tensor& alphaFor(const std::string& key, std::int64_t count) {
    auto& alpha = m_alphas[key];
    if (!alpha.value.defined()) {
      const torch::NoGradGuard noGrad;
      Random random(m_request.training.seed, key);
      alpha.value = torch::zeros({count});
      for (std::int64_t i = 0; i < count; ++i) alpha.value[i] = 1e-3 * random.normal();
      alpha.mean = torch::zeros({count});
      alpha.square = torch::zeros({count});
      alpha.value.requires_grad_(true);
    }
    return alpha.value;
  }

  torch::Tensor weighted(const spec::Operation& operation, const TensorList& inputs) {
    const bool mix = isMix(operation);
    const auto count = static_cast<std::int64_t>(inputs.size());
    const auto shares = torch::softmax(alphaFor(keyOf(operation.layer), mix ? count + 1 : count), 0);
    if (!mix) {
      auto sum = inputs[0] * (shares[0] * count);
      for (std::int64_t i = 1; i < count; ++i) sum = sum + inputs[static_cast<std::size_t>(i)] * (shares[i] * count);
      return sum;
    }
    const auto& x = inputs[0];
    const auto part = partOf(x.size(1));
    auto sum = x.narrow(1, 0, part) * shares[0];
    for (std::int64_t i = 1; i < count; ++i) sum = sum + inputs[static_cast<std::size_t>(i)] * shares[i];
    if (part == x.size(1)) return sum;
    return shuffled(torch::cat({sum, x.narrow(1, part, x.size(1) - part)}, 1));
  }

  // Layers of a mixture work on the first part of the channels.
  torch::Tensor narrowed(const torch::Tensor& x, std::int64_t part) const {
    return x.size(1) > part ? x.narrow(1, 0, part) : x;
  }
  static spec::Shape narrowed(spec::Shape shape) {
    for (std::size_t i = 0; i < std::min<std::size_t>(2, shape.size()); ++i) shape[i] = partOf(shape[i]);
    return shape;
  }

  torch::Tensor run(const spec::Program& program, const TensorList& prepared, double dropoutFactor) {
    TensorList values(program.values.size());
    for (std::size_t i = 0; i < prepared.size(); ++i)
      values[static_cast<std::size_t>(program.prepared[i])] = prepared[i];
    for (const auto& operation : program.model) {
      const bool mixture = isMix(operation) || isEdges(operation);
      const bool partial = !mixture && !groupOf(operation.layer).empty();
      TensorList inputs, weights, constants;
      for (const int id : operation.inputs) {
        const auto& x = values[static_cast<std::size_t>(id)];
        const auto channels = program.values[static_cast<std::size_t>(id)].front();
        inputs.push_back(partial ? narrowed(x, partOf(channels)) : x);
      }
      auto& made = values[static_cast<std::size_t>(operation.output)];
      if (mixture) {
        made = weighted(operation, inputs);
        continue;
      }
      for (const int id : operation.parameters) {
        const auto& parameter = program.parameters[static_cast<std::size_t>(id)];
        weights.push_back(m_weights.take(parameter, partial ? narrowed(parameter.shape) : parameter.shape));
      }
      for (const int id : operation.constants)
        constants.push_back(m_constants.at(program.constants[static_cast<std::size_t>(id)].name));
      made = runNetworkPrimitive({operation, inputs, weights, constants, &m_dropout, false, dropoutFactor});
    }
    return values[static_cast<std::size_t>(program.logits)];
  }

  const TrainingRequest m_request;
  const Loss m_loss;
  const ProgramRunner m_runner;
  BatchSource m_source;
  SharedWeights m_weights;
  std::map<std::string, torch::Tensor> m_constants;
  std::map<std::string, Alpha> m_alphas;
  Random m_dropout;
  std::optional<ThreadCount> m_threads;
  std::thread::id m_thread;
};

}  // namespace

std::unique_ptr<Supernet> makeTorchSupernet(const TrainingRequest& request) {
  return std::make_unique<TorchSupernet>(request);
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/zero_cost_scores.h"

#include <algorithm>
#include <cmath>

#include "core/engine/losses.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/engine_torch/tensors.h"

namespace lathe::engine {
namespace {

constexpr std::size_t rowsOfBatch = 64;
constexpr double ridge = 1e-3;  // on the diagonal of NASWOT's matrix, which may be singular

bool isActivation(spec::Primitive primitive) {
  using spec::Primitive;
  switch (primitive) {
    case Primitive::Relu:
    case Primitive::Gelu:
    case Primitive::Silu:
    case Primitive::Tanh:
    case Primitive::Sigmoid:
    case Primitive::Mish:
    case Primitive::Elu:
    case Primitive::Selu:
    case Primitive::LeakyRelu:
    case Primitive::Hardswish:
      return true;
    default:
      return false;
  }
}

bool isNorm(spec::Primitive primitive) {
  return primitive == spec::Primitive::BatchNorm || primitive == spec::Primitive::LayerNorm ||
         primitive == spec::Primitive::GroupNorm;
}

/// Runs the model section and hears every operation with its first input.
class Walk {
 public:
  using Hear = std::function<void(const spec::Operation&, const torch::Tensor&)>;
  Walk(const spec::Program& program, const TensorList& parameters) : m_program(program), m_parameters(parameters) {
    for (const auto& constant : program.constants)
      m_constants.push_back(
          torch::from_blob(const_cast<float*>(constant.data.data()), constant.shape, torch::kFloat32));
  }

  /// `linear`: normalisations hand on what they are given, so that the sum of paths stays what it is.
  torch::Tensor run(const TensorList& prepared, Random* dropout, bool linear, const Hear& hear) const {
    TensorList values(m_program.values.size());
    for (std::size_t i = 0; i < prepared.size(); ++i)
      values[static_cast<std::size_t>(m_program.prepared[i])] = prepared[i];
    for (const auto& operation : m_program.model) {
      TensorList inputs, weights, constants;
      for (const int id : operation.inputs) inputs.push_back(values[static_cast<std::size_t>(id)]);
      for (const int id : operation.parameters) weights.push_back(m_parameters[static_cast<std::size_t>(id)]);
      for (const int id : operation.constants) constants.push_back(m_constants[static_cast<std::size_t>(id)]);
      if (hear) hear(operation, inputs.front());
      auto& made = values[static_cast<std::size_t>(operation.output)];
      if (linear && isNorm(operation.primitive)) {
        made = inputs.front();
        continue;
      }
      made = runNetworkPrimitive({operation, inputs, weights, constants, dropout, false, 0});
    }
    return values[static_cast<std::size_t>(m_program.logits)];
  }

 private:
  const spec::Program& m_program;
  const TensorList& m_parameters;
  TensorList m_constants;
};

double synflowOf(const spec::Program& program, const TensorList& given, const TensorList& batch) {
  // In double, since products of many sums overflow soon.
  TensorList parameters;
  for (std::size_t i = 0; i < given.size(); ++i) {
    auto copy = given[i].detach().to(torch::kFloat64).abs().clone();
    parameters.push_back(program.parameters[i].trainable ? copy.requires_grad_(true) : copy);
  }
  TensorList ones;
  for (const auto& input : batch) {
    auto row = input.narrow(0, 0, 1);
    ones.push_back(row.is_floating_point() ? torch::ones_like(row, torch::kFloat64) : row);
  }
  const auto output = Walk(program, parameters).run(ones, nullptr, true, {}).sum();
  if (!output.requires_grad()) return std::nan("");
  output.backward();
  double sum = 0;
  for (const auto& parameter : parameters)
    if (parameter.grad().defined()) sum += (parameter.grad() * parameter.detach()).abs().sum().item<double>();
  return std::log(sum);
}

double naswotOf(const spec::Program& program, const TensorList& parameters, const TensorList& batch,
                std::int64_t rows) {
  const torch::NoGradGuard noGrad;
  auto kernel = torch::zeros({rows, rows}, torch::kFloat64);
  double units = 0;
  Random random(0, "naswot");
  const auto hear = [&](const spec::Operation& operation, const torch::Tensor& x) {
    if (!isActivation(operation.primitive) || x.size(0) != rows) return;
    const auto on = (x.reshape({rows, -1}) > 0).to(torch::kFloat32);
    units += static_cast<double>(on.size(1));
    kernel += (torch::mm(on, on.t()) + torch::mm(1 - on, (1 - on).t())).to(torch::kFloat64);
  };
  Walk(program, parameters).run(batch, &random, false, hear);
  if (units == 0) return std::nan("");
  kernel += torch::eye(rows, torch::kFloat64) * (ridge * units);
  return std::get<1>(torch::slogdet(kernel)).item<double>();
}

double gradientNormOf(const TrainingRequest& request, const spec::Program& program, const TensorList& parameters,
                      const TensorList& batch, std::span<const std::uint32_t> rows) {
  Random random(0, "gradient");
  const Loss loss(request.training.loss, request.model, request.data);
  const auto output = Walk(program, parameters).run(batch, &random, false, {});
  if (!output.requires_grad() || output.dim() != 2) return std::nan("");
  const auto plain = output.detach().contiguous();
  auto gradient = torch::empty_like(plain);
  const auto count = static_cast<std::size_t>(plain.numel());
  static_cast<void>(
      loss.evaluate({plain.data_ptr<float>(), count}, rows, {gradient.data_ptr<float>(), count}, MixedRows{}));
  output.backward(gradient);
  double sum = 0;
  for (const auto& parameter : parameters)
    if (parameter.grad().defined()) sum += parameter.grad().to(torch::kFloat64).pow(2).sum().item<double>();
  return std::sqrt(sum);
}

}  // namespace

ZeroCost zeroCostOf(const TrainingRequest& request, const spec::Program& program) {
  ParameterStore store(program, torch::kCPU, true);
  store.initialise(request.training.seed);
  const ProgramRunner runner(program, torch::kCPU);
  const auto& train = request.data->split.train;
  const std::vector<std::uint32_t> rows(
      train.begin(), train.begin() + static_cast<std::ptrdiff_t>(std::min(rowsOfBatch, train.size())));
  BatchSource source(request.data, runner, rows.size());
  // Buffers of the source are used again, so what is kept is copied.
  TensorList batch;
  for (const auto& input : source.batch(rows)) batch.push_back(input.clone());
  TensorList weights;
  for (std::size_t i = 0; i < store.all().size(); ++i)
    weights.push_back(store.all()[i].detach().clone().requires_grad_(program.parameters[i].trainable));
  ZeroCost scores;
  scores.synflow = synflowOf(program, weights, batch);
  scores.naswot = naswotOf(program, weights, batch, static_cast<std::int64_t>(rows.size()));
  scores.gradientNorm = gradientNormOf(request, program, weights, batch, rows);
  return scores;
}

}  // namespace lathe::engine

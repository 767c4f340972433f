// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/shared_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/engine_torch/parameter_store.h"

namespace lathe::engine {
namespace {

constexpr double beta1 = 0.9, beta2 = 0.999;
constexpr float tiny = 1e-8F;
constexpr const char* parts[] = {"value", "mean", "square", "steps"};

torch::Tensor initial(const spec::Parameter& parameter, const spec::Shape& shape, std::uint64_t seed) {
  using Kind = spec::Initialiser::Kind;
  auto values = torch::zeros(shape, torch::kFloat32);
  const auto& init = parameter.init;
  if (init.kind == Kind::Ones) values.fill_(1);
  if (init.kind == Kind::Fill) values.fill_(init.scale);
  // Of its own, so that the order in which paths come does not matter.
  Random random(seed, parameter.name);
  auto* first = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    if (init.kind == Kind::Uniform) first[i] = static_cast<float>((2 * random.uniform() - 1) * init.scale);
    if (init.kind == Kind::Signs) first[i] = random.uniform() < 0.5 ? -1.0F : 1.0F;
    if (init.kind == Kind::Normal) first[i] = static_cast<float>(random.normal() * init.scale);
  }
  return values;
}

}  // namespace

torch::Tensor SharedWeights::corner(const torch::Tensor& whole, const spec::Shape& shape) {
  auto part = whole;
  for (std::size_t i = 0; i < shape.size(); ++i) part = part.narrow(static_cast<std::int64_t>(i), 0, shape[i]);
  return part;
}

void SharedWeights::enlarge(Entry& entry, const spec::Parameter& parameter, const spec::Shape& shape) {
  auto larger = shape;
  for (std::size_t i = 0; i < shape.size(); ++i)
    larger[i] = std::max(larger[i], entry.value.size(static_cast<std::int64_t>(i)));
  Entry made{initial(parameter, larger, m_seed), torch::zeros(larger), torch::zeros(larger), torch::zeros(larger)};
  const auto old = entry.value.sizes().vec();
  corner(made.value, old).copy_(entry.value);
  corner(made.mean, old).copy_(entry.mean);
  corner(made.square, old).copy_(entry.square);
  corner(made.steps, old).copy_(entry.steps);
  entry = std::move(made);
}

torch::Tensor SharedWeights::take(const spec::Parameter& parameter, const spec::Shape& shape) {
  const torch::NoGradGuard noGrad;
  // Layers of one name but another number of dimensions are different ones.
  const auto name = parameter.name + "#" + std::to_string(shape.size());
  auto [at, fresh] = m_entries.try_emplace(name);
  auto& entry = at->second;
  if (fresh) entry = {initial(parameter, shape, m_seed), torch::zeros(shape), torch::zeros(shape), torch::zeros(shape)};
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (entry.value.size(static_cast<std::int64_t>(i)) < shape[i]) {
      enlarge(entry, parameter, shape);
      break;
    }
  auto leaf = corner(entry.value, shape).detach();
  if (!parameter.trainable) return leaf;
  leaf.requires_grad_(true);
  m_taken.push_back({name, leaf, parameter.decay});
  return leaf;
}

void SharedWeights::update(double rate, double weightDecay) {
  const torch::NoGradGuard noGrad;
  for (const auto& taken : m_taken) {
    const auto gradient = taken.leaf.grad();
    if (!gradient.defined()) continue;
    descend(m_entries.at(taken.name), gradient.contiguous(), static_cast<float>(rate),
            taken.decays ? static_cast<float>(1 - rate * weightDecay) : 1.0F);
  }
  m_taken.clear();
}

// Corners were met at different times, so each number counts its own steps; the first one was in every corner.
void SharedWeights::descend(Entry& entry, const torch::Tensor& gradient, float rate, float kept) {
  if (gradient.numel() == 0) return;
  auto* steps = entry.steps.data_ptr<float>();
  while (m_corrections.size() <= static_cast<std::size_t>(steps[0]) + 1) {
    const auto step = static_cast<double>(m_corrections.size());
    m_corrections.emplace_back(static_cast<float>(1 / (1 - std::pow(beta1, step))),
                               static_cast<float>(1 / (1 - std::pow(beta2, step))));
  }
  auto* value = entry.value.data_ptr<float>();
  auto* mean = entry.mean.data_ptr<float>();
  auto* square = entry.square.data_ptr<float>();
  const auto* slope = gradient.data_ptr<float>();
  const auto dimensions = gradient.dim();
  const auto row = dimensions > 0 ? gradient.size(-1) : 1;
  const auto rows = gradient.numel() / row;
  for (std::int64_t r = 0; r < rows; ++r) {
    std::int64_t at = 0;
    for (std::int64_t rest = r, i = dimensions - 2; i >= 0; --i) {
      at += rest % gradient.size(i) * entry.value.stride(i);
      rest /= gradient.size(i);
    }
    for (std::int64_t k = at; k < at + row; ++k, ++slope) {
      steps[k] += 1;
      mean[k] = static_cast<float>(beta1) * mean[k] + static_cast<float>(1 - beta1) * *slope;
      square[k] = static_cast<float>(beta2) * square[k] + static_cast<float>(1 - beta2) * *slope * *slope;
      const auto [first, second] = m_corrections[static_cast<std::size_t>(steps[k])];
      value[k] = value[k] * kept - rate * (mean[k] * first) / (std::sqrt(square[k] * second) + tiny);
    }
  }
}

void SharedWeights::save(Checkpoint& checkpoint) const {
  for (const auto& [name, entry] : m_entries) {
    const torch::Tensor* tensors[] = {&entry.value, &entry.mean, &entry.square, &entry.steps};
    for (int i = 0; i < 4; ++i) saveTensor(checkpoint, std::string(parts[i]) + ":" + name, *tensors[i]);
  }
}

void SharedWeights::restore(const Checkpoint& checkpoint) {
  m_entries.clear();
  for (const auto& tensor : checkpoint.tensors) {
    const auto colon = tensor.name.find(':');
    if (colon == std::string::npos || tensor.dtype != "F32") continue;
    auto values = torch::empty(tensor.shape, torch::kFloat32);
    TORCH_CHECK(tensor.bytes.size() == static_cast<std::size_t>(values.numel()) * sizeof(float), "size of ",
                tensor.name);
    if (!tensor.bytes.empty()) std::memcpy(values.data_ptr<float>(), tensor.bytes.data(), tensor.bytes.size());
    auto& entry = m_entries[tensor.name.substr(colon + 1)];
    torch::Tensor* places[] = {&entry.value, &entry.mean, &entry.square, &entry.steps};
    for (int i = 0; i < 4; ++i)
      if (tensor.name.rfind(std::string(parts[i]) + ":", 0) == 0) *places[i] = values;
  }
}

}  // namespace lathe::engine

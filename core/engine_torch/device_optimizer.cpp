// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/device_optimizer.h"

#include <cmath>
#include <cstring>

namespace lathe::engine {

DeviceOptimizer::DeviceOptimizer(const spec::OptimizerSpec& spec, const ParameterStore& parameters)
    : m_spec(spec),
      m_parameters(parameters),
      m_gradient(torch::zeros_like(parameters.flat())),
      m_decay(torch::zeros_like(parameters.flat())),
      m_first(torch::zeros_like(parameters.flat())),
      m_second(torch::zeros_like(parameters.flat())) {
  for (const auto& place : parameters.trainable())
    if (parameters.description(place.index).decay)
      m_decay.narrow(0, place.offset, place.count).fill_(m_spec.weightDecay);
}

double DeviceOptimizer::collect() {
  const torch::NoGradGuard noGrad;
  m_gradient.zero_();
  for (const auto& place : m_parameters.trainable()) {
    const auto& parameter = m_parameters.all()[place.index];
    if (!parameter.grad().defined()) continue;
    m_gradient.as_strided(parameter.sizes(), parameter.strides(), place.offset).copy_(parameter.grad());
  }
  return m_gradient.norm().item<double>();
}

void DeviceOptimizer::update(std::int64_t step, double lr, double gradientScale) {
  const torch::NoGradGuard noGrad;
  auto values = m_parameters.flat();
  auto gradient = m_gradient * gradientScale;
  const bool decoupled = m_spec.name == "adamw";
  if (decoupled)
    values.mul_(1 - m_decay * lr);
  else
    gradient.addcmul_(m_decay, values);
  if (m_spec.name == "sgd") {
    m_first.mul_(m_spec.momentum).add_(gradient);
    values.add_(m_spec.nesterov ? gradient + m_first * m_spec.momentum : m_first, -lr);
    return;
  }
  const auto count = static_cast<double>(step);
  m_first.mul_(m_spec.beta1).add_(gradient, 1 - m_spec.beta1);
  m_second.mul_(m_spec.beta2).addcmul_(gradient, gradient, 1 - m_spec.beta2);
  const double rootCorrection = std::sqrt(1 - std::pow(m_spec.beta2, count));
  const auto denominator = (m_second.sqrt() / rootCorrection).add_(m_spec.epsilon);
  values.addcdiv_(m_first, denominator, -lr / (1 - std::pow(m_spec.beta1, count)));
}

void DeviceOptimizer::save(Checkpoint& checkpoint) const {
  checkpoint.tensors.push_back(namedTensor("optimizer.first", m_first));
  checkpoint.tensors.push_back(namedTensor("optimizer.second", m_second));
}

Result<void> DeviceOptimizer::restore(const Checkpoint& checkpoint) {
  for (auto [name, moment] : {std::pair{"optimizer.first", &m_first}, std::pair{"optimizer.second", &m_second}}) {
    const auto* tensor = checkpoint.find(name);
    if (tensor == nullptr || tensor->dtype != "F32" || tensor->shape != spec::Shape{moment->numel()})
      return fail("engine.checkpoint_mismatch",
                  LATHE_TEXT("errors", "The checkpoint holds no fitting optimiser state for {name}."),
                  LATHE_TEXT("errors", "Resume on the kind of device that the run was started on, or start a new run."),
                  {{"name", name}});
    auto values = torch::empty({moment->numel()}, torch::kFloat32);
    if (!tensor->bytes.empty()) std::memcpy(values.data_ptr<float>(), tensor->bytes.data(), tensor->bytes.size());
    moment->copy_(values);
  }
  return {};
}

}  // namespace lathe::engine

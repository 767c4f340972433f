// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/device_rules.h"

#include <algorithm>
#include <cmath>

// The optimisers of core/engine/optimizers that go element by element, as tensor operations; papers and conventions are
// named there.
namespace lathe::engine {

void addArrays(DeviceRule& rule, const torch::Tensor& flat, const std::vector<const char*>& names) {
  for (const char* name : names) rule.arrays.emplace_back(name, torch::zeros_like(flat));
}

void walk(const DeviceStep& step, const torch::Tensor& direction, double lr) {
  auto values = step.values;
  if (step.rates.defined())
    values.addcmul_(direction, step.rates, -lr);
  else
    values.add_(direction, -lr);
}

void shrink(const DeviceStep& step, double lr) {
  auto values = step.values;
  values.mul_(1 - (step.rates.defined() ? step.decay * step.rates : step.decay) * lr);
}

namespace {

class ElementRule final : public DeviceRule {
 public:
  ElementRule(const spec::OptimizerSpec& spec, const torch::Tensor& flat) : m_spec(spec) {
    const auto& name = spec.name;
    if (name == "sgd" || name == "lion")
      addArrays(*this, flat, {"first"});
    else if (name == "adagrad")
      addArrays(*this, flat, {"second"});
    else if (name == "adadelta")
      addArrays(*this, flat, {"second", "deltas"});
    else if (name == "rmsprop")
      addArrays(*this, flat, {"second", "first"});
    else if (name == "schedule_free_sgd")
      addArrays(*this, flat, {"fast", "average"});
    else if (name == "schedule_free_adamw")
      addArrays(*this, flat, {"fast", "average", "second"});
    else
      addArrays(*this, flat, {"first", "second"});
    if (name == "nadam") numbers = {1};
    if (name.rfind("schedule_free", 0) == 0) {
      numbers = {0, 0};
      averageArray = 1;
    }
  }

  void update(const DeviceStep& step) override {
    const auto& name = m_spec.name;
    rate = step.lr;
    if (name.rfind("schedule_free", 0) == 0) return scheduleFree(step);
    if (name == "lion") return lion(step);
    const bool decoupled = name == "adamw";
    if (decoupled) shrink(step, step.lr);
    const auto g = decoupled ? step.gradient : step.gradient.addcmul(step.decay, step.values);
    if (name == "sgd") return sgd(step, g);
    if (name == "rmsprop" || name == "adagrad" || name == "adadelta") return adaptive(step, g);
    adam(step, g);
  }

 private:
  torch::Tensor& array(std::size_t index) { return arrays[index].second; }
  [[nodiscard]] static double orOwn(const DeviceStep& step, double own) {
    return step.momentum >= 0 ? step.momentum : own;
  }

  void sgd(const DeviceStep& step, const torch::Tensor& g) {
    const double m = m_spec.momentum > 0 ? orOwn(step, m_spec.momentum) : 0;
    momentum = m_spec.momentum > 0 ? m : -1;
    array(0).mul_(m).add_(g);
    walk(step, m_spec.nesterov && m > 0 ? g + array(0) * m : array(0), step.lr);
  }

  void lion(const DeviceStep& step) {
    const double beta1 = momentum = orOwn(step, m_spec.beta1);
    const auto direction = (array(0) * beta1 + step.gradient * (1 - beta1)).sign_();
    array(0).mul_(m_spec.beta2).add_(step.gradient, 1 - m_spec.beta2);
    shrink(step, step.lr);
    walk(step, direction, step.lr);
  }

  void adaptive(const DeviceStep& step, const torch::Tensor& g) {
    if (m_spec.name == "adagrad") {
      array(0).addcmul_(g, g);
      return walk(step, g / array(0).sqrt().add_(m_spec.epsilon), step.lr);
    }
    array(0).mul_(m_spec.beta2).addcmul_(g, g, 1 - m_spec.beta2);
    if (m_spec.name == "adadelta") {
      const auto delta = (array(1) + m_spec.epsilon).sqrt_() / (array(0) + m_spec.epsilon).sqrt_() * g;
      array(1).mul_(m_spec.beta2).addcmul_(delta, delta, 1 - m_spec.beta2);
      return walk(step, delta, step.lr);
    }
    const double m = m_spec.momentum > 0 ? orOwn(step, m_spec.momentum) : 0;
    momentum = m_spec.momentum > 0 ? m : -1;
    array(1).mul_(m).add_(g / array(0).sqrt().add_(m_spec.epsilon));
    walk(step, array(1), step.lr);
  }

  // adam, adamw, nadam, radam
  void adam(const DeviceStep& step, const torch::Tensor& g) {
    const auto t = static_cast<double>(step.step);
    const double beta1 = momentum = orOwn(step, m_spec.beta1);
    auto& first = array(0);
    auto& second = array(1);
    first.mul_(beta1).add_(g, 1 - beta1);
    second.mul_(m_spec.beta2).addcmul_(g, g, 1 - m_spec.beta2);
    const double power2 = std::pow(m_spec.beta2, t);
    const double mean = 1 / (1 - std::pow(beta1, t));
    if (m_spec.name == "radam") {
      const double longest = 2 / (1 - m_spec.beta2) - 1;
      const double length = longest - 2 * t * power2 / (1 - power2);
      if (!(length > 5)) return walk(step, first, step.lr * mean);
      const double rectification =
          std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
      return walk(step, first / second.sqrt().add_(m_spec.epsilon),
                  step.lr * mean * rectification * std::sqrt(1 - power2));
    }
    const auto divisor = (second.sqrt() / std::sqrt(1 - power2)).add_(m_spec.epsilon);
    if (m_spec.name != "nadam") return walk(step, first / divisor, step.lr * mean);
    const double now = beta1 * (1 - 0.5 * std::pow(0.96, t * 4e-3));
    const double next = beta1 * (1 - 0.5 * std::pow(0.96, (t + 1) * 4e-3));
    numbers[0] *= now;
    walk(step, (g * ((1 - now) / (1 - numbers[0])) + first * (next / (1 - numbers[0] * next))) / divisor, step.lr);
  }

  void scheduleFree(const DeviceStep& step) {
    auto& fast = array(0);
    auto& average = array(1);
    auto values = step.values;
    if (!(numbers[1] > 0)) {
      fast.copy_(values);
      average.copy_(values);
    }
    const bool adaptiveRate = arrays.size() == 3;
    const auto t = static_cast<double>(step.step);
    const double lr = adaptiveRate ? step.lr * std::sqrt(1 - std::pow(m_spec.beta2, t)) : step.lr;
    const double beta = momentum = orOwn(step, adaptiveRate ? m_spec.beta1 : m_spec.momentum);
    numbers[0] += lr * lr;
    numbers[1] += 1;
    auto direction = step.gradient;
    if (adaptiveRate) {
      array(2).mul_(m_spec.beta2).addcmul_(direction, direction, 1 - m_spec.beta2);
      direction = direction / array(2).sqrt().add_(m_spec.epsilon);
    }
    auto inner = step;
    inner.values = fast;
    walk(inner, direction.addcmul(step.decay, values), lr);
    average.lerp_(fast, numbers[0] > 0 ? lr * lr / numbers[0] : 1);
    values.copy_(torch::lerp(fast, average, beta));
  }

  spec::OptimizerSpec m_spec;
};

}  // namespace

std::unique_ptr<DeviceRule> makeDeviceRule(const spec::OptimizerSpec& spec, const torch::Tensor& flat,
                                           const std::vector<DevicePlace>& places) {
  if (auto rule = makeSummingRule(spec, flat, places)) return rule;
  auto rule = std::make_unique<ElementRule>(spec, flat);
  const bool follows = spec.name == "sgd" || spec.name == "adam" || spec.name == "adamw";
  if (follows && spec.hypergradient > 0) return makeDeviceHypergradient(spec, flat, std::move(rule));
  return rule;
}

}  // namespace lathe::engine

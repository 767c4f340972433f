// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/optimizers/yellowfin_tuner.h"
#include "core/engine_torch/device_rules.h"

// The optimisers of core/engine/optimizers that look at whole parameters or at sums over all, as tensor operations.
namespace lathe::engine {

namespace {

torch::Tensor orthogonal(const torch::Tensor& matrix) {
  const bool tall = matrix.size(0) > matrix.size(1);
  auto x = tall ? matrix.t().contiguous() : matrix;
  x = x / (x.norm() + 1e-7);
  for (int i = 0; i < 5; ++i) {
    const auto gram = x.mm(x.t());
    x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram.mm(gram)).mm(x);
  }
  return tall ? x.t() : x;
}

class SummingRule final : public DeviceRule {
 public:
  SummingRule(const spec::OptimizerSpec& spec, const torch::Tensor& flat, std::vector<DevicePlace> places)
      : m_spec(spec), m_places(std::move(places)), m_tuner(spec.beta2) {
    const auto& name = spec.name;
    if (name == "yellowfin")
      addArrays(*this, flat, {"first", "mean"});
    else if (name == "prodigy")
      addArrays(*this, flat, {"first", "second", "sum", "moved"});
    else if (name == "dadapt_adam")
      addArrays(*this, flat, {"first", "second", "sum"});
    else
      addArrays(*this, flat, {"first", "second"});
    if (name == "yellowfin") numbers.assign(m_tuner.numbers.begin(), m_tuner.numbers.end());
    if (name == "prodigy" || name == "dadapt_adam") numbers = {1e-6, 0};
  }

  void update(const DeviceStep& step) override {
    rate = step.lr;
    momentum = step.momentum >= 0 ? step.momentum : m_spec.name == "muon" ? m_spec.momentum : m_spec.beta1;
    if (m_spec.name == "lamb") return lamb(step);
    if (m_spec.name == "muon") return muon(step);
    if (m_spec.name == "yellowfin") return yellowfin(step);
    byDistance(step);
  }

 private:
  torch::Tensor& array(std::size_t index) { return arrays[index].second; }

  torch::Tensor adamDirection(const DeviceStep& step, double beta1) {
    const auto t = static_cast<double>(step.step);
    array(0).mul_(beta1).add_(step.gradient, 1 - beta1);
    array(1).mul_(m_spec.beta2).addcmul_(step.gradient, step.gradient, 1 - m_spec.beta2);
    const auto divisor = (array(1).sqrt() / std::sqrt(1 - std::pow(m_spec.beta2, t))).add_(m_spec.epsilon);
    return array(0) / divisor / (1 - std::pow(beta1, t));
  }

  void lamb(const DeviceStep& step) {
    auto direction = adamDirection(step, momentum).addcmul_(step.decay, step.values);
    for (const auto& place : m_places) {
      if (!place.decay) continue;
      const auto weights = step.values.narrow(0, place.offset, place.count).norm();
      auto part = direction.narrow(0, place.offset, place.count);
      const auto length = part.norm();
      part.mul_(torch::where((weights > 0).logical_and(length > 0), weights / length, torch::ones_like(weights)));
    }
    walk(step, direction, step.lr);
  }

  void muon(const DeviceStep& step) {
    const double rest = m_spec.lr > 0 ? m_spec.restLr / m_spec.lr : 1;
    // AdamW keeps its mean where Muon keeps its momentum, so the matrices' part is put back.
    const auto before = array(0).clone();
    auto direction = adamDirection(step, m_spec.beta1);
    auto lengths = torch::full_like(direction, rest);
    for (const auto& place : m_places) {
      if (!place.hidden || place.count == 0) continue;
      const auto part = [&](const torch::Tensor& all) { return all.narrow(0, place.offset, place.count); };
      part(array(0)).copy_(part(before) * momentum + part(step.gradient));
      part(array(1)).zero_();
      const auto matrix = (part(step.gradient) + part(array(0)) * momentum).view({place.rows, -1});
      const double shape = static_cast<double>(matrix.size(0)) / static_cast<double>(matrix.size(1));
      part(direction).copy_((orthogonal(matrix) * std::sqrt(std::max(1.0, shape))).reshape({-1}));
      part(lengths).fill_(1);
    }
    auto scaled = step;
    scaled.rates = step.rates.defined() ? step.rates * lengths : lengths;
    shrink(scaled, step.lr);
    walk(scaled, direction, step.lr);
  }

  // prodigy, dadapt_adam
  void byDistance(const DeviceStep& step) {
    const bool prodigy = m_spec.name == "prodigy";
    const double root2 = std::sqrt(m_spec.beta2);
    const double d = numbers[0];
    const auto& g = step.gradient;
    const double weight = (1 - root2) * step.lr * d * (prodigy ? d : 1);
    array(0).mul_(momentum).add_(g, (1 - momentum) * (prodigy ? d : step.lr * d));
    array(1).mul_(m_spec.beta2).addcmul_(g, g, (1 - m_spec.beta2) * (prodigy ? d * d : 1));
    const auto divisor = array(1).sqrt().add_(m_spec.epsilon * (prodigy ? d : 1));
    const auto inner = prodigy ? g * array(3) : g * array(2) / divisor;
    const double product = inner.sum(torch::kFloat64).item<double>();
    array(2).mul_(root2).add_(g, weight);
    const double absolute = array(2).abs().sum(torch::kFloat64).item<double>();
    auto way = array(0) / divisor * (prodigy ? step.lr * d : 1) + step.decay * step.values * (step.lr * d);
    if (step.rates.defined()) way.mul_(step.rates);
    auto values = step.values;
    values.sub_(way);
    if (prodigy) array(3).add_(way);
    rate = step.lr * d;
    if (!std::isfinite(product) || !std::isfinite(absolute)) return;
    numbers[1] = root2 * numbers[1] + weight * product;
    if (absolute > 0) numbers[0] = std::max(d, numbers[1] / (absolute * (prodigy ? 1 : 1 - root2)));
  }

  void yellowfin(const DeviceStep& step) {
    const auto g = step.gradient.addcmul(step.decay, step.values);
    array(1).mul_(m_spec.beta2).add_(g, 1 - m_spec.beta2);
    std::copy(numbers.begin(), numbers.end(), m_tuner.numbers.begin());
    m_tuner.tune(g.square().sum(torch::kFloat64).item<double>(), array(1).square().sum(torch::kFloat64).item<double>());
    std::copy(m_tuner.numbers.begin(), m_tuner.numbers.end(), numbers.begin());
    rate = step.lr * m_tuner.rate();
    momentum = m_tuner.momentum();
    array(0).mul_(momentum).add_(step.rates.defined() ? g * step.rates : g, -rate);
    auto values = step.values;
    values.add_(array(0));
  }

  spec::OptimizerSpec m_spec;
  std::vector<DevicePlace> m_places;
  YellowfinTuner m_tuner;
};

class DeviceHypergradient final : public DeviceRule {
 public:
  DeviceHypergradient(const spec::OptimizerSpec& spec, const torch::Tensor& flat, std::unique_ptr<DeviceRule> inner)
      : m_rate(spec.hypergradient), m_inner(std::move(inner)) {
    arrays = m_inner->arrays;
    addArrays(*this, flat, {"moved"});
    numbers = {1};
  }

  void update(const DeviceStep& step) override {
    auto& moved = arrays.back().second;
    const double both = (step.gradient * moved).sum(torch::kFloat64).item<double>();
    const double lengths = step.gradient.norm().item<double>() * moved.norm().item<double>();
    if (lengths > 0 && std::isfinite(lengths))
      numbers[0] = std::clamp(numbers[0] * (1 + m_rate * both / lengths), 1e-4, 1e4);
    auto inner = step;
    inner.lr = step.lr * numbers[0];
    moved.copy_(step.values);
    m_inner->update(inner);
    moved.sub_(step.values).mul_(inner.lr > 0 ? 1 / inner.lr : 0);
    rate = m_inner->rate;
    momentum = m_inner->momentum;
  }

 private:
  double m_rate;
  std::unique_ptr<DeviceRule> m_inner;
};

}  // namespace

std::unique_ptr<DeviceRule> makeSummingRule(const spec::OptimizerSpec& spec, const torch::Tensor& flat,
                                            const std::vector<DevicePlace>& places) {
  for (const char* name : {"lamb", "muon", "prodigy", "dadapt_adam", "yellowfin"})
    if (spec.name == name) return std::make_unique<SummingRule>(spec, flat, places);
  return nullptr;
}

std::unique_ptr<DeviceRule> makeDeviceHypergradient(const spec::OptimizerSpec& spec, const torch::Tensor& flat,
                                                    std::unique_ptr<DeviceRule> inner) {
  return std::make_unique<DeviceHypergradient>(spec, flat, std::move(inner));
}

}  // namespace lathe::engine

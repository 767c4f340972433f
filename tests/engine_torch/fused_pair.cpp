// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_torch/fused_pair.h"

#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/spec/layer_kind.h"

namespace lathe::tests {

Pair::Pair(Layers layers, std::int64_t features, std::int64_t outputs, std::size_t batch, int threads,
           std::vector<std::int64_t> cardinalities)
    : m_program(programOf(std::move(layers), features, outputs, cardinalities)),
      m_runner(m_program, torch::Device(torch::kCPU)),
      m_reference(m_program, torch::Device(torch::kCPU), true),
      m_fused(m_program, torch::Device(torch::kCPU), true) {
  Random random(5, "data");
  m_numbers = torch::empty({dataRows, features}, torch::kFloat32);
  for (std::int64_t i = 0; i < m_numbers.numel(); ++i)
    m_numbers.data_ptr<float>()[i] = static_cast<float>(random.normal());
  std::vector<FusedInput> inputs{{m_numbers.data_ptr<float>(), nullptr}};
  if (!cardinalities.empty()) {
    m_codes = torch::empty({dataRows, static_cast<std::int64_t>(cardinalities.size())}, torch::kInt64);
    for (std::int64_t i = 0; i < m_codes.numel(); ++i)
      m_codes.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(
          random.below(static_cast<std::uint64_t>(cardinalities[static_cast<std::size_t>(i) % cardinalities.size()])));
    inputs.push_back({nullptr, m_codes.data_ptr<std::int64_t>()});
  }
  start(inputs, batch, threads);
}

Pair::Pair(Layers layers, const spec::Shape& shape, std::int64_t outputs, std::size_t batch, int threads)
    : m_program(programOf(std::move(layers), shape, outputs)),
      m_runner(m_program, torch::Device(torch::kCPU)),
      m_reference(m_program, torch::Device(torch::kCPU), true),
      m_fused(m_program, torch::Device(torch::kCPU), true),
      m_images(shape.size() == 3) {
  Random random(5, "data");
  if (m_images)
    m_numbers = torch::empty({dataRows, shape[1], shape[2], shape[0]}, torch::kFloat32);
  else
    m_numbers = torch::empty({dataRows, shape[0], shape[1]}, torch::kFloat32);
  for (std::int64_t i = 0; i < m_numbers.numel(); ++i)
    m_numbers.data_ptr<float>()[i] = static_cast<float>(random.normal());
  start({{m_numbers.data_ptr<float>(), nullptr}}, batch, threads);
}

double Pair::compare(std::size_t first, std::size_t count) {
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < count; ++i) rows.push_back(static_cast<std::uint32_t>((first + i * 7) % dataRows));
  auto index = torch::empty({static_cast<std::int64_t>(count)}, torch::kInt64);
  for (std::size_t i = 0; i < count; ++i) index[static_cast<std::int64_t>(i)] = static_cast<std::int64_t>(rows[i]);
  TensorList inputs{prepared(m_numbers.index_select(0, index))};
  if (m_codes.defined()) inputs.push_back(m_codes.index_select(0, index));
  Random random(8);
  const auto expected = m_runner.model(inputs, m_reference.all(), &random);
  const auto logits = m_network->forward(rows, 17);
  const auto members = static_cast<std::int64_t>(m_network->members());
  const auto outputs = static_cast<std::int64_t>(m_network->outputs());
  const auto given = torch::from_blob(const_cast<float*>(logits.data()),
                                      {members, static_cast<std::int64_t>(count), outputs}, torch::kFloat32)
                         .clone();
  const auto byMember = expected.dim() == 3 ? expected.transpose(0, 1) : expected.unsqueeze(0);
  double worst = apart(given, byMember);
  const auto gradient = torch::sin(torch::arange(given.numel(), torch::kFloat32) * 1.7F + 0.3F).view(given.sizes());
  byMember.backward(gradient);
  m_network->backward({gradient.data_ptr<float>(), static_cast<std::size_t>(gradient.numel())});
  for (const auto& place : m_reference.trainable()) {
    auto& parameter = m_reference.all()[place.index];
    const auto ours = torch::from_blob(m_network->gradients() + place.offset, parameter.sizes().vec(),
                                       parameter.strides().vec(), torch::kFloat32);
    const auto theirs = parameter.grad().defined() ? parameter.grad() : torch::zeros_like(parameter);
    // The optimiser updates neighbours at once, and what lies between them with them.
    for (std::int64_t i = place.offset + place.count; i % 16 != 0; ++i) CHECK_EQ(m_network->gradients()[i], 0.0F);
    const double difference = apart(ours, theirs);
    if (difference > 1e-5)
      testing::reportFailure(__FILE__, __LINE__,
                             fmt::format("{}: {} rows, {}", m_program.parameters[place.index].name, count, difference));
    worst = std::max(worst, difference);
    m_reference.all()[place.index].mutable_grad().reset();
  }
  for (std::size_t i = 0; i < m_program.parameters.size(); ++i)
    if (!m_program.parameters[i].trainable) worst = std::max(worst, apart(m_fused.all()[i], m_reference.all()[i]));
  return worst;
}

double Pair::compareEvaluating(std::size_t count) {
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < count; ++i) rows.push_back(static_cast<std::uint32_t>(i));
  TensorList inputs{prepared(m_numbers.narrow(0, 0, static_cast<std::int64_t>(count)))};
  if (m_codes.defined()) inputs.push_back(m_codes.narrow(0, 0, static_cast<std::int64_t>(count)));
  const auto expected = m_runner.model(inputs, m_reference.all(), nullptr);
  const auto logits = m_network->forward(rows, std::nullopt);
  const auto byMember = expected.dim() == 3 ? expected.transpose(0, 1) : expected.unsqueeze(0);
  const auto given =
      torch::from_blob(const_cast<float*>(logits.data()), byMember.sizes().vec(), torch::kFloat32).clone();
  return apart(given, byMember);
}

void Pair::start(const std::vector<FusedInput>& inputs, std::size_t batch, int threads) {
  Random random(6, "weights");
  m_reference.initialise(3);
  m_fused.initialise(3);
  // Weights that start at zero or one would hide what they are multiplied with.
  const torch::NoGradGuard noGrad;
  for (std::size_t i = 0; i < m_reference.all().size(); ++i) {
    auto& a = const_cast<torch::Tensor&>(m_reference.all()[i]);
    if (!m_program.parameters[i].trainable) continue;
    for (std::int64_t k = 0; k < a.numel(); ++k) a.data_ptr<float>()[k] += static_cast<float>(random.normal() * 0.1);
    const_cast<torch::Tensor&>(m_fused.all()[i]).copy_(a);
  }
  std::vector<FusedParameter> parameters;
  for (const auto& tensor : m_fused.all()) parameters.push_back({tensor.data_ptr<float>(), -1});
  for (const auto& place : m_fused.trainable()) parameters[place.index].offset = place.offset;
  m_network = std::make_unique<FusedNetwork>(m_program, inputs, parameters,
                                             static_cast<std::size_t>(m_fused.flat().numel()), batch, threads);
}

torch::Tensor Pair::prepared(const torch::Tensor& numbers) const {
  return m_images ? numbers.permute({0, 3, 1, 2}) : numbers;
}

spec::Program Pair::programOf(Layers layers, const spec::Shape& shape, std::int64_t outputs) {
  spec::Program program;
  const spec::GraphContext context{{{shape.size() == 3 ? "image" : "sequence", shape, {}}}, outputs};
  program.values.push_back(shape);
  program.prepared.push_back(0);
  const auto done = spec::lowerGraph({std::move(layers)}, context, program);
  if (!done) testing::reportFailure(__FILE__, __LINE__, done.error().sentence());
  return program;
}

spec::Program Pair::programOf(Layers layers, std::int64_t features, std::int64_t outputs,
                              const std::vector<std::int64_t>& cardinalities) {
  spec::Program program;
  spec::GraphContext context{{{"features", {features}, {}}}, outputs};
  program.values.push_back({features});
  program.prepared.push_back(0);
  // All but two are numbers, with few bins, many or none.
  auto& parts = context.inputs[0].parts;
  parts.numbers = std::max<std::int64_t>(1, features - 2);
  for (std::int64_t f = 0; f < parts.numbers; ++f) {
    std::vector<float> edges;
    for (std::int64_t k = 0; k <= f % 6 && f % 6 > 0; ++k)
      edges.push_back(-1.2F + 2.3F * static_cast<float>(k * k + k) / static_cast<float>((f % 6) * (f % 6) + f % 6));
    parts.bins.push_back(edges);
  }
  if (!cardinalities.empty()) {
    const auto count = static_cast<std::int64_t>(cardinalities.size());
    context.inputs.push_back({"categories", {count}, cardinalities});
    program.values.push_back({count});
    program.prepared.push_back(1);
  }
  const auto done = spec::lowerGraph({std::move(layers)}, context, program);
  if (!done) testing::reportFailure(__FILE__, __LINE__, done.error().sentence());
  return program;
}

double Pair::apart(const torch::Tensor& a, const torch::Tensor& b) {
  if (!a.sizes().equals(b.sizes())) return 1e9;
  const double size = std::max(1e-3, b.detach().abs().max().item<double>());
  const double difference = (a.detach() - b.detach()).abs().max().item<double>() / size;
  return std::isfinite(difference) ? difference : 1e9;
}

}  // namespace lathe::tests

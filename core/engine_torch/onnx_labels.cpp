// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/onnx_labels.h"

#include "core/exporting/onnx/onnx_model.h"

namespace lathe::engine {
namespace {

torch::Tensor tensorOf(const std::vector<float>& numbers, const std::vector<std::int64_t>& shape) {
  return torch::tensor(numbers, torch::kFloat32).reshape(shape);
}

}  // namespace

OnnxInputs columnTensors(const spec::DataSchema& schema, const torch::Tensor& rows) {
  const auto plain = rows.to(torch::kFloat32).contiguous();
  const std::span<const float> numbers(plain.data_ptr<float>(), static_cast<std::size_t>(plain.numel()));
  const auto rowWidth = static_cast<std::size_t>(schema.inputShape.back());
  TORCH_CHECK(plain.size(-1) == schema.inputShape.back(), "rows of another width");
  auto shape = plain.sizes().vec();
  OnnxInputs inputs;
  std::unordered_map<std::string, std::int64_t> known;
  for (const auto& feature : schema.features) {
    shape.back() = feature.width;
    const auto cells = exporting::cellsOf(feature, numbers, rowWidth);
    if (!exporting::isWord(feature)) {
      inputs.tensors.push_back(tensorOf(cells.numbers, shape));
      continue;
    }
    std::vector<std::int64_t> places;
    for (const auto& word : cells.words) {
      const auto [found, added] = known.emplace(word, static_cast<std::int64_t>(inputs.words.size()));
      if (added) inputs.words.push_back(word);
      places.push_back(found->second);
    }
    inputs.tensors.push_back(torch::tensor(places, torch::kInt64).reshape(shape));
  }
  return inputs;
}

std::optional<OnnxLabels> OnnxLabels::read(const onnx::NodeProto& node) {
  if (node.domain() != "ai.onnx.ml" || node.op_type() != "LabelEncoder" || node.input_size() != 1 ||
      node.output_size() != 1)
    return std::nullopt;
  const onnx::AttributeProto *keys = nullptr, *values = nullptr;
  OnnxLabels labels;
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == "keys_strings") keys = &attribute;
    if (attribute.name() == "values_floats") values = &attribute;
    if (attribute.name() == "default_float") labels.m_otherwise = attribute.f();
  }
  if (keys == nullptr || values == nullptr || keys->strings_size() != values->floats_size()) return std::nullopt;
  for (int i = 0; i < keys->strings_size(); ++i) labels.m_numbers.emplace(keys->strings(i), values->floats(i));
  return labels;
}

torch::Tensor OnnxLabels::numbers(const torch::Tensor& places, const std::vector<std::string>& words) const {
  TORCH_CHECK(places.scalar_type() == torch::kInt64, "LabelEncoder of numbers");
  std::vector<float> each;
  for (const auto& word : words) {
    const auto found = m_numbers.find(word);
    each.push_back(found == m_numbers.end() ? m_otherwise : found->second);
  }
  return torch::tensor(each, torch::kFloat32).index_select(0, places.reshape({-1})).reshape(places.sizes());
}

}  // namespace lathe::engine

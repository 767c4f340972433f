// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/adapters.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "core/spec/lora.h"

namespace lathe::engine {
namespace {

NamedTensor* findIn(Checkpoint& checkpoint, const std::string& name) {
  const auto found = std::find_if(checkpoint.tensors.begin(), checkpoint.tensors.end(),
                                  [&](const auto& tensor) { return tensor.name == name; });
  return found == checkpoint.tensors.end() ? nullptr : &*found;
}

std::vector<float> numbersOf(const NamedTensor& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(float));
  return values;
}

}  // namespace

Result<void> mergeAdapters(spec::ModelDescription& model, Checkpoint& checkpoint) {
  if (model.graph.lora.rank <= 0) return {};
  LATHE_ASSIGN(program, spec::lower(model));
  std::set<std::string> merged;
  for (const auto& adapter : spec::adaptersOf(program)) {
    const auto& parameters = program.parameters;
    const auto name = [&](int index) { return parameters[static_cast<std::size_t>(index)].name; };
    auto* weight = findIn(checkpoint, name(adapter.weight));
    const auto* a = findIn(checkpoint, name(adapter.a));
    const auto* b = findIn(checkpoint, name(adapter.b));
    if (weight == nullptr || a == nullptr || b == nullptr || weight->shape.size() != 2 ||
        a->shape != spec::Shape{a->shape.empty() ? 0 : a->shape[0], weight->shape[1]} ||
        b->shape != spec::Shape{weight->shape[0], a->shape[0]})
      return fail("engine.checkpoint_mismatch",
                  LATHE_TEXT("errors", "The checkpoint's weights do not fit its model ({name})."),
                  LATHE_TEXT("errors", "Use another checkpoint of the run."), {{"name", name(adapter.weight)}});
    auto values = numbersOf(*weight);
    const auto left = numbersOf(*b);
    const auto right = numbersOf(*a);
    const auto rows = static_cast<std::size_t>(weight->shape[0]);
    const auto columns = static_cast<std::size_t>(weight->shape[1]);
    const auto rank = static_cast<std::size_t>(a->shape[0]);
    std::vector<double> sums(columns);
    for (std::size_t i = 0; i < rows; ++i) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (std::size_t r = 0; r < rank; ++r) {
        const double factor = adapter.scale * static_cast<double>(left[i * rank + r]);
        for (std::size_t k = 0; k < columns; ++k) sums[k] += factor * static_cast<double>(right[r * columns + k]);
      }
      for (std::size_t k = 0; k < columns; ++k)
        values[i * columns + k] = static_cast<float>(static_cast<double>(values[i * columns + k]) + sums[k]);
    }
    std::memcpy(weight->bytes.data(), values.data(), weight->bytes.size());
    merged.insert(name(adapter.a));
    merged.insert(name(adapter.b));
  }
  std::erase_if(checkpoint.tensors, [&](const auto& tensor) { return merged.count(tensor.name) > 0; });
  model.graph.lora = {};
  return {};
}

}  // namespace lathe::engine

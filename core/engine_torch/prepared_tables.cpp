// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/prepared_tables.h"

#include <algorithm>
#include <mutex>
#include <vector>

namespace lathe::engine {
namespace {

struct Kept {
  std::weak_ptr<const data::Dataset> data;
  spec::Program program;  ///< its preprocessing alone
  torch::Device device;
  TensorList prepared;
};

// Constants that the preprocessing reads, in the order of its operations.
std::vector<const spec::Constant*> constantsOf(const spec::Program& program) {
  std::vector<const spec::Constant*> constants;
  for (const auto& operation : program.preprocess)
    for (const auto index : operation.constants)
      constants.push_back(&program.constants[static_cast<std::size_t>(index)]);
  return constants;
}

// Numbers of values and constants differ with the network behind.
bool sameOperation(const spec::Operation& a, const spec::Operation& b) {
  return a.primitive == b.primitive && a.inputs == b.inputs && a.output == b.output && a.ints == b.ints &&
         a.reals == b.reals && a.parameters.empty() && b.parameters.empty();
}

bool samePreparation(const spec::Program& a, const spec::Program& b) {
  if (a.inputType != b.inputType || a.input != b.input || a.prepared != b.prepared) return false;
  if (!std::equal(a.preprocess.begin(), a.preprocess.end(), b.preprocess.begin(), b.preprocess.end(), sameOperation))
    return false;
  const auto left = constantsOf(a), right = constantsOf(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const auto* x, const auto* y) { return x->shape == y->shape && x->data == y->data; });
}

}  // namespace

TensorList preparedTable(const std::shared_ptr<const data::Dataset>& data, const spec::Program& program,
                         torch::Device device, const std::function<TensorList()>& prepare) {
  static std::mutex mutex;
  static std::vector<Kept> all;
  const std::lock_guard lock(mutex);
  std::erase_if(all, [](const Kept& kept) { return kept.data.expired(); });
  for (const auto& kept : all)
    if (kept.data.lock() == data && kept.device == device && samePreparation(kept.program, program))
      return kept.prepared;
  auto prepared = prepare();
  all.push_back({data, program, device, prepared});
  all.back().program.model.clear();
  return prepared;
}

}  // namespace lathe::engine

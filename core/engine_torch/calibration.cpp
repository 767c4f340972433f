// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/calibration.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/engine_torch/tensors.h"
#include "core/exporting/quantization.h"

namespace lathe::engine {
namespace {

using Ranges = std::map<int, std::pair<float, float>>;

/// All values of a batch are kept at the same time.
constexpr std::int64_t calibratedAtOnce = 16;

void widen(Ranges& ranges, int value, const torch::Tensor& numbers) {
  const auto [smallest, largest] = torch::aminmax(numbers);
  const float low = smallest.item<float>(), high = largest.item<float>();
  if (!std::isfinite(low) || !std::isfinite(high)) return;
  const auto [place, fresh] = ranges.try_emplace(value, low, high);
  if (!fresh) place->second = {std::min(place->second.first, low), std::max(place->second.second, high)};
}

/// Where the sums of a convolution end up: behind what alone reads them and integer convolutions do in passing.
int endOf(const spec::Program& program, int value) {
  using spec::Primitive;
  for (bool further = true; further;) {
    further = false;
    const spec::Operation* only = nullptr;
    int readers = 0;
    for (const auto& operation : program.model)
      if (std::count(operation.inputs.begin(), operation.inputs.end(), value) > 0) {
        only = &operation;
        ++readers;
      }
    if (readers != 1) break;
    const auto kind = only->primitive;
    further = kind == Primitive::BatchNorm || kind == Primitive::Relu || kind == Primitive::Dropout ||
              kind == Primitive::StochasticDepth;
    if (further) value = only->output;
  }
  return value;
}

std::set<int> measuredValues(const spec::Program& program) {
  using spec::Primitive;
  std::set<int> values;
  for (const auto& operation : program.model) {
    const bool convolution = operation.primitive == Primitive::Conv1d || operation.primitive == Primitive::Conv2d;
    if (convolution || operation.primitive == Primitive::Linear) values.insert(operation.inputs.at(0));
    if (convolution) values.insert(endOf(program, operation.output));
  }
  values.erase(program.logits);
  return values;
}

void measure(const spec::Program& program, const std::set<int>& measured, const TensorList& parameters,
             const torch::Tensor& rows, Ranges& ranges) {
  TensorList values(program.values.size());
  values[static_cast<std::size_t>(program.input)] = rows;
  if (measured.contains(program.input)) widen(ranges, program.input, rows);
  for (const auto* section : {&program.preprocess, &program.model})
    for (const auto& operation : *section) {
      TensorList inputs, weights, constants;
      for (const int id : operation.inputs) inputs.push_back(values[static_cast<std::size_t>(id)]);
      for (const int id : operation.parameters) weights.push_back(parameters[static_cast<std::size_t>(id)]);
      for (const int id : operation.constants) {
        const auto& constant = program.constants[static_cast<std::size_t>(id)];
        constants.push_back(
            torch::from_blob(const_cast<float*>(constant.data.data()), constant.shape, torch::kFloat32));
      }
      const auto kind = operation.primitive;
      const PrimitiveCall call{operation, inputs, weights, constants};
      auto& made = values[static_cast<std::size_t>(operation.output)];
      made = kind <= spec::Primitive::DateParts ? runPreprocessingPrimitive(call) : runNetworkPrimitive(call);
      if (measured.contains(operation.output)) widen(ranges, operation.output, made);
    }
}

}  // namespace

Result<Ranges> inputRanges(const spec::Program& program, const Checkpoint& checkpoint) {
  const auto* kept = checkpoint.find(exporting::calibrationTensor);
  auto shape = program.values[static_cast<std::size_t>(program.input)];
  shape.insert(shape.begin(), kept != nullptr && !kept->shape.empty() ? kept->shape.front() : 0);
  if (kept == nullptr || kept->dtype != "F32" || kept->shape != shape || shape.front() < 1)
    return fail("export.no_calibration",
                LATHE_TEXT("errors", "There are no rows to measure the ranges of the model's values on."),
                LATHE_TEXT("errors", "Choose int8, which measures them while it predicts."));
  return guarded([&]() -> Result<Ranges> {
    const c10::InferenceMode inference;
    LATHE_TRY(ParameterStore::check(program, checkpoint));
    ParameterStore parameters(program, torch::Device(torch::kCPU), false);
    LATHE_TRY(parameters.restore(checkpoint));
    auto bytes = kept->bytes;
    const auto rows = torch::from_blob(bytes.data(), kept->shape, torch::kFloat32);
    Ranges ranges;
    const auto measured = measuredValues(program);
    for (std::int64_t first = 0; first < rows.size(0); first += calibratedAtOnce)
      measure(program, measured, parameters.all(), rows.slice(0, first, first + calibratedAtOnce), ranges);
    return ranges;
  });
}

}  // namespace lathe::engine

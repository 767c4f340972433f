// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/calibration.h"

#include <algorithm>
#include <cmath>

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

void measure(const spec::Program& program, const TensorList& parameters, const torch::Tensor& rows, Ranges& ranges) {
  TensorList values(program.values.size());
  values[static_cast<std::size_t>(program.input)] = rows;
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
      if (kind == spec::Primitive::Linear || kind == spec::Primitive::Conv1d || kind == spec::Primitive::Conv2d)
        widen(ranges, operation.inputs.at(0), inputs.at(0));
      const PrimitiveCall call{operation, inputs, weights, constants};
      values[static_cast<std::size_t>(operation.output)] =
          kind <= spec::Primitive::DateParts ? runPreprocessingPrimitive(call) : runNetworkPrimitive(call);
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
    for (std::int64_t first = 0; first < rows.size(0); first += calibratedAtOnce)
      measure(program, parameters.all(), rows.slice(0, first, first + calibratedAtOnce), ranges);
    return ranges;
  });
}

}  // namespace lathe::engine

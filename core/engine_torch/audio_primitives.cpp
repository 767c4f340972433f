// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/program_runner.h"

namespace lathe::engine {

torch::Tensor runLogMel(const PrimitiveCall& call) {
  const auto& basis = call.constants[0];
  const auto& filters = call.constants[1];
  const auto bins = filters.size(1);
  const auto clip = call.inputs[0].to(torch::kFloat32).unsqueeze(1);
  const auto spectrum = torch::conv1d(clip, basis, {}, call.operation.ints[0]);
  const auto cosines = spectrum.narrow(1, 0, bins);
  const auto sines = spectrum.narrow(1, bins, bins);
  auto power = torch::matmul(filters, cosines * cosines + sines * sines);
  const bool relative = call.operation.ints[1] != 0;
  if (relative) power = power / ((clip * clip).mean({1, 2}, true) + spec::smallestPower);
  auto picture = (power + call.operation.reals[0]).log().unsqueeze(1);
  if (!relative) return picture;
  picture = picture - picture.mean({1, 2, 3}, true);
  return picture / ((picture * picture).mean({1, 2, 3}, true).sqrt() + spec::smallestDeviation);
}

}  // namespace lathe::engine

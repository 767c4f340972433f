// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/network_primitives.h"
#include "core/spec/reconstruction.h"

namespace lathe::engine {

torch::Tensor reconstructionError(const PrimitiveCall& call) {
  constexpr std::int64_t partsOfDate = 8;
  const auto layout = spec::reconstructionLayout(call.operation.ints);
  const auto& decoded = call.inputs[0];
  const auto features = layout.readsFeatures() ? call.inputs[2] : torch::Tensor();
  TensorList errors;
  std::int64_t place = 0;  // in the decoded numbers and in the features alike, until the codes
  if (layout.numbers > 0)
    errors.push_back((decoded.narrow(1, 0, layout.numbers) - features.narrow(1, 0, layout.numbers)).square());
  place += layout.numbers;
  if (layout.dates > 0) {
    const auto width = layout.dates * partsOfDate;
    const auto squares = (decoded.narrow(1, place, width) - features.narrow(1, place, width)).square();
    errors.push_back(squares.reshape({-1, layout.dates, partsOfDate}).mean(2));
    place += width;
  }
  const auto shares = [&](std::int64_t places) { return torch::log_softmax(decoded.narrow(1, place, places), 1); };
  for (const auto places : layout.oneHot) {
    errors.push_back((shares(places) * features.narrow(1, place, places)).sum(1, true) * -spec::categoryFactor(places));
    place += places;
  }
  for (std::size_t k = 0; k < layout.codes.size(); ++k) {
    const auto places = layout.codes[k];
    const auto code = call.inputs.back().narrow(1, static_cast<std::int64_t>(k), 1);
    errors.push_back(shares(places).gather(1, code) * -spec::categoryFactor(places));
    place += places;
  }
  const auto known = 1 - call.inputs[1];
  const auto sum = (torch::cat(errors, 1) * known).sum(1, true);
  return sum / known.sum(1, true).clamp_min(1);
}

}  // namespace lathe::engine

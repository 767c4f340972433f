// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/numeric_tokens.h"

#include <algorithm>
#include <limits>

namespace lathe::spec {
namespace {

/// Constants of the primitive PiecewiseEncoding. The first place of a number goes on below its bins and the last above
/// them; places that a number with fewer bins does not have stay 0.
struct Encoding {
  std::vector<float> low, slope, floor, ceiling;
};

Encoding encodingOf(const std::vector<std::vector<float>>& bins, std::size_t places) {
  constexpr float far = std::numeric_limits<float>::max();
  Encoding encoding;
  for (const auto& edges : bins) {
    const std::size_t own = edges.size() < 2 ? 0 : edges.size() - 1;
    for (std::size_t place = 0; place < places; ++place) {
      const bool whole = own == 0 && place == 0;
      const bool used = whole || place < own;
      encoding.low.push_back(used && !whole ? edges[place] : 0);
      encoding.slope.push_back(whole ? 1 : used ? 1 / (edges[place + 1] - edges[place]) : 0);
      encoding.floor.push_back(used && place == 0 ? -far : 0);
      encoding.ceiling.push_back(!used ? 0 : whole || place + 1 == own ? far : 1);
    }
  }
  return encoding;
}

LoweredValue lowerEach(ProgramBuilder& builder, const LoweredValue& encoded, const NumericTokens& tokens) {
  const auto count = encoded.shape[0];
  const auto places = encoded.shape[1];
  const std::vector<int> parameters{
      builder.parameter("weight", {count, tokens.size, places}, fanInUniform(places), true, tokens.decay),
      builder.parameter("bias", {count, tokens.size}, fanInUniform(places), true, false)};
  const Shape shape{count, tokens.size};
  const auto sums = builder.add(Primitive::EnsembleLinear, {encoded}, shape, parameters);
  return tokens.bend ? builder.add(Primitive::Relu, {sums}, shape) : sums;
}

}  // namespace

std::int64_t numbersIn(const LoweredValue& x) { return x.parts != nullptr ? x.parts->numbers : x.shape[0]; }

std::int64_t mostBins(const LoweredValue& x) {
  std::size_t most = 1;
  if (x.parts != nullptr)
    for (const auto& edges : x.parts->bins) most = std::max(most, edges.empty() ? 1 : edges.size() - 1);
  return static_cast<std::int64_t>(most);
}

Result<void> needNumbers(const Shape& given) {
  if (given.size() == 1) return {};
  return shapeError(given, LATHE_TEXT("errors", "Layer {layer} needs one row of numbers, but is given {given}."),
                    LATHE_TEXT("errors", "Let it read the features of a table."));
}

Result<void> needBins(const LoweredValue& x) {
  if (x.parts == nullptr)
    return shapeError(
        x.shape,
        LATHE_TEXT("errors",
                   "Layer {layer} needs the numbers of a table as they are, but is given {given} of another "
                   "kind."),
        LATHE_TEXT("errors", "Let it read the input named features."));
  if (x.parts->numbers > 0 && x.parts->bins.size() == static_cast<std::size_t>(x.parts->numbers)) return {};
  if (x.parts->numbers == 0)
    return shapeError(x.shape, LATHE_TEXT("errors", "Layer {layer} embeds numbers, but the table has none."),
                      LATHE_TEXT("errors", "Remove it, or give a numeric column the role feature."));
  return shapeError(x.shape, LATHE_TEXT("errors", "Layer {layer} needs the bins of the numbers, but none were fitted."),
                    LATHE_TEXT("errors", "Set data.preprocessing.numeric_bins, to 48 for example."));
}

LoweredValue lowerPiecewise(ProgramBuilder& builder, const LoweredValue& x, const NumericTokens& tokens) {
  const auto count = numbersIn(x);
  const auto places = mostBins(x);
  const Shape shape{count, places};
  auto encoding = encodingOf(x.parts->bins, static_cast<std::size_t>(places));
  const std::vector<int> constants{builder.constant("low", shape, std::move(encoding.low)),
                                   builder.constant("slope", shape, std::move(encoding.slope)),
                                   builder.constant("floor", shape, std::move(encoding.floor)),
                                   builder.constant("ceiling", shape, std::move(encoding.ceiling))};
  return lowerEach(builder, builder.add(Primitive::PiecewiseEncoding, {x}, shape, {}, constants), tokens);
}

LoweredValue lowerPeriodic(ProgramBuilder& builder, const LoweredValue& x, const NumericTokens& tokens) {
  const auto count = numbersIn(x);
  const auto frequency = builder.parameter("frequency", {count, tokens.waves},
                                           {Initialiser::Kind::Normal, tokens.sigma}, true, false, tokens.rate);
  const Shape shape{count, saturatingMultiply(2, tokens.waves)};
  return lowerEach(builder, builder.add(Primitive::Waves, {x}, shape, {frequency}), tokens);
}

LoweredValue behindNumbers(ProgramBuilder& builder, const LoweredValue& x) {
  const auto first = numbersIn(x);
  const auto count = x.shape[0] - first;
  return builder.add(Primitive::Slice, {x}, {count}, {}, {}, {0, first, count});
}

}  // namespace lathe::spec

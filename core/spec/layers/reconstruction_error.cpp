// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/spec/layers/lowering.h"
#include "core/spec/prepared.h"
#include "core/spec/reconstruction.h"

namespace lathe::spec {
namespace {

/// The inputs of a table's error by what they are; null where there is none.
struct Parts {
  const LoweredValue* features = nullptr;
  const LoweredValue* codes = nullptr;
  const LoweredValue* missing = nullptr;
};

Parts partsOf(Inputs inputs) {
  Parts parts;
  for (const auto& input : inputs.subspan(1))
    (!input.cardinalities.empty() ? parts.codes : input.parts != nullptr ? parts.features : parts.missing) = &input;
  return parts;
}

ReconstructionLayout layoutOf(const Parts& parts) {
  ReconstructionLayout layout;
  if (parts.features != nullptr) {
    layout.numbers = parts.features->parts->numbers;
    layout.dates = parts.features->parts->dates;
    layout.oneHot = parts.features->parts->oneHot;
  }
  if (parts.codes != nullptr) layout.codes = parts.codes->cardinalities;
  return layout;
}

class ReconstructionErrorKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "reconstruction_error"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Reconstruction error"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Dense"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "How badly the first input gives back the others, the end of an autoencoder: unusual rows are "
        "given back badly. Of an image the mean squared difference; of a table the mean over its columns, "
        "missing cells left out.");
  }
  [[nodiscard]] bool takesCodes() const override { return true; }
  [[nodiscard]] std::pair<int, int> inputCount() const override { return {2, 4}; }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (isImage(given)) {
      if (inputs.size() == 2 && inputs[1].shape == given) return Shape{1};
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} compares an image of {given} with one of {needed}."),
                        LATHE_TEXT("errors", "Let the decoder end in the size and the channels of the image."),
                        {{"needed", shapeText(inputs[1].shape)}});
    }
    const auto parts = partsOf(inputs);
    if (given.size() != 1 || !inputs[0].cardinalities.empty() || (parts.features == nullptr && parts.codes == nullptr))
      return shapeError(
          given, LATHE_TEXT("errors", "Layer {layer} needs a row and what it should give back, but is given {given}."),
          LATHE_TEXT("errors", "Let it read the decoder, features, categories and missing."));
    const auto layout = layoutOf(parts);
    if (parts.missing == nullptr || parts.missing->shape != Shape{layout.columns()})
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} is not told which cells are missing."),
                        LATHE_TEXT("errors", "Let it read the input named missing, which the task anomaly offers."));
    if (given[0] == layout.width()) return Shape{1};
    return shapeError(given, LATHE_TEXT("errors", "Layer {layer} compares {given} numbers with {needed}."),
                      LATHE_TEXT("errors", "End the decoder with a Linear layer of {needed} outputs."),
                      {{"needed", std::to_string(layout.width())}});
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs inputs, const Shape& /*output*/) const override {
    return saturatingMultiply(5, elementCount(inputs[0].shape));
  }

  LoweredValue lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const override {
    if (isImage(inputs[0].shape)) return builder.add(Primitive::MeanSquaredError, {inputs[0], inputs[1]}, {1});
    const auto parts = partsOf(inputs);
    const auto layout = layoutOf(parts);
    std::vector<LoweredValue> read{inputs[0], *parts.missing};
    if (parts.features != nullptr) read.push_back(*parts.features);
    if (parts.codes != nullptr) read.push_back(*parts.codes);
    std::vector<std::int64_t> ints{layout.numbers, layout.dates};
    for (const auto* groups : {&layout.oneHot, &layout.codes}) {
      ints.push_back(static_cast<std::int64_t>(groups->size()));
      ints.insert(ints.end(), groups->begin(), groups->end());
    }
    return builder.add(Primitive::ReconstructionError, read, {1}, {}, {}, std::move(ints));
  }
};

}  // namespace

std::int64_t ReconstructionLayout::columns() const {
  return numbers + dates + static_cast<std::int64_t>(oneHot.size() + codes.size());
}

std::int64_t ReconstructionLayout::width() const {
  auto sum = saturatingAdd(numbers, saturatingMultiply(datePartCount, dates));
  for (const auto* groups : {&oneHot, &codes})
    for (const auto places : *groups) sum = saturatingAdd(sum, places);
  return sum;
}

double categoryFactor(std::int64_t places) { return places > 1 ? 1 / std::log(static_cast<double>(places)) : 0; }

ReconstructionLayout reconstructionLayout(const std::vector<std::int64_t>& ints) {
  ReconstructionLayout layout;
  std::size_t place = 0;
  const auto next = [&] { return ints.at(place++); };
  layout.numbers = next();
  layout.dates = next();
  for (auto* groups : {&layout.oneHot, &layout.codes}) {
    groups->resize(static_cast<std::size_t>(next()));
    for (auto& places : *groups) places = next();
  }
  return layout;
}

std::int64_t reconstructionWidth(const GraphContext& context) {
  ReconstructionLayout layout;
  for (const auto& input : context.inputs) {
    if (input.name == "features") {
      layout.numbers = input.parts.numbers;
      layout.dates = input.parts.dates;
      layout.oneHot = input.parts.oneHot;
    }
    if (input.name == "categories") layout.codes = input.cardinalities;
  }
  return layout.width();
}

const LayerKind& reconstructionErrorKind() {
  static const ReconstructionErrorKind kind;
  return kind;
}

}  // namespace lathe::spec

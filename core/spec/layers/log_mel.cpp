// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/spec/layers/lowering.h"
#include "core/spec/mel.h"

namespace lathe::spec {
namespace {

constexpr std::int64_t longestWindow = 4096;  // samples: its transform is a matrix
// Rounding in float32 must not show after the logarithm, or another runtime would see another picture.
constexpr double relativeFloor = 1e-6;
constexpr double absoluteFloor = 1e-8;

MelForm formOf(const LayerNode& node) {
  MelForm form;
  form.rate = attribute(node, "sample_rate").toInteger();
  const auto samples = [&](const char* name) {
    return std::max<std::int64_t>(1,
                                  std::llround(attribute(node, name).toReal() * 1e-3 * static_cast<double>(form.rate)));
  };
  form.window = samples("window_ms");
  form.hop = samples("hop_ms");
  form.mels = attribute(node, "mels").toInteger();
  const double half = static_cast<double>(form.rate) / 2;
  const double high = attribute(node, "high_hz").toReal();
  form.high = high > 0 ? std::min(high, half) : half;
  form.low = attribute(node, "low_hz").toReal();
  return form;
}

class LogMelKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "log_mel"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Log-mel picture"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Sound"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Turns samples of sound into a picture of which pitches sound when, loudness on a logarithmic "
                      "scale: what networks for images and sequences can read. It learns nothing.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        integerAttribute("sample_rate", 16000, 100, 768000, LATHE_TEXT("layers", "Sample rate"),
                         LATHE_TEXT("layers", "Samples a second of what comes in, in Hz.")),
        integerAttribute(
            "mels", 64, 4, 512, LATHE_TEXT("layers", "Bands"),
            LATHE_TEXT("layers", "Height of the picture: bands of pitch. 40 to 80 suit speech, 128 music.")),
        realAttribute("window_ms", 25, 0.5, 1000, LATHE_TEXT("layers", "Window"),
                      LATHE_TEXT("layers",
                                 "Milliseconds that one column of the picture looks at. Longer tells pitches apart, "
                                 "shorter tells moments apart.")),
        realAttribute("hop_ms", 10, 0.25, 1000, LATHE_TEXT("layers", "Hop"),
                      LATHE_TEXT("layers",
                                 "Milliseconds from one column to the next. Longer makes a narrower picture, "
                                 "which trains faster.")),
        realAttribute("low_hz", 20, 0, 384000, LATHE_TEXT("layers", "Lowest pitch"),
                      LATHE_TEXT("layers", "In Hz. Raise it where rumble and hum say nothing.")),
        realAttribute("high_hz", 0, 0, 384000, LATHE_TEXT("layers", "Highest pitch"),
                      LATHE_TEXT("layers", "In Hz; 0 takes half the sample rate, all that there is.")),
        choiceAttribute("normalize", "clip", {"clip", "none"}, LATHE_TEXT("layers", "Normalise"),
                        LATHE_TEXT("layers",
                                   "clip measures each recording by its own loudness and brings its picture to mean 0 "
                                   "and deviation 1, so that loud and soft ones look alike; none keeps how loud it "
                                   "was."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() != 1)
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} takes the samples of a clip of sound, not {given}."),
                        LATHE_TEXT("errors", "Let it read the audio input, or flatten what comes before."));
    const auto form = formOf(node);
    const TextArgs args{{"window", std::to_string(form.window)},
                        {"samples", std::to_string(given[0])},
                        {"most", std::to_string(longestWindow)}};
    if (form.window < 4 || form.window > longestWindow)
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} has a window of {window} samples."),
                        LATHE_TEXT("errors", "Choose window_ms so that it has 4 to {most}."), args);
    if (form.frames(given[0]) < 1)
      return shapeError(
          given, LATHE_TEXT("errors", "Layer {layer} has a window of {window} samples, the clip only {samples}."),
          LATHE_TEXT("errors", "Shorten window_ms, or use longer clips."), args);
    if (!(form.low < form.high))
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} has its lowest pitch above its highest."),
                        LATHE_TEXT("errors", "Choose low_hz below high_hz and below half the sample rate."));
    return Shape{1, form.mels, form.frames(given[0])};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs /*inputs*/, const Shape& output) const override {
    const auto form = formOf(node);
    return output[2] * 2 * form.bins() * (2 * form.window + form.mels);
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto form = formOf(node);
    const auto basis = builder.constant("basis", {2 * form.bins(), 1, form.window}, fourierBasis(form));
    const auto filters = builder.constant("filters", {form.mels, form.bins()}, melFilters(form));
    const bool relative = attribute(node, "normalize").toText() == "clip";
    return builder.add(Primitive::LogMel, {inputs[0]}, {1, form.mels, form.frames(inputs[0].shape[0])}, {},
                       {basis, filters}, {form.hop, relative ? 1 : 0}, {relative ? relativeFloor : absoluteFloor});
  }
};

}  // namespace

const LayerKind& logMelKind() {
  static const LogMelKind kind;
  return kind;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/spec/template_networks.h"

namespace lathe::spec {
namespace {

constexpr std::int64_t largestSide = 64;
/// An image is halved while this much or more is left.
constexpr std::int64_t smallestHalved = 8;

AttributeInfo blocksSetting(std::int64_t value) {
  return setting("blocks", AttributeType::Integer, value, 1, 32, LATHE_TEXT("layers", "Blocks a stage"),
                 LATHE_TEXT("layers",
                            "Residual blocks in each of the three stages: 3 is ResNet-20, 9 is ResNet-56; time grows "
                            "with it."));
}

class ResnetWriter {
 public:
  ResnetWriter(const TemplateSettings& settings, const TemplateContext& context)
      : m_settings(settings), m_context(context) {
    const auto& image = findInput(context.graph, "image")->shape;
    m_side = std::min(image[1], image[2]);
  }

  /// He 2016, section 4.2 (CIFAR), with projections where a shortcut changes shape.
  ModelGraph plain() {
    const auto base = width(16);
    stem(base, true);
    eachBlock(base, [this](auto out, auto stride, double p) { plainBlock(out, stride, p); });
    m_writer.addNamed("globalavgpool", "average");
    m_writer.dropout(m_settings.real("dropout"));
    return output();
  }

  /// Zagoruyko 2016: normalisation and activation before each convolution, dropout inside the blocks.
  ModelGraph wide() {
    stem(16, false);
    eachBlock(width(16), [this](auto out, auto stride, double p) { wideBlock(out, stride, p); });
    m_writer.add("batchnorm2d", "bn", {}, {m_trunk});
    m_writer.add("relu", "act");
    m_writer.addNamed("globalavgpool", "average");
    return output();
  }

 private:
  [[nodiscard]] std::int64_t width(std::int64_t channels) const {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(channels) * m_settings.real("width")));
  }

  std::string convolve(std::int64_t out, std::int64_t kernel, std::int64_t stride,
                       std::vector<std::string> inputs = {}) {
    ValueMap attributes{{"out", out}, {"kernel", std::vector<std::int64_t>{kernel}}, {"bias", false}};
    if (stride > 1) attributes["stride"] = std::vector<std::int64_t>{stride};
    return m_writer.add("conv2d", "conv", std::move(attributes), std::move(inputs));
  }

  void halve() { m_side = (m_side + 1) / 2; }

  // Small images keep their resolution, large ones are brought to what three stages can look over.
  void stem(std::int64_t channels, bool normalise) {
    const bool large = m_side > largestSide;
    m_trunk = convolve(channels, 3, large ? 2 : 1, {"image"});
    if (large) halve();
    m_channels = channels;
    if (normalise) {
      m_writer.add("batchnorm2d", "bn");
      m_trunk = m_writer.add(m_settings.text("activation"), "act");
    }
    for (; m_side > largestSide; halve())
      m_trunk = m_writer.add("maxpool2d", "pool",
                             {{"kernel", std::vector<std::int64_t>{3}},
                              {"stride", std::vector<std::int64_t>{2}},
                              {"padding", std::vector<std::int64_t>{1}}});
  }

  template <class Block>
  void eachBlock(std::int64_t base, const Block& block) {
    const auto count = m_settings.integer("blocks");
    for (std::int64_t stage = 0; stage < 3; ++stage)
      for (std::int64_t i = 0; i < count; ++i) {
        const bool smaller = stage > 0 && i == 0 && m_side >= smallestHalved;
        const auto p = stochasticDepth(m_settings.real("stochastic_depth"), stage * count + i, 3 * count);
        block(base << stage, smaller ? 2 : 1, p);
        if (smaller) halve();
        m_channels = base << stage;
      }
  }

  void join(std::string branch, const std::string& shortcut, double p) {
    if (p > 0) branch = m_writer.add("stochastic_depth", "depth", {{"p", p}}, {branch});
    m_trunk = m_writer.add("add", "sum", {}, {branch, shortcut});
  }

  void plainBlock(std::int64_t out, std::int64_t stride, double p) {
    const auto before = m_trunk;
    convolve(out, 3, stride, {before});
    m_writer.add("batchnorm2d", "bn");
    m_writer.add(m_settings.text("activation"), "act");
    convolve(out, 3, 1);
    auto branch = m_writer.add("batchnorm2d", "bn");
    auto shortcut = before;
    if (stride > 1 || out != m_channels) {
      convolve(out, 1, stride, {before});
      shortcut = m_writer.add("batchnorm2d", "bn");
    }
    join(std::move(branch), shortcut, p);
    m_trunk = m_writer.add(m_settings.text("activation"), "act");
  }

  void wideBlock(std::int64_t out, std::int64_t stride, double p) {
    const auto before = m_trunk;
    m_writer.add("batchnorm2d", "bn", {}, {before});
    const auto bent = m_writer.add("relu", "act");
    convolve(out, 3, stride);
    m_writer.add("batchnorm2d", "bn");
    m_writer.add("relu", "act");
    m_writer.dropout(m_settings.real("dropout"));
    auto branch = convolve(out, 3, 1);
    const bool same = stride == 1 && out == m_channels;
    join(std::move(branch), same ? before : convolve(out, 1, stride, {bent}), p);
  }

  ModelGraph output() {
    m_writer.addNamed("linear", "output", {{"out", m_context.graph.outputs}});
    return m_writer.take();
  }

  const TemplateSettings& m_settings;
  const TemplateContext& m_context;
  GraphWriter m_writer;
  std::string m_trunk;
  std::int64_t m_channels = 0;
  std::int64_t m_side = 0;
};

}  // namespace

NetworkTemplate resnetSmall() {
  TemplateInfo info;
  info.name = "resnet-small";
  info.forImages = true;
  info.label = LATHE_TEXT("layers", "Residual network");
  info.help = LATHE_TEXT("layers",
                         "Three stages of convolutions with a shortcut around every two (He 2016, for small images): "
                         "more accurate than cnn and slower. Use it with augmentation and 20 epochs or more.");
  info.settings = {
      blocksSetting(3),
      setting("width", AttributeType::Real, 1.0, 0.25, 16, LATHE_TEXT("layers", "Width"),
              LATHE_TEXT("layers",
                         "Multiplies the 16, 32 and 64 channels of the stages; 2 takes about four times as "
                         "long.")),
      activationSetting(), stochasticDepthSetting(), dropoutSetting(0.0)};
  return {info, [](const TemplateSettings& settings, const TemplateContext& context) {
            return ResnetWriter(settings, context).plain();
          }};
}

NetworkTemplate wideResnet() {
  TemplateInfo info;
  info.name = "wide-resnet";
  info.forImages = true;
  info.label = LATHE_TEXT("layers", "Wide residual network");
  info.help = LATHE_TEXT("layers",
                         "A shallow residual network with many channels (Zagoruyko 2016): among the most accurate on "
                         "small images, and heavy. Take it when there is time, or a GPU.");
  info.settings = {
      blocksSetting(2),
      setting("width", AttributeType::Real, 4.0, 0.25, 16, LATHE_TEXT("layers", "Width"),
              LATHE_TEXT("layers",
                         "Multiplies the 16, 32 and 64 channels of the stages: 4 with 2 blocks is WRN-16-4, 10 with 4 "
                         "blocks WRN-28-10.")),
      stochasticDepthSetting(), dropoutSetting(0.0)};
  return {info, [](const TemplateSettings& settings, const TemplateContext& context) {
            return ResnetWriter(settings, context).wide();
          }};
}

}  // namespace lathe::spec

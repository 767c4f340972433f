// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "core/spec/template_networks.h"

namespace lathe::spec {
namespace {

/// MobileNetV3-Small: Howard 2019, table 2.
struct Row {
  std::int64_t kernel, expanded, out;
  bool squeeze;
  bool hardswish;
  std::int64_t stride;
};
constexpr std::array<Row, 11> rows{{{3, 16, 16, true, false, 2},
                                    {3, 72, 24, false, false, 2},
                                    {3, 88, 24, false, false, 1},
                                    {5, 96, 40, true, true, 2},
                                    {5, 240, 40, true, true, 1},
                                    {5, 240, 40, true, true, 1},
                                    {5, 120, 48, true, true, 1},
                                    {5, 144, 48, true, true, 1},
                                    {5, 288, 96, true, true, 2},
                                    {5, 576, 96, true, true, 1},
                                    {5, 576, 96, true, true, 1}}};
constexpr std::int64_t stemChannels = 16, lastChannels = 1024;
constexpr int mostHalvings = 5;  // the stem and four rows
constexpr std::int64_t smallestEnd = 4;

/// Multiples of eight, never more than a tenth less (Howard 2019's code; Sandler 2018).
std::int64_t rounded(double channels) {
  const auto eights = std::max<std::int64_t>(8, static_cast<std::int64_t>(channels + 4) / 8 * 8);
  return static_cast<double>(eights) < 0.9 * channels ? eights + 8 : eights;
}

class MobilenetWriter {
 public:
  MobilenetWriter(const TemplateSettings& settings, const TemplateContext& context)
      : m_settings(settings), m_width(settings.real("width")) {
    const auto& image = findInput(context.graph, "image")->shape;
    // Small images are halved later and less often, so that about four pixels remain at the end.
    int halvings = 0;
    for (auto side = std::min(image[1], image[2]); halvings < mostHalvings && (side + 1) / 2 >= smallestEnd;
         side = (side + 1) / 2)
      ++halvings;
    m_skipped = mostHalvings - halvings;
  }

  ModelGraph write(std::int64_t outputs) {
    convolve(rounded(stemChannels * m_width), 3, strideOf(2), 1, {"image"});
    m_trunk = m_writer.add("hardswish", "act");
    m_channels = rounded(stemChannels * m_width);
    for (std::size_t i = 0; i < rows.size(); ++i) block(rows[i], i);
    convolve(rounded(6.0 * 96 * m_width), 1, 1, 1);
    m_writer.add("hardswish", "act");
    m_writer.addNamed("globalavgpool", "average");
    m_writer.add("linear", "fc", {{"out", rounded(lastChannels * m_width)}});
    m_writer.add("hardswish", "act");
    m_writer.dropout(m_settings.real("dropout"));
    m_writer.addNamed("linear", "output", {{"out", outputs}});
    return m_writer.take();
  }

 private:
  std::int64_t strideOf(std::int64_t stride) {
    if (stride == 1 || m_skipped-- > 0) return 1;
    return stride;
  }

  void convolve(std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t groups,
                std::vector<std::string> inputs = {}) {
    ValueMap attributes{{"out", out}, {"kernel", std::vector<std::int64_t>{kernel}}, {"bias", false}};
    if (stride > 1) attributes["stride"] = std::vector<std::int64_t>{stride};
    if (groups > 1) attributes["groups"] = groups;
    m_writer.add("conv2d", "conv", std::move(attributes), std::move(inputs));
    m_last = m_writer.add("batchnorm2d", "bn");
  }

  /// Inverted residual: widen, filter each channel alone, weigh the channels, narrow.
  void block(const Row& row, std::size_t index) {
    const auto before = m_trunk;
    const char* bend = row.hardswish ? "hardswish" : "relu";
    const auto expanded = rounded(static_cast<double>(row.expanded) * m_width);
    const auto out = rounded(static_cast<double>(row.out) * m_width);
    const auto stride = strideOf(row.stride);
    std::vector<std::string> inputs{before};
    if (expanded != m_channels) {
      convolve(expanded, 1, 1, 1, std::exchange(inputs, {}));
      m_writer.add(bend, "act");
    }
    convolve(expanded, row.kernel, stride, expanded, inputs);
    m_writer.add(bend, "act");
    if (row.squeeze)
      m_writer.add("squeeze_excite", "se",
                   {{"channels", rounded(static_cast<double>(expanded) / 4)}, {"gate", "hardsigmoid"}});
    convolve(out, 1, 1, 1);
    m_trunk = m_last;
    if (stride == 1 && out == m_channels) {
      const auto p = stochasticDepth(m_settings.real("stochastic_depth"), static_cast<std::int64_t>(index),
                                     static_cast<std::int64_t>(rows.size()));
      if (p > 0) m_trunk = m_writer.add("stochastic_depth", "depth", {{"p", p}}, {m_trunk});
      m_trunk = m_writer.add("add", "sum", {}, {m_trunk, before});
    }
    m_channels = out;
  }

  const TemplateSettings& m_settings;
  double m_width;
  GraphWriter m_writer;
  std::string m_trunk, m_last;
  std::int64_t m_channels = 0;
  int m_skipped = 0;
};

}  // namespace

NetworkTemplate mobilenetSmall() {
  TemplateInfo info;
  info.name = "mobilenet-small";
  info.forImages = true;
  info.label = LATHE_TEXT("layers", "Small mobile network");
  info.help = LATHE_TEXT("layers",
                         "Depthwise convolutions that cost little and channels that are weighed (MobileNetV3-Small, "
                         "Howard 2019): for models that run on phones and small devices, and for larger pictures.");
  info.settings = {setting("width", AttributeType::Real, 1.0, 0.25, 4, LATHE_TEXT("layers", "Width"),
                           LATHE_TEXT("layers",
                                      "Multiplies the channels of every layer; 0.5 is about three times smaller and "
                                      "faster.")),
                   stochasticDepthSetting(), dropoutSetting(0.2)};
  return {info, [](const TemplateSettings& settings, const TemplateContext& context) {
            return MobilenetWriter(settings, context).write(context.graph.outputs);
          }};
}

}  // namespace lathe::spec

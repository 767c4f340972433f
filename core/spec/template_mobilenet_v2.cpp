// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "core/spec/template_torchvision.h"

namespace lathe::spec {
namespace {

/// Sandler 2018, table 2: expansion, channels, repetitions, stride of the first.
struct Row {
  std::int64_t expansion, channels, count, stride;
};
constexpr std::array<Row, 7> rows{
    {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}};
constexpr std::int64_t stemChannels = 32, lastChannels = 1280;

/// Names are those of torchvision's modules: features.N is a block, conv.K its parts, .0 a convolution and .1 its
/// normalisation.
class MobilenetV2Writer {
 public:
  ModelGraph write(const TemplateSettings& settings, std::int64_t outputs) {
    unit("features_0", stemChannels, 3, 2, 1, {"image"});
    int index = 1;
    for (const auto& row : rows)
      for (std::int64_t i = 0; i < row.count; ++i)
        block("features_" + std::to_string(index++), row.expansion, row.channels, i == 0 ? row.stride : 1);
    unit("features_" + std::to_string(index), lastChannels, 1, 1, 1);
    m_writer.addNamed("globalavgpool", "avgpool");
    if (const double p = settings.real("dropout"); p > 0) m_writer.addNamed("dropout", "classifier_0", {{"p", p}});
    m_writer.addNamed("linear", "classifier_1", {{"out", outputs}});
    return m_writer.take();
  }

 private:
  using Ints = std::vector<std::int64_t>;

  void convolve(const std::string& name, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                std::int64_t groups, std::vector<std::string> inputs) {
    ValueMap attributes{{"out", out}, {"kernel", Ints{kernel}}, {"bias", false}};
    if (stride > 1) attributes["stride"] = Ints{stride};
    if (groups > 1) attributes["groups"] = groups;
    m_writer.addNamed("conv2d", name, std::move(attributes), std::move(inputs));
  }

  void unit(const std::string& name, std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t groups,
            std::vector<std::string> inputs = {}) {
    convolve(name + "_0", out, kernel, stride, groups, std::move(inputs));
    m_writer.addNamed("batchnorm2d", name + "_1");
    m_trunk = m_writer.addNamed("relu6", name + "_2");
    m_channels = out;
  }

  void block(const std::string& name, std::int64_t expansion, std::int64_t out, std::int64_t stride) {
    const auto before = m_trunk;
    const auto in = m_channels;
    const auto hidden = in * expansion;
    int part = 0;
    const auto next = [&] { return name + "_conv_" + std::to_string(part++); };
    if (expansion != 1) unit(next(), hidden, 1, 1, 1, {before});
    unit(next(), hidden, 3, stride, hidden, {m_trunk});
    convolve(next(), out, 1, 1, 1, {});
    m_trunk = m_writer.addNamed("batchnorm2d", next());
    if (stride == 1 && in == out) m_trunk = m_writer.addNamed("add", name + "_sum", {}, {m_trunk, before});
    m_channels = out;
  }

  GraphWriter m_writer;
  std::string m_trunk;
  std::int64_t m_channels = 3;
};

}  // namespace

NetworkTemplate mobilenetV2() {
  TemplateInfo info;
  info.name = "mobilenet-v2";
  info.forImages = true;
  info.label = LATHE_TEXT("layers", "MobileNet V2");
  info.help = LATHE_TEXT("layers",
                         "A light network of depthwise convolutions (Sandler 2018) in torchvision's layout: a third of "
                         "ResNet-18's size and faster, nearly as accurate. Meant for ready weights (model.weights).");
  info.settings = {dropoutSetting(0.2)};
  return {info, [](const TemplateSettings& settings, const TemplateContext& context) {
            return MobilenetV2Writer().write(settings, context.graph.outputs);
          }};
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/template_torchvision.h"

#include <array>

namespace lathe::spec {
namespace {

using Blocks = std::array<std::int64_t, 4>;

class ResnetWriter {
 public:
  ResnetWriter(const Blocks& blocks, bool bottleneck, const TemplateSettings& settings)
      : m_blocks(blocks), m_bottleneck(bottleneck), m_settings(settings) {}

  ModelGraph write(std::int64_t outputs) {
    const bool whole = m_settings.text("stem") == "whole";
    convolve("conv1", 64, 7, whole ? 1 : 2, {"image"});
    m_writer.addNamed("batchnorm2d", "bn1");
    m_trunk = m_writer.addNamed("relu", "relu");
    if (!whole)
      m_trunk =
          m_writer.addNamed("maxpool2d", "maxpool", {{"kernel", Ints{3}}, {"stride", Ints{2}}, {"padding", Ints{1}}});
    for (std::size_t stage = 0; stage < m_blocks.size(); ++stage)
      for (std::int64_t i = 0; i < m_blocks[stage]; ++i)
        block("layer" + std::to_string(stage + 1) + "_" + std::to_string(i) + "_", std::int64_t{64} << stage,
              stage > 0 && i == 0 ? 2 : 1);
    m_writer.addNamed("globalavgpool", "avgpool");
    m_writer.dropout(m_settings.real("dropout"));
    m_writer.addNamed("linear", "fc", {{"out", outputs}});
    return m_writer.take();
  }

 private:
  using Ints = std::vector<std::int64_t>;

  void convolve(const std::string& name, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                std::vector<std::string> inputs = {}) {
    ValueMap attributes{{"out", out}, {"kernel", Ints{kernel}}, {"bias", false}};
    if (stride > 1) attributes["stride"] = Ints{stride};
    m_writer.addNamed("conv2d", name, std::move(attributes), std::move(inputs));
  }

  void block(const std::string& name, std::int64_t width, std::int64_t stride) {
    const auto before = m_trunk;
    const auto out = m_bottleneck ? 4 * width : width;
    const auto number = [](int i) { return std::to_string(i); };
    const int convolutions = m_bottleneck ? 3 : 2;
    for (int i = 1; i <= convolutions; ++i) {
      const bool square = !m_bottleneck || i == 2;
      const bool strided = m_bottleneck ? i == 2 : i == 1;
      convolve(name + "conv" + number(i), i == convolutions ? out : width, square ? 3 : 1, strided ? stride : 1,
               i == 1 ? std::vector<std::string>{before} : std::vector<std::string>{});
      m_trunk = m_writer.addNamed("batchnorm2d", name + "bn" + number(i));
      if (i < convolutions) m_writer.addNamed("relu", name + "relu" + number(i));
    }
    auto shortcut = before;
    if (stride > 1 || out != m_channels) {
      convolve(name + "downsample_0", out, 1, stride, {before});
      shortcut = m_writer.addNamed("batchnorm2d", name + "downsample_1");
    }
    m_writer.addNamed("add", name + "sum", {}, {m_trunk, shortcut});
    m_trunk = m_writer.addNamed("relu", name + "relu");
    m_channels = out;
  }

  const Blocks& m_blocks;
  bool m_bottleneck;
  const TemplateSettings& m_settings;
  GraphWriter m_writer;
  std::string m_trunk;
  std::int64_t m_channels = 64;
};

TemplateInfo infoOf(const char* name, std::string label, std::string help) {
  TemplateInfo info;
  info.name = name;
  info.forImages = true;
  info.label = std::move(label);
  info.help = std::move(help);
  info.settings = {
      choiceSetting(
          "stem", "quarter", {"quarter", "whole"}, LATHE_TEXT("layers", "First layers"),
          LATHE_TEXT("layers",
                     "quarter halves the image twice at once, as the original does; whole keeps its size "
                     "there, for images below about 64 pixels: slower and finer, and ready weights fit both.")),
      dropoutSetting(0.0)};
  return info;
}

}  // namespace

NetworkTemplate resnet18() {
  return {infoOf("resnet18", LATHE_TEXT("layers", "ResNet-18"),
                 LATHE_TEXT("layers",
                            "The smallest of the well-known residual networks (He 2016), in torchvision's layout: name "
                            "a file with ready weights (model.weights) and fine-tune them with few images of your "
                            "own.")),
          [](const TemplateSettings& settings, const TemplateContext& context) {
            return ResnetWriter({2, 2, 2, 2}, false, settings).write(context.graph.outputs);
          }};
}

NetworkTemplate resnet34() {
  return {infoOf("resnet34", LATHE_TEXT("layers", "ResNet-34"),
                 LATHE_TEXT("layers",
                            "A residual network (He 2016) in torchvision's layout, twice as deep and as slow as "
                            "ResNet-18 and a little more accurate; meant for ready weights (model.weights).")),
          [](const TemplateSettings& settings, const TemplateContext& context) {
            return ResnetWriter({3, 4, 6, 3}, false, settings).write(context.graph.outputs);
          }};
}

NetworkTemplate resnet50() {
  return {infoOf("resnet50", LATHE_TEXT("layers", "ResNet-50"),
                 LATHE_TEXT("layers",
                            "The most used residual network (He 2016, bottleneck blocks) in torchvision's layout: the "
                            "most accurate of the three, and heavy without a GPU. Meant for ready weights "
                            "(model.weights).")),
          [](const TemplateSettings& settings, const TemplateContext& context) {
            return ResnetWriter({3, 4, 6, 3}, true, settings).write(context.graph.outputs);
          }};
}

bool isTorchvisionTemplate(std::string_view name) {
  for (const auto* each : {"resnet18", "resnet34", "resnet50", "mobilenet-v2"})
    if (name == each) return true;
  return false;
}

}  // namespace lathe::spec

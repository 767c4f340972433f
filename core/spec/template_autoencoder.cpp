// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/reconstruction.h"
#include "core/spec/template_networks.h"

namespace lathe::spec {
namespace {

std::vector<std::int64_t> hiddenFor(const TemplateSettings& settings, const TemplateContext& context) {
  auto hidden = settings.integers("hidden");
  if (!hidden.empty()) return hidden;
  const auto width = widthFor(context);
  return {width, std::max<std::int64_t>(width / 2, 8)};
}

// Narrow enough that a row cannot be copied through.
std::int64_t bottleneckFor(const TemplateSettings& settings, std::int64_t width) {
  const auto wanted = settings.integer("bottleneck");
  return wanted > 0 ? wanted : std::clamp<std::int64_t>(width / 4, 2, 32);
}

ModelGraph buildForTable(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  const auto& graph = context.graph;
  const auto width = reconstructionWidth(graph);
  auto hidden = hiddenFor(settings, context);
  std::vector<std::string> inputs{writer.tableInput(graph)};
  const auto layer = [&](std::int64_t out) {
    writer.add("linear", "fc", {{"out", out}}, std::exchange(inputs, {}));
    writer.add(settings.text("activation"), "act");
    writer.dropout(settings.real("dropout"));
  };
  for (const auto size : hidden) layer(size);
  writer.addNamed("linear", "bottleneck", {{"out", bottleneckFor(settings, width)}});
  std::reverse(hidden.begin(), hidden.end());
  for (const auto size : hidden) layer(size);
  std::vector<std::string> compared{writer.addNamed("linear", "decoded", {{"out", width}})};
  for (const char* name : {"features", "categories", "missing"})
    if (findInput(graph, name) != nullptr) compared.emplace_back(name);
  writer.addNamed("reconstruction_error", "error", {}, std::move(compared));
  auto made = writer.take();
  for (auto& node : made.layers)
    if (node.kind == "embedding" && settings.integer("embedding") > 0)
      node.attributes["size"] = settings.integer("embedding");
  return made;
}

/// Height and width before each halving by a stride of two.
std::vector<Shape> halvingsOf(const Shape& image) {
  constexpr std::size_t most = 3;
  std::vector<Shape> sizes;
  Shape size{image[1], image[2]};
  while (sizes.size() < most && std::min(size[0], size[1]) >= 4) {
    sizes.push_back(size);
    size = {(size[0] + 1) / 2, (size[1] + 1) / 2};
  }
  return sizes;
}

ModelGraph buildForImage(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  const auto& image = findInput(context.graph, "image")->shape;
  const auto halvings = halvingsOf(image);
  const auto channels = settings.integer("channels");
  const auto activation = settings.text("activation");
  std::vector<std::string> inputs{"image"};
  auto out = channels;
  Shape size{image[1], image[2]};
  for (const auto& before : halvings) {
    writer.add("conv2d", "conv", {{"out", out}, {"kernel", 3}, {"stride", 2}, {"padding", 1}, {"bias", false}},
               std::exchange(inputs, {}));
    writer.add("batchnorm2d", "norm");
    writer.add(activation, "act");
    size = {(before[0] + 1) / 2, (before[1] + 1) / 2};
    out *= 2;
  }
  const auto deep = halvings.empty() ? image[0] : out / 2;
  const auto flat = deep * size[0] * size[1];
  writer.addNamed("flatten", "flat", {}, std::exchange(inputs, {}));
  writer.dropout(settings.real("dropout"));
  writer.addNamed("linear", "bottleneck", {{"out", bottleneckFor(settings, flat)}});
  writer.addNamed("linear", "wide", {{"out", flat}});
  writer.add(activation, "act");
  writer.addNamed("reshape", "deep", {{"sizes", std::vector<std::int64_t>{deep, size[0], size[1]}}});
  out = deep;
  for (auto step = halvings.rbegin(); step != halvings.rend(); ++step) {
    out = std::max(channels, out / 2);
    // Of an odd length half and a half more is left, so that the way back adds one less.
    writer.add("conv_transpose2d", "up",
               {{"out", out},
                {"kernel", 3},
                {"stride", 2},
                {"padding", 1},
                {"output_padding", std::vector<std::int64_t>{1 - (*step)[0] % 2, 1 - (*step)[1] % 2}},
                {"bias", false}});
    writer.add("batchnorm2d", "norm");
    writer.add(activation, "act");
  }
  const auto decoded = writer.addNamed("conv2d", "decoded", {{"out", image[0]}, {"kernel", 3}, {"padding", 1}});
  writer.addNamed("reconstruction_error", "error", {}, {decoded, "image"});
  return writer.take();
}

ModelGraph buildAutoencoder(const TemplateSettings& settings, const TemplateContext& context) {
  return findInput(context.graph, "image") != nullptr ? buildForImage(settings, context)
                                                      : buildForTable(settings, context);
}

}  // namespace

NetworkTemplate autoencoderNetwork() {
  TemplateInfo info;
  info.name = "autoencoder";
  info.label = LATHE_TEXT("layers", "Autoencoder");
  info.help = LATHE_TEXT("layers",
                         "Squeezes a row or an image through a bottleneck and gives it back: what it gives back badly "
                         "is unusual. For anomalies, without any target; best trained on rows that are mostly normal. "
                         "Its prediction is a score, the larger the stranger.");
  info.forAnomalies = true;
  info.settings = {
      setting(
          "hidden", AttributeType::Integers, Value::List{}, 1, 16384, LATHE_TEXT("layers", "Hidden layers"),
          LATHE_TEXT("layers",
                     "Tables: neurons of each layer before the bottleneck, such as [64, 32], mirrored behind it; an "
                     "empty list is sized to the data.")),
      setting("bottleneck", AttributeType::Integer, 0, 0, 16384, LATHE_TEXT("layers", "Bottleneck"),
              LATHE_TEXT("layers",
                         "Numbers that a row is squeezed into. Fewer let less through, so that more looks unusual; 0 "
                         "takes a quarter of what goes in, 2 to 32.")),
      setting("channels", AttributeType::Integer, 16, 1, 1024, LATHE_TEXT("layers", "Channels"),
              LATHE_TEXT("layers", "Images: channels of the first convolution, doubled with every halving.")),
      activationSetting(),
      dropoutSetting(0.0),
      embeddingSetting()};
  return {info, buildAutoencoder};
}

}  // namespace lathe::spec

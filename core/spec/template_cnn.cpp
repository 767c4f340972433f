// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/template_builders.h"

namespace lathe::spec {
namespace {

constexpr std::int64_t largestFlatten = 8192;

// Halve until about 7 pixels are left; start narrower on large images, where each channel costs more.
std::vector<std::int64_t> channelsFor(const Shape& image, std::int64_t trainRows) {
  std::vector<std::int64_t> channels;
  auto side = std::min(image[1], image[2]);
  std::int64_t width = image[1] * image[2] > 1600 || trainRows < 2000 ? 16 : 32;
  do {
    channels.push_back(width);
    width = std::min<std::int64_t>(width * 2, 256);
    side /= 2;
  } while (side >= 10 && channels.size() < 6);
  return channels;
}

}  // namespace

TemplateInfo cnnTemplate() {
  TemplateInfo info;
  info.name = "cnn";
  info.forImages = true;
  info.label = LATHE_TEXT("layers", "Convolutional network");
  info.help = LATHE_TEXT("layers",
                         "Stages of convolutions, each half as large and twice as deep as the one before, then a small "
                         "classifier: the first thing to try on images.");
  auto normalization =
      setting("normalization", AttributeType::Choice, "batch", 0, 0, LATHE_TEXT("layers", "Normalisation"),
              LATHE_TEXT("layers",
                         "batch normalises each channel over the batch: much faster training. Use none only with very "
                         "small batches."));
  normalization.choices = {"batch", "none"};
  auto head = setting("head", AttributeType::Choice, "auto", 0, 0, LATHE_TEXT("layers", "Head"),
                      LATHE_TEXT("layers",
                                 "How the last image becomes one row of numbers: flatten keeps where things are, "
                                 "average is smaller and does not care; auto takes average when flatten gets large."));
  head.choices = {"auto", "flatten", "average"};
  info.settings = {
      setting("channels", AttributeType::Integers, Value::List{}, 1, 4096, LATHE_TEXT("layers", "Channels"),
              LATHE_TEXT("layers",
                         "Channels of each stage, such as [32, 64]; an empty list is sized to the image: two stages "
                         "for 28 pixels, three for 64.")),
      setting(
          "depth", AttributeType::Integer, 1, 1, 8, LATHE_TEXT("layers", "Convolutions a stage"),
          LATHE_TEXT("layers", "2 sees larger patterns and is more accurate on natural images, at twice the time.")),
      setting(
          "kernel", AttributeType::Integer, 3, 1, 15, LATHE_TEXT("layers", "Kernel"),
          LATHE_TEXT("layers", "Size of the filters in pixels; 3 is the usual choice, 5 sees more and costs more.")),
      activationSetting(),
      normalization,
      head,
      setting("hidden", AttributeType::Integers, std::vector<std::int64_t>{128}, 1, 16384,
              LATHE_TEXT("layers", "Hidden layers"),
              LATHE_TEXT("layers", "Neurons of each layer between the last image and the output; [] for none.")),
      dropoutSetting(0.3)};
  return info;
}

ModelGraph buildCnn(const TemplateSettings& settings, const TemplateContext& context) {
  const auto& image = findInput(context.graph, "image")->shape;
  GraphWriter writer;
  std::vector<std::string> inputs{"image"};
  auto channels = settings.integers("channels");
  if (channels.empty()) channels = channelsFor(image, context.trainRows);
  const bool normalise = settings.text("normalization") == "batch";
  auto height = image[1], width = image[2];
  for (const auto count : channels) {
    for (std::int64_t i = 0; i < settings.integer("depth"); ++i) {
      ValueMap attributes{{"out", count}, {"kernel", std::vector<std::int64_t>{settings.integer("kernel")}}};
      if (normalise) attributes["bias"] = false;
      writer.add("conv2d", "conv", std::move(attributes), std::exchange(inputs, {}));
      if (normalise) writer.add("batchnorm2d", "bn");
      writer.add(settings.text("activation"), "act");
    }
    // An even kernel makes the image one pixel smaller, so look before halving.
    height -= settings.integer("depth") * (1 - settings.integer("kernel") % 2);
    width -= settings.integer("depth") * (1 - settings.integer("kernel") % 2);
    if (height < 2 || width < 2) continue;
    writer.add("maxpool2d", "pool");
    height /= 2;
    width /= 2;
  }
  const auto flat = saturatingMultiply(channels.back(), height * width);
  const auto head = settings.text("head");
  if (head == "average" || (head == "auto" && flat > largestFlatten))
    writer.addNamed("globalavgpool", "average");
  else
    writer.addNamed("flatten", "flatten");
  for (const auto neurons : settings.integers("hidden")) {
    writer.add("linear", "fc", {{"out", neurons}});
    writer.add(settings.text("activation"), "act");
    writer.dropout(settings.real("dropout"));
  }
  writer.addNamed("linear", "output", {{"out", context.graph.outputs}});
  return writer.take();
}

}  // namespace lathe::spec

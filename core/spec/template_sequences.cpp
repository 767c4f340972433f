// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/template_networks.h"

namespace lathe::spec {
namespace {

constexpr std::int64_t largestFlatten = 8192;

std::int64_t hiddenFor(const TemplateContext& context) { return context.trainRows < 2000 ? 64 : 128; }

// Halved until a few steps are left.
std::vector<std::int64_t> channelsFor(std::int64_t steps, std::int64_t trainRows) {
  std::vector<std::int64_t> channels;
  std::int64_t width = trainRows < 2000 ? 32 : 64;
  do {
    channels.push_back(width);
    width = std::min<std::int64_t>(width * 2, 256);
    steps /= 2;
  } while (steps >= 8 && channels.size() < 4);
  return channels;
}

ModelGraph buildConv1d(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  const auto input = sequenceInput(writer, context.graph);
  auto channels = settings.integers("channels");
  if (channels.empty()) channels = channelsFor(input.steps, context.trainRows);
  const bool normalise = settings.text("normalization") == "batch";
  const auto kernel = settings.integer("kernel");
  std::vector<std::string> inputs{input.name};
  auto steps = input.steps;
  for (const auto count : channels) {
    for (std::int64_t i = 0; i < settings.integer("depth"); ++i) {
      ValueMap attributes{{"out", count}, {"kernel", kernel}};
      if (normalise) attributes["bias"] = false;
      writer.add("conv1d", "conv", std::move(attributes), std::exchange(inputs, {}));
      if (normalise) writer.add("batchnorm1d", "bn");
      writer.add(settings.text("activation"), "act");
    }
    // An even kernel makes the sequence one step shorter.
    steps -= settings.integer("depth") * (1 - kernel % 2);
    if (steps < 4) continue;
    writer.add("maxpool1d", "pool");
    steps /= 2;
  }
  const auto head = settings.text("head");
  const bool average =
      head == "average" || (head == "auto" && saturatingMultiply(steps, channels.back()) > largestFlatten);
  auto row = average ? writer.addNamed("globalavgpool", "average") : writer.addNamed("flatten", "flatten");
  for (const auto neurons : settings.integers("hidden")) {
    writer.add("linear", "fc", {{"out", neurons}});
    row = writer.add(settings.text("activation"), "act");
  }
  sequenceOutput(writer, context.graph, row, settings.real("dropout"));
  return writer.take();
}

ModelGraph buildRecurrent(const char* kind, const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  const auto input = sequenceInput(writer, context.graph);
  const auto pool = settings.text("pool");
  const auto hidden = settings.integer("hidden") > 0 ? settings.integer("hidden") : hiddenFor(context);
  ValueMap attributes{{"hidden", hidden}, {"layers", settings.integer("layers")}};
  if (settings.values.at("bidirectional").toBool()) attributes["bidirectional"] = true;
  if (settings.integer("layers") > 1) attributes["dropout"] = settings.real("dropout");
  if (pool == "last") attributes["output"] = "last";
  auto row = writer.addNamed(kind, kind, std::move(attributes), {input.name});
  if (pool != "last") row = writer.addNamed("pool_sequence", "pool", {{"mode", pool}});
  sequenceOutput(writer, context.graph, row, settings.real("dropout"));
  return writer.take();
}

std::vector<AttributeInfo> recurrentSettings() {
  return {
      setting("hidden", AttributeType::Integer, 0, 0, 4096, LATHE_TEXT("layers", "Hidden size"),
              LATHE_TEXT("layers", "Numbers that it remembers from step to step; 0 is sized to the data: 64 or 128.")),
      setting("layers", AttributeType::Integer, 1, 1, 8, LATHE_TEXT("layers", "Layers"),
              LATHE_TEXT("layers", "How many are stacked on each other; 2 can find slower patterns than 1.")),
      setting("bidirectional", AttributeType::Boolean, false, 0, 1, LATHE_TEXT("layers", "Both directions"),
              LATHE_TEXT("layers",
                         "Also reads the sequence backwards, at twice the cost. Good where the whole sequence is "
                         "known before the answer is needed.")),
      poolSetting("last"), dropoutSetting(0.1)};
}

}  // namespace

NetworkTemplate conv1dNetwork() {
  TemplateInfo info;
  info.name = "conv1d";
  info.label = LATHE_TEXT("layers", "Convolutions along a sequence");
  info.help = LATHE_TEXT("layers",
                         "Stages of convolutions along time, each half as long and twice as deep: fast, and the first "
                         "thing to try on sequences. A table is read as a sequence of its columns, an image as one of "
                         "its rows.");
  info.settings = {
      setting(
          "channels", AttributeType::Integers, Value::List{}, 1, 4096, LATHE_TEXT("layers", "Channels"),
          LATHE_TEXT("layers", "Channels of each stage, such as [64, 128]; an empty list is sized to the sequence.")),
      setting("depth", AttributeType::Integer, 1, 1, 8, LATHE_TEXT("layers", "Convolutions a stage"),
              LATHE_TEXT("layers", "2 sees longer patterns, at twice the time.")),
      setting("kernel", AttributeType::Integer, 5, 1, 64, LATHE_TEXT("layers", "Kernel"),
              LATHE_TEXT("layers", "Steps that a filter sees at once; 3 to 9 are usual.")),
      activationSetting(),
      choiceSetting("normalization", "batch", {"batch", "none"}, LATHE_TEXT("layers", "Normalisation"),
                    LATHE_TEXT("layers",
                               "batch normalises each channel over the batch: much faster training. Use none only with "
                               "very small batches.")),
      choiceSetting("head", "auto", {"auto", "flatten", "average"}, LATHE_TEXT("layers", "Head"),
                    LATHE_TEXT("layers",
                               "How the last stage becomes one row of numbers: flatten keeps when things happen, "
                               "average is smaller and does not care; auto takes average when flatten gets large.")),
      setting("hidden", AttributeType::Integers, std::vector<std::int64_t>{128}, 1, 16384,
              LATHE_TEXT("layers", "Hidden layers"),
              LATHE_TEXT("layers", "Neurons of each layer between the last stage and the output; [] for none.")),
      dropoutSetting(0.2)};
  return {info, buildConv1d};
}

NetworkTemplate gruNetwork() {
  TemplateInfo info;
  info.name = "gru";
  info.label = LATHE_TEXT("layers", "Recurrent network (GRU)");
  info.help = LATHE_TEXT("layers",
                         "Reads a sequence step by step and remembers what matters (Cho 2014): for sequences where "
                         "order counts. A table is read as a sequence of its columns, an image as one of its rows.");
  info.settings = recurrentSettings();
  return {info, [](const TemplateSettings& settings, const TemplateContext& context) {
            return buildRecurrent("gru", settings, context);
          }};
}

NetworkTemplate lstmNetwork() {
  TemplateInfo info;
  info.name = "lstm";
  info.label = LATHE_TEXT("layers", "Recurrent network (LSTM)");
  info.help = LATHE_TEXT("layers",
                         "Like gru with one more gate and a memory of its own (Hochreiter 1997): try it when what "
                         "matters lies far apart. A table is read as a sequence of its columns, an image as one of its "
                         "rows.");
  info.settings = recurrentSettings();
  return {info, [](const TemplateSettings& settings, const TemplateContext& context) {
            return buildRecurrent("lstm", settings, context);
          }};
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/template_networks.h"

namespace lathe::spec {
namespace {

ModelGraph buildTransformer(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  const auto input = sequenceInput(writer, context.graph);
  const auto given = settings.integer("width");
  const std::int64_t width = given > 0 ? given : context.trainRows < 20000 ? 64 : 128;
  writer.addNamed("linear", "stem", {{"out", width}}, {input.name});
  if (settings.text("position") != "none")
    writer.addNamed("positional_encoding", "position", {{"mode", settings.text("position")}});
  const bool before = settings.text("norm") == "pre";
  for (std::int64_t block = 0; block < settings.integer("blocks"); ++block)
    writer.add("transformer_block", "block",
               {{"heads", settings.integer("heads")},
                {"feed_forward", settings.integer("feed_forward")},
                {"dropout", settings.real("dropout")},
                {"activation", settings.text("activation")},
                {"norm", settings.text("norm")}});
  // Blocks that normalise first leave their sum as it is.
  if (before) writer.addNamed("layernorm", "norm");
  const auto row = writer.addNamed("pool_sequence", "pool", {{"mode", settings.text("pool")}});
  sequenceOutput(writer, context.graph, row, settings.real("dropout"));
  return writer.take();
}

}  // namespace

NetworkTemplate transformerNetwork() {
  TemplateInfo info;
  info.name = "transformer";
  info.label = LATHE_TEXT("layers", "Transformer");
  info.help = LATHE_TEXT("layers",
                         "Every step of a sequence looks at all others (Vaswani 2017): for long sequences with many "
                         "rows; its cost grows with the square of the steps. A table is read as a sequence of its "
                         "columns, an image as one of its rows.");
  info.settings = {
      setting("width", AttributeType::Integer, 0, 0, 4096, LATHE_TEXT("layers", "Width"),
              LATHE_TEXT("layers",
                         "Features of each step inside, a multiple of the heads; 0 is sized to the data: 64 or 128.")),
      setting("blocks", AttributeType::Integer, 2, 1, 24, LATHE_TEXT("layers", "Blocks"),
              LATHE_TEXT("layers", "How many transformer blocks follow each other; 2 to 6 are usual.")),
      setting("heads", AttributeType::Integer, 4, 1, 64, LATHE_TEXT("layers", "Heads"),
              LATHE_TEXT("layers",
                         "How many patterns are looked for side by side; must divide the width. 4 or 8 are usual.")),
      setting("feed_forward", AttributeType::Integer, 0, 0, 16384, LATHE_TEXT("layers", "Feed-forward size"),
              LATHE_TEXT("layers", "Width of the perceptron inside each block; 0 is four times the width.")),
      choiceSetting("norm", "pre", {"pre", "post"}, LATHE_TEXT("layers", "Normalisation"),
                    LATHE_TEXT("layers",
                               "pre normalises before each part and trains steadily without a warm-up; post is the "
                               "original and wants one.")),
      choiceSetting("activation", "gelu", {"relu", "gelu", "silu"}, LATHE_TEXT("layers", "Activation"),
                    LATHE_TEXT("layers", "The bend inside the perceptron; gelu is usual in newer models.")),
      choiceSetting("position", "learnt", {"learnt", "sinusoidal", "none"}, LATHE_TEXT("layers", "Position"),
                    LATHE_TEXT("layers",
                               "How a step knows where it stands: learnt for tables and short sequences, sinusoidal "
                               "for long ones, none when order does not matter.")),
      poolSetting("mean"),
      dropoutSetting(0.1)};
  return {info, buildTransformer};
}

}  // namespace lathe::spec

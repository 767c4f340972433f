// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/template_networks.h"

namespace lathe::spec {
namespace {

// Feature tokenizer, blocks, and a head that reads the class token alone (Gorishniy et al. 2021, section 3.3).
ModelGraph buildFtTransformer(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  std::vector<std::string> inputs;
  for (const char* name : {"features", "categories", "text"})
    if (findInput(context.graph, name) != nullptr) inputs.emplace_back(name);
  const auto* features = findInput(context.graph, "features");
  const auto embedding = settings.text("numeric_embedding");
  const bool embeds = embedding != "none" && features != nullptr && features->parts.numbers > 0;
  writer.addNamed("feature_tokenizer", "tokens",
                  {{"width", settings.integer("width")}, {"numbers", embeds ? embedding : "linear"}},
                  std::move(inputs));
  const auto blocks = settings.integer("blocks");
  for (std::int64_t block = 0; block < blocks; ++block)
    writer.add("ft_block", "block",
               {{"heads", settings.integer("heads")},
                {"expansion", settings.real("expansion")},
                {"attention_dropout", settings.real("attention_dropout")},
                {"ffn_dropout", settings.real("dropout")},
                {"residual_dropout", settings.real("residual_dropout")},
                {"first_norm", block > 0},
                {"keep", block + 1 == blocks ? "first" : "all"}});
  writer.addNamed("flatten", "class_token");
  writer.addNamed("layernorm", "norm");
  writer.addNamed("relu", "act");
  writer.addNamed("linear", "output", {{"out", context.graph.outputs}});
  return writer.take();
}

}  // namespace

NetworkTemplate ftTransformerNetwork() {
  TemplateInfo info;
  info.name = "ft-transformer";
  info.label = LATHE_TEXT("layers", "FT-Transformer");
  info.help = LATHE_TEXT("layers",
                         "A transformer over the columns of a table (Gorishniy et al. 2021): each column is a token "
                         "that looks at all others. Strong where columns act together; much slower than perceptrons, "
                         "its cost grows with the square of the columns. Unless you set an optimiser or a schedule it "
                         "brings its authors' learning rate.");
  info.forTables = true;
  const auto probability = [](const char* name, double value, std::string label, std::string help) {
    return setting(name, AttributeType::Real, value, 0, 0.9, std::move(label), std::move(help));
  };
  info.settings = {
      setting("width", AttributeType::Integer, 192, 1, 4096, LATHE_TEXT("layers", "Width"),
              LATHE_TEXT("layers", "Numbers of each token, a multiple of the heads; less is faster.")),
      setting("blocks", AttributeType::Integer, 3, 1, 24, LATHE_TEXT("layers", "Blocks"),
              LATHE_TEXT("layers", "How many blocks follow each other; 1 to 4 are usual.")),
      setting("heads", AttributeType::Integer, 8, 1, 64, LATHE_TEXT("layers", "Heads"),
              LATHE_TEXT("layers",
                         "How many patterns are looked for side by side; must divide the width. 4 or 8 are usual.")),
      setting("expansion", AttributeType::Real, 4.0 / 3.0, 0.125, 16, LATHE_TEXT("layers", "Expansion"),
              LATHE_TEXT("layers", "How much wider the gated perceptron in each block is than a token.")),
      probability("attention_dropout", 0.2, LATHE_TEXT("layers", "Attention dropout"),
                  LATHE_TEXT("layers", "Part of what a column looks at that is hidden from it while training.")),
      dropoutSetting(0.1),
      probability("residual_dropout", 0.0, LATHE_TEXT("layers", "Residual dropout"),
                  LATHE_TEXT("layers", "Part of what each branch adds that is dropped in training; rarely helps.")),
      numericEmbeddingSetting("none", false),
      textSizeSetting()};
  return {info, buildFtTransformer};
}

}  // namespace lathe::spec

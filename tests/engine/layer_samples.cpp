// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/layer_samples.h"

#include <algorithm>

namespace lathe::tests {
namespace {

using spec::Value;
using Ints = std::vector<std::int64_t>;

const char* nameOf(LayerPlace place) {
  switch (place) {
    case LayerPlace::Row:
      return "row";
    case LayerPlace::Image:
      return "image";
    case LayerPlace::Sequence:
      return "sequence";
    case LayerPlace::Codes:
      return "codes";
    case LayerPlace::Features:
      return "features";
    case LayerPlace::Text:
      return "text";
  }
  return "";
}

bool fits(const LayerSample& sample) { return !spec::analyse(layerGraph(sample), layerContext(sample.place)).error; }

std::vector<LayerSample> variants() {
  constexpr auto image = LayerPlace::Image;
  constexpr auto sequence = LayerPlace::Sequence;
  return {
      // Eight samples, at a rate for which they are a clip.
      {"short", "log_mel", LayerPlace::Row, {{"sample_rate", 1000}, {"mels", 4}, {"window_ms", 4.0}, {"hop_ms", 2.0}}},
      {"dilated", "conv2d", image, {{"out", 6}, {"dilation", 2}, {"groups", 2}, {"bias", false}}},
      {"depthwise", "conv2d", image, {{"out", 4}, {"groups", 4}, {"stride", 2}}},
      {"strided", "separable_conv2d", image, {{"out", 5}, {"kernel", Ints{3, 2}}, {"stride", 2}}},
      {"grouped",
       "conv_transpose2d",
       image,
       {{"out", 6}, {"kernel", 3}, {"stride", 2}, {"padding", 1}, {"output_padding", 1}, {"groups", 2}}},
      {"strided", "conv1d", sequence, {{"out", 6}, {"kernel", 3}, {"stride", 2}, {"dilation", 2}, {"groups", 2}}},
      {"overlapping", "avgpool2d", image, {{"kernel", 3}, {"stride", 2}, {"padding", 1}, {"count_padding", false}}},
      {"overlapping", "avgpool1d", sequence, {{"kernel", 3}, {"stride", 2}, {"padding", 1}}},
      {"overlapping", "maxpool1d", sequence, {{"kernel", 3}, {"stride", 2}, {"padding", 1}}},
      {"larger", "adaptiveavgpool2d", image, {{"size", Ints{3, 9}}}},
      {"uneven", "adaptivemaxpool2d", image, {{"size", Ints{3, 4}}}},
      {"two", "groupnorm", image, {{"groups", 2}}},
      {"two", "groupnorm", sequence, {{"groups", 2}}},
      {"both", "lstm", sequence, {{"hidden", 5}, {"bidirectional", true}, {"output", "last"}}},
      {"deep", "lstm", sequence, {{"hidden", 5}, {"layers", 2}, {"dropout", 0.3}}},
      {"both", "gru", sequence, {{"hidden", 5}, {"bidirectional", true}, {"layers", 2}, {"dropout", 0.2}}},
      {"last", "gru", sequence, {{"hidden", 6}, {"output", "last"}}},
      {"dropped", "attention", sequence, {{"heads", 2}, {"dropout", 0.2}}},
      {"post", "transformer_block", sequence, {{"heads", 2}, {"norm", "post"}, {"activation", "gelu"}}},
      {"silu", "transformer_block", sequence, {{"feed_forward", 11}, {"activation", "silu"}, {"dropout", 0.0}}},
      {"learnt", "positional_encoding", sequence, {{"mode", "learnt"}}},
      {"max", "pool_sequence", sequence, {{"mode", "max"}}},
      {"first", "pool_sequence", sequence, {{"mode", "first"}}},
      {"last", "pool_sequence", sequence, {{"mode", "last"}}},
      {"hard", "squeeze_excite", image, {{"channels", 3}, {"gate", "hardsigmoid"}}},
      {"each", "prelu", image, {{"per_channel", true}}},
      {"each", "prelu", sequence, {{"per_channel", true}}},
      {"often", "stochastic_depth", image, {{"p", 0.5}}},
      {"steps", "reshape", LayerPlace::Row, {{"sizes", Ints{4, -1}}}},
      {"turned", "permute", image, {{"order", Ints{2, 0, 1}}}},
      {"bilinear", "upsample", image, {{"factor", Ints{2, 3}}, {"mode", "bilinear"}}},
      {"mirrored", "pad", image, {{"padding", Ints{1, 2, 0, 3}}, {"mode", "reflect"}}},
      {"repeated", "pad", image, {{"padding", 2}, {"mode", "replicate"}}},
      {"valued", "pad", sequence, {{"padding", Ints{2, 0}}, {"value", 1.5}}},
      {"mirrored", "pad", sequence, {{"padding", 2}, {"mode", "reflect"}}},
      {"small", "piecewise_embedding", LayerPlace::Features, {{"size", 3}}},
      {"small", "periodic_embedding", LayerPlace::Features, {{"size", 3}, {"waves", 5}, {"sigma", 0.3}}},
      {"periodic", "feature_tokenizer", LayerPlace::Features, {{"width", 6}, {"numbers", "periodic"}}},
      {"piecewise", "feature_tokenizer", LayerPlace::Features, {{"width", 6}, {"numbers", "piecewise_linear"}}},
      {"first", "ft_block", sequence, {{"heads", 2}, {"first_norm", false}, {"keep", "first"}}},
      {"dropped", "ft_block", sequence, {{"expansion", 2.0}, {"residual_dropout", 0.3}}},
      {"small", "feature_tokenizer", LayerPlace::Text, {{"width", 6}, {"text_size", 3}}},
      {"small", "text_embedding", LayerPlace::Text, {{"size", 3}}},
      {"steep", "elu", LayerPlace::Row, {{"alpha", 0.4}}},
      {"steep", "leaky_relu", LayerPlace::Row, {{"slope", 0.3}}},
  };
}

}  // namespace

spec::GraphContext layerContext(LayerPlace place) {
  if (place == LayerPlace::Codes) return {{{"categories", {2}, {5, 7}}}, 1};
  if (place == LayerPlace::Text) return {{{"text", {2, 5}, {9, 11}}}, 1};
  if (place == LayerPlace::Image) return {{{"image", {2, 6, 6}, {}}}, 1};
  spec::GraphContext context{{{"features", {6}, {}}}, 1};
  if (place != LayerPlace::Features) return context;
  auto& parts = context.inputs[0].parts;
  parts.numbers = 4;
  parts.oneHot = {2};
  parts.bins = {{-1, 0, 0.5F, 2}, {-2, 2}, {}, {-1.5F, -1, -0.25F, 0.25F, 1}};
  return context;
}

spec::ModelGraph layerGraph(const LayerSample& sample, std::int64_t outputs) {
  spec::ModelGraph graph;
  auto& layers = graph.layers;
  const auto* kind = spec::findLayerKind(sample.kind);
  std::vector<std::string> inputs{"first"};
  if (kind->inputCount().first > 1) inputs.emplace_back("second");
  const bool text = sample.place == LayerPlace::Text;
  const bool first = sample.place == LayerPlace::Codes || sample.place == LayerPlace::Features || text;
  if (first) inputs = {text ? "text" : sample.place == LayerPlace::Codes ? "categories" : "features"};
  for (const auto& name : first ? std::vector<std::string>{} : inputs) switch (sample.place) {
      case LayerPlace::Image:
        layers.push_back({name, "conv2d", {{"out", 4}}, {"image"}});
        break;
      case LayerPlace::Sequence:
        layers.push_back({name + "_wide", "linear", {{"out", 56}}, {"features"}});
        layers.push_back({name, "reshape", {{"sizes", Ints{7, 8}}}, {}});
        break;
      default:
        layers.push_back({name, "linear", {{"out", 8}}, {"features"}});
        break;
    }
  layers.push_back({"tested", sample.kind, sample.attributes, inputs});
  layers.push_back({"flat", "flatten", {}, {}});
  layers.push_back({"end", "linear", {{"out", outputs}}, {}});
  return graph;
}

std::vector<LayerSample> layerSamples() {
  std::vector<LayerSample> samples;
  for (const auto* kind : spec::layerKinds())
    for (const auto place : {LayerPlace::Row, LayerPlace::Image, LayerPlace::Sequence, LayerPlace::Codes}) {
      if (!kind->takesCodes() && place == LayerPlace::Codes) continue;
      LayerSample sample{kind->name() + "_" + nameOf(place), kind->name(), place, {}};
      // Defaults of sixty-four and more make a small test slow.
      for (const auto& info : kind->attributes())
        if (info.name == "hidden" || (info.name == "out" && place != LayerPlace::Codes))
          sample.attributes[info.name] = 6;
      if (fits(sample)) samples.push_back(std::move(sample));
    }
  for (auto variant : variants()) {
    variant.name = variant.kind + "_" + nameOf(variant.place) + "_" + variant.name;
    samples.push_back(std::move(variant));
  }
  return samples;
}

}  // namespace lathe::tests

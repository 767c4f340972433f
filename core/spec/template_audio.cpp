// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/layer_kind.h"
#include "core/spec/template_builders.h"
#include "core/spec/template_torchvision.h"

namespace lathe::spec {
namespace {

constexpr const char* frontEnd = "log_mel";
constexpr double usualWindow = 25;  // ms
constexpr double usualHop = 10;     // ms
constexpr double mostColumns = 1000;
constexpr double leastSamples = 64;  // of a window
constexpr double mostSamples = 4096;

// Those that read steps get them in the order of time, the bands of each as its features.
bool readsSteps(const std::string& name) {
  return name == "conv1d" || name == "gru" || name == "lstm" || name == "transformer";
}

// 25 ms every 10 ms, as is usual for speech. Beyond ten seconds columns get wider, so that a picture stays affordable;
// a very short clip still gets some of them, and a slow recording some samples in each.
LayerNode pictureOf(const GraphContext::Input& audio, std::int64_t rate) {
  const double milliseconds = 1000 * static_cast<double>(audio.shape[0]) / static_cast<double>(rate);
  const double sample = 1000 / static_cast<double>(rate);
  const double wide = milliseconds / mostColumns;
  const double window =
      std::min({std::max({usualWindow, wide * 4 / 3, leastSamples * sample}), mostSamples * sample, milliseconds / 4});
  const double hop = std::max(window * usualHop / usualWindow, wide > usualHop ? wide : 0);
  LayerNode node{frontEnd, frontEnd, {{"sample_rate", Value(rate)}}, {"audio"}};
  if (window != usualWindow) node.attributes["window_ms"] = std::clamp(window, 0.5, 1000.0);
  if (hop != usualHop) node.attributes["hop_ms"] = std::clamp(hop, 0.25, 1000.0);
  return node;
}

Result<void> checkTemplate(const TemplateInfo& info, const TemplateContext& context) {
  const TextArgs args{{"template", info.name}, {"better", defaultTemplate(context.graph)}};
  if (!info.forTables && !info.forAnomalies) return {};
  return fail("spec.template_needs_table",
              info.forTables
                  ? LATHE_TEXT("errors", "The template {template} is for tables, but this data is sound.")
                  : LATHE_TEXT("errors", "The template {template} takes tables and images, but this data is sound."),
              LATHE_TEXT("errors", "Use the template {better}."), args);
}

}  // namespace

Result<ModelGraph> buildOnAudio(const std::string& name, const ValueMap& settings, const TemplateContext& context) {
  LATHE_TRY(checkTemplate(*findTemplate(name), context));
  const auto& audio = *findInput(context.graph, "audio");
  std::vector<LayerNode> front{pictureOf(audio, context.graph.sampleRate)};
  const LoweredValue clip{0, audio.shape, {}};
  const auto picture = findLayerKind(frontEnd)->infer(front[0], {&clip, 1});
  if (!picture) {
    auto error = picture.error();
    error.message.args.emplace_back("layer", frontEnd);
    error.hint.args.emplace_back("layer", frontEnd);
    return tl::unexpected<Error>(std::move(error));
  }
  auto inner = context;
  Shape shape = *picture;
  std::string stands = "image";
  std::string gives = frontEnd;
  if (readsSteps(name)) {
    front.push_back(
        {"bands", "reshape", {{"sizes", Value(std::vector<std::int64_t>{shape[1], shape[2]})}}, {frontEnd}});
    front.push_back({"time", "permute", {{"order", Value(std::vector<std::int64_t>{1, 0})}}, {"bands"}});
    stands = "sequence";
    gives = "time";
    inner.graph.inputs = {{"sequence", {shape[2], shape[1]}, {}}};
  } else {
    if (isTorchvisionTemplate(name)) {
      // Ready weights take colours: a grey picture is three times the same.
      gives = "colours";
      front.push_back({gives, "concat", {}, {frontEnd, frontEnd, frontEnd}});
      shape[0] = 3;
    }
    inner.graph.inputs = {{"image", shape, {}}};
  }
  auto graph = buildTemplate(name, settings, inner);
  if (!graph) return graph;
  for (auto& layer : graph->layers) std::replace(layer.inputs.begin(), layer.inputs.end(), stands, gives);
  graph->layers.insert(graph->layers.begin(), front.begin(), front.end());
  if (const auto report = analyse(*graph, context.graph); report.error) return tl::unexpected<Error>(*report.error);
  return graph;
}

}  // namespace lathe::spec

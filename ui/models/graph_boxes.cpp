// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/graph_boxes.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <map>

#include "core/spec/layer_kind.h"
#include "ui/bridge/error_text.h"
#include "ui/models/format.h"

namespace lathe::ui {

using spec::LayerNode;
using Role = GraphBox::Role;

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(GraphBoxes)
};

/// What a kind is to the layer that it follows or leads to.
enum class Part : std::uint8_t { Main, Before, Behind };

Part partOf(const spec::LayerKind* kind) {
  if (kind == nullptr) return Part::Main;
  const auto category = kind->category();
  if (category == "Normalise") return Part::Before;
  return category == "Activation" || category == "Regularise" ? Part::Behind : Part::Main;
}

Role roleOf(const LayerNode& node, bool last) {
  if (last) return Role::Output;
  if (node.kind == "add" || node.kind == "multiply") return Role::Join;
  if (node.kind.find("pool") != std::string::npos) return Role::Pool;
  for (const char* kind : {"conv", "linear", "embedding", "lstm", "gru", "attention", "block", "token"})
    if (node.kind.find(kind) != std::string::npos) return Role::Weights;
  return Role::Other;
}

QString kernelText(const LayerNode& node, bool flat) {
  const auto kernel = spec::attribute(node, "kernel");
  std::vector<std::int64_t> sides;
  if (kernel.isList())
    for (const auto& each : kernel.toList()) sides.push_back(each.toInteger());
  else
    sides.push_back(kernel.toInteger());
  if (sides.empty()) return {};
  if (flat) return format::integer(sides.front());
  return QStringLiteral("%1\u00d7%2").arg(sides.front()).arg(sides.back());
}

QString inputWord(const std::string& name) {
  if (name == "image") return Words::tr("Image");
  if (name == "features") return Words::tr("Features");
  if (name == "categories") return Words::tr("Categories");
  if (name == "sequence") return Words::tr("Sequence");
  if (name == "text") return Words::tr("Text");
  return QString::fromStdString(name);
}

class Grouping {
 public:
  Grouping(const spec::ModelGraph& graph, const spec::GraphContext& context, const spec::GraphReport& report)
      : m_graph(graph), m_context(context), m_report(report) {
    for (std::size_t i = 0; i < context.inputs.size(); ++i) m_boxOf[context.inputs[i].name] = addInput(i);
    for (std::size_t i = 0; i < graph.layers.size(); ++i)
      for (const auto& input : inputsOf(i)) ++m_readers[input];
    for (std::size_t i = 0; i < graph.layers.size(); ++i) take(i);
    finish();
  }
  GraphBoxes boxes() { return std::move(m_result); }

 private:
  std::size_t addInput(std::size_t index) {
    const auto& input = m_context.inputs[index];
    GraphBox box;
    box.role = Role::Input;
    box.title = inputWord(input.name);
    box.detail = format::shape(input.shape);
    box.layers = {input.name};
    m_result.boxes.push_back(std::move(box));
    m_whole.push_back(true);
    return m_result.boxes.size() - 1;
  }

  [[nodiscard]] std::vector<std::string> inputsOf(std::size_t layer) const {
    const auto& node = m_graph.layers[layer];
    if (!node.inputs.empty()) return node.inputs;
    if (layer > 0) return {m_graph.layers[layer - 1].name};
    return m_context.inputs.empty() ? std::vector<std::string>() : std::vector{m_context.inputs.front().name};
  }

  /// Into the box of what it reads when nobody else reads that and the box lacks what it is.
  [[nodiscard]] std::optional<std::size_t> boxToJoin(std::size_t layer, Part part) const {
    const auto inputs = inputsOf(layer);
    if (inputs.size() != 1) return std::nullopt;
    const auto readers = m_readers.find(inputs.front());
    const auto box = m_boxOf.find(inputs.front());
    if (box == m_boxOf.end() || readers == m_readers.end() || readers->second != 1) return std::nullopt;
    const auto& into = m_result.boxes[box->second];
    if (into.role == Role::Input || (into.role == Role::Join && part != Part::Behind)) return std::nullopt;
    if (part == Part::Main && m_whole[box->second]) return std::nullopt;
    return box->second;
  }

  void take(std::size_t layer) {
    const auto& node = m_graph.layers[layer];
    const auto* kind = spec::findLayerKind(node.kind);
    const auto part = partOf(kind);
    const bool main = part == Part::Main;
    const auto role = roleOf(node, layer + 1 == m_graph.layers.size());
    auto box = role == Role::Join || role == Role::Pool ? std::nullopt : boxToJoin(layer, part);
    if (!box) {
      m_result.boxes.emplace_back();
      m_whole.push_back(false);
      box = m_result.boxes.size() - 1;
      for (const auto& input : inputsOf(layer))
        if (const auto from = m_boxOf.find(input); from != m_boxOf.end()) m_edges.emplace_back(from->second, *box);
    }
    auto& into = m_result.boxes[*box];
    into.layers.push_back(node.name);
    if (main) {
      into.title =
          role == Role::Join ? (node.kind == "add" ? QStringLiteral("+") : QStringLiteral("\u00d7")) : layerTitle(node);
      into.role = role;
      m_whole[*box] = true;
    } else {
      m_others[*box] << (kind == nullptr ? QString::fromStdString(node.kind) : translated(kind->label(), "layers"));
    }
    auto line = layerTitle(node);
    if (layer < m_report.layers.size() && !m_report.layers[layer].error)
      line += QStringLiteral(" \u2192 ") + format::shape(m_report.layers[layer].output);
    into.tip += (into.tip.isEmpty() ? QString() : QStringLiteral("\n")) + line;
    m_boxOf[node.name] = *box;
  }

  void finish() {
    for (auto& [box, words] : m_others) {
      auto& into = m_result.boxes[box];
      if (into.title.isEmpty()) into.title = words.takeFirst();
      if (into.role == Role::Join)
        into.title = into.title == QStringLiteral("+") ? Words::tr("Sum") : Words::tr("Product");
      into.detail = words.join(QStringLiteral(", "));
    }
    if (!m_result.boxes.empty() && m_result.boxes.back().role == Role::Output && m_result.boxes.back().detail.isEmpty())
      m_result.boxes.back().detail = Words::tr("output");
    std::sort(m_edges.begin(), m_edges.end());
    m_edges.erase(std::unique(m_edges.begin(), m_edges.end()), m_edges.end());
    std::vector<bool> used(m_result.boxes.size());
    for (const auto& [from, to] : m_edges) {
      m_result.edges.push_back({from, to});
      used[from] = used[to] = true;
    }
    m_result.summary = Words::tr("A network of %n layer(s) in %1 boxes.", nullptr,
                                 format::plural(static_cast<std::int64_t>(m_graph.layers.size())))
                           .arg(m_result.boxes.size());
  }

  const spec::ModelGraph& m_graph;
  const spec::GraphContext& m_context;
  const spec::GraphReport& m_report;
  std::map<std::string, std::size_t> m_boxOf;
  std::map<std::string, int> m_readers;
  std::map<std::size_t, QStringList> m_others;  ///< what stands below a box's title
  std::vector<bool> m_whole;                    ///< it has its title
  std::vector<std::pair<std::size_t, std::size_t>> m_edges;
  GraphBoxes m_result;
};

}  // namespace

QString layerTitle(const LayerNode& node) {
  const auto* kind = spec::findLayerKind(node.kind);
  const auto label = kind == nullptr ? QString::fromStdString(node.kind) : translated(kind->label(), "layers");
  const auto out = format::integer(spec::attribute(node, "out").toInteger());
  if (node.kind == "conv2d" || node.kind == "separable_conv2d" || node.kind == "conv1d") {
    const auto word = node.kind == "separable_conv2d" ? Words::tr("Separable conv") : Words::tr("Conv");
    auto text = Words::tr("%1 %2, %3", "Conv 3x3, 32: kind, kernel, channels")
                    .arg(word, kernelText(node, node.kind == "conv1d"), out);
    const auto dilation = spec::attribute(node, "dilation");
    const auto wide = dilation.isList() && !dilation.toList().empty() ? dilation.toList().front() : dilation;
    if (wide.toInteger(1) > 1) text += Words::tr(", dilated");
    return text;
  }
  if (node.kind == "linear") return Words::tr("%1, %2", "Linear, 64: kind, width").arg(label, out);
  if (node.kind == "maxpool2d" || node.kind == "avgpool2d") return label + QLatin1Char(' ') + kernelText(node, false);
  if (node.kind == "dropout") return label + QLatin1Char(' ') + format::number(spec::attribute(node, "p").toReal());
  return label;
}

GraphBoxes graphBoxes(const spec::ModelGraph& graph, const spec::GraphContext& context,
                      const spec::GraphReport& report) {
  return Grouping(graph, context, report).boxes();
}

}  // namespace lathe::ui

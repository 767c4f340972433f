// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_text.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <algorithm>

#include "core/spec/attributes.h"
#include "core/spec/layer_kind.h"
#include "core/spec/spec_json.h"
#include "ui/bridge/error_text.h"

namespace lathe::ui {

using spec::LayerNode;
using spec::ModelGraph;

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(LayersModel)
};

QString q(const std::string& text) { return QString::fromStdString(text); }

/// At commas outside of brackets and quotes.
QStringList splitAtCommas(const QString& text) {
  QStringList parts;
  QString part;
  int depth = 0;
  bool quoted = false;
  for (const auto c : text) {
    if (c == QLatin1Char('"')) quoted = !quoted;
    if (!quoted && c == QLatin1Char('[')) ++depth;
    if (!quoted && c == QLatin1Char(']')) --depth;
    if (c == QLatin1Char(',') && depth <= 0 && !quoted) {
      parts << part.trimmed();
      part.clear();
    } else {
      part += c;
    }
  }
  parts << part.trimmed();
  parts.removeAll(QString());
  return parts;
}

bool fits(const spec::AttributeInfo& info, const spec::Value& value) {
  switch (info.type) {
    case spec::AttributeType::Integer:
      return value.isNumber() && static_cast<double>(value.toInteger()) == value.toReal();
    case spec::AttributeType::Real:
      return value.isNumber();
    case spec::AttributeType::Boolean:
      return value.isBool();
    case spec::AttributeType::Choice:
      return std::find(info.choices.begin(), info.choices.end(), value.toText()) != info.choices.end();
    case spec::AttributeType::Integers:
      return value.isInteger() || value.isList();
  }
  return false;
}

/// "3" for [3]: what both directions of a kernel have in common is written once.
QString valueText(const spec::Value& value) {
  if (value.isText()) return q(value.toText());
  const auto text = q(value.json());
  return value.isList() && !text.contains(QLatin1Char(',')) ? text.mid(1, text.size() - 2) : text;
}

}  // namespace

QString attributesText(const LayerNode& node) {
  QStringList parts;
  const auto add = [&](const std::string& name, const spec::Value& value) {
    parts << q(name) + QLatin1Char('=') + valueText(value);
  };
  const auto* kind = spec::findLayerKind(node.kind);
  if (kind == nullptr) {
    for (const auto& [name, value] : node.attributes) add(name, value);
    return parts.join(QStringLiteral(", "));
  }
  for (const auto& info : kind->attributes())
    if (const auto found = node.attributes.find(info.name); found != node.attributes.end())
      add(info.name, found->second);
  return parts.join(QStringLiteral(", "));
}

QString inputsText(const LayerNode& node) {
  QStringList names;
  for (const auto& name : node.inputs) names << q(name);
  return names.join(QStringLiteral(", "));
}

std::vector<std::string> parseInputs(const QString& text) {
  std::vector<std::string> names;
  for (const auto& part : splitAtCommas(text)) names.push_back(part.toStdString());
  return names;
}

QString parseAttributes(const QString& text, LayerNode& node) {
  const auto* kind = spec::findLayerKind(node.kind);
  if (kind == nullptr) return Words::tr("There is no layer kind %1.").arg(q(node.kind));
  const auto known = kind->attributes();
  spec::ValueMap attributes;
  for (const auto& part : splitAtCommas(text)) {
    const auto equals = part.indexOf(QLatin1Char('='));
    if (equals < 1) return Words::tr("%1 is not of the form name=value.").arg(part);
    const auto name = part.left(equals).trimmed().toStdString();
    const auto value = spec::Value::parse(part.mid(equals + 1).trimmed().toStdString());
    const auto info = std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.name == name; });
    if (info == known.end()) {
      std::vector<std::string> names;
      names.reserve(known.size());
      for (const auto& each : known) names.push_back(each.name);
      const auto near = spec::nearest(name, names);
      const auto sentence = Words::tr("%1 has no setting %2.").arg(translated(kind->label(), "layers"), q(name));
      return near.empty() ? sentence : sentence + QLatin1Char(' ') + Words::tr("Did you mean %1?").arg(q(near));
    }
    if (!fits(*info, value)) return Words::tr("%1 cannot be %2.").arg(q(name), part.mid(equals + 1).trimmed());
    attributes[name] = value;
  }
  node.attributes = std::move(attributes);
  return {};
}

std::string kindFromText(const QVariant& value) {
  const auto& kinds = spec::layerKinds();
  if (value.typeId() == QMetaType::Int) {
    const int index = value.toInt();
    return index >= 0 && index < static_cast<int>(kinds.size()) ? kinds[static_cast<std::size_t>(index)]->name() : "";
  }
  const auto text = value.toString().trimmed();
  for (const auto* kind : kinds)
    if (text.compare(q(kind->name()), Qt::CaseInsensitive) == 0 || text == translated(kind->label(), "layers"))
      return kind->name();
  return {};
}

QString renameLayer(ModelGraph& graph, const std::string& from, const std::string& to) {
  if (from == to) return {};
  static const QRegularExpression identifier(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]{0,63}$"));
  if (!identifier.match(q(to)).hasMatch())
    return Words::tr("A name starts with a letter and holds letters, digits and _ only.");
  const auto& inputs = spec::graphInputNames();
  const bool taken = std::find(inputs.begin(), inputs.end(), to) != inputs.end() ||
                     std::any_of(graph.layers.begin(), graph.layers.end(), [&](const auto& l) { return l.name == to; });
  if (taken) return Words::tr("The name %1 is taken.").arg(q(to));
  for (auto& layer : graph.layers) {
    if (layer.name == from) layer.name = to;
    std::replace(layer.inputs.begin(), layer.inputs.end(), from, to);
  }
  return {};
}

std::string freshName(const ModelGraph& graph, const std::string& kind) {
  for (int i = 1;; ++i) {
    auto name = kind + std::to_string(i);
    if (std::none_of(graph.layers.begin(), graph.layers.end(), [&](const auto& layer) { return layer.name == name; }))
      return name;
  }
}

void takeLayer(ModelGraph& graph, std::size_t index) {
  if (index >= graph.layers.size()) return;
  const auto gone = graph.layers[index];
  auto heirs = gone.inputs;
  if (heirs.empty() && index > 0) heirs.push_back(graph.layers[index - 1].name);
  // The next layer reads "the layer before": with named inputs of the one that goes, these must be named now.
  if (index + 1 < graph.layers.size() && graph.layers[index + 1].inputs.empty() && !gone.inputs.empty())
    graph.layers[index + 1].inputs = gone.inputs;
  graph.layers.erase(graph.layers.begin() + static_cast<std::ptrdiff_t>(index));
  for (auto& layer : graph.layers) {
    std::vector<std::string> inputs;
    for (const auto& name : layer.inputs) {
      if (name != gone.name)
        inputs.push_back(name);
      else
        inputs.insert(inputs.end(), heirs.begin(), heirs.end());
    }
    layer.inputs = std::move(inputs);
  }
}

}  // namespace lathe::ui

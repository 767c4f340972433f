// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layers_model.h"

#include <algorithm>
#include <utility>

#include "core/spec/layer_kind.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/models/format.h"
#include "ui/models/layer_text.h"
#include "ui/models/theme.h"

namespace lathe::ui {

using spec::LayerNode;
using spec::ModelGraph;

namespace {

QString q(const std::string& text) { return QString::fromStdString(text); }

QString kindLabel(const std::string& kind) {
  const auto* known = spec::findLayerKind(kind);
  return known != nullptr ? translated(known->label(), "layers") : q(kind);
}

}  // namespace

LayersModel::LayersModel(ExperimentController& experiment, QObject* parent)
    : QAbstractTableModel(parent), m_experiment(experiment) {
  connect(&experiment, &ExperimentController::graphChanged, this, &LayersModel::follow);
  follow();
}

/// Rows that stay keep their place, so that selection and an open editor stay too.
void LayersModel::follow() {
  const auto& now = m_experiment.graph().layers;
  auto& old = m_graph.layers;
  std::size_t head = 0;
  while (head < old.size() && head < now.size() && old[head].name == now[head].name) ++head;
  std::size_t tail = 0;
  while (tail < old.size() - head && tail < now.size() - head &&
         old[old.size() - 1 - tail].name == now[now.size() - 1 - tail].name)
    ++tail;
  m_report = {};
  if (const auto gone = old.size() - head - tail; gone > 0) {
    beginRemoveRows({}, static_cast<int>(head), static_cast<int>(head + gone) - 1);
    old.erase(old.begin() + static_cast<std::ptrdiff_t>(head), old.begin() + static_cast<std::ptrdiff_t>(head + gone));
    endRemoveRows();
  }
  if (const auto fresh = now.size() - head - tail; fresh > 0) {
    beginInsertRows({}, static_cast<int>(head), static_cast<int>(head + fresh) - 1);
    old.insert(old.begin() + static_cast<std::ptrdiff_t>(head), now.begin() + static_cast<std::ptrdiff_t>(head),
               now.begin() + static_cast<std::ptrdiff_t>(head + fresh));
    endInsertRows();
  }
  m_graph = m_experiment.graph();
  m_report = m_experiment.graphReport();
  if (!m_graph.layers.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int LayersModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_graph.layers.size());
}

int LayersModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

const LayerNode* LayersModel::layer(int row) const {
  return row >= 0 && row < rowCount() ? &m_graph.layers[static_cast<std::size_t>(row)] : nullptr;
}

const spec::LayerReport* LayersModel::report(int row) const {
  const auto* node = layer(row);
  if (node == nullptr) return nullptr;
  const auto& layers = m_report.layers;
  if (static_cast<std::size_t>(row) < layers.size() && layers[static_cast<std::size_t>(row)].name == node->name)
    return &layers[static_cast<std::size_t>(row)];
  const auto found =
      std::find_if(layers.begin(), layers.end(), [&](const auto& each) { return each.name == node->name; });
  return found == layers.end() ? nullptr : &*found;
}

QVariant LayersModel::data(const QModelIndex& index, int role) const {
  const auto* node = index.isValid() ? layer(index.row()) : nullptr;
  if (node == nullptr) return {};
  const auto* known = report(index.row());
  const bool wrong = known != nullptr && known->error.has_value();
  const int at = index.column();
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
    case Qt::AccessibleTextRole:
      switch (at) {
        case Name:
          return q(node->name);
        case Kind:
          return role == Qt::EditRole ? q(node->kind) : kindLabel(node->kind);
        case Attributes:
          return attributesText(*node);
        case Inputs:
          return inputsText(*node);
        case Output:
          return known != nullptr && !wrong ? format::shape(known->output) : QStringLiteral("\u2014");
        case Parameters:
          return known != nullptr ? format::integer(known->parameters) : QStringLiteral("\u2014");
        case Flops:
          return known != nullptr ? format::flops(static_cast<double>(known->flops)) : QStringLiteral("\u2014");
        case Problem:
          return wrong ? errorText(*known->error) : QString();
        default:
          return {};
      }
    case Qt::ToolTipRole:
      if (wrong) return errorText(*known->error);
      if (at == Flops && known != nullptr) return tr("%1 operations for one row").arg(format::integer(known->flops));
      if (at == Inputs && node->inputs.empty()) return tr("Reads the layer before");
      if (const auto* kind = spec::findLayerKind(node->kind); kind != nullptr && (at == Kind || at == Attributes))
        return translated(kind->help(), "layers");
      return data(index, Qt::DisplayRole);
    case Qt::ForegroundRole:
      if (wrong && (at == Name || at == Problem)) return Theme::current().bad;
      return {};
    case Qt::TextAlignmentRole:
      return QVariant(at == Output || at == Parameters || at == Flops ? Qt::AlignRight | Qt::AlignVCenter
                                                                      : Qt::AlignLeft | Qt::AlignVCenter);
    case SortRole:
      return index.row();
    case ChoicesRole: {
      if (at != Kind) return {};
      QStringList names;
      for (const auto* kind : spec::layerKinds()) names << q(kind->name());
      return names;
    }
    case ErrorRole:
      return wrong;
    default:
      return {};
  }
}

QVariant LayersModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation == Qt::Vertical) return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
  if (role == Qt::TextAlignmentRole)
    return QVariant(section == Output || section == Parameters || section == Flops ? Qt::AlignRight | Qt::AlignVCenter
                                                                                   : Qt::AlignLeft | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && section == Attributes) return tr("Type them as name=value, separated by commas");
  if (role == Qt::ToolTipRole && section == Inputs)
    return tr("Names of layers, separated by commas; empty: the layer before");
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name:
      return tr("layer");
    case Kind:
      return tr("kind");
    case Attributes:
      return tr("settings");
    case Inputs:
      return tr("reads");
    case Output:
      return tr("output");
    case Parameters:
      return tr("parameters");
    case Flops:
      return tr("forward");
    case Problem:
      return tr("problem");
    default:
      return {};
  }
}

Qt::ItemFlags LayersModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::NoItemFlags;
  const auto plain = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
  return index.column() <= Inputs ? plain | Qt::ItemIsEditable : plain;
}

void LayersModel::store(ModelGraph graph, const QString& what) { m_experiment.setGraph(std::move(graph), what); }

bool LayersModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const auto* node = index.isValid() ? layer(index.row()) : nullptr;
  if (node == nullptr || role != Qt::EditRole) return false;
  auto graph = m_graph;
  auto& edited = graph.layers[static_cast<std::size_t>(index.row())];
  const auto text = value.toString().trimmed();
  QString why;
  switch (index.column()) {
    case Name:
      why = renameLayer(graph, node->name, text.toStdString());
      break;
    case Kind: {
      const auto chosen = kindFromText(value);
      const auto* kind = spec::findLayerKind(chosen);
      if (kind == nullptr) {
        why = tr("There is no layer kind %1.").arg(text);
        break;
      }
      if (edited.kind == chosen) return true;
      edited.kind = chosen;
      const auto known = kind->attributes();
      std::erase_if(edited.attributes, [&](const auto& attribute) {
        return std::none_of(known.begin(), known.end(), [&](const auto& info) { return info.name == attribute.first; });
      });
      break;
    }
    case Attributes:
      why = parseAttributes(text, edited);
      break;
    case Inputs:
      edited.inputs = parseInputs(text);
      break;
    default:
      return false;
  }
  if (!why.isEmpty()) {
    Q_EMIT refused(why);
    return false;
  }
  if (graph == m_graph) return true;
  store(std::move(graph), tr("Change layer %1").arg(q(edited.name)));
  return true;
}

int LayersModel::addLayer(const QString& kind, int row) {
  auto graph = m_graph;
  const int at = std::clamp(row + 1, 0, rowCount());
  LayerNode node;
  node.kind = kind.toStdString();
  node.name = freshName(graph, node.kind);
  const auto name = node.name;
  graph.layers.insert(graph.layers.begin() + at, std::move(node));
  store(std::move(graph), tr("Add layer %1").arg(q(name)));
  return at;
}

void LayersModel::removeLayer(int row) {
  const auto* node = layer(row);
  if (node == nullptr) return;
  const auto name = node->name;
  auto graph = m_graph;
  takeLayer(graph, static_cast<std::size_t>(row));
  store(std::move(graph), tr("Remove layer %1").arg(q(name)));
}

bool LayersModel::moveLayer(int row, int by) {
  const int to = row + by;
  if (layer(row) == nullptr || layer(to) == nullptr) return false;
  const auto what = tr("Move layer %1").arg(q(layer(row)->name));
  auto graph = m_graph;
  std::swap(graph.layers[static_cast<std::size_t>(row)], graph.layers[static_cast<std::size_t>(to)]);
  store(std::move(graph), what);
  return true;
}

bool LayersModel::setAttribute(int row, const std::string& name, const spec::Value& value) {
  if (layer(row) == nullptr) return false;
  auto graph = m_graph;
  auto& edited = graph.layers[static_cast<std::size_t>(row)];
  const auto* kind = spec::findLayerKind(edited.kind);
  if (kind == nullptr) return false;
  const auto known = kind->attributes();
  if (std::none_of(known.begin(), known.end(), [&](const auto& info) { return info.name == name; })) return false;
  if (value.isNull())
    edited.attributes.erase(name);
  else
    edited.attributes[name] = value;
  if (graph == m_graph) return true;
  store(std::move(graph),
        tr("Change %1 of layer %2").arg(q(name), q(m_graph.layers[static_cast<std::size_t>(row)].name)));
  return true;
}

void LayersModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (!m_graph.layers.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

}  // namespace lathe::ui

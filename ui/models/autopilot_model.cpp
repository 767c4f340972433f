// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/autopilot_model.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

#include "ui/bridge/autopilot_controller.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"

namespace lathe::ui {

using services::AutopilotStage;
using services::AutopilotTry;

namespace {

bool rightAligned(int column) {
  return column != AutopilotModel::Model && column != AutopilotModel::State && column != AutopilotModel::ColumnCount;
}

QString tryState(const AutopilotTry& each) {
  const auto& state = each.state;
  if (state == "running") return AutopilotModel::tr("\u25b6 training");
  if (state == "waiting") return AutopilotModel::tr("waiting");
  if (state == "pruned") return AutopilotModel::tr("\u2702 given up");
  if (state == "failed") return AutopilotModel::tr("\u2715 failed");
  if (state == "completed")
    return each.baseline ? AutopilotModel::tr("\u2713 baseline") : AutopilotModel::tr("\u2713 done");
  return AutopilotModel::tr("no time left");
}

/// What is nearly nothing is none, and not a row of zeros.
QString valueText(double value, int digits) {
  constexpr double nearlyNothing = 1e-6, small = 1e-3;
  if (std::fabs(value) < nearlyNothing) return QStringLiteral("0");
  return std::fabs(value) < small ? format::number(value, digits) : format::aligned(value, digits);
}

QString dash() { return QStringLiteral("\u2014"); }

}  // namespace

AutopilotModel::AutopilotModel(AutopilotController& autopilot, QObject* parent)
    : QAbstractTableModel(parent), m_autopilot(autopilot) {
  connect(&autopilot, &AutopilotController::changed, this, &AutopilotModel::follow);
  follow();
}

void AutopilotModel::follow() {
  const auto& now = m_autopilot.contenders();
  const auto* outcome = m_autopilot.outcome();
  const auto metric = outcome != nullptr ? "val/" + outcome->goal : m_autopilot.progress().metric;
  if (metric != m_metric) {
    m_metric = metric;
    Q_EMIT headerDataChanged(Qt::Horizontal, Value, Value);
  }
  if (now == m_rows) return;
  const bool same =
      now.size() == m_rows.size() &&
      std::equal(now.begin(), now.end(), m_rows.begin(), [](const auto& a, const auto& b) { return a.name == b.name; });
  if (same) {
    m_rows = now;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    return;
  }
  beginResetModel();
  m_rows = now;
  endResetModel();
}

int AutopilotModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AutopilotModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString AutopilotModel::nameAt(int row) const {
  return row >= 0 && row < rowCount() ? QString::fromStdString(m_rows[static_cast<std::size_t>(row)].name) : QString();
}

int AutopilotModel::rowOf(const QString& name) const {
  const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                  [name = name.toStdString()](const auto& each) { return each.name == name; });
  return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

QString AutopilotModel::text(const AutopilotTry& each, int row, int column) const {
  switch (column) {
    case Rank:
      return each.value ? format::integer(row + 1) : QString();
    case Model:
      return QString::fromStdString(each.name);
    case Value:
      return each.value ? valueText(*each.value, 4) : dash();
    case State:
      return tryState(each);
    case Weight:
      return each.weight > 0 ? format::percent(each.weight, 2) : QString();
    case Epochs:
      return each.epochs > 0 ? format::integer(each.epochs) : dash();
    case Duration:
      return each.seconds > 0 ? format::duration(each.seconds) : dash();
    case Run:
      return each.run > 0 ? format::integer(each.run) : dash();
    default:
      return {};
  }
}

QVariant AutopilotModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const auto& each = m_rows[static_cast<std::size_t>(index.row())];
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return text(each, index.row(), column);
    case Qt::ToolTipRole:
      if (column == Value && each.value) return format::fullNumber(*each.value);
      return column == Weight ? tr("Its part of the final model") : text(each, index.row(), column);
    case Qt::TextAlignmentRole:
      return QVariant(rightAligned(column) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      if (column == State && each.state == "failed") return Theme::current().bad;
      if (each.state == "pruned" || each.state == "cancelled") return Theme::current().secondary;
      return {};
    case RunRole:
      return QVariant::fromValue<qint64>(each.run);
    default:
      return {};
  }
}

QVariant AutopilotModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(rightAligned(section) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && section == Weight) return tr("Its part of the final model");
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Model:
      return tr("model");
    case Value:
      return m_metric.empty() ? tr("goal") : format::metricWord(m_metric, true);
    case State:
      return tr("state");
    case Weight:
      return tr("weight");
    case Epochs:
      return tr("epochs");
    case Duration:
      return tr("time");
    case Run:
      return tr("run");
    default:
      return QString();
  }
}

void AutopilotModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

QString stageWord(AutopilotStage stage) {
  switch (stage) {
    case AutopilotStage::Reading:
      return AutopilotModel::tr("Read, clean and split");
    case AutopilotStage::Baselines:
      return AutopilotModel::tr("Baselines");
    case AutopilotStage::Portfolio:
      return AutopilotModel::tr("Proven settings");
    case AutopilotStage::Search:
      return AutopilotModel::tr("Search near the best");
    case AutopilotStage::Refinement:
      return AutopilotModel::tr("Refine the layers");
    case AutopilotStage::Joining:
      return AutopilotModel::tr("Join and calibrate");
    case AutopilotStage::Refit:
      return AutopilotModel::tr("Train on all rows");
    case AutopilotStage::Testing:
      return AutopilotModel::tr("Test, once");
    case AutopilotStage::Export:
      return AutopilotModel::tr("Export and verify");
    case AutopilotStage::Report:
      return AutopilotModel::tr("Write the report");
  }
  return {};
}

QString withInterval(const services::AutopilotOutcome& outcome, const std::string& metric) {
  const auto value = outcome.metrics.find(metric);
  if (value == outcome.metrics.end()) return {};
  auto text = valueText(value->second, 4);
  if (const auto interval = outcome.intervals.find(metric); interval != outcome.intervals.end())
    text +=
        QStringLiteral(" (%1 \u2026 %2)").arg(valueText(interval->second.low, 3), valueText(interval->second.high, 3));
  return text;
}

QString whyThisOne(const services::AutopilotOutcome& outcome) {
  QStringList members;
  const AutopilotTry* single = nullptr;
  for (const auto& each : outcome.tried) {
    if (each.weight > 0)
      members << AutopilotModel::tr("%1 of \u201c%2\u201d", "percentage, model")
                     .arg(format::percent(each.weight, 2), QString::fromStdString(each.name));
    if (each.run == outcome.run && outcome.run > 0) single = &each;
  }
  const auto goal = format::metricWord("val/" + outcome.goal);
  const auto found = outcome.metrics.find("val/" + outcome.goal);
  const auto value = found != outcome.metrics.end() ? valueText(found->second, 4) : dash();
  QString text;
  if (members.size() > 1 && single != nullptr && single->value)
    text = AutopilotModel::tr("%1, joined: %2 %3 instead of %4 of the best single one, \u201c%5\u201d.")
               .arg(members.join(QStringLiteral(", ")), goal, value, valueText(*single->value, 4),
                    QString::fromStdString(single->name));
  else if (single != nullptr)
    text = AutopilotModel::tr("\u201c%1\u201d alone: joining it with others did not help. %2 %3.")
               .arg(QString::fromStdString(single->name), goal, value);
  if (outcome.treesWin && outcome.winner)
    text += QLatin1Char(' ') + AutopilotModel::tr("%1 would be better still; they are not what was exported.")
                                   .arg(QString::fromStdString(*outcome.winner));
  else if (outcome.winner)
    text += QLatin1Char(' ') + AutopilotModel::tr("Nothing that was tried is better than this baseline.");
  return text;
}

}  // namespace lathe::ui

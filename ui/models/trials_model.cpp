// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/trials_model.h"

#include <QFont>
#include <QIcon>
#include <QPainter>
#include <QPixmap>
#include <algorithm>
#include <cmath>

#include "core/spec/customary.h"
#include "core/spec/metrics.h"
#include "ui/models/format.h"
#include "ui/models/spec_form.h"
#include "ui/models/theme.h"

namespace lathe::ui {

using services::ChoosingStage;
using services::TriedSetting;

namespace {

constexpr int markSize = 8;
constexpr int sharpness = 3;  // drawn for up to three times the usual density

QIcon markOf(int family) {
  QPixmap pixmap(markSize * sharpness, markSize * sharpness);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(Theme::current().curve(family));
  painter.drawEllipse(pixmap.rect());
  return QIcon(pixmap);
}

bool comesBefore(const TriedSetting& a, const TriedSetting& b) {
  if (a.chosen != b.chosen) return a.chosen;
  if (a.round != b.round) return a.round > b.round;
  if (std::isnan(a.value) != std::isnan(b.value)) return std::isnan(b.value);
  if (a.value != b.value && !std::isnan(a.value)) return largerIsBetter(a) ? a.value > b.value : a.value < b.value;
  return a.candidate < b.candidate;
}

bool sameRow(const TriedSetting& a, const TriedSetting& b) { return a.candidate == b.candidate && a.stage == b.stage; }

}  // namespace

QString familyWord(const spec::OptimizerSpec& optimizer) {
  const auto name = choiceWord(optimizer.name);
  if (optimizer.name == "sgd") return name + QLatin1Char(' ') + format::number(optimizer.momentum);
  const bool usual = optimizer.beta2 == spec::customaryOptimizer(optimizer.name).beta2;
  return usual ? name : name + QStringLiteral(" \u03b2\u2082 ") + format::number(optimizer.beta2);
}

QStringList familiesOf(const services::Choosing& choosing, ChoosingStage stage) {
  QStringList families;
  for (const auto& tried : choosing.tried)
    if (tried.stage == stage && stage == ChoosingStage::Optimizer) families << familyWord(tried.optimizer);
  families.removeDuplicates();
  return families;
}

QString settingWord(const TriedSetting& tried) {
  if (tried.stage == ChoosingStage::Epochs)
    return TrialsModel::tr("%n epoch(s)", nullptr, format::plural(std::llround(tried.number)));
  if (tried.stage == ChoosingStage::Batch)
    return TrialsModel::tr("batches of %1").arg(format::integer(std::llround(tried.number)));
  return TrialsModel::tr("%1, learning rate %2").arg(familyWord(tried.optimizer), format::number(tried.number, 3));
}

QString valueWord(const TriedSetting& tried, bool shortForm) {
  return tried.stage == ChoosingStage::Batch ? TrialsModel::tr("rows/s") : format::metricWord(tried.metric, shortForm);
}

QString valueText(const TriedSetting& tried) {
  return std::isfinite(tried.value) ? format::aligned(tried.value) : TrialsModel::tr("diverged");
}

bool largerIsBetter(const TriedSetting& tried) {
  return tried.stage == ChoosingStage::Batch || spec::largerIsBetter(tried.metric);
}

void TrialsModel::setTrials(const services::Choosing& choosing, ChoosingStage stage) {
  auto rows = choosing.lastRounds(stage);
  std::stable_sort(rows.begin(), rows.end(), comesBefore);
  const bool same =
      stage == m_stage && rows.size() == m_rows.size() && std::equal(rows.begin(), rows.end(), m_rows.begin(), sameRow);
  if (!same) beginResetModel();
  m_stage = stage;
  m_rows = std::move(rows);
  m_families = familiesOf(choosing, stage);
  if (!same)
    endResetModel();
  else if (!m_rows.empty())
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void TrialsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int TrialsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int TrialsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant TrialsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const auto& tried = m_rows[static_cast<std::size_t>(index.row())];
  const bool optimizer = tried.stage == ChoosingStage::Optimizer;
  if (role == Qt::TextAlignmentRole)
    return QVariant((index.column() == Setting ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole) {
    auto text =
        settingWord(tried) + QLatin1Char('\n') + valueWord(tried, false) + QStringLiteral(": ") + valueText(tried);
    if (optimizer)
      text +=
          QLatin1Char('\n') + tr("Round %1: mean of %n short training(s) of %2 of the steps.", nullptr, tried.trainings)
                                  .arg(tried.round)
                                  .arg(format::percent(tried.share));
    return text;
  }
  if (role == Qt::FontRole && tried.chosen) {
    QFont bold;
    bold.setWeight(QFont::DemiBold);
    return bold;
  }
  if (role == Qt::ForegroundRole && index.column() == Value && !std::isfinite(tried.value))
    return Theme::current().warning;
  if (optimizer && index.column() == Setting && (role == ColourRole || role == Qt::DecorationRole)) {
    const auto family = static_cast<int>(m_families.indexOf(familyWord(tried.optimizer)));
    return role == ColourRole ? QVariant(family) : QVariant(markOf(family));
  }
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case Setting: {
      const auto name = optimizer ? familyWord(tried.optimizer) : QString();
      return tried.chosen ? QStringLiteral("\u2713 ") + (optimizer ? name : tr("chosen")) : name;
    }
    case Number:
      return optimizer ? format::number(tried.number, 3) : format::integer(std::llround(tried.number));
    case Round:
      return format::integer(tried.round);
    default:
      return valueText(tried);
  }
}

QVariant TrialsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant((section == Setting ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && section == Setting)
    return tr("With the momentum of SGD, or an unusual beta 2 of Adam and its relatives");
  if (role == Qt::ToolTipRole && section == Round)
    return tr("How far it came: each round goes on with the better third, in longer trainings");
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Setting:
      return m_stage == ChoosingStage::Optimizer ? tr("optimiser") : QString();
    case Number:
      if (m_stage == ChoosingStage::Epochs) return tr("epochs");
      return m_stage == ChoosingStage::Batch ? tr("batch size") : tr("rate");
    case Round:
      return tr("round");
    default:
      return m_rows.empty() ? QString() : valueWord(m_rows.front(), true);
  }
}

}  // namespace lathe::ui

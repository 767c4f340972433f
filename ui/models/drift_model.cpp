// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/drift_model.h"

#include "ui/bridge/error_text.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

using services::ColumnDrift;
using services::DriftLevel;

QString driftWord(DriftLevel level) {
  switch (level) {
    case DriftLevel::Moved:
      return DriftModel::tr("\u25b3 moved");
    case DriftLevel::Other:
      return DriftModel::tr("\u2715 different");
    default:
      return DriftModel::tr("\u2713 same");
  }
}

QColor driftColour(DriftLevel level) {
  const auto& theme = Theme::current();
  return level == DriftLevel::Same ? theme.good : level == DriftLevel::Moved ? theme.warning : theme.bad;
}

QString driftHelp(const ColumnDrift& column, int at) {
  switch (at) {
    case DriftModel::Index:
      return DriftModel::tr(
                 "%1. Below 0.1 is taken for the same, from 0.25 on for something else; rows of the same kind "
                 "stay below %2 here.")
          .arg(format::fullNumber(column.psi), format::number(column.chance, 3));
    case DriftModel::Missing:
      return DriftModel::tr("%1 in training").arg(format::percent(column.missingThen));
    case DriftModel::What:
    case DriftModel::Name:
      return translated(column.sentence, "events");
    default:
      return {};
  }
}

bool isNumber(int column) { return column >= DriftModel::Index && column <= DriftModel::Unseen; }

}  // namespace

DriftModel::DriftModel(QObject* parent) : QAbstractTableModel(parent) {}

void DriftModel::setReport(const services::DriftReport& report) {
  if (report.columns.size() == m_report.columns.size()) {
    // The same columns again: whoever reads them keeps their place.
    m_report = report;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    return;
  }
  beginResetModel();
  m_report = report;
  endResetModel();
}

int DriftModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_report.columns.size());
}

int DriftModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant DriftModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const auto& column = m_report.columns[static_cast<std::size_t>(index.row())];
  const int at = index.column();
  switch (role) {
    case Qt::DisplayRole:
      switch (at) {
        case Name:
          return QString::fromStdString(column.name);
        case State:
          return driftWord(column.level);
        case Index:
          return format::aligned(column.psi, 3);
        case Missing:
          return format::percent(column.missingNow);
        case Unseen:
          return column.kind == spec::ColumnKind::Category || column.kind == spec::ColumnKind::Boolean
                     ? format::percent(column.unseen)
                     : QStringLiteral("\u2014");
        case What:
          return translated(column.sentence, "events");
        default:
          return {};
      }
    case Qt::ToolTipRole:
      return driftHelp(column, at);
    case Qt::TextAlignmentRole:
      return QVariant(isNumber(at) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      return at == State ? QVariant(driftColour(column.level)) : QVariant();
    default:
      return {};
  }
}

QVariant DriftModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(isNumber(section) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && section == Index)
    return tr("Population stability index: how far the shares of ten bins have moved since training");
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name:
      return tr("column");
    case State:
      return tr("drift");
    case Index:
      return tr("index");
    case Missing:
      return tr("missing");
    case Unseen:
      return tr("unseen");
    case What:
      return tr("what is different");
    default:
      return {};
  }
}

void DriftModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

}  // namespace lathe::ui

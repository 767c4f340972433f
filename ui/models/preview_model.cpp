// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/preview_model.h"

#include <algorithm>
#include <limits>

#include "ui/bridge/experiment_controller.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"

namespace lathe::ui {

PreviewModel::PreviewModel(ExperimentController& experiment, QObject* parent)
    : QAbstractTableModel(parent), m_experiment(experiment) {
  connect(&experiment, &ExperimentController::dataChanged, this, &PreviewModel::follow);
  follow();
}

void PreviewModel::follow() {
  const auto* data = m_experiment.data();
  const auto preview = data != nullptr ? data->preview : nullptr;
  auto names = preview ? preview->columnNames() : std::vector<std::string>();
  std::vector<bool> numeric(names.size(), false);
  if (data != nullptr) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto& columns = data->profile.columns;
      const auto found =
          std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.name == names[i]; });
      numeric[i] =
          found != columns.end() && (found->kind == spec::ColumnKind::Integer || found->kind == spec::ColumnKind::Real);
    }
  }
  // A changed role leaves the cells as they are: then scrolling and selection stay too.
  if (preview == m_preview && names == m_names && numeric == m_numeric) return;
  beginResetModel();
  m_preview = preview;
  m_names = std::move(names);
  m_numeric = std::move(numeric);
  const auto rows = m_preview ? m_preview->rows() : 0;
  m_rows = static_cast<int>(std::clamp<std::int64_t>(rows, 0, std::numeric_limits<int>::max() - 1));
  endResetModel();
}

int PreviewModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_rows; }

int PreviewModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_names.size());
}

QVariant PreviewModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || !m_preview || index.row() >= m_rows || index.column() >= columnCount()) return {};
  if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
    return QString::fromStdString(m_preview->cell(index.row(), index.column()));
  if (role == Qt::TextAlignmentRole)
    return QVariant(m_numeric[static_cast<std::size_t>(index.column())] ? Qt::AlignRight | Qt::AlignVCenter
                                                                        : Qt::AlignLeft | Qt::AlignVCenter);
  return {};
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation == Qt::Vertical) return role == Qt::DisplayRole ? QVariant(format::integer(section + 1)) : QVariant();
  if (section < 0 || section >= columnCount()) return {};
  if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
    return QString::fromStdString(m_names[static_cast<std::size_t>(section)]);
  if (role == Qt::TextAlignmentRole)
    return QVariant(m_numeric[static_cast<std::size_t>(section)] ? Qt::AlignRight | Qt::AlignVCenter
                                                                 : Qt::AlignLeft | Qt::AlignVCenter);
  return {};
}

}  // namespace lathe::ui

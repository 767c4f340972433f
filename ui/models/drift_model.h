// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "core/services/deployment/drift.h"

namespace lathe::ui {

/// Columns of a served model beside its training rows; those that drifted most first.
class DriftModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Name, State, Index, Missing, Unseen, What, ColumnCount };

  explicit DriftModel(QObject* parent = nullptr);
  void setReport(const services::DriftReport& report);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  void retranslate();

 private:
  services::DriftReport m_report;
};

}  // namespace lathe::ui

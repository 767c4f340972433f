// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "core/spec/data_profile.h"

namespace lathe::ui {

class ExperimentController;

/// The columns of the data: name, kind and role (both editable), missing, distinct, distribution.
class ColumnsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Name, Kind, Role, Missing, Distinct, Distribution, ColumnCount };
  enum DataRole {
    SortRole = Qt::UserRole,
    HistogramRole,   ///< QVariant of spec::Histogram (Q_DECLARE_METATYPE below), for the mini plot
    ChoicesRole,     ///< QStringList of the words an editor offers; EditRole is the index among them
    ColumnRoleRole,  ///< int(spec::ColumnRole), by which the mini plot picks its colour
    ColumnKindRole   ///< int(spec::ColumnKind)
  };

  explicit ColumnsModel(ExperimentController& experiment, QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
  [[nodiscard]] const spec::ColumnProfile* column(int row) const;
  void retranslate();

 private:
  void follow();
  ExperimentController& m_experiment;
  std::vector<spec::ColumnProfile> m_columns;
};

}  // namespace lathe::ui

Q_DECLARE_METATYPE(lathe::spec::Histogram)

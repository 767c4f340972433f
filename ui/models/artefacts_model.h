// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/store/records.h"

namespace lathe::ui {

class ExportController;

/// Exported files of all runs, newest first, with what their parity check found.
class ArtefactsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { File, Run, Format, Size, CheckedIn, Rows, Parity, Created, ColumnCount };
  enum DataRole {
    SortRole = Qt::UserRole,
    PathRole,      ///< absolute path
    ParityOkRole,  ///< bool, or invalid where no report was kept or it is not judged
    RunNumberRole
  };

  explicit ArtefactsModel(ExportController& exports, QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] const store::Artefact* artefact(int row) const;
  void retranslate();

 private:
  void follow();
  ExportController& m_exports;
  std::vector<store::Artefact> m_rows;
};

}  // namespace lathe::ui

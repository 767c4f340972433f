// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <set>
#include <vector>

#include "core/store/records.h"

namespace lathe::ui {

class RunsController;

/// The project's runs, newest first. Follows the controller row by row, so that selections and scroll positions stay.
class RunsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Run, State, Metric, Epoch, Loss, Duration, Created, Tags, Test, ColumnCount };
  enum Role {
    SortRole = Qt::UserRole,  ///< raw values; unknown ones sort last when ascending
    RunNumberRole,            ///< qint64
    StatusRole,               ///< int(spec::RunStatus)
    ColourRole,               ///< int, palette index, -1 while the run's curves are not shown
    FilterRole                ///< everything a person may search for, one text
  };

  explicit RunsModel(RunsController& runs, QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  /// The name of a run, in column Run.
  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

  [[nodiscard]] const store::RunRecord* record(const QModelIndex& index) const;
  [[nodiscard]] QModelIndex indexOf(store::RunNumber run) const;
  /// The metric in column Metric: the main validation metric of the newest run's task, "val/accuracy" or "val/rmse".
  [[nodiscard]] std::string keyMetric() const;
  /// The same of the test rows, in column Test.
  [[nodiscard]] std::string testMetric() const;
  /// What stands in column Epoch while a run chooses its settings.
  [[nodiscard]] static QString choosingWord();
  /// Texts of the header again, after the language changed.
  void retranslate();

 private:
  void follow();
  void changed(qint64 run);
  RunsController& m_runs;
  [[nodiscard]] QString label(const store::RunRecord& run) const;
  void relabel();
  std::vector<store::RunRecord> m_rows;
  std::set<store::RunNumber> m_named;  ///< runs whose name no other run has
  bool m_following = false;            ///< rows come or go right now: nothing else may be announced
};

/// Main validation metric of a task as stored ("classification", "regression").
[[nodiscard]] std::string mainMetric(const std::string& task);

/// Filters by words over number, name, model, state and tags; sorts by RunsModel::SortRole.
class RunsFilter : public QSortFilterProxyModel {
  Q_OBJECT
 public:
  explicit RunsFilter(QObject* parent = nullptr);
  void setWords(const QString& text);

 protected:
  [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  QStringList m_words;
};

}  // namespace lathe::ui

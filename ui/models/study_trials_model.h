// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/services/study_table.h"

namespace lathe::ui {

/// Trials of a study, straight from its columns: nothing is kept a row but its number, so that 100 000 are sorted and
/// filtered within a frame or two.
class StudyTrialsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Fixed { Number, State, FirstValue };
  static constexpr int TrialRole = Qt::UserRole;
  static constexpr int StatusRole = Qt::UserRole + 1;
  enum class Kind : std::uint8_t { Number, State, Value, Parameter, Epochs, Duration, Reason };
  explicit StudyTrialsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  /// Null: no study. `anew`: another one, or one whose columns may have changed.
  void setTable(std::shared_ptr<const services::StudyTable> table, bool anew);
  [[nodiscard]] const std::shared_ptr<const services::StudyTable>& table() const { return m_table; }
  /// Rows that are shown; empty: all.
  using Filter = std::function<bool(const services::StudyTable& table, std::size_t trial)>;
  void setFilter(Filter filter);
  [[nodiscard]] bool filtered() const { return static_cast<bool>(m_filter); }

  [[nodiscard]] std::optional<std::size_t> trialAt(int row) const;
  /// -1: it is not shown.
  [[nodiscard]] int rowOf(std::size_t trial) const;
  /// What a column is, and of which goal or parameter.
  [[nodiscard]] std::pair<Kind, std::size_t> columnKind(int column) const;
  void retranslate();

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role = Qt::DisplayRole) const override;
  void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

 private:
  [[nodiscard]] std::vector<std::uint32_t> ordered() const;
  [[nodiscard]] QString display(std::size_t trial, Kind kind, std::size_t which) const;
  void reorder();
  void restart(std::vector<std::uint32_t> rows);

  std::shared_ptr<const services::StudyTable> m_table;
  std::vector<std::uint32_t> m_rows;  ///< trials in the order of the rows
  Filter m_filter;
  int m_sortColumn = Number;
  Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <optional>
#include <vector>

#include "core/services/open_field.h"

namespace lathe::ui {

class ExperimentController;

/// What the next search may vary, and what is wrong with it.
class SpaceModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Setting, Range, ColumnCount };
  static constexpr int PathRole = Qt::UserRole;
  static constexpr int ProblemRole = Qt::UserRole + 1;  ///< the sentence; empty: none
  explicit SpaceModel(ExperimentController& experiment, QObject* parent = nullptr);

  [[nodiscard]] const spec::SearchSpace& space() const { return m_space; }
  /// Of a row; of the space as a whole for -1. Empty: all is well.
  [[nodiscard]] QString problemOf(int row) const;
  [[nodiscard]] bool good() const { return m_problems.empty(); }
  void retranslate();

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role = Qt::DisplayRole) const override;

 private:
  void follow();
  ExperimentController& m_experiment;
  spec::SearchSpace m_space;
  std::vector<services::SpaceProblem> m_problems;
};

/// What one row says: a condition such as "if optimiser is SGD"; empty: always.
[[nodiscard]] QString conditionText(const spec::SearchSpace& space, std::size_t parameter);

/// "Width of hidden layers + 16 × Hidden layers ≤ 256".
[[nodiscard]] QString constraintText(const spec::SearchSpace& space, const spec::LinearConstraint& constraint);

}  // namespace lathe::ui

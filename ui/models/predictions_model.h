// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <optional>

#include "core/services/run_predictions.h"

namespace lathe::ui {

/// What a training says of a few validation rows: the row's number, what it is, what the model says and how sure it is
/// (of numbers: how far off), and a mark. For classes and labels the mark says right or wrong, for intervals inside or
/// outside; numbers have none.
class PredictionsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Row, Actual, Predicted, Measure, Mark, ColumnCount };
  explicit PredictionsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
  void setPredictions(const std::optional<services::RunPredictions>& predictions);
  /// How many are right, or inside their interval; nothing where there is no such thing.
  [[nodiscard]] std::optional<int> right() const;
  /// The words of a row for a picture: "7" and "0.93"; and whether it is right.
  [[nodiscard]] QString predicted(int row) const;
  [[nodiscard]] QString actual(int row) const;
  [[nodiscard]] QString measure(int row) const;
  [[nodiscard]] std::optional<bool> isRight(int row) const;
  /// One sentence about a row.
  [[nodiscard]] QString sentence(int row) const;
  void retranslate();

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role = Qt::DisplayRole) const override;

 private:
  [[nodiscard]] bool numbers() const;
  [[nodiscard]] const services::PredictedRow& at(int row) const { return m_shown.rows[static_cast<std::size_t>(row)]; }
  /// Where the levels of a target begin in a row's values, and where its middle one is.
  [[nodiscard]] std::size_t middleOf(std::size_t target) const;
  [[nodiscard]] std::size_t levels() const;

  services::RunPredictions m_shown;
};

}  // namespace lathe::ui

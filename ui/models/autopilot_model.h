// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <string>
#include <vector>

#include "core/services/autopilot/autopilot.h"

namespace lathe::ui {

class AutopilotController;

/// The models that an Autopilot tries, best first, as they are told of.
class AutopilotModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Rank, Model, Value, State, Weight, Epochs, Duration, Run, ColumnCount };
  enum DataRole { RunRole = Qt::UserRole };  ///< qint64; 0: there is none

  explicit AutopilotModel(AutopilotController& autopilot, QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  /// -1: no model of that name.
  [[nodiscard]] int rowOf(const QString& name) const;
  [[nodiscard]] QString nameAt(int row) const;
  void retranslate();

 private:
  void follow();
  [[nodiscard]] QString text(const services::AutopilotTry& each, int row, int column) const;

  AutopilotController& m_autopilot;
  std::vector<services::AutopilotTry> m_rows;
  std::string m_metric;
};

/// What a stage is called.
[[nodiscard]] QString stageWord(services::AutopilotStage stage);
/// A value of the goal with its interval, where there is one: "0.9123 (0.8911 … 0.9302)".
[[nodiscard]] QString withInterval(const services::AutopilotOutcome& outcome, const std::string& metric);
/// Why the final model is the one that it is, in a sentence or two.
[[nodiscard]] QString whyThisOne(const services::AutopilotOutcome& outcome);

}  // namespace lathe::ui

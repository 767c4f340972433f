// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

#include "core/services/choosing.h"

namespace lathe::ui {

/// The settings that a run tried in one stage, each after its last round: the chosen one first, then those that got
/// farthest, the better ones before the others.
class TrialsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Setting, Number, Round, Value, ColumnCount };
  /// int, the palette index of a setting's family (familiesOf()), in column Setting.
  static constexpr int ColourRole = Qt::UserRole;
  explicit TrialsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
  void setTrials(const services::Choosing& choosing, services::ChoosingStage stage);
  [[nodiscard]] services::ChoosingStage stage() const { return m_stage; }
  [[nodiscard]] const std::vector<services::TriedSetting>& rows() const { return m_rows; }
  void retranslate();

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role = Qt::DisplayRole) const override;

 private:
  services::ChoosingStage m_stage = services::ChoosingStage::Optimizer;
  std::vector<services::TriedSetting> m_rows;
  QStringList m_families;
};

/// An optimiser with the momentum that is tried with its rate, or its beta 2 where that is not the usual one: "SGD
/// 0.9", "AdamW β₂ 0.99".
[[nodiscard]] QString familyWord(const spec::OptimizerSpec& optimizer);
/// Of the settings of one stage, in the order in which they were tried; none of a stage without optimisers.
[[nodiscard]] QStringList familiesOf(const services::Choosing& choosing, services::ChoosingStage stage);
/// A setting in words: "AdamW, learning rate 0.003", "40 epochs", "batches of 64".
[[nodiscard]] QString settingWord(const services::TriedSetting& tried);
/// What its value is called: "val loss", "rows/s".
[[nodiscard]] QString valueWord(const services::TriedSetting& tried, bool shortForm);
/// "0.1234", or that it diverged.
[[nodiscard]] QString valueText(const services::TriedSetting& tried);
/// Whether a larger value is better.
[[nodiscard]] bool largerIsBetter(const services::TriedSetting& tried);

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QModelIndex>

#include "ui/widgets/card.h"

class QLabel;
class QPushButton;

namespace lathe::ui {

class ElidedLabel;

/// One sample: Train now where it is installed (or Choose weights where it needs some), else the command that installs
/// it, with a button that copies it.
class SampleCard : public Card {
  Q_OBJECT
 public:
  explicit SampleCard(QWidget* parent = nullptr);
  void show(const QModelIndex& sample);
  [[nodiscard]] QPushButton& mainButton() const { return *m_main; }

 Q_SIGNALS:
  void wanted(const QString& id, bool train);
  /// It is to be trained from a weights file, which is still to be chosen.
  void weightsWanted(const QString& id);

 private:
  QString m_id;
  QString m_command;
  bool m_installed = false;
  bool m_needsWeights = false;
  QLabel* m_title;
  QLabel* m_description;
  QLabel* m_package;
  QLabel* m_commandLabel;
  QPushButton* m_main;
  QPushButton* m_look;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "core/base/result.h"

class QFrame;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace lathe::ui {

class Card;
class FactList;
class Workbench;

/// Before an Autopilot starts: what was found in the data and what deserves a look, what will happen, and earlier ones,
/// of which those that did not end can be gone on with.
class AutopilotReady : public QWidget {
  Q_OBJECT
 public:
  explicit AutopilotReady(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();

 Q_SIGNALS:
  void fileWanted();
  void folderWanted();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void buildZone(QVBoxLayout& column);
  void followData();
  void followEarlier();
  [[nodiscard]] QWidget* earlierRow(std::size_t index);

  Workbench& m_workbench;
  std::optional<Error> m_unread;  ///< why the data could not be read
  QLabel* m_title;
  QFrame* m_zone;
  QLabel* m_zoneTitle;
  QLabel* m_zoneText;
  QPushButton* m_file;
  QPushButton* m_folder;
  Card* m_found;
  QLabel* m_foundTitle;
  FactList* m_facts;
  QLabel* m_warningsTitle;
  QVBoxLayout* m_warnings;
  Card* m_earlier;
  QLabel* m_earlierTitle;
  QVBoxLayout* m_earlierRows;
  Card* m_steps;
  QLabel* m_stepsTitle;
  QLabel* m_stepsText;
};

}  // namespace lathe::ui

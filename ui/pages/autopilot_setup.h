// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/bridge/autopilot_controller.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace lathe::ui {

class FormatBoxes;
class Form;
class PaneHeader;
class PillButton;
class ServerFields;
class ValueEditor;
class Workbench;

/// What an Autopilot is asked for: data, target, time, goal, limits, formats, a server; and the button that starts it,
/// with a sentence below while it cannot.
class AutopilotSetup : public QWidget {
  Q_OBJECT
 public:
  explicit AutopilotSetup(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  [[nodiscard]] AutopilotController::Wish wish() const;
  /// Why it cannot be started, in a sentence; empty: it can.
  [[nodiscard]] QString problem() const;
  void start();

 Q_SIGNALS:
  void fileWanted();
  void folderWanted();
  void dataChosen(const QString& path);

 private:
  void buildForm();
  [[nodiscard]] QWidget* buildData();
  [[nodiscard]] QWidget* buildTime();
  [[nodiscard]] QWidget* withUnit(ValueEditor* editor, QLabel*& unit);
  void connectParts();
  void copyCommand();
  void follow();
  void followData();
  void followGoals();
  void followTime();
  void setMinutes(double minutes);
  [[nodiscard]] std::optional<double> minutes() const;

  Workbench& m_workbench;
  PaneHeader* m_header = nullptr;
  QScrollArea* m_scroller = nullptr;
  QWidget* m_fields = nullptr;
  Form* m_form = nullptr;
  QLineEdit* m_data = nullptr;
  QToolButton* m_browse = nullptr;
  QComboBox* m_target = nullptr;
  QLabel* m_task = nullptr;
  std::vector<std::pair<int, PillButton*>> m_presets;  ///< minutes
  ValueEditor* m_minutes = nullptr;
  QComboBox* m_goal = nullptr;
  ValueEditor *m_latency = nullptr, *m_size = nullptr;
  QLabel *m_minutesUnit = nullptr, *m_latencyUnit = nullptr, *m_sizeUnit = nullptr;
  FormatBoxes* m_formats = nullptr;
  ServerFields* m_server = nullptr;
  QPushButton* m_start = nullptr;
  QPushButton* m_stop = nullptr;
  QPushButton* m_copy = nullptr;
  QLabel* m_why = nullptr;
  std::vector<std::string> m_goals;
};

}  // namespace lathe::ui

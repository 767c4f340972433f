// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/store/records.h"

class QLabel;
class QPushButton;

namespace lathe::ui {

class PaneHeader;
class SpecFormWidget;
class Workbench;

/// The settings of the next training, and why the newest run that is shown got the values that were chosen by itself.
class TrainInspector : public QWidget {
  Q_OBJECT
 public:
  explicit TrainInspector(Workbench& workbench, QWidget* parent = nullptr);
  [[nodiscard]] SpecFormWidget* form() const { return m_form; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void followReasons();
  void showReasons(store::RunNumber run, const std::vector<store::Event>& events);
  void freeze();

  Workbench& m_workbench;
  PaneHeader* m_header;
  SpecFormWidget* m_form;
  QPushButton* m_findRate;
  QLabel* m_reasonsTitle;
  QLabel* m_reasons;
  QPushButton* m_freeze;
  store::RunNumber m_reasonsOf = 0;
  bool m_complete = false;  ///< the reasons of this run were read
};

}  // namespace lathe::ui

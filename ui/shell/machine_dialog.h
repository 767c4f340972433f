// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <vector>

#include "core/services/doctor.h"

class QGridLayout;
class QLabel;
class QPushButton;

namespace lathe::ui {

class Workbench;

/// What this machine has and what to mend, as `lathe-cli doctor` says it. Looks on a worker thread when it is opened.
class MachineDialog : public QDialog {
  Q_OBJECT
 public:
  MachineDialog(Workbench& workbench, QWidget* parent);
  [[nodiscard]] const std::vector<services::Check>& checks() const { return m_checks; }

 Q_SIGNALS:
  void reportWanted();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void look();
  void fill(std::vector<services::Check>&& checks);
  void retranslate();
  [[nodiscard]] QString asText() const;

  Workbench& m_workbench;
  std::vector<services::Check> m_checks;
  QLabel* m_title;
  QWidget* m_list;
  QGridLayout* m_rows;
  QPushButton* m_copy;
  QPushButton* m_report;
  QPushButton* m_close;
};

}  // namespace lathe::ui

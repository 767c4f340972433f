// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace lathe::ui {

/// Asks what becomes of the trainings of this window when it is closed. Opened with open(), never exec().
class CloseDialog : public QDialog {
  Q_OBJECT
 public:
  CloseDialog(int runs, QWidget* parent);

 Q_SIGNALS:
  void keepGoing();    ///< without a window until they are done
  void stopAndSave();  ///< pause each with a checkpoint
};

}  // namespace lathe::ui

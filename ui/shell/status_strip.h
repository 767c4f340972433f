// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace lathe::ui {

class ElidedLabel;
class Workbench;

/// The last line: device and threads, BLAS (with the command that mends a slow one), LibTorch, memory, the store.
class StatusStrip : public QFrame {
  Q_OBJECT
 public:
  explicit StatusStrip(Workbench& workbench, QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void follow();
  void followMachine();
  void followStore();
  void showBlasHelp();
  Workbench& m_workbench;
  QLabel* m_device;
  QPushButton* m_blasWarning;
  QLabel* m_blas;
  QLabel* m_engine;
  QLabel* m_memory;
  ElidedLabel* m_store;
  QTimer m_timer;
  unsigned m_threads = 0;
  qint64 m_points = 0;
  double m_memoryUsed = 0, m_memoryTotal = 0, m_memoryFree = 0;  ///< bytes; 0: not known yet
  bool m_engineFailed = false;
};

}  // namespace lathe::ui

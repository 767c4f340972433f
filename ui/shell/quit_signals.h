// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <array>

class QSocketNotifier;

namespace lathe::ui {

/// SIGINT and SIGTERM as a Qt signal on the thread that made this. The first asks; the second ends the process as if
/// nobody listened, as lathe-cli does. One object at a time; with it the process' own handling comes back.
class QuitSignals : public QObject {
  Q_OBJECT
 public:
  explicit QuitSignals(QObject* parent = nullptr);
  ~QuitSignals() override;
  QuitSignals(const QuitSignals&) = delete;
  QuitSignals& operator=(const QuitSignals&) = delete;

 Q_SIGNALS:
  void asked();

 private:
  std::array<int, 2> m_pipe{-1, -1};
  QSocketNotifier* m_notifier = nullptr;
};

}  // namespace lathe::ui

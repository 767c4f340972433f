// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <memory>

class QDBusUnixFileDescriptor;

namespace lathe::ui {

class Workbench;

/// What a long training asks of the desktop: no suspend while it runs, and a notification when it ended while the
/// window is not in front. Silently does nothing where there is no session or system bus.
class DesktopHelper : public QObject {
  Q_OBJECT
 public:
  explicit DesktopHelper(Workbench& workbench, QObject* parent = nullptr);
  ~DesktopHelper() override;
  DesktopHelper(const DesktopHelper&) = delete;
  DesktopHelper& operator=(const DesktopHelper&) = delete;

 private:
  void follow();
  void tellOfAutopilot();
  void inhibitSuspend();
  void notify(const QString& title, const QString& text);
  Workbench& m_workbench;
  std::unique_ptr<QDBusUnixFileDescriptor> m_inhibitor;
  bool m_asked = false;
  QList<qint64> m_active;
};

}  // namespace lathe::ui

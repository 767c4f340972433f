// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/desktop.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusUnixFileDescriptor>
#include <QFile>
#include <QVariantMap>

#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"

namespace lathe::ui {
namespace {

constexpr double longRunSeconds = 30;

bool hasBus(const char* variable, const QString& file) {
  return !qEnvironmentVariableIsEmpty(variable) || QFile::exists(file);
}

}  // namespace

DesktopHelper::DesktopHelper(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {
  connect(&workbench.runs(), &RunsController::runsReset, this, &DesktopHelper::follow);
  connect(&workbench.runs(), &RunsController::runChanged, this, &DesktopHelper::follow);
  connect(&workbench.autopilot(), &AutopilotController::changed, this, &DesktopHelper::follow);
  connect(&workbench.autopilot(), &AutopilotController::finished, this, &DesktopHelper::tellOfAutopilot);
}

DesktopHelper::~DesktopHelper() = default;

void DesktopHelper::follow() {
  QList<qint64> active;
  for (const auto run : m_workbench.runs().activeHere()) active.append(run);
  if (m_workbench.autopilot().working()) active.append(0);  // no run has this number
  for (const auto number : std::as_const(m_active)) {
    if (active.contains(number)) continue;
    const auto* run = m_workbench.runs().run(number);
    if (run == nullptr || run->seconds < longRunSeconds || QApplication::activeWindow() != nullptr) continue;
    if (run->status == spec::RunStatus::Completed)
      notify(tr("Run %1 is done").arg(number), tr("It took %1.").arg(format::duration(run->seconds)));
    if (run->status == spec::RunStatus::Failed && run->error)
      notify(tr("Run %1 failed").arg(number), translated(run->error->message));
  }
  m_active = active;
  if (m_active.isEmpty()) {
    m_inhibitor.reset();
    m_asked = false;
  } else if (!m_asked) {
    m_asked = true;
    inhibitSuspend();
  }
}

void DesktopHelper::tellOfAutopilot() {
  const auto& autopilot = m_workbench.autopilot();
  if (QApplication::activeWindow() != nullptr) return;
  if (const auto* outcome = autopilot.outcome(); outcome != nullptr && outcome->seconds >= longRunSeconds)
    notify(tr("The Autopilot is done"), tr("It took %1.").arg(format::duration(outcome->seconds)));
  else if (outcome == nullptr && autopilot.error())
    notify(tr("The Autopilot failed"), translated(autopilot.error()->message));
}

void DesktopHelper::inhibitSuspend() {
  if (!hasBus("DBUS_SYSTEM_BUS_ADDRESS", QStringLiteral("/run/dbus/system_bus_socket"))) return;
  auto bus = QDBusConnection::systemBus();
  if (!bus.isConnected()) return;
  auto message = QDBusMessage::createMethodCall(
      QStringLiteral("org.freedesktop.login1"), QStringLiteral("/org/freedesktop/login1"),
      QStringLiteral("org.freedesktop.login1.Manager"), QStringLiteral("Inhibit"));
  message << QStringLiteral("sleep") << QStringLiteral("Lathe") << tr("A model is training") << QStringLiteral("block");
  auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(message), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* call) {
    const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *call;
    if (!reply.isError() && !m_active.isEmpty()) m_inhibitor = std::make_unique<QDBusUnixFileDescriptor>(reply.value());
    call->deleteLater();
  });
}

void DesktopHelper::notify(const QString& title, const QString& text) {
  const auto runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
  if (!hasBus("DBUS_SESSION_BUS_ADDRESS", runtime + QLatin1String("/bus"))) return;
  auto bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return;
  auto message = QDBusMessage::createMethodCall(
      QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
      QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
  message << QStringLiteral("Lathe") << uint{0} << QStringLiteral("org.lathe_workbench.Lathe") << title << text
          << QStringList() << QVariantMap() << -1;
  bus.asyncCall(message);
}

}  // namespace lathe::ui

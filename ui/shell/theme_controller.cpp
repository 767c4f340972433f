// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/theme_controller.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFile>
#include <QIcon>
#include <QSettings>
#include <QStandardPaths>
#include <QStyleFactory>
#include <functional>

#include "ui/models/theme.h"
#include "ui/shell/preferences.h"
#include "ui/shell/style_sheet.h"
#include "ui/widgets/icons.h"

namespace lathe::ui {
namespace {

const QString portalService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString portalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString portalInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString appearance = QStringLiteral("org.freedesktop.appearance");
const QString colourScheme = QStringLiteral("color-scheme");

/// Asking for a bus that is not there would start one.
bool hasSessionBus() {
  if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")) return true;
  const auto runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
  return !runtime.isEmpty() && QFile::exists(runtime + QLatin1String("/bus"));
}

uint schemeOf(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
  return value.toUInt();
}

/// Tells the portal's colour scheme: once it answered, and whenever it changes.
class PortalWatcher : public QObject {
  Q_OBJECT
 public:
  PortalWatcher(std::function<void(uint)> tell, QObject* parent) : QObject(parent), m_tell(std::move(tell)) {
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return;
    bus.connect(portalService, portalPath, portalInterface, QStringLiteral("SettingChanged"), this,
                SLOT(changed(QString, QString, QDBusVariant)));
    auto message = QDBusMessage::createMethodCall(portalService, portalPath, portalInterface, QStringLiteral("Read"));
    message << appearance << colourScheme;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* call) {
      const QDBusPendingReply<QVariant> reply = *call;
      if (!reply.isError()) m_tell(schemeOf(reply.value()));
      call->deleteLater();
    });
  }

 private Q_SLOTS:
  void changed(const QString& group, const QString& key, const QDBusVariant& value) {
    if (group == appearance && key == colourScheme) m_tell(schemeOf(value.variant()));
  }

 private:
  std::function<void(uint)> m_tell;
};

void writeTinted(const QString& file, const QString& name, const QColor& colour) {
  QFile source(QLatin1String(":/icons/") + name + QLatin1String(".svg"));
  QFile target(file);
  if (!source.open(QIODevice::ReadOnly) || !target.open(QIODevice::WriteOnly)) return;
  auto svg = source.readAll();
  svg.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
  svg.replace("stroke-width=\"1.8\"", "stroke-width=\"2.6\"");
  target.write(svg);
}

}  // namespace

ThemeController::ThemeController(Preferences& preferences, QObject* parent)
    : QObject(parent), m_preferences(preferences) {
  const auto platform = QApplication::palette();
  m_systemDark = platform.color(QPalette::Window).lightnessF() < platform.color(QPalette::WindowText).lightnessF();
  const QSettings settings;
  // The portal's last answer, so that the first window already has the right colours.
  if (hasSessionBus() && settings.contains(QStringLiteral("theme/portalDark")))
    m_systemDark = settings.value(QStringLiteral("theme/portalDark")).toBool();
  connect(&preferences, &Preferences::themeChanged, this, &ThemeController::apply);
  // Some platforms name no places for icon themes.
  auto places = QIcon::themeSearchPaths();
  for (const auto& place : QStandardPaths::locateAll(QStandardPaths::GenericDataLocation, QStringLiteral("icons"),
                                                     QStandardPaths::LocateDirectory))
    if (!places.contains(place)) places.append(place);
  QIcon::setThemeSearchPaths(places);
  (void)applicationIcon();  // makes the icons known before they are copied
  apply();
  if (hasSessionBus()) new PortalWatcher([this](uint scheme) { systemSchemeChanged(scheme); }, this);
}

void ThemeController::systemSchemeChanged(uint scheme) {
  if (scheme == 0) return;
  m_systemDark = scheme == 1;
  QSettings().setValue(QStringLiteral("theme/portalDark"), m_systemDark);
  apply();
}

void ThemeController::apply() {
  const auto choice = m_preferences.theme();
  const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && m_systemDark);
  if (m_applied && dark == m_dark) return;
  if (!m_applied) QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  m_applied = true;
  m_dark = dark;
  Theme::setDark(dark);
  const auto& theme = Theme::current();
  QIcon::setThemeName(dark ? QStringLiteral("breeze-dark") : QStringLiteral("breeze"));
  QIcon::setFallbackThemeName(QStringLiteral("hicolor"));
  writeTinted(m_images.filePath(QStringLiteral("chevron.svg")), QStringLiteral("chevron-down"), theme.secondary);
  writeTinted(m_images.filePath(QStringLiteral("check.svg")), QStringLiteral("check"), theme.accentText);
  QApplication::setPalette(palette(theme));
  qApp->setStyleSheet(styleSheet(theme, m_images.path()));
}

}  // namespace lathe::ui

#include "theme_controller.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/preferences.h"

#include <QSettings>
#include <algorithm>

namespace lathe::ui {
namespace {

void store(const char* key, const QVariant& value) { QSettings().setValue(QLatin1String(key), value); }

constexpr int mostThreads = 1024;

}  // namespace

Preferences::Preferences(QObject* parent) : QObject(parent) {
  const QSettings settings;
  const auto theme = settings.value(QStringLiteral("preferences/theme")).toString();
  if (theme == QLatin1String("light")) m_theme = ThemeChoice::Light;
  if (theme == QLatin1String("dark")) m_theme = ThemeChoice::Dark;
  m_language = settings.value(QStringLiteral("preferences/language")).toString();
  m_threads = std::clamp(settings.value(QStringLiteral("preferences/threads"), 0).toInt(), 0, mostThreads);
  m_reopen = settings.value(QStringLiteral("preferences/reopenProject"), true).toBool();
}

void Preferences::setTheme(ThemeChoice theme) {
  if (theme == m_theme) return;
  m_theme = theme;
  const char* name = theme == ThemeChoice::Light ? "light" : theme == ThemeChoice::Dark ? "dark" : "system";
  store("preferences/theme", QLatin1String(name));
  Q_EMIT themeChanged();
}

void Preferences::setLanguage(const QString& language) {
  if (language == m_language) return;
  m_language = language;
  store("preferences/language", language);
  Q_EMIT languageChanged();
}

void Preferences::setThreads(int threads) {
  m_threads = std::clamp(threads, 0, mostThreads);
  store("preferences/threads", m_threads);
}

void Preferences::setReopenProject(bool reopen) {
  m_reopen = reopen;
  store("preferences/reopenProject", reopen);
}

}  // namespace lathe::ui

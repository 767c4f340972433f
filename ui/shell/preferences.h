// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

namespace lathe::ui {

enum class ThemeChoice { System, Light, Dark };

/// What a person prefers, kept in QSettings. Changes are saved and told at once.
class Preferences : public QObject {
  Q_OBJECT
 public:
  explicit Preferences(QObject* parent = nullptr);

  [[nodiscard]] ThemeChoice theme() const { return m_theme; }
  void setTheme(ThemeChoice theme);
  /// "en", "zh_CN", or "" for the system's.
  [[nodiscard]] const QString& language() const { return m_language; }
  void setLanguage(const QString& language);
  /// Threads of a training in a new project; 0: by the model's size.
  [[nodiscard]] int threads() const { return m_threads; }
  void setThreads(int threads);
  /// Whether the last project is opened again when Lathe starts.
  [[nodiscard]] bool reopenProject() const { return m_reopen; }
  void setReopenProject(bool reopen);

 Q_SIGNALS:
  void themeChanged();
  void languageChanged();

 private:
  ThemeChoice m_theme = ThemeChoice::System;
  QString m_language;
  int m_threads = 0;
  bool m_reopen = true;
};

}  // namespace lathe::ui

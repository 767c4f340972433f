// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <memory>

class QTranslator;

namespace lathe::ui {

class Preferences;

/// Installs the translators of the preferred language, at the start and whenever it changes: every widget then gets
/// LanguageChange. Also sets the default locale, by which numbers are written.
class LanguageController : public QObject {
  Q_OBJECT
 public:
  explicit LanguageController(Preferences& preferences, QObject* parent = nullptr);
  ~LanguageController() override;
  LanguageController(const LanguageController&) = delete;
  LanguageController& operator=(const LanguageController&) = delete;

  struct Language {
    QString code;
    QString name;  ///< in the language itself
  };
  [[nodiscard]] static QList<Language> languages();
  /// Code in use now: "en" or "zh_CN".
  [[nodiscard]] const QString& current() const { return m_current; }

 private:
  void apply();
  Preferences& m_preferences;
  QString m_current;
  std::unique_ptr<QTranslator> m_own;
  std::unique_ptr<QTranslator> m_qt;
};

}  // namespace lathe::ui

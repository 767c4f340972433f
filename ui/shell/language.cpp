// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include "ui/shell/preferences.h"

// Outside any namespace, as the macro wants it.
static void initialiseTranslations() { Q_INIT_RESOURCE(translations); }

namespace lathe::ui {

LanguageController::LanguageController(Preferences& preferences, QObject* parent)
    : QObject(parent), m_preferences(preferences) {
  initialiseTranslations();
  connect(&preferences, &Preferences::languageChanged, this, &LanguageController::apply);
  apply();
}

LanguageController::~LanguageController() = default;

QList<LanguageController::Language> LanguageController::languages() {
  return {{QStringLiteral("en"), QStringLiteral("English")},
          {QStringLiteral("zh_CN"), QString::fromUtf8("\xe7\xae\x80\xe4\xbd\x93\xe4\xb8\xad\xe6\x96\x87")}};
}

void LanguageController::apply() {
  const auto system = QLocale::system();
  QString code = m_preferences.language();
  if (code.isEmpty()) code = system.language() == QLocale::Chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
  if (code == m_current) return;
  m_current = code;
  const QLocale wanted(code);
  QLocale::setDefault(wanted.language() == system.language() ? system : wanted);

  auto own = std::make_unique<QTranslator>();
  auto qt = std::make_unique<QTranslator>();
  const bool hasOwn = own->load(QStringLiteral(":/i18n/lathe_%1.qm").arg(code));
  const bool hasQt =
      qt->load(QStringLiteral("qtbase_%1").arg(code), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
  if (m_own) QCoreApplication::removeTranslator(m_own.get());
  if (m_qt) QCoreApplication::removeTranslator(m_qt.get());
  if (hasQt) QCoreApplication::installTranslator(qt.get());
  if (hasOwn) QCoreApplication::installTranslator(own.get());
  m_own = std::move(own);
  m_qt = std::move(qt);
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/preferences_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/shell/language.h"
#include "ui/shell/preferences.h"
#include "ui/widgets/form.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

PreferencesDialog::PreferencesDialog(Preferences& preferences, unsigned machineThreads, QWidget* parent)
    : QDialog(parent),
      m_preferences(preferences),
      m_form(new Form(this)),
      m_theme(new QComboBox(this)),
      m_language(new QComboBox(this)),
      m_threads(new QSpinBox(this)),
      m_reopen(new QCheckBox(this)),
      m_close(makeButton(ButtonKind::Ordinary, this)) {
  setObjectName(QStringLiteral("preferencesDialog"));
  setAttribute(Qt::WA_DeleteOnClose);
  m_theme->setObjectName(QStringLiteral("themeChoice"));
  m_language->setObjectName(QStringLiteral("languageChoice"));
  for (const auto choice : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark})
    m_theme->addItem(QString(), static_cast<int>(choice));
  m_language->addItem(QString(), QString());
  for (const auto& language : LanguageController::languages()) m_language->addItem(language.name, language.code);
  m_threads->setRange(0, static_cast<int>(machineThreads));
  m_theme->setCurrentIndex(m_theme->findData(static_cast<int>(preferences.theme())));
  m_language->setCurrentIndex(m_language->findData(preferences.language()));
  m_threads->setValue(preferences.threads());
  m_reopen->setChecked(preferences.reopenProject());

  for (QWidget* field : {static_cast<QWidget*>(m_theme), static_cast<QWidget*>(m_language),
                         static_cast<QWidget*>(m_threads), static_cast<QWidget*>(m_reopen)})
    m_form->addRow(QString(), field);
  m_threadsNote = makeLabel(TextRole::Caption, this);
  m_threadsNote->setWordWrap(true);
  m_threadsNote->setMinimumWidth(392);  // its height is that of this width, not of a narrow column
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 24, 24, 16);
  layout->setSpacing(16);
  layout->addWidget(m_form);
  layout->addWidget(m_threadsNote);
  layout->addStretch(1);
  layout->addWidget(m_close, 0, Qt::AlignRight);
  setMinimumWidth(440);

  connect(m_theme, &QComboBox::activated, this,
          [this] { m_preferences.setTheme(static_cast<ThemeChoice>(m_theme->currentData().toInt())); });
  connect(m_language, &QComboBox::activated, this,
          [this] { m_preferences.setLanguage(m_language->currentData().toString()); });
  connect(m_threads, &QSpinBox::valueChanged, this, [this](int value) { m_preferences.setThreads(value); });
  connect(m_reopen, &QCheckBox::toggled, this, [this](bool on) { m_preferences.setReopenProject(on); });
  connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
  retranslate();
}

void PreferencesDialog::changeEvent(QEvent* event) {
  QDialog::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

void PreferencesDialog::retranslate() {
  setWindowTitle(tr("Preferences"));
  m_theme->setItemText(0, tr("As the system"));
  m_theme->setItemText(1, tr("Light"));
  m_theme->setItemText(2, tr("Dark"));
  m_language->setItemText(0, tr("As the system"));
  m_threads->setSpecialValueText(tr("by the model's size"));
  m_close->setText(tr("Close"));
  const auto& rows = m_form->rows();
  rows[0].setText(tr("Theme"));
  rows[1].setText(tr("Language"));
  rows[2].setText(tr("Threads"), tr("How many threads a training in a new project uses"));
  rows[3].setText(tr("At the start"), tr("Whether the last project is opened again when Lathe starts"));
  m_reopen->setText(tr("Open the last project"));
  m_threadsNote->setText(
      tr("The number of threads goes into new projects. A project that exists keeps its own, under Machine on the "
         "Train page."));
}

}  // namespace lathe::ui

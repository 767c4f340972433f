// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include <QVBoxLayout>

#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/thin_progress.h"

namespace lathe::ui {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent),
      m_title(makeParagraph(TextRole::Section, this)),
      m_text(makeParagraph(TextRole::Caption, this)),
      m_progress(new ThinProgress(this)),
      m_button(makeButton(ButtonKind::Primary, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 24, 24, 24);
  layout->setSpacing(8);
  layout->addStretch(2);
  for (auto* label : {m_title, m_text}) {
    label->setAlignment(Qt::AlignCenter);
    layout->addWidget(label);
  }
  m_progress->setFixedWidth(240);
  layout->addWidget(m_progress, 0, Qt::AlignHCenter);
  layout->addWidget(m_button, 0, Qt::AlignHCenter);
  layout->addStretch(3);
  m_progress->hide();
  m_button->hide();
  connect(m_button, &QPushButton::clicked, this, &EmptyState::clicked);
}

void EmptyState::showEmpty(const QString& title, const QString& text, const QString& button) {
  setTextRole(*m_title, TextRole::Section);
  m_title->setText(title);
  m_text->setText(text);
  m_text->setVisible(!text.isEmpty());
  m_progress->hide();
  m_button->setText(button);
  m_button->setAccessibleName(button);
  m_button->setVisible(!button.isEmpty());
}

void EmptyState::showBusy(const QString& title, double fraction) {
  setTextRole(*m_title, TextRole::Section);
  m_title->setText(title);
  m_text->hide();
  m_progress->setFraction(fraction);
  m_progress->show();
  m_button->hide();
}

void EmptyState::showError(const QString& sentence, const QString& remedy, const QString& button) {
  showEmpty(sentence, remedy, button);
  setTextRole(*m_title, TextRole::Bad);
}

}  // namespace lathe::ui

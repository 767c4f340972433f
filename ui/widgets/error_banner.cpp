// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/error_banner.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/bridge/error_text.h"
#include "ui/models/theme.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"

namespace lathe::ui {

ErrorBanner::ErrorBanner(QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_sentence(makeParagraph(TextRole::Strong, this)),
      m_remedy(makeParagraph(TextRole::Body, this)),
      m_copy(new QToolButton(this)),
      m_close(new QToolButton(this)) {
  setProperty("banner", true);
  setFocusPolicy(Qt::TabFocus);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(16, 8, 12, 8);
  layout->setSpacing(12);
  layout->addWidget(m_icon, 0, Qt::AlignTop);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(2);
  texts->addWidget(m_sentence);
  texts->addWidget(m_remedy);
  for (auto* label : {m_sentence, m_remedy}) label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  layout->addLayout(texts, 1);
  for (auto* button : {m_copy, m_close}) {
    button->setAutoRaise(true);
    layout->addWidget(button, 0, Qt::AlignTop);
  }
  m_copy->setIcon(icon(QStringLiteral("copy")));
  m_close->setIcon(icon(QStringLiteral("cross")));
  connect(m_close, &QToolButton::clicked, this, &ErrorBanner::dismiss);
  connect(m_copy, &QToolButton::clicked, this,
          [this] { QApplication::clipboard()->setText(sentence() + QLatin1Char('\n') + remedy()); });
  hide();
  retranslate();
}

void ErrorBanner::showError(const Error& error) {
  m_error = error;
  retranslate();
  show();
}

QString ErrorBanner::sentence() const { return m_sentence->text(); }
QString ErrorBanner::remedy() const { return m_remedy->text(); }

void ErrorBanner::dismiss() {
  m_error = {};
  hide();
}

void ErrorBanner::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) retranslate();
}

void ErrorBanner::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return dismiss();
  QFrame::keyPressEvent(event);
}

void ErrorBanner::retranslate() {
  m_icon->setPixmap(icon(QStringLiteral("error"), Theme::current().bad).pixmap(QSize(18, 18), devicePixelRatioF()));
  m_icon->setAccessibleName(tr("Error"));
  m_copy->setToolTip(tr("Copy the message"));
  m_copy->setAccessibleName(m_copy->toolTip());
  m_close->setToolTip(tr("Close"));
  m_close->setAccessibleName(m_close->toolTip());
  if (m_error.message.text.empty()) return;
  m_sentence->setText(translated(m_error.message));
  m_remedy->setText(translated(m_error.hint));
  m_remedy->setVisible(!m_error.hint.text.empty());
  setAccessibleName(errorText(m_error));
}

}  // namespace lathe::ui

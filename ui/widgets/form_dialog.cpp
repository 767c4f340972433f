// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/form_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/form.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/scrolled_column.h"

namespace lathe::ui {

namespace {

constexpr int usualWidth = 420, mostHeight = 600, bare = 160, rowHeight = 36;

void showIn(QLabel& label, const QString& text) {
  label.setText(text);
  label.setVisible(!text.isEmpty());
}

}  // namespace

FormDialog::FormDialog(const QString& title, const QString& deed, QWidget* parent)
    : QDialog(parent),
      m_introduction(makeParagraph(TextRole::Caption, this)),
      m_sentence(makeParagraph(TextRole::Strong, this)),
      m_problem(makeParagraph(TextRole::Bad, this)),
      m_accept(makeButton(ButtonKind::Primary, this, deed)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(title);
  auto* scroller = new QScrollArea(this);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  scroller->setFocusPolicy(Qt::NoFocus);
  scroller->setAccessibleName(title);
  auto* inner = new ScrolledColumn(scroller);
  m_form = new Form(inner);
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_form);
  column->addStretch(1);
  scroller->setWidget(inner);
  auto* cancel = makeButton(ButtonKind::Ordinary, this, tr("Cancel"));
  m_accept->setDefault(true);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  buttons->addWidget(cancel);
  buttons->addWidget(m_accept);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 20, 24, 16);
  layout->setSpacing(12);
  layout->addWidget(m_introduction);
  layout->addWidget(scroller, 1);
  layout->addWidget(m_sentence);
  layout->addWidget(m_problem);
  layout->addLayout(buttons);
  for (auto* label : {m_introduction, m_sentence, m_problem}) label->hide();
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_accept, &QPushButton::clicked, this, [this] {
    take();
    accept();
  });
}

void FormDialog::setIntroduction(const QString& text) { showIn(*m_introduction, text); }
void FormDialog::setSentence(const QString& text) { showIn(*m_sentence, text); }
void FormDialog::setProblem(const QString& problem) { showIn(*m_problem, problem); }

void FormDialog::fitTo(int rows) {
  const int texts = (m_introduction->isHidden() ? 0 : 45) + (m_sentence->isHidden() ? 0 : 45);
  resize(usualWidth, std::min(mostHeight, bare + texts + rowHeight * rows));
}

}  // namespace lathe::ui

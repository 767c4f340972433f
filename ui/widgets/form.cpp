// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/form.h"

#include <QLineEdit>

#include "ui/widgets/labels.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

void Form::Row::setVisible(bool visible) const {
  label->setVisible(visible);
  field->setVisible(visible);
}

void Form::Row::setText(const QString& text, const QString& help) const {
  label->setText(text);
  label->setToolTip(help);
  field->setToolTip(help);
  field->setWhatsThis(help);
  if (auto* editor = qobject_cast<ValueEditor*>(field)) {
    editor->setAccessibleText(text, help);
    return;
  }
  field->setAccessibleName(text);
  field->setAccessibleDescription(help);
}

Form::Form(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setHorizontalSpacing(8);
  m_grid->setVerticalSpacing(8);
  m_grid->setColumnStretch(0, 2);
  m_grid->setColumnStretch(1, 3);
  QLineEdit usual(this);
  usual.ensurePolished();
  m_lineHeight = usual.sizeHint().height();
}

Form::Row Form::addRow(const QString& label, QWidget* field, const QString& help) {
  auto* name = makeLabel(TextRole::Body, this);
  name->setProperty("formLabel", true);
  repolish(*name);
  name->setWordWrap(true);
  name->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  name->setBuddy(field);
  field->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  // Beside the line that is edited, whatever stands beneath it.
  name->setMinimumHeight(m_lineHeight);
  m_grid->addWidget(name, m_next, 0, Qt::AlignTop);
  m_grid->addWidget(field, m_next, 1);
  ++m_next;
  Row row{name, field};
  row.setText(label, help);
  m_rows.push_back(row);
  return row;
}

QLabel* Form::addHeading(const QString& text) {
  auto* heading = makeLabel(TextRole::Strong, this, text);
  if (m_next > 0) {
    m_grid->setRowMinimumHeight(m_next, 8);
    ++m_next;
  }
  m_grid->addWidget(heading, m_next, 0, 1, 2);
  ++m_next;
  return heading;
}

void Form::addWide(QWidget* widget) {
  m_grid->addWidget(widget, m_next, 0, 1, 2);
  ++m_next;
}

void Form::clear() {
  for (int row = 0; row < m_next; ++row) m_grid->setRowMinimumHeight(row, 0);
  while (auto* item = m_grid->takeAt(0)) {
    if (auto* widget = item->widget()) {
      widget->hide();
      widget->deleteLater();
    }
    delete item;
  }
  m_rows.clear();
  m_next = 0;
}

}  // namespace lathe::ui

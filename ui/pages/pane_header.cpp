// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/pane_header.h"

#include <QHBoxLayout>
#include <algorithm>

#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"

namespace lathe::ui {

PaneHeader::PaneHeader(QWidget* parent, const QString& title)
    : QFrame(parent),
      m_layout(new QHBoxLayout(this)),
      m_title(makeLabel(TextRole::Strong, this, title)),
      m_note(new ElidedLabel(this)) {
  setProperty("paneHeader", true);
  setTextRole(*m_note, TextRole::Caption);
  m_layout->setContentsMargins(12, 4, 12, 4);
  m_layout->setSpacing(8);
  m_layout->addWidget(m_title);
  m_layout->addWidget(m_note, 1);
  m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  setFixedHeight(std::max(36, fontMetrics().height() + 18));
}

void PaneHeader::setTitle(const QString& title) { m_title->setText(title); }
void PaneHeader::setNote(const QString& note) { m_note->setText(note); }
void PaneHeader::addRight(QWidget* widget) { m_layout->addWidget(widget); }

}  // namespace lathe::ui

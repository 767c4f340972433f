// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/page.h"

#include <QEvent>

namespace lathe::ui {

Page::Page(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {}

void Page::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace lathe::ui

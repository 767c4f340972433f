// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shortcuts_dialog.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {
namespace {

QString keys(const char* text) { return QKeySequence(QLatin1String(text)).toString(QKeySequence::NativeText); }

/// What is not in a menu.
std::vector<ShortcutsDialog::Group> others() {
  return {{ShortcutsDialog::tr("Tables"),
           {{keys("Ctrl+F"), ShortcutsDialog::tr("Find")},
            {keys("Ctrl+C"), ShortcutsDialog::tr("Copy the chosen rows")},
            {keys("F2"), ShortcutsDialog::tr("Rename the run, or edit the cell")},
            {keys("Del"), ShortcutsDialog::tr("Remove the run or the layer")},
            {keys("Return"), ShortcutsDialog::tr("Open the choices of a cell")}}},
          {ShortcutsDialog::tr("Layers"),
           {{keys("Alt+Up"), ShortcutsDialog::tr("Move the layer up")},
            {keys("Alt+Down"), ShortcutsDialog::tr("Move the layer down")}}},
          {ShortcutsDialog::tr("Curves"),
           {{QStringLiteral("+  \u2212"), ShortcutsDialog::tr("Zoom in and out")},
            {QStringLiteral("\u2190  \u2192"), ShortcutsDialog::tr("Pan")},
            {keys("End"), ShortcutsDialog::tr("Fit, and follow the end")},
            {keys("Ctrl+C"), ShortcutsDialog::tr("Copy the picture")},
            {ShortcutsDialog::tr("Shift and drag"), ShortcutsDialog::tr("Zoom a range")},
            {ShortcutsDialog::tr("Double click"), ShortcutsDialog::tr("Fit")}}},
          {ShortcutsDialog::tr("Everywhere"),
           {{keys("Esc"), ShortcutsDialog::tr("Close what floats")},
            {keys("Tab"), ShortcutsDialog::tr("Go to the next control")},
            {ShortcutsDialog::tr("Alt and a letter"), ShortcutsDialog::tr("Open a menu, press a button")}}}};
}

}  // namespace

ShortcutsDialog::ShortcutsDialog(std::vector<Group> menus, QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("shortcutsDialog"));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Keyboard shortcuts"));
  for (auto& group : others()) menus.push_back(std::move(group));
  auto* content = new QWidget(this);
  auto* columns = new QHBoxLayout(content);
  columns->setContentsMargins(0, 0, 0, 0);
  columns->setSpacing(32);
  QGridLayout* grid = nullptr;
  std::size_t shown = 0;
  std::size_t total = 0;
  for (const auto& group : menus) total += group.keys.size() + 2;
  for (const auto& group : menus) {
    // Two columns of about the same length.
    if (grid == nullptr || (columns->count() == 1 && 2 * shown + group.keys.size() > total)) {
      auto* column = new QVBoxLayout;
      grid = new QGridLayout;
      grid->setHorizontalSpacing(16);
      grid->setVerticalSpacing(4);
      column->addLayout(grid);
      column->addStretch(1);
      columns->addLayout(column);
    }
    const int first = grid->rowCount();
    if (first > 1) grid->setRowMinimumHeight(first, 12);
    grid->addWidget(makeLabel(TextRole::Strong, content, group.title), first + 1, 0, 1, 2);
    for (const auto& [key, text] : group.keys) {
      const int row = grid->rowCount();
      auto* name = makeLabel(TextRole::Body, content, key);
      name->setProperty("formLabel", true);
      grid->addWidget(name, row, 0);
      grid->addWidget(makeLabel(TextRole::Body, content, text), row, 1);
    }
    grid->setColumnStretch(1, 1);
    shown += group.keys.size() + 2;
  }
  auto* scroller = new QScrollArea(this);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  scroller->setWidget(content);
  scroller->setAccessibleName(windowTitle());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 20, 24, 16);
  layout->setSpacing(16);
  layout->addWidget(scroller, 1);
  auto* close = makeButton(ButtonKind::Primary, this, tr("Close"));
  close->setDefault(true);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  layout->addWidget(close, 0, Qt::AlignRight);
  const auto wanted = content->sizeHint();
  resize(std::min(wanted.width() + 80, 1000), std::min(wanted.height() + 110, 740));
}

}  // namespace lathe::ui

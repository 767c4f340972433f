// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/close_dialog.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

CloseDialog::CloseDialog(int runs, QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("closeDialog"));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Close Lathe"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 20, 24, 16);
  layout->setSpacing(8);
  layout->addWidget(makeLabel(TextRole::Section, this, tr("%n run(s) are training", nullptr, runs)));
  auto* text =
      makeLabel(TextRole::Body, this,
                tr("Lathe can go on without a window until %n run(s) are done, and a window opened later shows them "
                   "live. Or training stops at the next step with a checkpoint, and Resume goes on from there.",
                   nullptr, runs));
  text->setWordWrap(true);
  text->setMinimumWidth(420);
  layout->addWidget(text);
  layout->addSpacing(8);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addStretch(1);
  auto* cancel = makeButton(ButtonKind::Ordinary, this, tr("&Cancel"));
  auto* stop = makeButton(ButtonKind::Ordinary, this, tr("&Stop and save"));
  auto* keep = makeButton(ButtonKind::Primary, this, tr("&Keep going until done"));
  cancel->setObjectName(QStringLiteral("cancelClose"));
  stop->setObjectName(QStringLiteral("stopAndSave"));
  keep->setObjectName(QStringLiteral("keepGoing"));
  for (auto* button : {cancel, stop, keep}) buttons->addWidget(button);
  layout->addLayout(buttons);
  keep->setDefault(true);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(stop, &QPushButton::clicked, this, [this] {
    Q_EMIT stopAndSave();
    accept();
  });
  connect(keep, &QPushButton::clicked, this, [this] {
    Q_EMIT keepGoing();
    accept();
  });
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/constraint_list.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/space_model.h"
#include "ui/pages/constraint_dialog.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

ConstraintList::ConstraintList(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_title(makeLabel(TextRole::Strong, this)),
      m_rows(new QVBoxLayout),
      m_add(makeButton(ButtonKind::Link, this)) {
  setObjectName(QStringLiteral("constraintList"));
  m_add->setObjectName(QStringLiteral("addConstraint"));
  m_rows->setContentsMargins(0, 0, 0, 0);
  m_rows->setSpacing(4);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  column->addWidget(m_title);
  column->addLayout(m_rows);
  column->addWidget(m_add, 0, Qt::AlignLeft);
  connect(m_add, &QPushButton::clicked, this, [this] { edit(std::nullopt); });
  connect(&workbench.experiment(), &ExperimentController::searchChanged, this, &ConstraintList::follow);
  retranslate();
}

void ConstraintList::retranslate() {
  m_title->setText(tr("Constraints"));
  m_add->setText(tr("Add a constraint…"));
  m_add->setToolTip(tr("A bound on a sum of open settings, such as the sizes of all layers together"));
  follow();
}

void ConstraintList::follow() {
  const auto& space = m_workbench.experiment().search().space;
  while (auto* item = m_rows->takeAt(0)) {
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  for (std::size_t i = 0; i < space.constraints.size(); ++i) {
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    const auto text = constraintText(space, space.constraints[i]);
    auto* change = makeButton(ButtonKind::Link, row, tr("Change"));
    auto* away = makeButton(ButtonKind::Link, row, tr("Remove"));
    change->setObjectName(QStringLiteral("changeConstraint%1").arg(i));
    away->setObjectName(QStringLiteral("removeConstraint%1").arg(i));
    change->setAccessibleName(tr("Change %1").arg(text));
    away->setAccessibleName(tr("Remove %1").arg(text));
    line->addWidget(makeParagraph(TextRole::Body, row, text), 1);
    line->addWidget(change, 0, Qt::AlignTop);
    line->addWidget(away, 0, Qt::AlignTop);
    connect(change, &QPushButton::clicked, this, [this, i] { edit(i); });
    connect(away, &QPushButton::clicked, this, [this, i] { remove(i); });
    m_rows->addWidget(row);
  }
  m_title->setVisible(!space.constraints.empty());
  setVisible(!space.constraints.empty() || canConstrain(space));
}

void ConstraintList::edit(std::optional<std::size_t> place) {
  auto* dialog = new ConstraintDialog(m_workbench.experiment().search().space, place, window());
  connect(dialog, &ConstraintDialog::chosen, this, [this, place](const spec::LinearConstraint& constraint) {
    auto draft = m_workbench.experiment().search();
    auto& constraints = draft.space.constraints;
    if (place && *place < constraints.size())
      constraints[*place] = constraint;
    else
      constraints.push_back(constraint);
    m_workbench.experiment().setSearch(std::move(draft), tr("Change the constraints"));
  });
  dialog->open();
}

void ConstraintList::remove(std::size_t place) {
  auto draft = m_workbench.experiment().search();
  auto& constraints = draft.space.constraints;
  if (place >= constraints.size()) return;
  constraints.erase(constraints.begin() + static_cast<std::ptrdiff_t>(place));
  m_workbench.experiment().setSearch(std::move(draft), tr("Remove a constraint"));
}

}  // namespace lathe::ui

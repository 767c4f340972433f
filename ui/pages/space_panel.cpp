// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/space_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/services/open_field.h"
#include "core/spec/templates.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/space_model.h"
#include "ui/models/spec_form.h"
#include "ui/models/study_words.h"
#include "ui/pages/constraint_list.h"
#include "ui/pages/space_editor.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

SpacePanel::SpacePanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_model(new SpaceModel(workbench.experiment(), this)),
      m_title(makeLabel(TextRole::Section, this)),
      m_count(makeLabel(TextRole::Caption, this)),
      m_table(new TableView(this)),
      m_empty(makeParagraph(TextRole::Caption, this)),
      m_problem(makeParagraph(TextRole::Bad, this)),
      m_usual(makeButton(ButtonKind::Ordinary, this)),
      m_add(makeButton(ButtonKind::Ordinary, this)),
      m_close(makeButton(ButtonKind::Link, this)),
      m_menu(new QMenu(this)),
      m_editor(new SpaceEditor(workbench, this)),
      m_constraints(new ConstraintList(workbench, this)) {
  m_table->setObjectName(QStringLiteral("spaceTable"));
  m_usual->setObjectName(QStringLiteral("usualRanges"));
  m_add->setObjectName(QStringLiteral("addField"));
  m_close->setObjectName(QStringLiteral("closeField"));
  m_menu->setObjectName(QStringLiteral("addFieldMenu"));
  m_table->setModel(m_model);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setTextElideMode(Qt::ElideRight);
  m_table->horizontalHeader()->setSectionResizeMode(SpaceModel::Setting, QHeaderView::Stretch);
  m_table->horizontalHeader()->setSectionResizeMode(SpaceModel::Range, QHeaderView::Stretch);
  m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_table->installEventFilter(this);
  auto* line = new QHBoxLayout;
  line->setSpacing(8);
  line->addWidget(m_title);
  line->addWidget(m_count, 1);
  line->addWidget(m_close);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(m_add);
  buttons->addWidget(m_usual);
  buttons->addStretch(1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addLayout(line);
  column->addWidget(m_empty);
  column->addWidget(m_table);
  column->addWidget(m_problem);
  column->addLayout(buttons);
  column->addWidget(m_editor);
  column->addWidget(m_constraints);
  m_add->setMenu(m_menu);
  connect(m_menu, &QMenu::aboutToShow, this, &SpacePanel::fillMenu);
  connect(m_usual, &QPushButton::clicked, this, &SpacePanel::openUsual);
  connect(m_close, &QPushButton::clicked, this, &SpacePanel::closeChosen);
  connect(m_model, &QAbstractItemModel::modelReset, this, &SpacePanel::follow);
  connect(m_model, &QAbstractItemModel::dataChanged, this, &SpacePanel::follow);
  connect(&workbench.experiment(), &ExperimentController::dataChanged, this, &SpacePanel::follow);
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &SpacePanel::followRow);
  retranslate();
}

void SpacePanel::retranslate() {
  m_title->setText(tr("Space"));
  m_table->setAccessibleName(tr("Settings that are open for the search"));
  m_usual->setText(tr("Usual ranges"));
  m_usual->setToolTip(tr("Opens what is mostly worth searching for this model, learning rate first"));
  m_add->setText(tr("Add a setting"));
  m_add->setToolTip(tr("Opens one more setting by its usual range"));
  m_close->setText(tr("Close"));
  m_close->setToolTip(tr("Takes the chosen setting out of the search (Del)"));
  m_empty->setText(
      tr("Nothing is open yet: a search varies the settings that are listed here. Add some, or press the pin "
         "beside a setting on the Model and Train pages."));
  m_model->retranslate();
  m_constraints->retranslate();
  follow();
}

void SpacePanel::follow() {
  const int rows = m_model->rowCount();
  const bool any = rows > 0;
  m_empty->setVisible(!any);
  m_table->setVisible(any);
  m_count->setText(any ? tr("%n open setting(s)", nullptr, rows) : QString());
  const auto whole = m_model->problemOf(-1);
  m_problem->setText(whole);
  m_problem->setVisible(!whole.isEmpty());
  const int height =
      m_table->horizontalHeader()->sizeHint().height() + rows * m_table->verticalHeader()->defaultSectionSize() + 2;
  m_table->setFixedHeight(height);
  m_usual->setEnabled(!m_workbench.experiment().templateName().empty());
  followRow();
}

void SpacePanel::followRow() {
  const auto index = m_table->currentIndex();
  const bool any = index.isValid() && index.row() < m_model->rowCount();
  m_close->setVisible(any);
  const auto name = any ? index.data(SpaceModel::PathRole).toString().toStdString() : std::string();
  if (name != m_editor->name()) m_editor->edit(name);
  m_editor->setVisible(any);
  m_editor->setProblem(any ? m_model->problemOf(index.row()) : QString());
}

void SpacePanel::choose(const std::string& path) {
  for (int row = 0; row < m_model->rowCount(); ++row)
    if (m_model->index(row, 0).data(SpaceModel::PathRole).toString().toStdString() == path)
      m_table->setCurrentIndex(m_model->index(row, 0));
}

void SpacePanel::open(const std::string& path) {
  auto& experiment = m_workbench.experiment();
  auto opened = services::openedField(experiment.spec(), experiment.templateName(), path);
  if (opened.empty()) return;
  const auto first = opened.front().name;
  auto draft = experiment.search();
  for (auto& parameter : opened)
    if (!draft.space.find(parameter.name)) draft.space.parameters.push_back(std::move(parameter));
  experiment.setSearch(std::move(draft), tr("Open %1").arg(parameterWord(path)));
  choose(first);
}

/// What is open already keeps the range that a person gave it.
void SpacePanel::openUsual() {
  auto& experiment = m_workbench.experiment();
  auto draft = experiment.search();
  for (auto& parameter : services::usualSpace(experiment.spec(), experiment.templateName()).parameters)
    if (!draft.space.find(parameter.name)) draft.space.parameters.push_back(std::move(parameter));
  experiment.setSearch(std::move(draft), tr("Open the usual ranges"));
}

void SpacePanel::closeChosen() {
  const auto index = m_table->currentIndex();
  if (!index.isValid()) return;
  auto& experiment = m_workbench.experiment();
  auto draft = experiment.search();
  const auto name = index.data(SpaceModel::PathRole).toString().toStdString();
  const auto at = draft.space.find(name);
  if (!at) return;
  draft.space = services::without(draft.space, {*at});
  const int row = index.row();
  experiment.setSearch(std::move(draft), tr("Close %1").arg(parameterWord(name)));
  if (m_model->rowCount() > 0) m_table->setCurrentIndex(m_model->index(std::min(row, m_model->rowCount() - 1), 0));
}

void SpacePanel::fillMenu() {
  m_menu->clear();
  qDeleteAll(m_menu->findChildren<QMenu*>(QString(), Qt::FindDirectChildrenOnly));
  const auto& experiment = m_workbench.experiment();
  const auto& space = experiment.search().space;
  const auto name = experiment.templateName();
  const auto add = [&](QMenu* menu, const std::string& path, const QString& label) {
    if (!services::openedBy(space, path).empty()) return;
    if (services::openedField(experiment.spec(), name, path).empty()) return;
    auto* action = menu->addAction(QString(label).replace(QLatin1Char('&'), QLatin1String("&&")));
    action->setObjectName(QString::fromStdString(path));
    connect(action, &QAction::triggered, this, [this, path] { open(path); });
  };
  for (const auto& each : spec::templates()) {
    if (each.name != name) continue;
    auto* menu = m_menu->addMenu(tr("Model"));
    for (const auto& setting : each.settings) add(menu, "model." + setting.name, translated(setting.label, "layers"));
    if (menu->isEmpty()) m_menu->removeAction(menu->menuAction());
  }
  auto plan = trainFormPlan();
  for (const auto& part : augmentFormPlan()) plan.push_back(part);
  for (const auto& part : dataFormPlan()) plan.push_back(part);
  for (const auto& group : makeForm(plan, experiment.spec())) {
    auto* menu = m_menu->addMenu(QString(group.title).replace(QLatin1Char('&'), QLatin1String("&&")));
    for (const auto& field : group.fields) add(menu, field.info->path, field.label);
    if (menu->isEmpty()) m_menu->removeAction(menu->menuAction());
  }
  if (m_menu->isEmpty()) m_menu->addAction(tr("Everything is open"))->setEnabled(false);
}

bool SpacePanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_table && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->matches(QKeySequence::Delete)) {
    closeChosen();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace lathe::ui

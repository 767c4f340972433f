// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done to runs from their table.
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QHeaderView>
#include <QInputDialog>
#include <QMenu>

#include "core/spec/spec_json.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/command_text.h"
#include "ui/models/runs_model.h"
#include "ui/pages/train_runs.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

void TrainRuns::openMenu(const QPoint& globalPosition) {
  const auto run = current();
  auto& runs = m_workbench.runs();
  if (runs.run(run) == nullptr) return;
  auto* menu = new QMenu(this);
  menu->setObjectName(QStringLiteral("runMenu"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const char* name, const QString& text, bool enabled, auto deed) {
    auto* action = menu->addAction(text);
    action->setObjectName(QLatin1String(name));
    action->setEnabled(enabled);
    connect(action, &QAction::triggered, this, deed);
    return action;
  };
  using spec::RunAction;
  const bool completed = runs.run(run)->status == spec::RunStatus::Completed;
  const bool writable = m_workbench.project() && !m_workbench.project()->readOnly();
  add("pause", tr("&Pause"), runs.can(RunAction::Pause, run), [this, run] { m_workbench.runs().pause(run); });
  if (completed)
    add("longer", tr("Train &longer…"), runs.can(RunAction::Resume, run), [this, run] { trainLonger(run); });
  else
    add("resume", tr("&Resume"), runs.can(RunAction::Resume, run), [this, run] { m_workbench.runs().resume(run); });
  add("cancel", tr("&Stop"), runs.can(RunAction::Cancel, run), [this, run] { m_workbench.runs().cancel(run); });
  menu->addSeparator();
  add("export", tr("&Export…"), runs.can(RunAction::Export, run), [this, run] { Q_EMIT exportRequested(run); });
  add("copyCommand", tr("&Copy as command"), true, [this, run] { copyCommand(run); });
  menu->addSeparator();
  add("rename", tr("Re&name"), writable, [this, run] {
    const auto index = m_filter->mapFromSource(m_model->indexOf(run));
    if (index.isValid()) m_table->edit(index);
  })->setShortcut(Qt::Key_F2);
  add("tags", tr("&Tags…"), writable, [this, run] { editTags(run); });
  add("remove", tr("Re&move"), runs.can(RunAction::Remove, run), [this, run] {
    m_workbench.runs().remove(run);
    offerUndo({run});
  })->setShortcut(QKeySequence::Delete);
  menu->popup(globalPosition);
}

void TrainRuns::openColumnMenu(const QPoint& globalPosition) {
  auto* menu = new QMenu(this);
  menu->setObjectName(QStringLiteral("columnMenu"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (int column = RunsModel::State; column < RunsModel::ColumnCount; ++column) {
    auto* action = menu->addAction(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    action->setCheckable(true);
    action->setChecked(!m_table->isColumnHidden(column));
    connect(action, &QAction::toggled, this, [this, column](bool on) { m_table->setColumnHidden(column, !on); });
  }
  menu->popup(globalPosition);
}

/// The command that makes this run again, from the spec that the run keeps.
void TrainRuns::copyCommand(store::RunNumber run) {
  const auto project = m_workbench.project();
  if (!project) return;
  runAsync(
      m_workbench.readers(), this,
      [project, run]() -> Result<spec::ExperimentSpec> {
        LATHE_ASSIGN(json, project->store().runSpec(run));
        return spec::fromJson(json);
      },
      [this,
       folder = QString::fromStdU16String(project->folder().u16string())](const Result<spec::ExperimentSpec>& spec) {
        if (spec)
          QApplication::clipboard()->setText(trainCommand(*spec, QDir::cleanPath(folder)));
        else
          Q_EMIT m_workbench.failed(spec.error());
      });
}

void TrainRuns::editTags(store::RunNumber run) {
  const auto* record = m_workbench.runs().run(run);
  if (record == nullptr) return;
  QStringList tags;
  for (const auto& tag : record->tags) tags << QString::fromStdString(tag);
  auto* dialog = new QInputDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Tags of run %1").arg(run));
  dialog->setLabelText(tr("Words, separated by commas"));
  dialog->setTextValue(tags.join(QStringLiteral(", ")));
  connect(dialog, &QInputDialog::textValueSelected, this, [this, run](const QString& text) {
    std::vector<std::string> words;
    for (const auto& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts))
      if (!part.trimmed().isEmpty()) words.push_back(part.trimmed().toStdString());
    m_workbench.runs().setTags(run, words);
  });
  dialog->open();
}

void TrainRuns::trainLonger(store::RunNumber run) {
  const auto* record = m_workbench.runs().run(run);
  if (record == nullptr) return;
  auto* dialog = new QInputDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setInputMode(QInputDialog::IntInput);
  dialog->setWindowTitle(tr("Train run %1 longer").arg(run));
  dialog->setLabelText(tr("Epochs in all"));
  dialog->setIntRange(record->epochs + 1, 1000000);
  dialog->setIntValue(record->epochs * 2);
  connect(dialog, &QInputDialog::intValueSelected, this,
          [this, run](int epochs) { m_workbench.runs().resume(run, epochs); });
  dialog->open();
}

}  // namespace lathe::ui

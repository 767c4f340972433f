// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with a trial.
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QInputDialog>
#include <QMenu>

#include "core/services/nas_settings.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/command_text.h"
#include "ui/pages/own_trial_dialog.h"
#include "ui/pages/trials_panel.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

namespace {

QString folderOf(const Workbench& workbench) {
  const auto project = workbench.project();
  return project ? QDir::cleanPath(QString::fromStdU16String(project->folder().u16string())) : QString();
}

}  // namespace

std::optional<spec::ExperimentSpec> TrialsPanel::specOf(std::size_t trial) const {
  const auto* table = tableOf();
  const auto* base = m_workbench.studies().base();
  if (table == nullptr || base == nullptr || trial >= table->size()) return std::nullopt;
  auto spec = services::trialSpecOf(table->settings, *base, table->space, table->configuration(trial));
  if (!spec) return std::nullopt;
  return std::move(*spec);
}

void TrialsPanel::openMenu(const QPoint& globalPosition) {
  const auto trial = current();
  const auto* table = tableOf();
  if (!trial || table == nullptr) return;
  auto* menu = new QMenu(this);
  menu->setObjectName(QStringLiteral("trialMenu"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const char* name, const QString& text, bool enabled, auto deed) {
    auto* action = menu->addAction(text);
    action->setObjectName(QLatin1String(name));
    action->setEnabled(enabled);
    connect(action, &QAction::triggered, this, deed);
  };
  const auto status = table->status[*trial];
  const bool writable = m_workbench.project() && !m_workbench.project()->readOnly();
  const bool known = m_workbench.studies().base() != nullptr;
  const bool resumable = writable && m_workbench.engine() != nullptr && table->run[*trial] > 0 &&
                         spec::allowed(spec::RunAction::Resume, status);
  const auto study = m_workbench.studies().current();
  add("openRun", tr("&Open its run"), table->run[*trial] > 0, [this, trial] { openRun(*trial); });
  add("longer", tr("Train this &longer…"), resumable, [this, trial] { trainLonger(*trial); });
  add("experiment", tr("&Make it the experiment"), writable && known, [this, trial] { makeExperiment(*trial); });
  menu->addSeparator();
  add("own", tr("&Try one like this…"), m_workbench.studies().can(StudyController::Action::Enqueue, study),
      [this, trial] { tryOwn(trial); });
  menu->addSeparator();
  add("copyTrial", tr("&Copy the training as a command"), known, [this, trial] { copyTrial(*trial); });
  add("copyStudy", tr("Copy the &search as a command"), known, [this] { copyStudy(); });
  menu->popup(globalPosition);
}

void TrialsPanel::openRun(std::size_t trial) {
  const auto* table = tableOf();
  if (table == nullptr || trial >= table->size() || table->run[trial] <= 0) return;
  m_workbench.runs().open(table->run[trial]);
  Q_EMIT runOpened(table->run[trial]);
}

void TrialsPanel::trainLonger(std::size_t trial) {
  const auto* table = tableOf();
  if (table == nullptr || trial >= table->size() || table->run[trial] <= 0) return;
  const auto run = table->run[trial];
  const int done = table->steps[trial];
  auto* dialog = new QInputDialog(this);
  dialog->setObjectName(QStringLiteral("trainLongerDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setInputMode(QInputDialog::IntInput);
  dialog->setWindowTitle(tr("Train trial %1 longer").arg(trial));
  dialog->setLabelText(tr("Epochs in all. Its value in the study stays what it was."));
  dialog->setIntRange(done + 1, 1000000);
  dialog->setIntValue(std::max(done + 1, done * 2));
  connect(dialog, &QInputDialog::intValueSelected, this, [this, run, trial](int epochs) {
    m_workbench.runs().resume(run, epochs);
    openRun(trial);
  });
  dialog->open();
}

/// Model, training and preprocessing of the trial; the data, and what concerns the machine, stay the experiment's.
void TrialsPanel::makeExperiment(std::size_t trial) {
  const auto found = specOf(trial);
  if (!found) return;
  auto& experiment = m_workbench.experiment();
  auto spec = experiment.spec();
  const auto before = spec.training;
  spec.model = found->model;
  spec.training = found->training;
  spec.training.threads = before.threads;
  spec.training.histograms = before.histograms;
  spec.training.checkpointSeconds = before.checkpointSeconds;
  spec.training.device = before.device;
  if (found->data.path == spec.data.path) {
    spec.data.preprocessing = found->data.preprocessing;
    spec.data.split = found->data.split;
  }
  experiment.setSpec(std::move(spec), tr("Make trial %1 the experiment").arg(trial));
  if (tableOf()->settings.architecture.active()) Q_EMIT networkMade();
}

void TrialsPanel::tryOwn(std::optional<std::size_t> like) {
  const auto* table = tableOf();
  if (table == nullptr) return;
  spec::Configuration start;
  if (like && *like < table->size()) start = table->configuration(*like);
  auto* dialog = new OwnTrialDialog(table->space, start, window());
  connect(dialog, &OwnTrialDialog::chosen, this, [this, study = table->study](const spec::Configuration& own) {
    auto& studies = m_workbench.studies();
    studies.enqueue(study, own);
    const auto* record = studies.study(study);
    if (record == nullptr || !spec::isFinal(record->status)) return;
    // One that has ended goes on for this one trial.
    services::StudyService::More more;
    more.trials = record->trials + 1;
    if (studies.can(StudyController::Action::Extend, study)) studies.resume(study, more);
  });
  dialog->open();
}

void TrialsPanel::copyTrial(std::size_t trial) {
  if (const auto spec = specOf(trial)) QApplication::clipboard()->setText(trainCommand(*spec, folderOf(m_workbench)));
}

void TrialsPanel::copyStudy() {
  const auto* table = tableOf();
  const auto* base = m_workbench.studies().base();
  if (table == nullptr || base == nullptr) return;
  QApplication::clipboard()->setText(searchCommand(*base, table->space, table->settings, folderOf(m_workbench)));
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with runs.
#include "core/services/training_service.h"
#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

bool RunsController::can(spec::RunAction action, store::RunNumber number) const {
  const auto* record = run(number);
  const auto project = m_workbench.project();
  if (record == nullptr || !project || !spec::allowed(action, record->status)) return false;
  if (action == spec::RunAction::Export) return m_workbench.engine() != nullptr && !record->bestCheckpoint.empty();
  if (project->readOnly()) return false;
  // The Autopilot trains and ends its own; it is stopped as a whole.
  if (m_workbench.autopilot().owns(number)) return false;
  return action != spec::RunAction::Resume || m_workbench.engine() != nullptr;
}

void RunsController::command(Command work) {
  const auto project = m_workbench.project();
  if (!project) return;
  runAsync(
      m_workbench.readers(), this, [project, work = std::move(work)] { return work(project); },
      [this](const Result<void>& result) {
        m_fullDue = true;
        m_nextFullMs = 0;
        poll();
        if (!result) Q_EMIT failed(result.error());
      });
}

void RunsController::pause(store::RunNumber run) {
  const auto training = m_workbench.engine() != nullptr ? m_workbench.engine()->training : nullptr;
  command([run, training](const auto& project) {
    return training ? training->pause(*project, run)
                    : project->store().requestControl(run, store::ControlRequest::Pause);
  });
}

void RunsController::resume(store::RunNumber run, std::optional<int> epochs) {
  if (m_workbench.engine() == nullptr) return;
  command([run, epochs, training = m_workbench.engine()->training](const auto& project) {
    return training->resume(project, run, epochs);
  });
}

void RunsController::cancel(store::RunNumber run) {
  const auto training = m_workbench.engine() != nullptr ? m_workbench.engine()->training : nullptr;
  command([run, training](const auto& project) {
    return training ? training->cancel(*project, run)
                    : project->store().requestControl(run, store::ControlRequest::Cancel);
  });
}

void RunsController::remove(store::RunNumber run) {
  command([run](const auto& project) { return project->store().removeRun(run); });
}

void RunsController::restore(store::RunNumber run) {
  command([run](const auto& project) { return project->store().restoreRun(run); });
}

void RunsController::rename(store::RunNumber run, const QString& name) {
  store::RunUpdate update;
  update.name = name.toStdString();
  command([run, update](const auto& project) { return project->store().updateRun(run, update); });
}

void RunsController::setNote(store::RunNumber run, const QString& note) {
  store::RunUpdate update;
  update.note = note.toStdString();
  command([run, update](const auto& project) { return project->store().updateRun(run, update); });
}

void RunsController::setTags(store::RunNumber run, const std::vector<std::string>& tags) {
  store::RunUpdate update;
  update.tags = tags;
  command([run, update](const auto& project) { return project->store().updateRun(run, update); });
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with studies.
#include <utility>

#include "core/services/open_field.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

using spec::RunAction;
using spec::RunStatus;

bool StudyController::can(Action action, store::StudyNumber number) const {
  const auto* record = study(number);
  const auto project = m_workbench.project();
  if (record == nullptr || !project || project->readOnly()) return false;
  const bool runs = !spec::isFinal(record->status);
  switch (action) {
    case Action::Pause:
      return spec::allowed(RunAction::Pause, record->status);
    case Action::Resume:
      // A completed one goes on once it is given more: that is extending.
      return service() && record->status != RunStatus::Completed && spec::allowed(RunAction::Resume, record->status);
    case Action::Cancel:
      return spec::allowed(RunAction::Cancel, record->status);
    case Action::Extend:
      return service() && (runs || spec::allowed(RunAction::Resume, record->status));
    case Action::Enqueue:
      return true;
    case Action::Remove:
      return spec::allowed(RunAction::Remove, record->status);
  }
  return false;
}

void StudyController::command(Command work) {
  const auto project = m_workbench.project();
  if (!project) return;
  runAsync(
      m_workbench.readers(), this, [project, work = std::move(work)] { return work(project); },
      [this](const Result<void>& result) {
        m_nextMs = 0;
        schedule();
        if (!result) Q_EMIT failed(result.error());
      });
}

void StudyController::pause(store::StudyNumber study) {
  command([study, studies = service()](const auto& project) -> Result<void> {
    return studies ? studies->pause(*project, study)
                   : project->store().studies().requestStudyControl(study, store::ControlRequest::Pause);
  });
}

void StudyController::cancel(store::StudyNumber study) {
  command([study, studies = service()](const auto& project) -> Result<void> {
    return studies ? studies->cancel(*project, study)
                   : project->store().studies().requestStudyControl(study, store::ControlRequest::Cancel);
  });
}

void StudyController::resume(store::StudyNumber study, const services::StudyService::More& more) {
  const auto studies = service();
  if (!studies) return;
  command([study, more, studies](const auto& project) { return studies->resume(project, study, more); });
}

void StudyController::extend(store::StudyNumber study, const services::StudyService::More& more) {
  const auto studies = service();
  const auto* record = this->study(study);
  if (!studies || record == nullptr) return;
  if (spec::isFinal(record->status)) return resume(study, more);
  command([study, more, studies](const auto& project) { return studies->extend(*project, study, more); });
}

void StudyController::remove(store::StudyNumber study) {
  command([study](const auto& project) { return project->store().studies().removeStudy(study); });
}

void StudyController::restore(store::StudyNumber study) {
  command([study](const auto& project) { return project->store().studies().restoreStudy(study); });
}

void StudyController::enqueue(store::StudyNumber study, const spec::Configuration& configuration) {
  command([study, configuration](const auto& project) -> Result<void> {
    LATHE_TRY(project->store().studies().enqueue(study, configuration));
    return {};
  });
}

std::optional<Error> StudyController::cannotSearch() const {
  const auto& experiment = m_workbench.experiment();
  if (auto why = experiment.cannotTrain()) return why;
  if (!service())
    return Error{"search.no_engine",
                 {LATHE_TEXT("errors", "This engine cannot search."), {}},
                 {LATHE_TEXT("errors", "Use a version of Lathe with LibTorch."), {}}};
  if (experiment.search().architectures()) return std::nullopt;
  if (const auto problems = services::problemsOf(experiment.search().space, experiment.spec()); !problems.empty())
    return problems.front().error;
  return std::nullopt;
}

void StudyController::start() {
  if (m_starting) return;
  auto& experiment = m_workbench.experiment();
  if (const auto why = cannotSearch()) return Q_EMIT failed(*why);
  const bool architectures = experiment.search().architectures();
  if (!architectures && experiment.search().space.parameters.empty()) {
    auto draft = experiment.search();
    draft.space = services::usualSpace(experiment.spec(), experiment.templateName());
    experiment.setSearch(std::move(draft), tr("Open the usual ranges"));
  }
  m_starting = true;
  m_startStop = {};
  m_startProgress = {};
  Q_EMIT startingChanged();
  services::StudyRequest request;
  request.spec = experiment.spec();
  if (!architectures) request.space = experiment.search().space;
  request.settings = experiment.search().wanted();
  auto gui = std::make_shared<GuiExecutor>(this);
  JobContext job;
  job.stop = m_startStop.get_token();
  job.progress = [gui, this, generation = m_generation](const Progress& progress) {
    gui->post([this, progress, generation] {
      if (generation != m_generation || !m_starting) return;
      m_startProgress = progress;
      Q_EMIT startingChanged();
    });
  };
  runAsync(
      *m_workbench.services().workers, this,
      [project = m_workbench.project(), studies = service(), request, job] {
        return studies->start(project, request, job);
      },
      [this, generation = m_generation](const Result<store::StudyNumber>& study) {
        if (generation != m_generation) return;
        m_starting = false;
        Q_EMIT startingChanged();
        if (!study) {
          if (study.error().code != cancelledCode) Q_EMIT failed(study.error());
          return;
        }
        m_chosen = *study;
        look(*study);
        m_nextMs = 0;
        schedule();
        Q_EMIT started(*study);
      });
}

}  // namespace lathe::ui

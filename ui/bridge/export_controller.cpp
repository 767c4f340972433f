// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/export_controller.h"

#include <algorithm>
#include <array>

#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

bool isExport(const store::Artefact& artefact) {
  constexpr std::array others{"checkpoint", "manifest", "report", "log"};
  return std::none_of(others.begin(), others.end(), [&](const char* kind) { return artefact.kind == kind; });
}

}  // namespace

ExportController::ExportController(Workbench& workbench) : m_workbench(workbench) {
  // An export of another process, or of the command line, comes with a new state of its run at the latest.
  connect(&workbench.runs(), &RunsController::runsReset, this, &ExportController::read);
  connect(&workbench.runs(), &RunsController::runChanged, this, [this](qint64 run) {
    const auto* record = m_workbench.runs().run(run);
    if (record != nullptr && spec::isFinal(record->status)) read();
  });
}

ExportController::~ExportController() { m_stop.request_stop(); }

void ExportController::attach() {
  m_artefacts.clear();
  ++m_generation;
  Q_EMIT artefactsChanged();
  read();
}

void ExportController::read() {
  const auto project = m_workbench.project();
  if (!project) return;
  runAsync(
      m_workbench.readers(), this, [project] { return project->store().artefacts(); },
      [this, generation = m_generation](Result<std::vector<store::Artefact>> all) {
        if (generation != m_generation) return;
        if (!all) {
          Q_EMIT failed(all.error());
          return;
        }
        std::erase_if(*all, [](const auto& artefact) { return !isExport(artefact); });
        std::stable_sort(all->begin(), all->end(), [](const auto& a, const auto& b) { return a.id > b.id; });
        const bool same = std::equal(all->begin(), all->end(), m_artefacts.begin(), m_artefacts.end(),
                                     [](const auto& a, const auto& b) { return a.id == b.id && a.path == b.path; });
        if (same) return;
        m_artefacts = std::move(*all);
        Q_EMIT artefactsChanged();
      });
}

QString ExportController::pathOf(const store::Artefact& artefact) const {
  const auto project = m_workbench.project();
  if (!project) return QString::fromStdString(artefact.path);
  return QString::fromStdU16String(project->absolute(artefact.path).u16string());
}

void ExportController::exportRun(const services::ExportRequest& request) {
  const auto project = m_workbench.project();
  const auto* engine = m_workbench.engine();
  if (m_busy || !project) return;
  if (engine == nullptr || !engine->models) {
    Q_EMIT failed(Error{"export.no_engine",
                        {LATHE_TEXT("errors", "The engine is not loaded yet."), {}},
                        {LATHE_TEXT("errors", "Wait a moment and export again."), {}}});
    return;
  }
  m_busy = true;
  m_stop = {};
  JobContext job;
  job.stop = m_stop.get_token();
  job.progress = [this, gui = std::make_shared<GuiExecutor>(this)](const Progress& value) {
    gui->post([this, value] {
      if (m_busy) Q_EMIT progress(value);
    });
  };
  Q_EMIT progress(Progress{{}, 0, 0, {}});
  runAsync(
      *m_workbench.services().workers, this,
      [project, models = engine->models, request, job] { return models->exportRun(*project, request, job); },
      [this](const Result<services::ExportResult>& result) {
        m_busy = false;
        read();
        m_lastFiles = result ? result->manifest.files : std::vector<exporting::ExportedFile>();
        if (result)
          Q_EMIT exported(QString::fromStdU16String(result->folder.u16string()), result->worst);
        else
          Q_EMIT failed(result.error());
      });
}

void ExportController::cancel() { m_stop.request_stop(); }

}  // namespace lathe::ui

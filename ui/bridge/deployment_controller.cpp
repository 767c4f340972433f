// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/deployment_controller.h"

#include <algorithm>

#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr int secondsBetweenChecks = 15;

}  // namespace

DeploymentController::DeploymentController(Workbench& workbench) : m_workbench(workbench) {
  m_timer.setInterval(secondsBetweenChecks * 1000);
  connect(&m_timer, &QTimer::timeout, this, &DeploymentController::checkAll);
  connect(&workbench, &Workbench::engineReady, this, &DeploymentController::read);
}

DeploymentController::~DeploymentController() { m_stop.request_stop(); }

std::shared_ptr<services::DeploymentService> DeploymentController::service() const {
  const auto* engine = m_workbench.engine();
  return engine == nullptr ? nullptr : engine->deployments;
}

bool DeploymentController::possible() const { return service() != nullptr && m_workbench.project() != nullptr; }

void DeploymentController::attach() {
  ++m_generation;
  m_entries.clear();
  Q_EMIT changed();
  read();
}

void DeploymentController::setWatched(bool watched) {
  if (m_watched == watched) return;
  m_watched = watched;
  if (watched) {
    m_timer.start();
    read();
    checkAll();
  } else {
    m_timer.stop();
  }
}

void DeploymentController::read() {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (!project || !deployments) return;
  runAsync(
      m_workbench.readers(), this, [project, deployments] { return deployments->deployments(*project); },
      [this, generation = m_generation](Result<std::vector<services::DeployedModel>> all) {
        if (generation != m_generation) return;
        if (!all) {
          Q_EMIT failed(all.error());
          return;
        }
        std::vector<Entry> entries;
        for (auto& model : *all) {
          const auto known = std::find_if(m_entries.begin(), m_entries.end(),
                                          [&](const Entry& entry) { return entry.model == model; });
          entries.push_back(known != m_entries.end() ? *known : Entry{std::move(model), std::nullopt, false});
        }
        m_entries = std::move(entries);
        Q_EMIT changed();
        if (m_watched) checkAll();
      });
}

void DeploymentController::checkAll() {
  for (std::size_t i = 0; i < m_entries.size(); ++i) check(i);
}

void DeploymentController::check(std::size_t entry) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (!project || !deployments || m_entries[entry].checking) return;
  m_entries[entry].checking = true;
  const auto model = m_entries[entry].model;
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, model] { return deployments->check(*project, model); },
      [this, model](const Result<services::Deployment>& state) {
        const auto found =
            std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& each) { return each.model == model; });
        if (found == m_entries.end()) return;
        found->checking = false;
        found->state = state ? *state : services::Deployment{};
        if (!state) found->state->why = state.error();
        Q_EMIT changed();
      });
}

JobContext DeploymentController::newJob() {
  m_stop = {};
  JobContext job;
  job.stop = m_stop.get_token();
  job.progress = [this, gui = std::make_shared<GuiExecutor>(this)](const Progress& value) {
    gui->post([this, value] {
      if (m_busy) Q_EMIT progress(value);
    });
  };
  return job;
}

void DeploymentController::finish(const Result<services::Deployment>& deployment) {
  m_busy = false;
  const auto deployments = service();
  m_serving = deployments && deployments->serving();
  read();
  if (deployment)
    Q_EMIT deployed(*deployment);
  else
    Q_EMIT failed(deployment.error());
}

void DeploymentController::deployRun(store::RunNumber run, const services::DeployRequest& request) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (m_busy || !project || !deployments) return;
  m_busy = true;
  Q_EMIT progress(Progress{{}, 0, 0, {}});
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, run, request, job = newJob()] {
        return deployments->deployRun(*project, run, request, job);
      },
      [this](const Result<services::Deployment>& deployment) { finish(deployment); });
}

void DeploymentController::serveRun(store::RunNumber run) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (m_busy || !project || !deployments) return;
  m_busy = true;
  Q_EMIT progress(Progress{{}, 0, 0, {}});
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, run, job = newJob()] { return deployments->serveRun(*project, run, job); },
      [this](const Result<services::Deployment>& deployment) { finish(deployment); });
}

void DeploymentController::stopServing() {
  const auto deployments = service();
  if (!deployments) return;
  runAsync(
      *m_workbench.services().workers, this,
      [deployments] {
        deployments->stopServing();
        return true;
      },
      [this](bool) {
        m_serving = false;
        Q_EMIT changed();
        checkAll();
      });
}

void DeploymentController::forget(std::size_t entry) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (!project || !deployments || entry >= m_entries.size()) return;
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, model = m_entries[entry].model] { return deployments->forget(*project, model); },
      [this](const Result<void>& done) {
        if (!done) Q_EMIT failed(done.error());
        read();
      });
}

void DeploymentController::readColumns(std::size_t entry) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (!project || !deployments || entry >= m_entries.size()) return;
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, model = m_entries[entry].model] { return deployments->columns(*project, model); },
      [this, asked = ++m_asked](const Result<std::vector<spec::FeatureSchema>>& columns) {
        if (asked != m_asked) return;
        Q_EMIT columnsRead(columns ? *columns : std::vector<spec::FeatureSchema>());
        if (!columns) Q_EMIT tryFailed(columns.error());
      });
}

void DeploymentController::tryRow(std::size_t entry, const std::vector<std::string>& cells) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (!project || !deployments || entry >= m_entries.size()) return;
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, model = m_entries[entry].model, cells] {
        return deployments->tryRow(*project, model, cells);
      },
      [this, asked = ++m_asked](const Result<services::TriedRow>& row) {
        if (asked != m_asked) return;
        if (row)
          Q_EMIT tried(*row);
        else
          Q_EMIT tryFailed(row.error());
      });
}

}  // namespace lathe::ui

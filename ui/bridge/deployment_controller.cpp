// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/deployment_controller.h"

#include <algorithm>

#include "core/base/clock.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr int secondsBetweenChecks = 15;
constexpr double watchSeconds = 600;  // after a promotion

}  // namespace

DeploymentController::DeploymentController(Workbench& workbench) : m_workbench(workbench) {
  m_timer.setInterval(secondsBetweenChecks * 1000);
  connect(&m_timer, &QTimer::timeout, this, &DeploymentController::checkDue);
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
  followTimer();
  if (!watched) return;
  read();
  checkAll();
}

void DeploymentController::followTimer() {
  const auto now = systemClock().nowMicros();
  const bool needed = m_watched || std::any_of(m_entries.begin(), m_entries.end(),
                                               [now](const Entry& entry) { return entry.model.isWatched(now); });
  if (needed && !m_timer.isActive())
    m_timer.start();
  else if (!needed)
    m_timer.stop();
}

void DeploymentController::checkDue() {
  const auto now = systemClock().nowMicros();
  for (std::size_t i = 0; i < m_entries.size(); ++i)
    if (m_watched || m_entries[i].model.isWatched(now)) check(i);
  followTimer();
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
                                          [&](const Entry& entry) { return samePlace(entry.model, model); });
          entries.push_back(known != m_entries.end() ? *known : Entry());
          entries.back().model = std::move(model);
        }
        m_entries = std::move(entries);
        followTimer();
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
      [project, deployments, model] { return deployments->look(*project, model); },
      [this, model](const Result<services::Looked>& looked) { take(model, looked); });
}

void DeploymentController::take(const services::DeployedModel& asked, const Result<services::Looked>& looked) {
  const auto found =
      std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& each) { return samePlace(each.model, asked); });
  if (found == m_entries.end()) return;
  auto& entry = *found;
  entry.checking = false;
  entry.state = looked ? looked->state : services::Deployment{};
  if (!looked) {
    entry.state->why = looked.error();
    Q_EMIT changed();
    return;
  }
  const double now = systemClock().steadySeconds();
  const auto& count = looked->requests;
  entry.perSecond.reset();
  // A server that was started again counts from the beginning.
  if (count && entry.requests && count->total >= entry.requests->total && now > entry.lookedSeconds + 1)
    entry.perSecond = static_cast<double>(count->total - entry.requests->total) / (now - entry.lookedSeconds);
  entry.requests = count;
  entry.lookedSeconds = now;
  entry.model = looked->model;
  Q_EMIT changed();
  if (looked->rolledBack) Q_EMIT rolledBack(entry.model);
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
        return deployments->deployRun(*project, run, request, job, watchSeconds);
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
      [project, deployments, run, job = newJob()] { return deployments->serveRun(*project, run, job, watchSeconds); },
      [this](const Result<services::Deployment>& deployment) { finish(deployment); });
}

void DeploymentController::retrain(std::size_t entry, const services::RetrainRequest& request) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (m_busy || !project || !deployments || entry >= m_entries.size()) return;
  m_busy = true;
  Q_EMIT progress(Progress{{}, 0, 0, {}});
  auto whole = request;
  whole.watchSeconds = watchSeconds;
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, model = m_entries[entry].model, whole, job = newJob()] {
        return deployments->retrain(project, model, whole, job);
      },
      [this](const Result<services::Retrained>& done) {
        m_busy = false;
        read();
        if (done)
          Q_EMIT retrained(*done);
        else
          Q_EMIT failed(done.error());
      });
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

void DeploymentController::readForm(std::size_t entry) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (!project || !deployments || entry >= m_entries.size()) return;
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, model = m_entries[entry].model] { return deployments->form(*project, model); },
      [this, asked = ++m_asked](const Result<services::RowForm>& form) {
        if (asked != m_asked) return;
        Q_EMIT formRead(form ? *form : services::RowForm());
        if (!form) Q_EMIT tryFailed(form.error());
      });
}

void DeploymentController::readDrift(std::size_t entry) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (!project || !deployments || entry >= m_entries.size()) return;
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, model = m_entries[entry].model] { return deployments->drift(*project, model); },
      [this, asked = ++m_askedDrift](const Result<services::DriftReport>& report) {
        if (asked != m_askedDrift) return;
        if (report)
          Q_EMIT driftRead(*report);
        else
          Q_EMIT driftFailed(report.error());
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
        if (asked == m_asked) takeTried(row);
      });
}

void DeploymentController::tryImage(std::size_t entry, const QString& file) {
  const auto project = m_workbench.project();
  const auto deployments = service();
  if (!project || !deployments || entry >= m_entries.size()) return;
  runAsync(
      *m_workbench.services().workers, this,
      [project, deployments, model = m_entries[entry].model, path = std::filesystem::path(file.toStdU16String())] {
        return deployments->tryImage(*project, model, path);
      },
      [this, asked = ++m_asked](const Result<services::TriedRow>& row) {
        if (asked == m_asked) takeTried(row);
      });
}

void DeploymentController::takeTried(const Result<services::TriedRow>& row) {
  if (row)
    Q_EMIT tried(*row);
  else
    Q_EMIT tryFailed(row.error());
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/autopilot_controller.h"

#include <algorithm>
#include <utility>

#include "ui/bridge/deployment_controller.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

using services::AutopilotProgress;
using services::AutopilotRequest;
using services::AutopilotTry;

namespace {

constexpr const char* folderName = "autopilot";

std::optional<Error> sorry(std::string code, const char* what, const char* remedy) {
  return Error{std::move(code), {what, {}}, {remedy, {}}};
}

/// What to do in the window, where there is no --resume.
Error forWindow(Error error) {
  if (error.code == "autopilot.nothing")
    error.hint = {LATHE_TEXT("errors", "Give it more time, or go on with it."), {}};
  else if (error.code == cancelledCode)
    error.hint = {LATHE_TEXT("errors", "It can be gone on with."), {}};
  return error;
}

std::vector<AutopilotTry> ordered(std::vector<AutopilotTry> tried, bool larger) {
  std::stable_sort(tried.begin(), tried.end(), [larger](const AutopilotTry& a, const AutopilotTry& b) {
    if (a.value.has_value() != b.value.has_value()) return a.value.has_value();
    if (a.value) return larger ? *a.value > *b.value : *a.value < *b.value;
    const bool aRuns = a.state == "running", bRuns = b.state == "running";
    return aRuns && !bRuns;
  });
  return tried;
}

}  // namespace

AutopilotController::AutopilotController(Workbench& workbench) : m_workbench(workbench) {
  auto& deployments = workbench.deployments();
  connect(&deployments, &DeploymentController::deployed, this, [this](const services::Deployment& deployment) {
    if (m_state != State::Deploying) return;
    m_deployment = deployment;
    end(State::Done);
  });
  connect(&deployments, &DeploymentController::failed, this, [this](const Error& error) {
    // Another failure than that of the deployment comes while it goes on.
    if (m_state != State::Deploying || m_workbench.deployments().busy()) return;
    m_deployError = error;
    end(State::Done);
  });
  connect(&workbench, &Workbench::engineReady, this, &AutopilotController::changed);
}

AutopilotController::~AutopilotController() { m_stop.request_stop(); }

bool AutopilotController::active() const {
  return m_state == State::Running || m_state == State::Stopping || m_state == State::Deploying;
}

void AutopilotController::reset() {
  m_progress = {};
  m_contenders.clear();
  m_best.clear();
  m_points.clear();
  m_began.clear();
  m_outcome.reset();
  m_error.reset();
  m_deployment.reset();
  m_deployError.reset();
}

void AutopilotController::attach() {
  ++m_generation;
  m_stop.request_stop();
  reset();
  m_state = State::Idle;
  m_earlier.clear();
  Q_EMIT changed();
  Q_EMIT earlierRead();
  readEarlier();
}

void AutopilotController::clear() {
  if (active()) return;
  reset();
  m_state = State::Idle;
  Q_EMIT changed();
}

std::optional<Error> AutopilotController::cannotStart() const {
  const auto& experiment = m_workbench.experiment();
  if (active())
    return sorry("autopilot.running", LATHE_TEXT("errors", "An Autopilot is under way."),
                 LATHE_TEXT("errors", "Wait for it, or stop it and keep the best."));
  if (auto why = experiment.cannotUseData()) return why;
  if (!m_workbench.engine()->autopilot)
    return sorry("autopilot.no_engine", LATHE_TEXT("errors", "This engine has no Autopilot."),
                 LATHE_TEXT("errors", "Use a version of Lathe with LibTorch."));
  if (experiment.data()->profile.task == spec::Task::Anomaly)
    return sorry("autopilot.task", LATHE_TEXT("errors", "The Autopilot needs something to predict."),
                 LATHE_TEXT("errors", "Choose what to predict."));
  return std::nullopt;
}

void AutopilotController::start(const Wish& wish) {
  if (const auto why = cannotStart()) return Q_EMIT failed(*why);
  namespace fs = std::filesystem;
  AutopilotRequest request;
  request.spec = m_workbench.experiment().spec();
  // As the page showed it, whatever is seen in the columns next time.
  const auto& profile = m_workbench.experiment().data()->profile;
  if (!profile.targets.empty()) spec::setTargets(request.spec.data, profile.targets);
  const auto base = m_workbench.project()->folder() / folderName;
  std::error_code ignored;
  int number = 1;
  while (fs::exists(base / std::to_string(number) / "autopilot.json", ignored)) ++number;
  request.folder = base / std::to_string(number);
  request.seconds = wish.seconds;
  request.goal = wish.goal;
  request.mostMilliseconds = wish.mostMilliseconds;
  request.mostBytes = wish.mostBytes;
  request.formats = wish.formats;
  run(std::move(request), wish);
}

void AutopilotController::resume(std::size_t earlier) {
  if (earlier >= m_earlier.size() || active()) return;
  const auto* engine = m_workbench.engine();
  if (engine == nullptr || !engine->autopilot)
    return Q_EMIT failed(*sorry("train.no_engine", LATHE_TEXT("errors", "The training engine is not loaded yet."),
                                LATHE_TEXT("errors", "Wait a moment.")));
  const auto& state = m_earlier[earlier].state;
  Wish wish;
  wish.seconds = state.seconds;
  wish.goal = state.goal;
  wish.mostMilliseconds = state.mostMilliseconds;
  wish.mostBytes = state.mostBytes;
  AutopilotRequest request;
  wish.formats = state.formats.empty() ? request.formats : state.formats;
  request.spec = state.spec;
  request.folder = m_earlier[earlier].folder;
  request.seconds = wish.seconds;
  request.goal = wish.goal;
  request.mostMilliseconds = wish.mostMilliseconds;
  request.mostBytes = wish.mostBytes;
  request.formats = wish.formats;
  request.resume = true;
  run(std::move(request), wish);
}

void AutopilotController::run(AutopilotRequest request, Wish wish) {
  reset();
  m_wish = std::move(wish);
  m_spec = request.spec;
  m_progress.seconds = m_progress.secondsLeft = request.seconds;
  request.threads = m_spec.training.threads;
  m_state = State::Running;
  m_stop = {};
  const auto generation = ++m_generation;
  ++m_working;
  // A thread of its own: data are read and models exported beside it, however many threads there are for that.
  if (!m_thread) m_thread = makeThreadPool(1, true);
  const auto sink = [this, generation, gui = std::make_shared<GuiExecutor>(this)](const AutopilotProgress& progress) {
    gui->post([this, generation, progress] {
      if (generation == m_generation) note(progress);
    });
  };
  runAsync(
      *m_thread, this,
      [project = m_workbench.project(), autopilot = m_workbench.engine()->autopilot, request = std::move(request), sink,
       stop = m_stop.get_token()] {
        return autopilot->run(project, request, sink, {{}, stop});
      },
      [this, generation](Outcome outcome) {
        --m_working;
        if (generation == m_generation)
          finish(std::move(outcome));
        else
          Q_EMIT changed();
      });
  Q_EMIT changed();
}

void AutopilotController::stop() {
  if (m_state != State::Running) return;
  m_state = State::Stopping;
  m_stop.request_stop();
  Q_EMIT changed();
}

void AutopilotController::note(AutopilotProgress progress) {
  m_progress = std::move(progress);
  m_contenders = ordered(m_progress.contenders, m_progress.larger);
  m_began.try_emplace(m_progress.stage, m_progress.used);
  for (const auto& each : m_contenders) m_began.try_emplace(each.stage, m_progress.used);
  notePoints();
  Q_EMIT changed();
}

/// Models are told of when they are seen to be whole for the first time.
void AutopilotController::notePoints() {
  for (const auto& each : m_progress.contenders) {
    if (!each.value || each.state != "completed") continue;
    const bool known =
        std::any_of(m_points.begin(), m_points.end(), [&](const Point& point) { return point.name == each.name; });
    if (!known) m_points.push_back({m_progress.used, *each.value, each.name, each.baseline});
  }
  if (!m_progress.value) return;
  if (m_best.empty() || m_best.back().value != *m_progress.value)
    m_best.push_back({m_progress.used, *m_progress.value, m_progress.best, false});
}

void AutopilotController::finish(Outcome outcome) {
  readEarlier();
  if (!outcome) {
    m_error = forWindow(outcome.error());
    if (m_error->code != cancelledCode) Q_EMIT failed(*m_error);
    return end(State::Failed);
  }
  m_outcome = std::move(*outcome);
  m_contenders = ordered(m_outcome->tried, m_progress.larger);
  if (const auto found = m_outcome->metrics.find("val/" + m_outcome->goal); found != m_outcome->metrics.end())
    m_best.push_back({m_outcome->seconds, found->second, {}, false});
  const bool verified = !m_outcome->exported.empty() && m_outcome->parity && m_outcome->parity->ok;
  if (verified && !m_outcome->stopped && (m_wish.serve || m_wish.deploy)) return deploy();
  end(State::Done);
}

void AutopilotController::deploy() {
  auto& deployments = m_workbench.deployments();
  if (deployments.busy() || !deployments.possible()) {
    m_deployError = sorry("autopilot.deploy_busy", LATHE_TEXT("errors", "Another model is being deployed."),
                          LATHE_TEXT("errors", "Deploy this one on the Deploy page afterwards."));
    return end(State::Done);
  }
  m_state = State::Deploying;
  Q_EMIT changed();
  if (m_wish.deploy)
    deployments.deployRun(m_outcome->finalRun, *m_wish.deploy);
  else
    deployments.serveRun(m_outcome->finalRun);
}

void AutopilotController::end(State state) {
  m_state = state;
  Q_EMIT changed();
  Q_EMIT finished();
}

bool AutopilotController::owns(store::RunNumber run) const {
  if (m_state != State::Running && m_state != State::Stopping) return false;
  return std::any_of(m_contenders.begin(), m_contenders.end(), [run](const auto& each) { return each.run == run; });
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/rate_finder.h"

#include <QTimer>
#include <mutex>

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr int framesMs = 50;

}  // namespace

/// Shared with the worker, which may outlive the finder by a step.
struct RateFinder::Job {
  std::stop_source stop;
  engine::TrainingControl control;
  std::mutex mutex;
  std::vector<services::RatePoint> arrived;  // under the mutex
};

RateFinder::RateFinder(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {
  auto* timer = new QTimer(this);
  timer->setInterval(framesMs);
  connect(timer, &QTimer::timeout, this, &RateFinder::take);
  timer->start();
}

RateFinder::~RateFinder() { stop(); }

void RateFinder::stop() {
  if (!m_job) return;
  m_job->stop.request_stop();
  m_job->control.request(engine::TrainingControl::Request::Cancel);
  m_job.reset();
  if (m_state == State::Running) m_state = State::Idle;
}

void RateFinder::take() {
  if (!m_job) return;
  std::vector<services::RatePoint> fresh;
  {
    const std::lock_guard lock(m_job->mutex);
    fresh.swap(m_job->arrived);
  }
  if (fresh.empty()) return;
  m_points.insert(m_points.end(), fresh.begin(), fresh.end());
  Q_EMIT changed();
}

void RateFinder::start() {
  stop();
  m_points.clear();
  m_suggestion = 0;
  m_error = m_workbench.experiment().cannotTrain();
  const auto project = m_workbench.project();
  if (m_error || !project) {
    m_state = State::Failed;
    Q_EMIT changed();
    return;
  }
  m_state = State::Running;
  m_job = std::make_shared<Job>();
  runAsync(
      *m_workbench.services().workers, this,
      [job = m_job, spec = m_workbench.experiment().spec(), base = project->folder(),
       engine = m_workbench.engine()->engine]() -> Result<services::RateCurve> {
        JobContext context;
        context.stop = job->stop.get_token();
        auto resolved = services::resolve(spec, base, context, engine.get());
        if (!resolved) return passOn(resolved);
        return services::findLearningRate(*resolved, *engine, job->control, [&job](const services::RatePoint& point) {
          const std::lock_guard lock(job->mutex);
          job->arrived.push_back(point);
        });
      },
      [this, job = m_job](const Result<services::RateCurve>& curve) {
        if (job != m_job) return;
        m_job.reset();
        if (curve) {
          m_points = curve->points;
          m_suggestion = curve->suggestion;
          m_state = State::Done;
        } else {
          m_error = curve.error();
          m_state = State::Failed;
        }
        Q_EMIT changed();
      });
  Q_EMIT changed();
}

}  // namespace lathe::ui

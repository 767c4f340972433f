// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/rate_finder.h"

#include <QTimer>
#include <mutex>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
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

void RateFinder::open() {
  const auto project = m_workbench.project();
  if (!project) return start();
  m_state = State::Running;
  runAsync(
      m_workbench.readers(), this,
      [project, key = services::rateCurveKey(m_workbench.experiment().spec())] {
        return std::make_pair(key, services::keptRateCurve(project->store(), key));
      },
      [this, asked = ++m_asked](const auto& found) {
        if (asked != m_asked) return;
        const auto& [key, kept] = found;
        if (!kept || !*kept) return start();
        show(**kept);
        m_key = key;
      });
}

void RateFinder::show(const services::KeptRateCurve& kept) {
  stop();
  ++m_asked;
  m_key.clear();
  m_kept = kept;
  m_points = kept.curve.points;
  m_suggestion = kept.curve.suggestion;
  m_error.reset();
  m_state = State::Done;
  Q_EMIT changed();
}

void RateFinder::use(double rate) {
  m_kept.used = rate;
  keep();
}

/// Of a measurement that could not be kept the person still has the curve: not worth a message.
void RateFinder::keep() {
  const auto project = m_workbench.project();
  if (!project || project->readOnly() || m_key.empty()) return;
  m_workbench.readers().post([project, key = m_key, kept = m_kept] {
    if (const auto written = services::keepRateCurve(project->store(), key, kept); !written)
      log(LogLevel::Warn, written.error().sentence());
  });
}

void RateFinder::start() {
  stop();
  ++m_asked;
  m_points.clear();
  m_suggestion = 0;
  m_kept = {};
  m_key = services::rateCurveKey(m_workbench.experiment().spec());
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
          m_kept = {*curve, systemClock().nowMicros(), 0};
          keep();
        } else {
          m_error = curve.error();
          m_state = State::Failed;
        }
        Q_EMIT changed();
      });
  Q_EMIT changed();
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/run_observer.h"

#include <algorithm>

#include "core/base/clock.h"

namespace lathe::services {
namespace {

constexpr double secondsBetweenOffers = 1.0 / 30;

bool isMetric(const std::string& name) { return name.rfind("train/", 0) == 0 || name.rfind("val/", 0) == 0; }

}  // namespace

RunObserver::RunObserver(Project& project, store::RunNumber run, std::shared_ptr<const data::Dataset> data,
                         LiveSink sink)
    : m_store(project.store()), m_run(run), m_sink(std::move(sink)), m_predictions(std::move(data)) {}

Result<void> RunObserver::continueFrom(std::int64_t step) {
  LATHE_TRY(m_store.truncate(m_run, step));
  auto kept = m_store.series(m_run);
  if (!kept) return passOn(kept);
  for (const auto& each : *kept)
    if (each.points > 0) m_lastSteps[each.name] = each.lastStep;
  return {};
}

int RunObserver::series(const std::string& name) {
  for (std::size_t i = 0; i < m_curves.size(); ++i)
    if (m_curves[i].name == name) return static_cast<int>(i);
  const auto id = m_store.seriesId(m_run, name);
  const auto last = m_lastSteps.find(name);
  const std::lock_guard lock(m_mutex);
  if (!id && !m_failure) m_failure = id.error();
  auto& curve = m_curves.emplace_back();
  curve.name = name;
  curve.id = id ? *id : 0;
  curve.lastStored = last == m_lastSteps.end() ? 0 : last->second;
  return static_cast<int>(m_curves.size() - 1);
}

void RunObserver::point(int series, std::int64_t step, double value) {
  if (series < 0 || static_cast<std::size_t>(series) >= m_curves.size()) return;
  auto& curve = m_curves[static_cast<std::size_t>(series)];
  curve.newest.store(value, std::memory_order_relaxed);
  curve.any.store(true, std::memory_order_relaxed);
  if (curve.id != 0 && step > curve.lastStored) {
    curve.lastStored = step;
    m_store.append(curve.id, step, value);
  }
  // After its point: what is told of a run never counts a step whose point is not on its way to the store.
  m_step.store(step, std::memory_order_release);
  // Progress that arrived too soon for the sink must not wait for the next one when steps are long.
  if (m_waiting && ++m_pointsSinceLook >= 8) {
    m_pointsSinceLook = 0;
    offerToSink();
  }
}

void RunObserver::progress(const engine::TrainingProgress& progress) {
  {
    const std::lock_guard lock(m_mutex);
    m_progress = progress;
  }
  m_waiting = true;
  offerToSink();
}

void RunObserver::offerToSink() {
  const double now = systemClock().steadySeconds();
  if (m_lastOffer >= 0 && now - m_lastOffer < secondsBetweenOffers) return;
  flushSink();
  m_lastOffer = now;
}

void RunObserver::flushSink() {
  if (!m_waiting) return;
  m_waiting = false;
  if (!m_sink) return;
  LiveRun live{m_run, {}};
  {
    const std::lock_guard lock(m_mutex);
    live.progress = m_progress;
  }
  m_sink(live);
}

void RunObserver::event(const std::string& kind, const Message& message) { m_store.addEvent(m_run, kind, message); }

void RunObserver::histograms(std::int64_t step, const engine::ParameterHistograms& histograms) {
  std::vector<store::NamedHistogram> named;
  named.reserve(2 * histograms.size());
  for (const auto& each : histograms) {
    named.push_back({"weights/" + each.name, engine::encode(each.weights)});
    named.push_back({"gradients/" + each.name, engine::encode(each.gradients)});
  }
  m_store.addHistograms(m_run, step, std::move(named));
}

Result<void> RunObserver::beforeCheckpoint() {
  auto safe = m_store.flush();
  if (safe) return safe;
  const std::lock_guard lock(m_mutex);
  if (!m_failure) m_failure = safe.error();
  return safe;
}

void RunObserver::checkpoint(const engine::CheckpointInfo& info) {
  const std::lock_guard lock(m_mutex);
  (info.best ? m_best : m_last) = info;
}

std::map<std::string, double> RunObserver::newestLocked() const {
  std::map<std::string, double> result;
  for (const auto& curve : m_curves)
    if (isMetric(curve.name) && curve.any.load(std::memory_order_relaxed))
      result[curve.name] = curve.newest.load(std::memory_order_relaxed);
  return result;
}

RunSnapshot RunObserver::snapshot() const {
  const std::lock_guard lock(m_mutex);
  const auto step = std::max(m_progress.step, m_step.load(std::memory_order_acquire));
  return {m_progress, step, newestLocked(), m_best, m_last};
}

std::optional<Error> RunObserver::failure() const {
  const std::lock_guard lock(m_mutex);
  return m_failure;
}

}  // namespace lathe::services

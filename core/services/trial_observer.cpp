// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/trial_observer.h"

#include "core/base/clock.h"

namespace lathe::services {
namespace {

constexpr std::size_t mostHeld = 20000;
constexpr double secondsHeld = 0.5;
constexpr std::size_t pointsBetweenLooks = 256;  // at the clock

}  // namespace

TrialObserver::TrialObserver(store::RunStore& store, store::RunNumber run, std::string goal, std::int64_t stepsPerEpoch,
                             std::int64_t after, Judge judge)
    : m_store(store),
      m_run(run),
      m_goal(std::move(goal)),
      m_stepsPerEpoch(std::max<std::int64_t>(1, stepsPerEpoch)),
      m_after(after),
      m_judge(std::move(judge)),
      m_lastHand(systemClock().steadySeconds()),
      m_step(after) {}

void TrialObserver::hold(std::string prefix) {
  m_prefix = std::move(prefix);
  m_holding = true;
}

int TrialObserver::series(const std::string& name) {
  const std::lock_guard lock(m_mutex);
  for (std::size_t i = 0; i < m_curves.size(); ++i)
    if (m_curves[i].name == name) return static_cast<int>(i);
  m_curves.push_back({name, {}});
  return static_cast<int>(m_curves.size() - 1);
}

void TrialObserver::point(int series, std::int64_t step, double value) {
  m_step = std::max(m_step, step);
  bool goal = false;
  {
    const std::lock_guard lock(m_mutex);
    auto& curve = m_curves[static_cast<std::size_t>(series)];
    goal = curve.name == m_goal;
    if (step > m_after) {
      curve.points.push_back({step, value});
      ++m_held;
    }
    if (!m_holding && (m_held >= mostHeld ||
                       (m_held % pointsBetweenLooks == 0 && systemClock().steadySeconds() - m_lastHand > secondsHeld)))
      hand();
  }
  if (goal && m_judge) m_judge((step + m_stepsPerEpoch - 1) / m_stepsPerEpoch, value);
}

void TrialObserver::progress(const engine::TrainingProgress& progress) { m_progress = progress; }

void TrialObserver::event(const std::string& kind, const Message& message) { m_store.addEvent(m_run, kind, message); }

Result<void> TrialObserver::beforeCheckpoint() {
  if (!m_holding) flush();
  return {};
}

void TrialObserver::checkpoint(const engine::CheckpointInfo& info) {
  const std::lock_guard lock(m_mutex);
  (info.best ? m_best : m_last) = info.file;
}

void TrialObserver::flush() {
  const std::lock_guard lock(m_mutex);
  hand();
}

std::filesystem::path TrialObserver::bestFile() const {
  const std::lock_guard lock(m_mutex);
  return m_best;
}

std::filesystem::path TrialObserver::lastFile() const {
  const std::lock_guard lock(m_mutex);
  return m_last;
}

void TrialObserver::hand() {
  std::vector<store::NamedPoints> curves;
  for (auto& curve : m_curves)
    if (!curve.points.empty()) {
      curves.push_back({m_prefix + curve.name, std::move(curve.points)});
      curve.points.clear();
    }
  m_held = 0;
  m_lastHand = systemClock().steadySeconds();
  if (!curves.empty()) m_store.appendNamed(m_run, std::move(curves));
}

}  // namespace lathe::services

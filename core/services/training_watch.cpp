// SPDX-License-Identifier: GPL-3.0-or-later
// The second thread of a training: lease, requests of other processes, progress, and what may break beneath it.
#include <chrono>
#include <condition_variable>
#include <exception>

#include "core/base/log.h"
#include "core/base/machine.h"
#include "core/services/data_cache.h"
#include "core/services/training_run.h"

namespace lathe::services {
namespace {

constexpr auto pollInterval = std::chrono::milliseconds(250);
constexpr int pollsPerHeartbeat = 4;

}  // namespace

void TrainingRun::watch(const std::stop_token& stop) {
  const auto held = project();
  std::mutex mutex;
  std::condition_variable_any timer;
  std::unique_lock lock(mutex);
  MachineCurves machine(m_plan.number);
  for (int poll = 1;; ++poll) {
    timer.wait_for(lock, stop, pollInterval, [] { return false; });
    try {
      // A run of a moment has a point, too.
      if (stop.stop_requested() ? machine.empty() : poll % pollsPerHeartbeat == 0) watchMachine(*held, machine);
      if (stop.stop_requested()) return;
      const auto request = held->store().takeControlRequest(m_plan.number);
      if (request && *request != store::ControlRequest::None)
        if (const auto asked = ask(*request); !asked) log(LogLevel::Warn, asked.error().sentence());
      showPredictions();
      // What a kill -9 leaves behind is then no older than the points.
      if (poll % pollsPerHeartbeat != 0) {
        if (const auto told = held->store().updateRun(m_plan.number, progressUpdate()); !told)
          m_storeFailed(m_folder, told.error());
        continue;
      }
      watchStore(*held);
      watchData(*held);
    } catch (const std::exception& error) {
      log(LogLevel::Failure, error.what());
    }
  }
}

void TrainingRun::watchMachine(Project& project, MachineCurves& curves) const {
  std::int64_t step = 0;
  {
    const std::lock_guard lock(m_mutex);
    if (m_observer) step = m_observer->snapshot().step;
  }
  if (step > 0 && !m_leaseLost) curves.sample(project.store(), step);
}

void TrainingRun::showPredictions() {
  const std::lock_guard lock(m_mutex);
  if (m_observer && !m_leaseLost) m_observer->writePredictions();
}

void TrainingRun::watchStore(Project& project) {
  auto& store = project.store();
  Result<void> written = store.heartbeat(m_plan.number, thisProcess());
  if (!written && written.error().code == "run.lease_lost") {
    // Another process thought this one dead and works on the run now: leave it alone.
    m_leaseLost = true;
    stopBecause(written.error());
    return;
  }
  if (written) written = store.updateRun(m_plan.number, progressUpdate());
  if (written) written = store.flush();
  if (!written) return m_storeFailed(m_folder, written.error());
  std::optional<Error> failure;
  {
    const std::lock_guard lock(m_mutex);
    if (m_observer) failure = m_observer->failure();
  }
  if (failure) m_storeFailed(m_folder, *failure);
}

// The rows are in memory, so a file that vanishes stops nothing now; but resuming will need it.
void TrainingRun::watchData(Project& project) {
  std::error_code error;
  const auto path = located(m_plan.spec.data, m_folder).path;
  const bool gone = !std::filesystem::exists(path, error);
  if (gone && !m_dataGone)
    project.store().addEvent(
        m_plan.number, "data_missing",
        {LATHE_TEXT(
             "events",
             "{file} is gone. The training goes on from memory; bring the file back before you resume or export."),
         {{"file", path}}});
  m_dataGone = gone;
}

}  // namespace lathe::services

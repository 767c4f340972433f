// SPDX-License-Identifier: GPL-3.0-or-later
// What the Autopilot's controller reads of the project: earlier ones, and what a run was trained with.
#include <algorithm>
#include <charconv>
#include <chrono>

#include "core/spec/spec_json.h"
#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {
namespace fs = std::filesystem;

namespace {

std::int64_t microsOf(const fs::path& file) {
  std::error_code error;
  const auto written = fs::last_write_time(file, error);
  if (error) return 0;
  const auto system = std::chrono::file_clock::to_sys(written);
  return std::chrono::duration_cast<std::chrono::microseconds>(system.time_since_epoch()).count();
}

std::vector<AutopilotController::Earlier> earlierIn(const fs::path& base) {
  std::vector<AutopilotController::Earlier> all;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(base, error)) {
    const auto name = entry.path().filename().string();
    AutopilotController::Earlier earlier;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), earlier.number);
    if (problem != std::errc() || end != name.data() + name.size()) continue;
    auto state = services::autopilotStateOf(entry.path());
    if (!state) continue;  // a folder that was made and no more
    earlier.folder = entry.path();
    earlier.state = std::move(*state);
    earlier.report = fs::exists(entry.path() / "report.html", error);
    earlier.micros = microsOf(entry.path() / "autopilot.json");
    all.push_back(std::move(earlier));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.number > b.number; });
  return all;
}

}  // namespace

void AutopilotController::readEarlier() {
  const auto project = m_workbench.project();
  if (!project) return;
  runAsync(
      m_workbench.readers(), this, [base = project->folder() / "autopilot"] { return earlierIn(base); },
      [this, project](std::vector<Earlier> all) {
        if (project != m_workbench.project()) return;
        m_earlier = std::move(all);
        Q_EMIT earlierRead();
      });
}

/// The data, and what concerns the machine, stay the experiment's.
void AutopilotController::takeOver(store::RunNumber run, const QString& name) {
  const auto project = m_workbench.project();
  if (!project || run <= 0) return;
  runAsync(
      m_workbench.readers(), this,
      [project, run]() -> Result<spec::ExperimentSpec> {
        LATHE_ASSIGN(json, project->store().runSpec(run));
        return spec::fromJson(json);
      },
      [this, run, name](const Result<spec::ExperimentSpec>& found) {
        if (!found) return Q_EMIT failed(found.error());
        auto& experiment = m_workbench.experiment();
        auto spec = experiment.spec();
        const auto before = spec.training;
        spec.model = found->model;
        spec.training = found->training;
        spec.training.threads = before.threads;
        spec.training.histograms = before.histograms;
        spec.training.checkpointSeconds = before.checkpointSeconds;
        spec.training.device = before.device;
        spec.data.preprocessing = found->data.preprocessing;
        experiment.setSpec(std::move(spec), tr("Take over %1").arg(name));
        Q_EMIT takenOver(run);
      });
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// What the experiment controller does on other threads: reading the data, saving, starting a training.
#include <algorithm>
#include <utility>

#include "core/services/rate_curves.h"
#include "core/spec/image_scaling.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr std::size_t mostShown = 8;  // one a colour: a new training takes the place of the oldest
constexpr int saveAgainMs = 3000;

}  // namespace

void ExperimentController::reload() {
  m_spec.data.sha256.clear();
  m_history[m_position].spec.data.sha256.clear();
  inspect();
}

void ExperimentController::inspect() {
  m_inspectStop.request_stop();
  m_inspectStop = {};
  const auto ticket = ++m_inspectTicket;
  const bool otherFile = m_inspected && m_inspectedSpec.path != m_spec.data.path;
  m_inspectedSpec = m_spec.data;
  const auto project = m_workbench.project();
  const auto data = m_workbench.services().data;
  if (!project || !data || m_spec.data.path.empty()) {
    m_reading = false;
    m_inspected.reset();
    Q_EMIT dataChanged();
    rebuildGraph();
    return;
  }
  m_reading = true;
  if (otherFile) {
    m_inspected.reset();
    Q_EMIT dataChanged();
  }
  JobContext job;
  job.stop = m_inspectStop.get_token();
  job.progress = [this, ticket, gui = std::make_shared<GuiExecutor>(this)](const Progress& progress) {
    gui->post([this, ticket, progress] {
      if (ticket == m_inspectTicket && m_reading) Q_EMIT inspecting(progress);
    });
  };
  Q_EMIT inspecting({{}, 0, 0, {}});
  runAsync(
      *m_workbench.services().workers, this,
      [data, spec = m_spec.data, base = project->folder(), job] { return data->inspect(spec, base, job); },
      [this, ticket](Result<services::InspectedData> result) {
        if (ticket != m_inspectTicket) return;
        m_reading = false;
        inspected(std::move(result));
      });
}

void ExperimentController::inspected(Result<services::InspectedData> result) {
  if (!result) {
    m_inspected.reset();
    Q_EMIT dataChanged();
    rebuildGraph();
    if (result.error().code != cancelledCode) Q_EMIT dataFailed(result.error());
    return;
  }
  m_inspected = std::move(*result);
  noteContent();
  Q_EMIT dataChanged();
  rebuildGraph();
}

/// Keeps the hash of what was read, and says when it is not what the experiment was made with.
void ExperimentController::noteContent() {
  auto& profile = m_inspected->profile;
  if (profile.sha256.empty() || profile.sha256 == m_spec.data.sha256) return;
  const bool said = std::any_of(profile.warnings.begin(), profile.warnings.end(),
                                [](const Warning& warning) { return warning.code == "data.changed"; });
  if (!m_spec.data.sha256.empty() && !said) {
    const TextArgs args{{"file", profile.path}};
    profile.warnings.push_back(
        {"data.changed",
         {LATHE_TEXT("errors", "{file} is not what it was when this experiment was made."), args},
         {LATHE_TEXT("errors", "Earlier runs saw the old content: compare them with care."), args}});
  }
  m_spec.data.sha256 = profile.sha256;
  m_history[m_position].spec.data.sha256 = profile.sha256;
  m_inspectedSpec.sha256 = profile.sha256;
  m_saved = false;
  m_saveTimer.start(saveDelayMs);
  Q_EMIT savedChanged();
}

void ExperimentController::rebuildGraph() {
  m_report = {};
  m_graph = m_spec.model.graph;
  if (m_inspected && !m_inspected->graphContext.inputs.empty()) {
    auto context = spec::scaledContext(m_inspected->graphContext, m_spec);
    // The data do not know how many quantiles of each target are asked for.
    if (m_inspected->profile.task == spec::Task::Quantile)
      context.outputs *= static_cast<std::int64_t>(std::max<std::size_t>(1, m_spec.training.loss.quantiles.size()));
    const auto& model = m_spec.model;
    if (model.templateName != "custom") {
      const auto name =
          model.templateName.empty() ? spec::defaultTemplate(context, m_inspected->profile.task) : model.templateName;
      auto built = spec::buildTemplate(name, model.settings,
                                       {context, m_inspected->profile.task, m_inspected->profile.trainRows});
      if (built) {
        m_graph.layers = std::move(built->layers);
        m_report = spec::analyse(m_graph, context);
      } else {
        m_graph = {};
        m_report.error = built.error();
      }
    } else {
      m_report = spec::analyse(m_graph, context);
    }
  }
  Q_EMIT graphChanged();
}

std::optional<Error> ExperimentController::cannotUseData() const {
  const auto sorry = [](std::string code, const char* what, const char* remedy) {
    return std::optional<Error>(Error{std::move(code), {what, {}}, {remedy, {}}});
  };
  const auto project = m_workbench.project();
  if (!project)
    return sorry("train.no_project", LATHE_TEXT("errors", "No project is open."),
                 LATHE_TEXT("errors", "Drop a data file on the window or choose a sample."));
  if (project->readOnly())
    return sorry("train.read_only", LATHE_TEXT("errors", "This project can only be read."),
                 LATHE_TEXT("errors", "Copy it to a folder that you may write to."));
  if (m_spec.data.path.empty())
    return sorry("train.no_data", LATHE_TEXT("errors", "There are no data yet."),
                 LATHE_TEXT("errors", "Drop a data file on the window."));
  if (m_workbench.engine() == nullptr)
    return sorry("train.no_engine", LATHE_TEXT("errors", "The training engine is not loaded yet."),
                 LATHE_TEXT("errors", "Wait a moment."));
  if (m_reading)
    return sorry("train.reading", LATHE_TEXT("errors", "The data are still being read."),
                 LATHE_TEXT("errors", "Wait until they are."));
  if (!m_inspected)
    return sorry("train.unread", LATHE_TEXT("errors", "The data could not be read."),
                 LATHE_TEXT("errors", "The Data page says why."));
  return m_inspected->cannotTrain;
}

std::optional<Error> ExperimentController::cannotTrain() const {
  if (auto why = cannotUseData()) return why;
  if (auto problems = spec::validate(m_spec); !problems.empty()) return problems.front();
  return m_report.error;
}

void ExperimentController::saveNow() {
  if (m_saved) return;
  m_saveTimer.stop();
  save();
}

void ExperimentController::save() {
  const auto project = m_workbench.project();
  if (!project || project->readOnly() || m_saved) return;
  runAsync(
      m_workbench.readers(), this,
      [project, shelf = m_shelf, spec = m_spec] { return shelf->put(project->store(), spec, project->name()); },
      [this, spec = m_spec, shelf = m_shelf](const Result<store::ExperimentRecord>& record) {
        if (shelf == m_shelf) stored(record, spec);
      });
}

void ExperimentController::stored(const Result<store::ExperimentRecord>& record, const spec::ExperimentSpec& spec) {
  if (!record) {
    // Tried again until it is saved; said once.
    m_saveTimer.start(saveAgainMs);
    if (!std::exchange(m_saveFailed, true)) {
      Q_EMIT failed(record.error());
      Q_EMIT savedChanged();
    }
    return;
  }
  m_saveFailed = false;
  m_id = record->id;
  m_version = record->version;
  if (spec == m_spec && !m_saved) {
    m_saved = true;
    Q_EMIT savedChanged();
  }
}

void ExperimentController::train() {
  const auto project = m_workbench.project();
  const auto* engine = m_workbench.engine();
  // The worker reads the data itself: what is only unread yet does not hold it up.
  if (const auto why = cannotTrain(); why && (why->code != "train.reading" || !project || engine == nullptr)) {
    Q_EMIT failed(*why);
    return;
  }
  m_saveTimer.stop();
  struct Started {
    Result<store::ExperimentRecord> record;
    Result<store::RunNumber> run;
  };
  runAsync(
      m_workbench.readers(), this,
      [project, training = engine->training, shelf = m_shelf, spec = m_spec]() -> Started {
        auto record = shelf->put(project->store(), spec, project->name());
        if (!record) return {record, store::RunNumber{0}};
        auto run = training->start(project, {spec, record->id, record->version, true});
        if (run) services::noteFoundRate(project->store(), *run, spec);
        return {record, std::move(run)};
      },
      [this, spec = m_spec, shelf = m_shelf](const Started& started) {
        if (shelf != m_shelf) return;
        const bool said = m_saveFailed;
        stored(started.record, spec);
        if (!started.record) {
          if (said) Q_EMIT failed(started.record.error());
          return;
        }
        if (!started.run) {
          Q_EMIT failed(started.run.error());
          return;
        }
        auto shown = m_workbench.runs().shown();
        shown.insert(shown.begin(), *started.run);
        if (shown.size() > mostShown) shown.resize(mostShown);
        m_workbench.runs().setShown(shown);
        Q_EMIT trainingStarted(*started.run);
      });
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/experiment_controller.h"

#include <QDateTime>
#include <QFileInfo>
#include <algorithm>

#include "core/base/files.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr qint64 oneEditMs = 800;
constexpr std::size_t historyLimit = 500;
constexpr const char* spaceKey = "search.space";
constexpr const char* settingsKey = "search.settings";

/// What is stored and cannot be read any more is as good as not there.
SearchDraft storedSearch(const store::RunStore& store) {
  SearchDraft draft;
  if (auto space = spec::searchSpaceFromJson(store.setting(spaceKey).value_or(""))) draft.space = std::move(*space);
  if (auto settings = services::studySettingsFromJson(store.setting(settingsKey).value_or("")))
    draft.settings = std::move(*settings);
  return draft;
}

}  // namespace

Result<store::ExperimentRecord> ExperimentController::Shelf::put(store::RunStore& store,
                                                                 const spec::ExperimentSpec& spec,
                                                                 const std::string& fallbackName) {
  auto record = store.saveExperiment(id, spec.name.empty() ? fallbackName : spec.name, spec::toJson(spec, -1));
  if (record) id = record->id;
  return record;
}

ExperimentController::ExperimentController(Workbench& workbench)
    : m_workbench(workbench), m_shelf(std::make_shared<Shelf>()) {
  m_history.push_back({});
  m_saveTimer.setSingleShot(true);
  connect(&m_saveTimer, &QTimer::timeout, this, &ExperimentController::save);
}

ExperimentController::~ExperimentController() {
  m_inspectStop.request_stop();
  saveNow();
}

void ExperimentController::reset(spec::ExperimentSpec spec, SearchDraft search) {
  m_saveTimer.stop();
  m_history.clear();
  m_history.push_back({std::move(spec), std::move(search), {}, 0});
  m_position = 0;
  m_spec = m_history.front().spec;
  m_search = m_history.front().search;
  m_saved = true;
  m_saveFailed = false;
  m_inspectStop.request_stop();
  ++m_inspectTicket;
  m_reading = false;
  m_inspected.reset();
  m_inspectedSpec = {};
}

void ExperimentController::load() {
  const auto ticket = ++m_loadTicket;
  m_shelf = std::make_shared<Shelf>();
  m_id = 0;
  m_version = 0;
  reset({});
  const auto announce = [this] {
    Q_EMIT undoChanged();
    Q_EMIT savedChanged();
    Q_EMIT specChanged();
    Q_EMIT searchChanged();
    Q_EMIT dataChanged();
    rebuildGraph();
  };
  announce();
  const auto project = m_workbench.project();
  if (!project) return;

  struct Stored {
    std::optional<store::ExperimentRecord> record;
    spec::ExperimentSpec spec;
    SearchDraft search;
  };
  runAsync(
      m_workbench.readers(), this,
      [project, shelf = m_shelf]() -> Result<Stored> {
        LATHE_ASSIGN(all, project->store().experiments());
        if (all.empty()) return Stored{};
        LATHE_ASSIGN(spec, spec::fromJson(all.front().specJson));
        shelf->id = all.front().id;
        return Stored{all.front(), spec, storedSearch(project->store())};
      },
      [this, ticket, announce](Result<Stored> stored) {
        if (ticket != m_loadTicket) return;
        if (!stored) {
          Q_EMIT failed(stored.error());
        } else if (stored->record) {
          m_id = stored->record->id;
          m_version = stored->record->version;
          reset(std::move(stored->spec), std::move(stored->search));
          announce();
          inspect();
        }
        Q_EMIT loaded();
      });
}

void ExperimentController::setSpec(spec::ExperimentSpec spec, const QString& what) {
  if (!(spec == m_spec)) change(std::move(spec), m_search, what);
}

void ExperimentController::setSearch(SearchDraft search, const QString& what) {
  if (!(search == m_search)) change(m_spec, std::move(search), what);
}

void ExperimentController::change(spec::ExperimentSpec spec, SearchDraft search, const QString& what) {
  const auto now = QDateTime::currentMSecsSinceEpoch();
  const bool typing = m_position > 0 && m_position + 1 == m_history.size() && m_history[m_position].what == what &&
                      now - m_history[m_position].atMs < oneEditMs;
  if (typing) {
    m_history[m_position].spec = std::move(spec);
    m_history[m_position].search = std::move(search);
    m_history[m_position].atMs = now;
  } else {
    m_history.resize(m_position + 1);
    m_history.push_back({std::move(spec), std::move(search), what, now});
    if (m_history.size() > historyLimit) m_history.erase(m_history.begin());
    m_position = m_history.size() - 1;
  }
  applied();
}

bool ExperimentController::setField(const std::string& path, const std::string& json, const QString& what) {
  auto spec = m_spec;
  if (const auto result = spec::setField(spec, path, json); !result) {
    Q_EMIT failed(result.error());
    return false;
  }
  setSpec(std::move(spec), what);
  return true;
}

void ExperimentController::saveSearch() const {
  const auto project = m_workbench.project();
  if (!project || project->readOnly()) return;
  const auto space = spec::toJson(m_search.space);
  // What is wrong for the moment is not kept: the last space that could be searched is.
  if (!m_search.space.parameters.empty() && !spec::searchSpaceFromJson(space)) return;
  m_workbench.readers().post([project, space, settings = services::toJson(m_search.settings)] {
    (void)project->store().setSetting(spaceKey, space);
    (void)project->store().setSetting(settingsKey, settings);
  });
}

std::string ExperimentController::templateName() const {
  if (!m_spec.model.templateName.empty()) return m_spec.model.templateName;
  if (!m_inspected || m_inspected->graphContext.inputs.empty()) return {};
  return spec::defaultTemplate(m_inspected->graphContext, m_inspected->profile.task);
}

void ExperimentController::setDataPath(const QString& path) {
  namespace fs = std::filesystem;
  auto spec = m_spec;
  fs::path file(path.toStdU16String());
  if (const auto project = m_workbench.project()) {
    if (file.is_relative()) file = fs::absolute(file);
    const bool same =
        !m_spec.data.path.empty() && project->absolute(m_spec.data.path).lexically_normal() == file.lexically_normal();
    if (same) {
      if (!m_inspected && !m_reading) inspect();
      return;
    }
    spec.data.path = project->relative(file);
  } else {
    spec.data.path = file.string();
  }
  // What belonged to the columns of another file is not carried over.
  spec.data.testPath.clear();
  spec.data.sha256.clear();
  spec.data.target.clear();
  spec.data.targets.clear();
  spec.data.task = spec::Task::Auto;
  spec.data.reading = {};
  spec.data.kinds.clear();
  spec.data.roles.clear();
  spec.data.sequence = {};
  if (spec.model.templateName != "custom") spec.model = {};
  if (spec.name.empty()) spec.name = QFileInfo(path).completeBaseName().toStdString();
  setSpec(std::move(spec), tr("Choose the data"));
}

void ExperimentController::setColumnRole(const std::string& column, spec::ColumnRole role) {
  auto spec = m_spec;
  auto& roles = spec.data.roles;
  if (role == spec::ColumnRole::Target) {
    std::erase_if(roles, [](const auto& entry) { return entry.second == spec::ColumnRole::Target; });
    roles.erase(column);
    spec::setTargets(spec.data, {column});
    spec.data.task = spec::Task::Auto;
  } else {
    auto targets = spec::targetNames(spec.data);
    std::erase(targets, column);
    spec::setTargets(spec.data, targets);
    roles[column] = role;
  }
  setSpec(std::move(spec), tr("Change the role of %1").arg(QString::fromStdString(column)));
}

void ExperimentController::setTargets(const std::vector<std::string>& columns) {
  auto spec = m_spec;
  std::erase_if(spec.data.roles, [&](const auto& entry) {
    return entry.second == spec::ColumnRole::Target ||
           std::find(columns.begin(), columns.end(), entry.first) != columns.end();
  });
  spec::setTargets(spec.data, columns);
  const bool several = columns.size() > 1;
  const auto task = spec.data.task;
  if (several ? task == spec::Task::Classification : task == spec::Task::Multilabel) spec.data.task = spec::Task::Auto;
  setSpec(std::move(spec), tr("Choose what to predict"));
}

void ExperimentController::setColumnKind(const std::string& column, spec::ColumnKind kind) {
  auto spec = m_spec;
  spec.data.kinds[column] = kind;
  setSpec(std::move(spec), tr("Change the kind of %1").arg(QString::fromStdString(column)));
}

void ExperimentController::setTemplate(const std::string& name) {
  auto spec = m_spec;
  if (name == "custom") {
    spec.model.graph = m_graph;
  } else {
    spec.model.graph = {};
    const auto& all = spec::templates();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.name == name; });
    std::erase_if(spec.model.settings, [&](const auto& entry) {
      return found == all.end() || std::none_of(found->settings.begin(), found->settings.end(),
                                                [&](const auto& setting) { return setting.name == entry.first; });
    });
  }
  spec.model.templateName = name;
  setSpec(std::move(spec), tr("Choose a template"));
}

void ExperimentController::setTemplateSetting(const std::string& name, const spec::Value& value) {
  auto spec = m_spec;
  if (value.isNull())
    spec.model.settings.erase(name);
  else
    spec.model.settings[name] = value;
  setSpec(std::move(spec), tr("Change %1").arg(QString::fromStdString(name)));
}

void ExperimentController::setGraph(spec::ModelGraph graph, const QString& what) {
  auto spec = m_spec;
  spec.model.templateName = "custom";
  spec.model.graph = std::move(graph);
  setSpec(std::move(spec), what);
}

QString ExperimentController::undoText() const { return canUndo() ? m_history[m_position].what : QString(); }
QString ExperimentController::redoText() const { return canRedo() ? m_history[m_position + 1].what : QString(); }

void ExperimentController::undo() {
  if (!canUndo()) return;
  --m_position;
  applied();
}

void ExperimentController::redo() {
  if (!canRedo()) return;
  ++m_position;
  applied();
}

void ExperimentController::applied() {
  const auto& now = m_history[m_position];
  if (!(now.search == m_search)) {
    m_search = now.search;
    saveSearch();
    Q_EMIT searchChanged();
  }
  if (now.spec == m_spec) return Q_EMIT undoChanged();
  m_spec = now.spec;
  m_saved = false;
  m_saveTimer.start(saveDelayMs);
  Q_EMIT specChanged();
  Q_EMIT savedChanged();
  Q_EMIT undoChanged();
  auto wanted = m_spec.data;
  wanted.sha256 = m_inspectedSpec.sha256;
  if (wanted != m_inspectedSpec || (!m_inspected && !m_reading))
    inspect();
  else
    rebuildGraph();
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/workbench.h"

#include <QDir>
#include <QStandardPaths>
#include <cerrno>
#include <utility>

#include "core/base/files.h"
#include "core/services/samples.h"
#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/deployment_controller.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/export_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/study_controller.h"

namespace lathe::ui {

namespace fs = std::filesystem;
using services::Project;

namespace {

fs::path toPath(const QString& text) { return {text.toStdU16String()}; }

bool isProject(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "store.sqlite3", ignored);
}

/// "churn" for churn.csv and churn.csv.gz.
fs::path projectName(const fs::path& data) {
  auto name = data.filename().empty() ? data.parent_path().filename() : data.filename();
  std::error_code ignored;
  if (!fs::is_directory(data, ignored)) {
    if (name.extension() == ".gz") name = name.stem();
    name = name.stem();
  }
  name += ".lathe";
  return name;
}

Result<std::shared_ptr<Project>> openOrCreate(const fs::path& folder, const services::StoreOpener& opener) {
  return Project::open(folder, isProject(folder) ? Project::Mode::Write : Project::Mode::Create, opener);
}

/// Beside the data; in `fallback` when nothing can be written there.
Result<std::shared_ptr<Project>> openBeside(const fs::path& data, const fs::path& fallback,
                                            const services::StoreOpener& opener) {
  const auto name = projectName(data);
  const auto absolute = fs::absolute(data);
  const auto parent = absolute.filename().empty() ? absolute.parent_path().parent_path() : absolute.parent_path();
  auto beside = openOrCreate(parent / name, opener);
  if (beside && !(*beside)->readOnly()) return beside;
  std::error_code ignored;
  fs::create_directories(fallback, ignored);
  auto elsewhere = openOrCreate(fallback / name, opener);
  if (elsewhere) return elsewhere;
  return beside;
}

}  // namespace

Workbench::Workbench(ServicesBundle services, QObject* parent)
    : QObject(parent), m_services(std::move(services)), m_readers(makeThreadPool(1, false)) {
  m_experiment = std::make_unique<ExperimentController>(*this);
  m_runs = std::make_unique<RunsController>(*this);
  m_exports = std::make_unique<ExportController>(*this);
  m_deployments = std::make_unique<DeploymentController>(*this);
  m_studies = std::make_unique<StudyController>(*this);
  m_autopilot = std::make_unique<AutopilotController>(*this);
  connect(m_experiment.get(), &ExperimentController::failed, this, &Workbench::failed);
  connect(m_runs.get(), &RunsController::failed, this, &Workbench::failed);
  connect(m_exports.get(), &ExportController::failed, this, &Workbench::failed);
  connect(m_deployments.get(), &DeploymentController::failed, this, &Workbench::failed);
  connect(m_studies.get(), &StudyController::failed, this, &Workbench::failed);
  connect(m_autopilot.get(), &AutopilotController::failed, this, &Workbench::failed);
  connect(m_experiment.get(), &ExperimentController::loaded, this, [this] {
    if (const auto then = std::exchange(m_afterLoaded, {})) then();
  });
  connect(this, &Workbench::engineReady, this, &Workbench::trainWhenReady);
}

Workbench::~Workbench() = default;

void Workbench::loadEngine() {
  if (m_engine || m_loading || !m_services.loadEngine) return;
  m_loading = true;
  struct Loaded {
    Result<EngineServices> services;
    engine::EngineInfo info;
  };
  runAsync(
      *m_services.workers, this,
      [load = m_services.loadEngine] {
        Loaded loaded{load(), {}};
        if (loaded.services && loaded.services->engine) loaded.info = loaded.services->engine->info();
        return loaded;
      },
      [this](Loaded loaded) {
        m_loading = false;
        if (!loaded.services) {
          m_trainWhenReady = false;
          m_engineError = loaded.services.error();
          Q_EMIT engineFailed(*m_engineError);
          return;
        }
        m_engineError.reset();
        m_engine = std::move(*loaded.services);
        m_engineInfo = std::move(loaded.info);
        Q_EMIT engineReady();
      });
}

void Workbench::setBusy(bool busy, const QString& what) { Q_EMIT busyChanged(busy, what); }

void Workbench::openWith(const QString& what, std::function<Opened()> open, std::function<void()> then) {
  const auto ticket = ++m_openTicket;
  setBusy(true, what);
  runAsync(*m_services.workers, this, std::move(open), [this, ticket, then = std::move(then)](Opened opened) {
    if (ticket != m_openTicket) return;
    setBusy(false, {});
    if (!opened) {
      Q_EMIT failed(opened.error());
      return;
    }
    m_afterLoaded = then;
    adopt(std::move(*opened));
  });
}

void Workbench::openProject(const QString& folder) {
  openWith(tr("Opening %1").arg(QDir(folder).dirName()),
           [path = toPath(folder), opener = m_services.openStore] {
             return Project::open(path, Project::Mode::Write, opener);
           },
           {});
}

void Workbench::createProject(const QString& folder) {
  openWith(tr("Making %1").arg(QDir(folder).dirName()),
           [path = toPath(folder), opener = m_services.openStore] {
             return Project::open(path, Project::Mode::Create, opener);
           },
           {});
}

void Workbench::adopt(std::shared_ptr<Project> project) {
  closeProject();
  m_project = std::move(project);
  m_project->store().setWatched(true);
  m_runs->attach();
  m_exports->attach();
  m_deployments->attach();
  m_studies->attach();
  m_autopilot->attach();
  Q_EMIT projectOpened();
  m_experiment->load();
}

void Workbench::closeProject() {
  if (!m_project) return;
  m_experiment->saveNow();
  m_trainWhenReady = false;
  m_project->store().setWatched(false);
  // Closing a store waits for its writer: not on this thread.
  m_readers->post([last = std::exchange(m_project, nullptr)]() mutable { last.reset(); });
  m_runs->attach();
  m_exports->attach();
  m_deployments->attach();
  m_studies->attach();
  m_autopilot->attach();
  m_experiment->load();
  Q_EMIT projectClosed();
}

void Workbench::openData(const QString& path, const QString& page) {
  const auto file = toPath(QDir::cleanPath(path));
  if (isProject(file)) {
    openProject(path);
    return;
  }
  const auto documents =
      toPath(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) + QStringLiteral("/Lathe"));
  openWith(
      tr("Opening %1").arg(QDir(path).dirName()),
      [file, documents, opener = m_services.openStore]() -> Opened {
        std::error_code error;
        if (!fs::exists(file, error)) return fileError(error ? error.value() : ENOENT, file);
        return openBeside(file, documents, opener);
      },
      [this, path, page] {
        m_experiment->setDataPath(path);
        Q_EMIT pageRequested(page);
      });
}

void Workbench::openSample(const QString& id, bool train, const QString& weights) {
  const auto place =
      toPath(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + QStringLiteral("/samples"));
  auto sample = std::make_shared<spec::ExperimentSpec>();  // written on the worker before the answer comes
  openWith(
      tr("Preparing the sample %1").arg(id),
      [id = id.toStdString(), place, sample, weights = toPath(weights), opener = m_services.openStore]() -> Opened {
        std::error_code error;
        fs::create_directories(place, error);
        if (error) return fileError(error.value(), place);
        auto made = services::sampleExperiment(id, place / "data", weights);
        if (!made) return passOn(made);
        *sample = std::move(*made);
        return openOrCreate(place / (id + ".lathe"), opener);
      },
      [this, sample, train, chosen = !weights.isEmpty()] {
        // A weights file was chosen for this training, whatever an earlier one used.
        if (m_experiment->spec().data.path.empty() || chosen) m_experiment->setSpec(*sample, tr("Open the sample"));
        m_trainWhenReady = train;
        Q_EMIT pageRequested(train ? QStringLiteral("train") : QStringLiteral("data"));
        trainWhenReady();
      });
}

void Workbench::trainWhenReady() {
  if (!m_trainWhenReady || !m_engine || !m_project) return;
  m_trainWhenReady = false;
  m_experiment->train();
}

}  // namespace lathe::ui

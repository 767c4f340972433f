// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <memory>
#include <optional>

#include "ui/bridge/services_bundle.h"

namespace lathe::ui {

class ExperimentController;
class RunsController;
class ExportController;
class DeploymentController;
class StudyController;
class AutopilotController;

/// The window's root controller: the open project and the controllers that work on it. GUI thread only; nothing here
/// blocks.
class Workbench : public QObject {
  Q_OBJECT
 public:
  explicit Workbench(ServicesBundle services, QObject* parent = nullptr);
  ~Workbench() override;
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;

  /// Null until a project is open.
  [[nodiscard]] std::shared_ptr<services::Project> project() const { return m_project; }
  [[nodiscard]] ServicesBundle& services() { return m_services; }
  /// One thread of normal priority for short reads and writes of the store: curves and tables never wait behind a data
  /// file that is being read, nor behind a training.
  [[nodiscard]] Executor& readers() { return *m_readers; }
  /// Null until the engine is loaded.
  [[nodiscard]] const EngineServices* engine() const { return m_engine ? &*m_engine : nullptr; }
  [[nodiscard]] const engine::EngineInfo& engineInfo() const { return m_engineInfo; }
  /// Why it could not be loaded.
  [[nodiscard]] const std::optional<Error>& engineError() const { return m_engineError; }

  [[nodiscard]] ExperimentController& experiment() { return *m_experiment; }
  [[nodiscard]] RunsController& runs() { return *m_runs; }
  [[nodiscard]] ExportController& exports() { return *m_exports; }
  [[nodiscard]] DeploymentController& deployments() { return *m_deployments; }
  [[nodiscard]] StudyController& studies() { return *m_studies; }
  [[nodiscard]] AutopilotController& autopilot() { return *m_autopilot; }

  /// Starts loading the engine on a worker; engineReady or engineFailed follows.
  void loadEngine();
  void openProject(const QString& folder);
  void createProject(const QString& folder);
  void closeProject();
  /// A data file or folder, dropped or chosen: opens (or makes, beside the file or in Documents when that is read-only)
  /// its project and looks at the data, on the Data page or another one.
  void openData(const QString& path, const QString& page = QStringLiteral("data"));
  /// A sample: project in the data folder of the application, spec, and a training at once when `train`; from `weights`
  /// where the sample needs such a file.
  void openSample(const QString& id, bool train, const QString& weights = {});

 Q_SIGNALS:
  void projectOpened();
  void projectClosed();
  void busyChanged(bool busy, const QString& what);
  void engineReady();
  void engineFailed(const lathe::Error& error);
  /// Something a person must know: shown as a banner with the sentence and the remedy. What the controllers report as
  /// failed comes here too.
  void failed(const lathe::Error& error);
  /// Asks the shell to show a page: "home", "data", "model", "train", "search", "deploy", "autopilot".
  void pageRequested(const QString& page);

 private:
  using Opened = Result<std::shared_ptr<services::Project>>;
  /// Opens a project by `open` on a worker, adopts it and goes on with `then`.
  void openWith(const QString& what, std::function<Opened()> open, std::function<void()> then);
  void adopt(std::shared_ptr<services::Project> project);
  void trainWhenReady();
  void setBusy(bool busy, const QString& what);
  ServicesBundle m_services;
  std::unique_ptr<Executor> m_readers;
  std::shared_ptr<services::Project> m_project;
  std::optional<EngineServices> m_engine;
  engine::EngineInfo m_engineInfo;
  std::optional<Error> m_engineError;
  std::unique_ptr<ExperimentController> m_experiment;
  std::unique_ptr<RunsController> m_runs;
  std::unique_ptr<ExportController> m_exports;
  std::unique_ptr<DeploymentController> m_deployments;
  std::unique_ptr<StudyController> m_studies;
  std::unique_ptr<AutopilotController> m_autopilot;
  quint64 m_openTicket = 0;  ///< of the newest wish to open something; older answers are dropped
  std::function<void()> m_afterLoaded;
  bool m_loading = false;
  bool m_trainWhenReady = false;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/base/progress.h"
#include "core/services/deployment/deployment_service.h"

namespace lathe::ui {

class Workbench;

/// The project's models in servers, and how they are now. GUI thread; work happens on a worker.
class DeploymentController : public QObject {
  Q_OBJECT
 public:
  struct Entry {
    services::DeployedModel model;
    std::optional<services::Deployment> state;  ///< nothing: not looked at yet
    bool checking = false;
    std::optional<services::RequestCount> requests;  ///< nothing: the server does not tell
    std::optional<double> perSecond;                 ///< between the last two looks
    double lookedSeconds = 0;                        ///< steady time of the last look
  };

  explicit DeploymentController(Workbench& workbench);
  ~DeploymentController() override;
  DeploymentController(const DeploymentController&) = delete;
  DeploymentController& operator=(const DeploymentController&) = delete;

  /// Newest first.
  [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
  [[nodiscard]] bool busy() const { return m_busy; }
  [[nodiscard]] bool possible() const;  ///< the engine is loaded and a project is open
  [[nodiscard]] bool serving() const { return m_serving; }

  void attach();
  /// Looks at all servers every so often while somebody watches.
  void setWatched(bool watched);
  void checkAll();
  void deployRun(store::RunNumber run, const services::DeployRequest& request);
  /// A version that is promoted is watched for some minutes, whatever page is shown, and rolled back where it has to
  /// be.
  void serveRun(store::RunNumber run);
  void stopServing();
  void forget(std::size_t entry);
  /// Trains an entry's experiment on new data and serves the result where it is no worse.
  void retrain(std::size_t entry, const services::RetrainRequest& request);
  void cancel() { m_stop.request_stop(); }
  void readForm(std::size_t entry);
  /// What the server saw beside the training rows.
  void readDrift(std::size_t entry);
  void tryImage(std::size_t entry, const QString& file);
  void tryRow(std::size_t entry, const std::vector<std::string>& cells);

 Q_SIGNALS:
  void changed();
  void progress(const lathe::Progress& progress);
  void deployed(const lathe::services::Deployment& deployment);
  void failed(const lathe::Error& error);
  /// A watched version gave way to the one before.
  void rolledBack(const lathe::services::DeployedModel& model);
  void retrained(const lathe::services::Retrained& retrained);
  /// Of the entry that was asked for last; empty: it takes neither rows nor pictures.
  void formRead(const lathe::services::RowForm& form);
  void driftRead(const lathe::services::DriftReport& report);
  void driftFailed(const lathe::Error& error);
  void tried(const lathe::services::TriedRow& row);
  void tryFailed(const lathe::Error& error);

 private:
  [[nodiscard]] std::shared_ptr<services::DeploymentService> service() const;
  void read();
  void check(std::size_t entry);
  void take(const services::DeployedModel& asked, const Result<services::Looked>& looked);
  void takeTried(const Result<services::TriedRow>& row);
  void followTimer();
  void checkDue();
  [[nodiscard]] JobContext newJob();
  void finish(const Result<services::Deployment>& deployment);

  Workbench& m_workbench;
  std::vector<Entry> m_entries;
  QTimer m_timer;
  std::stop_source m_stop;
  bool m_busy = false;
  bool m_serving = false;
  bool m_watched = false;
  quint64 m_generation = 0;
  quint64 m_asked = 0;       ///< of the newest question for a form or a row
  quint64 m_askedDrift = 0;  ///< of the newest question for drift
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/services/autopilot/autopilot.h"
#include "core/services/deployment/deploy.h"
#include "ui/bridge/services_bundle.h"

namespace lathe::ui {

class Workbench;

/// The Autopilot on the experiment's data: one at a time, on a thread of its own; what it tells arrives on the GUI
/// thread. Its files are autopilot/N of the project, so that one which was stopped or killed can be gone on with.
class AutopilotController : public QObject {
  Q_OBJECT
 public:
  enum class State { Idle, Running, Stopping, Deploying, Done, Failed };
  /// What a person asks for beside the data.
  struct Wish {
    double seconds = 300;
    std::string goal;  ///< empty: the usual one of the task
    std::optional<double> mostMilliseconds, mostBytes;
    std::vector<std::string> formats;
    bool serve = false;                             ///< the built-in server takes the model afterwards
    std::optional<services::DeployRequest> deploy;  ///< or another one
  };
  /// A value of the goal and when it was reached, in seconds of the budget.
  struct Point {
    double seconds = 0, value = 0;
    std::string name;
    bool baseline = false;
    bool operator==(const Point&) const = default;
  };
  /// One of an earlier time, as its folder has it.
  struct Earlier {
    int number = 0;
    std::filesystem::path folder;
    services::AutopilotState state;
    bool report = false;
    std::int64_t micros = 0;  ///< when its state was written last
  };

  explicit AutopilotController(Workbench& workbench);
  ~AutopilotController() override;
  AutopilotController(const AutopilotController&) = delete;
  AutopilotController& operator=(const AutopilotController&) = delete;

  [[nodiscard]] State state() const { return m_state; }
  /// It works on something, deploying included.
  [[nodiscard]] bool active() const;
  /// One that was stopped may still write its model, of a project that is closed perhaps.
  [[nodiscard]] bool working() const { return m_working > 0 || m_state == State::Deploying; }
  /// Why it cannot begin now; nothing when it can.
  [[nodiscard]] std::optional<Error> cannotStart() const;

  void start(const Wish& wish);
  /// Goes on with an earlier one, with the time that it has left.
  void resume(std::size_t earlier);
  /// The best so far is made into a model and exported.
  void stop();
  /// Forgets what the last one found; its files stay.
  void clear();

  [[nodiscard]] const services::AutopilotProgress& progress() const { return m_progress; }
  /// Best first, baselines among them; those without a value after them.
  [[nodiscard]] const std::vector<services::AutopilotTry>& contenders() const { return m_contenders; }
  /// The run is being trained by the Autopilot of this process: only that one can stop it.
  [[nodiscard]] bool owns(store::RunNumber run) const;
  [[nodiscard]] const std::vector<Point>& best() const { return m_best; }
  [[nodiscard]] const std::vector<Point>& points() const { return m_points; }
  /// Seconds of the budget at which a stage began; those that were left out are not there.
  [[nodiscard]] const std::map<services::AutopilotStage, double>& began() const { return m_began; }
  [[nodiscard]] const Wish& wish() const { return m_wish; }
  [[nodiscard]] const spec::ExperimentSpec& spec() const { return m_spec; }
  /// Null until it is done.
  [[nodiscard]] const services::AutopilotOutcome* outcome() const { return m_outcome ? &*m_outcome : nullptr; }
  [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
  [[nodiscard]] const std::optional<services::Deployment>& deployment() const { return m_deployment; }
  [[nodiscard]] const std::optional<Error>& deployError() const { return m_deployError; }
  /// Newest first.
  [[nodiscard]] const std::vector<Earlier>& earlier() const { return m_earlier; }

  /// Makes what a run was trained with the experiment: model, training and preprocessing. takenOver() follows.
  void takeOver(store::RunNumber run, const QString& name);
  /// Called when the project changes.
  void attach();

 Q_SIGNALS:
  void changed();      ///< state, progress, outcome
  void earlierRead();  ///< and another list
  void finished();     ///< Done or Failed
  void takenOver(qint64 run);
  void failed(const lathe::Error& error);

 private:
  using Outcome = Result<services::AutopilotOutcome>;
  void run(services::AutopilotRequest request, Wish wish);
  void note(services::AutopilotProgress progress);
  void notePoints();
  void finish(Outcome outcome);
  void deploy();
  void end(State state);
  void reset();
  void readEarlier();

  Workbench& m_workbench;
  std::unique_ptr<Executor> m_thread;
  State m_state = State::Idle;
  Wish m_wish;
  spec::ExperimentSpec m_spec;
  services::AutopilotProgress m_progress;
  std::vector<services::AutopilotTry> m_contenders;
  std::vector<Point> m_best, m_points;
  std::map<services::AutopilotStage, double> m_began;
  std::optional<services::AutopilotOutcome> m_outcome;
  std::optional<Error> m_error;
  std::optional<services::Deployment> m_deployment;
  std::optional<Error> m_deployError;
  std::vector<Earlier> m_earlier;
  std::stop_source m_stop;
  int m_working = 0;
  quint64 m_generation = 0;  ///< of the project, and of each start
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/services/choosing.h"
#include "core/spec/run_status.h"
#include "core/store/records.h"

namespace lathe::services {
class Project;
}

namespace lathe::ui {

class Workbench;

/// The project's runs as the store has them, asked for at frame rate through the store's change counter, so that runs
/// of other processes show up live too. Reading happens on a worker; signals come on the GUI thread.
class RunsController : public QObject {
  Q_OBJECT
 public:
  explicit RunsController(Workbench& workbench);
  ~RunsController() override;
  RunsController(const RunsController&) = delete;
  RunsController& operator=(const RunsController&) = delete;

  /// Newest first.
  [[nodiscard]] const std::vector<store::RunRecord>& runs() const { return m_runs; }
  [[nodiscard]] const store::RunRecord* run(store::RunNumber number) const;
  /// How far a run is that chooses its settings before its first step; null for all others. runChanged() follows it.
  [[nodiscard]] const services::ChoosingProgress* choosing(store::RunNumber run) const;
  /// Runs whose curves are shown; kept with the project.
  [[nodiscard]] const std::vector<store::RunNumber>& shown() const { return m_shown; }
  void setShown(const std::vector<store::RunNumber>& runs);
  /// Shows the curves of any run, also of a trial, which is no row of the table before; it stays one with this project
  /// while it is shown.
  void open(store::RunNumber run);
  [[nodiscard]] bool isShown(store::RunNumber run) const;
  /// What a run is called until somebody renames it: as the experiment.
  [[nodiscard]] std::string usualName() const;
  /// A run keeps its index into the curve palette on every page, from the first time that its curves are shown; before
  /// that it is a guess from its number. Never negative.
  [[nodiscard]] int colourIndex(store::RunNumber run) const;

  [[nodiscard]] bool can(spec::RunAction action, store::RunNumber run) const;
  void pause(store::RunNumber run);
  void resume(store::RunNumber run, std::optional<int> epochs = {});
  void cancel(store::RunNumber run);
  void remove(store::RunNumber run);
  void restore(store::RunNumber run);
  void rename(store::RunNumber run, const QString& name);
  void setNote(store::RunNumber run, const QString& note);
  void setTags(store::RunNumber run, const std::vector<std::string>& tags);
  /// Runs that are queued, running or pausing, here or in another process.
  [[nodiscard]] std::vector<store::RunNumber> active() const;
  /// Of those, the ones that this process trains.
  [[nodiscard]] std::vector<store::RunNumber> activeHere() const;

  /// Called when the project changes.
  void attach();

 Q_SIGNALS:
  void runsReset();             ///< another project, or rows came or went
  void runChanged(qint64 run);  ///< one record changed
  void shownChanged();
  void storeChanged();  ///< something was committed: curves may have new points
  void failed(const lathe::Error& error);

 private:
  struct Reading;
  struct Ruins;
  using Command = std::function<Result<void>(const std::shared_ptr<services::Project>&)>;
  void poll();
  void take(Reading&& reading);
  void takeAll(std::vector<store::RunRecord>&& runs);
  void takeSome(std::vector<store::RunRecord>&& runs);
  void takeChoosing(std::map<store::RunNumber, services::ChoosingProgress>&& choosing);
  void restoreShown(const std::string& stored);
  void assignColours();
  /// Runs a short command on the store's thread; its error becomes failed().
  void command(Command work);

  Workbench& m_workbench;
  std::vector<store::RunRecord> m_runs;
  std::map<store::RunNumber, services::ChoosingProgress> m_choosing;
  std::vector<store::RunNumber> m_shown;
  std::vector<store::RunNumber> m_guests;  ///< trials that somebody opened
  QTimer m_timer;
  std::map<store::RunNumber, int> m_colours;
  std::int64_t m_seen = -1;
  bool m_reading = false;
  bool m_attached = false;  ///< the first reading has come, shown runs are known
  bool m_fullDue = false;   ///< a commit was answered by reading active runs only
  bool m_late = false;      ///< endings of runs wait for space on the disk
  qint64 m_nextLookMs = 0;  ///< active runs are read then even if nothing was committed
  std::shared_ptr<Ruins> m_ruins;
  qint64 m_nextFullMs = 0;   ///< reading every run may cost a tenth of the time at most
  quint64 m_generation = 0;  ///< of the project; answers about an older one are dropped
};

}  // namespace lathe::ui

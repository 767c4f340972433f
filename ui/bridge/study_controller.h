// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/base/progress.h"
#include "core/services/study_service.h"
#include "core/services/study_table.h"

namespace lathe::ui {

class Workbench;

/// The project's studies as the store has them, those of other processes too, and all trials of the one that is looked
/// at. Reading happens on a worker and only what is new is read; signals come on the GUI thread.
class StudyController : public QObject {
  Q_OBJECT
 public:
  explicit StudyController(Workbench& workbench);
  ~StudyController() override;
  StudyController(const StudyController&) = delete;
  StudyController& operator=(const StudyController&) = delete;

  /// Newest first.
  [[nodiscard]] const std::vector<store::StudyRecord>& studies() const { return m_studies; }
  [[nodiscard]] const store::StudyRecord* study(store::StudyNumber number) const;
  /// The one that is looked at: the newest, unless somebody chose another; 0: there is none.
  [[nodiscard]] store::StudyNumber current() const { return m_current; }
  void setCurrent(store::StudyNumber study);
  /// Its trials; null until they were read.
  [[nodiscard]] const std::shared_ptr<const services::StudyTable>& table() const { return m_table; }
  [[nodiscard]] const services::StudySummary& summary() const { return m_summary; }
  /// The experiment that it varies; null until it was read.
  [[nodiscard]] const spec::ExperimentSpec* base() const { return m_base ? &*m_base : nullptr; }
  /// How far a study is that this process works on; null for others.
  [[nodiscard]] const services::StudyProgress* progress(store::StudyNumber study) const;
  /// What its sampler last said of itself; nothing: it said nothing here.
  [[nodiscard]] std::optional<Message> remark(store::StudyNumber study) const;

  /// The table is read while somebody looks at it only.
  void setWatched(bool watched);

  /// Starts a search of the experiment as it is; started() or failed() follows. What is open is opened by its usual
  /// ranges when nothing is, unless architectures are searched.
  void start();
  /// A search is being made ready: its data are read, what the space leaves open is chosen.
  [[nodiscard]] bool starting() const { return m_starting; }
  [[nodiscard]] const Progress& startProgress() const { return m_startProgress; }
  void stopStarting() { m_startStop.request_stop(); }
  /// Why Search is not possible now; nothing when it is.
  [[nodiscard]] std::optional<Error> cannotSearch() const;

  enum class Action { Pause, Resume, Cancel, Extend, Enqueue, Remove };
  [[nodiscard]] bool can(Action action, store::StudyNumber study) const;
  void pause(store::StudyNumber study);
  void resume(store::StudyNumber study, const services::StudyService::More& more = {});
  /// Of one that runs.
  void extend(store::StudyNumber study, const services::StudyService::More& more);
  void cancel(store::StudyNumber study);
  void remove(store::StudyNumber study);
  void restore(store::StudyNumber study);
  /// Has this configuration tried next.
  void enqueue(store::StudyNumber study, const spec::Configuration& configuration);

  /// Studies that run, here or in another process.
  [[nodiscard]] std::vector<store::StudyNumber> active() const;
  /// Of those, the ones that this process works on.
  [[nodiscard]] std::vector<store::StudyNumber> activeHere() const;

  /// Called when the project changes.
  void attach();

 Q_SIGNALS:
  void studiesChanged();  ///< rows, states or counts
  void currentChanged();  ///< another study is looked at; its table follows
  void tableChanged(const lathe::services::StudyNews& news);
  void progressChanged();
  void startingChanged();
  void started(qint64 study);
  void failed(const lathe::Error& error);

 private:
  using Command = std::function<Result<void>(const std::shared_ptr<services::Project>&)>;
  struct Reading;
  void schedule();
  void read();
  void take(Reading&& reading);
  void takeTable(services::StudyNews&& news);
  void followProgress();
  void look(store::StudyNumber study);
  /// Runs a short command on the store's thread; its error becomes failed().
  void command(Command work);
  [[nodiscard]] std::shared_ptr<services::StudyService> service() const;

  Workbench& m_workbench;
  std::vector<store::StudyRecord> m_studies;
  store::StudyNumber m_current = 0;
  store::StudyNumber m_chosen = 0;  ///< by a person; 0: the newest
  std::shared_ptr<services::StudyReader> m_reader;
  std::shared_ptr<const services::StudyTable> m_table;
  services::StudySummary m_summary;
  std::optional<spec::ExperimentSpec> m_base;
  std::vector<services::StudyProgress> m_progress;
  std::map<store::StudyNumber, Message> m_remarks;
  QTimer m_readTimer;
  QTimer m_progressTimer;
  bool m_reading = false;
  bool m_dirty = false;
  bool m_watched = false;
  qint64 m_nextMs = 0;       ///< reading may cost a tenth of the time at most
  quint64 m_generation = 0;  ///< of the project; answers about an older one are dropped
  bool m_starting = false;
  Progress m_startProgress;
  std::stop_source m_startStop;
};

}  // namespace lathe::ui

Q_DECLARE_METATYPE(lathe::services::StudyNews)

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/study_controller.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <algorithm>
#include <utility>

#include "core/spec/spec_json.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

using spec::RunStatus;

namespace {

constexpr int readMs = 100;
constexpr int progressMs = 200;
constexpr qint64 lookAfterMs = 1000;

bool isActive(RunStatus status) {
  return status == RunStatus::Queued || status == RunStatus::Running || status == RunStatus::Pausing;
}

bool same(const store::StudyRecord& a, const store::StudyRecord& b) {
  return a.number == b.number && a.status == b.status && a.name == b.name && a.trials == b.trials &&
         a.completed == b.completed && a.pruned == b.pruned && a.failed == b.failed && a.seconds == b.seconds &&
         a.settingsJson == b.settingsJson && a.summaryJson == b.summaryJson && a.error == b.error;
}

bool same(const services::StudyProgress& a, const services::StudyProgress& b) {
  return a.study == b.study && a.begun == b.begun && a.running == b.running && a.completed == b.completed &&
         a.pruned == b.pruned && a.failed == b.failed && a.seconds == b.seconds && a.confirming == b.confirming &&
         a.confirmed == b.confirmed && a.bestTrial == b.bestTrial;
}

std::int64_t nowMs() { return QDateTime::currentMSecsSinceEpoch(); }

}  // namespace

struct StudyController::Reading {
  std::vector<store::StudyRecord> studies;
  std::shared_ptr<services::StudyReader> reader;
  std::optional<services::StudyNews> news;
  std::optional<Error> error;
  qint64 ms = 0;
};

StudyController::StudyController(Workbench& workbench) : m_workbench(workbench) {
  m_readTimer.setSingleShot(true);
  m_progressTimer.setInterval(progressMs);
  connect(&m_readTimer, &QTimer::timeout, this, &StudyController::read);
  connect(&m_progressTimer, &QTimer::timeout, this, &StudyController::followProgress);
}

StudyController::~StudyController() { m_startStop.request_stop(); }

std::shared_ptr<services::StudyService> StudyController::service() const {
  return m_workbench.engine() != nullptr ? m_workbench.engine()->studies : nullptr;
}

void StudyController::attach() {
  ++m_generation;
  m_startStop.request_stop();
  m_studies.clear();
  m_progress.clear();
  m_remarks.clear();
  m_reading = false;
  m_starting = false;
  m_chosen = 0;
  m_nextMs = 0;
  look(0);
  Q_EMIT studiesChanged();
  Q_EMIT startingChanged();
  // Runs announce every commit of the store.
  disconnect(&m_workbench.runs(), &RunsController::storeChanged, this, nullptr);
  if (!m_workbench.project()) {
    m_readTimer.stop();
    return m_progressTimer.stop();
  }
  connect(&m_workbench.runs(), &RunsController::storeChanged, this, &StudyController::schedule);
  m_progressTimer.start();
  read();
}

const store::StudyRecord* StudyController::study(store::StudyNumber number) const {
  const auto found =
      std::find_if(m_studies.begin(), m_studies.end(), [number](const auto& each) { return each.number == number; });
  return found == m_studies.end() ? nullptr : &*found;
}

void StudyController::setCurrent(store::StudyNumber study) {
  m_chosen = study;
  if (study != m_current) look(study);
}

void StudyController::look(store::StudyNumber study) {
  m_current = study;
  m_table.reset();
  m_summary = {};
  m_base.reset();
  m_reader.reset();
  const auto project = m_workbench.project();
  if (study > 0 && project) m_reader = std::make_shared<services::StudyReader>(project, study);
  Q_EMIT currentChanged();
  if (study > 0) schedule();
}

void StudyController::setWatched(bool watched) {
  m_watched = watched;
  if (watched) schedule();
}

void StudyController::schedule() {
  m_dirty = true;
  if (m_reading || m_readTimer.isActive() || !m_workbench.project()) return;
  m_readTimer.start(static_cast<int>(std::clamp<qint64>(m_nextMs - nowMs(), m_table ? readMs : 0, 2000)));
}

void StudyController::read() {
  const auto project = m_workbench.project();
  if (!project || m_reading) return;
  m_reading = true;
  m_dirty = false;
  runAsync(
      m_workbench.readers(), this,
      [project, reader = m_watched ? m_reader : nullptr] {
        Reading reading;
        QElapsedTimer clock;
        clock.start();
        auto studies = project->store().studies().studies();
        if (studies)
          reading.studies = std::move(*studies);
        else
          reading.error = studies.error();
        reading.reader = reader;
        if (reader) {
          auto news = reader->read();
          if (news)
            reading.news = std::move(*news);
          else
            reading.error = news.error();
        }
        reading.ms = clock.elapsed();
        return reading;
      },
      [this, generation = m_generation](Reading reading) {
        if (generation == m_generation) take(std::move(reading));
      });
}

void StudyController::take(Reading&& reading) {
  m_reading = false;
  m_nextMs = nowMs() + 10 * reading.ms;
  if (reading.error && reading.studies.empty()) {
    Q_EMIT failed(*reading.error);
    return;
  }
  const bool changed = !std::equal(m_studies.begin(), m_studies.end(), reading.studies.begin(), reading.studies.end(),
                                   [](const auto& a, const auto& b) { return same(a, b); });
  m_studies = std::move(reading.studies);
  if (m_chosen != 0 && study(m_chosen) == nullptr) m_chosen = 0;
  const auto wanted = m_chosen != 0 ? m_chosen : m_studies.empty() ? 0 : m_studies.front().number;
  if (wanted != m_current)
    look(wanted);
  else if (reading.news && reading.reader == m_reader)
    takeTable(std::move(*reading.news));
  if (changed) Q_EMIT studiesChanged();
  // A process that was killed leaves no commit behind: what ought to be alive is looked after without one.
  if (m_dirty)
    schedule();
  else if (!active().empty() && !m_readTimer.isActive())
    m_readTimer.start(lookAfterMs);
}

void StudyController::takeTable(services::StudyNews&& news) {
  m_table = news.table;
  m_summary = services::studySummary(news.record.summaryJson);
  if (!m_base)
    if (auto base = spec::fromJson(news.record.specJson)) m_base = std::move(*base);
  Q_EMIT tableChanged(news);
}

void StudyController::followProgress() {
  const auto studies = service();
  auto live = studies ? studies->live() : std::vector<services::StudyProgress>();
  for (const auto& each : live)
    if (each.remark) m_remarks[each.study] = *each.remark;
  const bool changed = !std::equal(m_progress.begin(), m_progress.end(), live.begin(), live.end(),
                                   [](const auto& a, const auto& b) { return same(a, b); });
  m_progress = std::move(live);
  if (changed) Q_EMIT progressChanged();
}

const services::StudyProgress* StudyController::progress(store::StudyNumber study) const {
  const auto found =
      std::find_if(m_progress.begin(), m_progress.end(), [study](const auto& each) { return each.study == study; });
  return found == m_progress.end() ? nullptr : &*found;
}

std::optional<Message> StudyController::remark(store::StudyNumber study) const {
  const auto found = m_remarks.find(study);
  return found == m_remarks.end() ? std::nullopt : std::optional(found->second);
}

std::vector<store::StudyNumber> StudyController::active() const {
  std::vector<store::StudyNumber> result;
  for (const auto& each : m_studies)
    if (isActive(each.status)) result.push_back(each.number);
  return result;
}

std::vector<store::StudyNumber> StudyController::activeHere() const {
  std::vector<store::StudyNumber> result;
  if (const auto studies = service())
    for (const auto& each : studies->live()) result.push_back(each.study);
  return result;
}

}  // namespace lathe::ui

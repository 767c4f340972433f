// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/runs_controller.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "core/services/run_curves.h"
#include "core/services/training_service.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr int pollMs = 20;
constexpr qint64 lookAfterMs = 1000;
constexpr std::size_t shownAtFirst = 3;
constexpr int paletteSize = 32;
constexpr const char* shownKey = "window.shown_runs";

bool isActive(spec::RunStatus status) {
  return status == spec::RunStatus::Queued || status == spec::RunStatus::Running || status == spec::RunStatus::Pausing;
}

auto tied(const store::RunRecord& r) {
  return std::tie(r.status, r.epochs, r.steps, r.seconds, r.samplesPerSecond, r.secondsLeft, r.metrics, r.name, r.model,
                  r.startedMicros, r.endedMicros, r.totalEpochs, r.totalSteps, r.monitor, r.monitorLarger, r.dataHash,
                  r.task, r.bestCheckpoint, r.lastCheckpoint, r.error, r.testLooks, r.tags, r.note, r.removed, r.owner);
}

std::int64_t nowMs() { return QDateTime::currentMSecsSinceEpoch(); }

/// Of runs that have made no step yet.
std::map<store::RunNumber, services::ChoosingProgress> choosingOf(const store::RunStore& store,
                                                                  const std::vector<store::RunRecord>& runs) {
  std::map<store::RunNumber, services::ChoosingProgress> result;
  for (const auto& run : runs) {
    if (!isActive(run.status) || run.totalSteps > 0) continue;
    const auto events = store.events(run.number);
    if (!events) continue;
    if (auto progress = services::choosingOf(*events).progress) result.emplace(run.number, std::move(*progress));
  }
  return result;
}

/// "14:0,13:1": runs with their palette indices.
std::vector<std::pair<store::RunNumber, int>> parseShown(const std::string& text) {
  std::vector<std::pair<store::RunNumber, int>> result;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    store::RunNumber run = 0;
    int colour = 0;
    const auto first = std::from_chars(at, end, run);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') break;
    const auto second = std::from_chars(first.ptr + 1, end, colour);
    if (second.ec != std::errc()) break;
    if (run > 0 && colour >= 0 && colour < paletteSize) result.emplace_back(run, colour);
    at = second.ptr < end ? second.ptr + 1 : end;
  }
  return result;
}

}  // namespace

/// Interrupted runs as their curves have them: read once, not with every commit of another run. Readers' thread only.
struct RunsController::Ruins {
  struct Pair {
    store::RunRecord stored, standing;
  };
  std::map<store::RunNumber, Pair> known;
  std::vector<services::LateEnding> late;  ///< of runs that ended here on a full disk: the store calls them running

  void complete(const store::RunStore& store, store::RunRecord& run) {
    for (const auto& ending : late) {
      if (ending.run != run.number || spec::isFinal(run.status)) continue;
      run.status = ending.status;
      run.error = ending.error;
    }
    if (run.status != spec::RunStatus::Interrupted) return;
    const auto found = known.find(run.number);
    if (found == known.end() || tied(found->second.stored) != tied(run))
      known[run.number] = {run, services::asItStands(store, run)};
    run = known[run.number].standing;
  }
};

/// Trials are no rows of the table unless somebody opened them.
static void addGuests(const store::RunStore& store, const std::vector<store::RunNumber>& guests,
                      std::vector<store::RunRecord>& runs) {
  for (const auto number : guests) {
    if (std::any_of(runs.begin(), runs.end(), [number](const auto& run) { return run.number == number; })) continue;
    auto guest = store.run(number);
    if (!guest || guest->removed) continue;
    const auto place =
        std::find_if(runs.begin(), runs.end(), [number](const auto& run) { return run.number < number; });
    runs.insert(place, std::move(*guest));
  }
}

struct RunsController::Reading {
  std::int64_t counter = 0;
  bool changed = false;
  bool full = false;
  bool some = false;  ///< the active runs only
  bool late = false;  ///< some endings are not written yet
  double ms = 0;
  std::vector<store::RunRecord> runs;
  std::map<store::RunNumber, services::ChoosingProgress> choosing;  ///< of those among them that choose
  std::optional<std::string> shown;
  std::optional<Error> error;
};

RunsController::RunsController(Workbench& workbench) : m_workbench(workbench), m_ruins(std::make_shared<Ruins>()) {
  m_timer.setInterval(pollMs);
  m_timer.setTimerType(Qt::PreciseTimer);
  connect(&m_timer, &QTimer::timeout, this, &RunsController::poll);
}

RunsController::~RunsController() = default;

void RunsController::attach() {
  ++m_generation;
  m_runs.clear();
  m_choosing.clear();
  m_shown.clear();
  m_guests.clear();
  m_colours.clear();
  m_ruins = std::make_shared<Ruins>();
  m_late = false;
  m_seen = -1;
  m_reading = false;
  m_attached = false;
  m_fullDue = true;
  m_nextFullMs = 0;
  Q_EMIT runsReset();
  Q_EMIT shownChanged();
  if (!m_workbench.project()) {
    m_timer.stop();
    return;
  }
  m_timer.start();
  poll();
}

void RunsController::poll() {
  const auto project = m_workbench.project();
  if (!project || m_reading) return;
  m_reading = true;
  const bool mayReadAll = nowMs() >= m_nextFullMs;
  auto known = active();
  // A process that was killed leaves no commit behind: runs that ought to be alive are looked after without one.
  const bool look = (!known.empty() || m_late) && nowMs() >= m_nextLookMs;
  if (look) m_nextLookMs = nowMs() + lookAfterMs;
  const auto training = m_workbench.engine() != nullptr ? m_workbench.engine()->training : nullptr;
  runAsync(
      m_workbench.readers(), this,
      [project, seen = m_seen, mayReadAll, look, due = m_fullDue, known = std::move(known), ruins = m_ruins, training,
       guests = m_guests, wantShown = !m_attached]() mutable {
        Reading reading;
        auto& store = project->store();
        if (look && training) ruins->late = training->saveEndings(*project);
        reading.late = !ruins->late.empty();
        reading.counter = store.changeCounter();
        reading.changed = reading.counter != seen;
        reading.full = mayReadAll && (reading.changed || due);
        QElapsedTimer clock;
        clock.start();
        if (wantShown) {
          reading.shown = store.setting(shownKey).value_or("");
          for (const auto& each : parseShown(*reading.shown)) guests.push_back(each.first);
        }
        if (reading.full) {
          auto all = store.runs();
          if (all)
            reading.runs = std::move(*all);
          else
            reading.error = all.error();
          addGuests(store, guests, reading.runs);
        } else if (reading.changed || look) {
          reading.some = true;
          for (const auto number : known)
            if (auto record = store.run(number)) reading.runs.push_back(std::move(*record));
        }
        for (auto& record : reading.runs) ruins->complete(store, record);
        reading.choosing = choosingOf(store, reading.runs);
        reading.ms = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
        return reading;
      },
      [this, generation = m_generation](Reading reading) {
        if (generation == m_generation) take(std::move(reading));
      });
}

void RunsController::take(Reading&& reading) {
  m_reading = false;
  if (reading.error) {
    m_nextFullMs = nowMs() + 1000;
    Q_EMIT failed(*reading.error);
    return;
  }
  m_seen = reading.counter;
  m_late = reading.late;
  if (reading.full) {
    m_fullDue = false;
    m_nextFullMs = nowMs() + std::clamp(static_cast<qint64>(10 * reading.ms), qint64{40}, qint64{1000});
    takeAll(std::move(reading.runs));
  } else if (reading.some) {
    if (reading.changed) m_fullDue = true;
    takeSome(std::move(reading.runs));
  }
  if (reading.full || reading.some) takeChoosing(std::move(reading.choosing));
  if (reading.shown) {
    m_attached = true;
    restoreShown(*reading.shown);
  }
  if (reading.changed) Q_EMIT storeChanged();
}

void RunsController::takeAll(std::vector<store::RunRecord>&& runs) {
  const auto before = std::exchange(m_runs, std::move(runs));
  for (const auto& record : m_runs)
    if (record.isTrial() && std::find(m_guests.begin(), m_guests.end(), record.number) == m_guests.end())
      m_guests.push_back(record.number);
  const bool sameRows = std::equal(before.begin(), before.end(), m_runs.begin(), m_runs.end(),
                                   [](const auto& a, const auto& b) { return a.number == b.number; });
  if (!sameRows) {
    const auto gone = std::erase_if(m_shown, [this](auto number) {
      return run(number) == nullptr && std::find(m_guests.begin(), m_guests.end(), number) == m_guests.end();
    });
    Q_EMIT runsReset();
    if (gone > 0) Q_EMIT shownChanged();
  }
  std::map<store::RunNumber, const store::RunRecord*> old;
  for (const auto& record : before) old[record.number] = &record;
  for (const auto& record : m_runs) {
    const auto found = old.find(record.number);
    if (found != old.end() && tied(*found->second) != tied(record)) Q_EMIT runChanged(record.number);
  }
}

void RunsController::takeSome(std::vector<store::RunRecord>&& runs) {
  for (auto& record : runs) {
    const auto found =
        std::find_if(m_runs.begin(), m_runs.end(), [&](const auto& known) { return known.number == record.number; });
    if (found == m_runs.end() || tied(*found) == tied(record)) continue;
    if (!isActive(record.status)) m_nextFullMs = 0;
    *found = std::move(record);
    Q_EMIT runChanged(found->number);
  }
}

void RunsController::takeChoosing(std::map<store::RunNumber, services::ChoosingProgress>&& choosing) {
  const auto before = std::exchange(m_choosing, std::move(choosing));
  const auto differs = [](const auto& a, const auto& b, store::RunNumber run) {
    const auto left = a.find(run);
    const auto right = b.find(run);
    return (left == a.end()) != (right == b.end()) || (left != a.end() && left->second != right->second);
  };
  std::set<store::RunNumber> all;
  for (const auto* each : {&before, &std::as_const(m_choosing)})
    for (const auto& [run, progress] : *each) all.insert(run);
  for (const auto number : all)
    if (run(number) != nullptr && differs(before, m_choosing, number)) Q_EMIT runChanged(number);
}

const services::ChoosingProgress* RunsController::choosing(store::RunNumber run) const {
  const auto found = m_choosing.find(run);
  return found == m_choosing.end() ? nullptr : &found->second;
}

const store::RunRecord* RunsController::run(store::RunNumber number) const {
  const auto found =
      std::find_if(m_runs.begin(), m_runs.end(), [number](const auto& record) { return record.number == number; });
  return found == m_runs.end() ? nullptr : &*found;
}

std::string RunsController::usualName() const { return m_workbench.experiment().spec().name; }

bool RunsController::isShown(store::RunNumber run) const {
  return std::find(m_shown.begin(), m_shown.end(), run) != m_shown.end();
}

void RunsController::restoreShown(const std::string& stored) {
  const bool already = !m_shown.empty();  // a training was started before the first answer
  for (const auto& [number, colour] : parseShown(stored)) {
    if (run(number) == nullptr || isShown(number)) continue;
    m_shown.push_back(number);
    m_colours.emplace(number, colour);
  }
  if (m_shown.empty() && !already)
    for (std::size_t i = 0; i < std::min(shownAtFirst, m_runs.size()); ++i) m_shown.push_back(m_runs[i].number);
  assignColours();
  Q_EMIT shownChanged();
}

void RunsController::assignColours() {
  std::set<int> used;
  for (const auto number : m_shown) {
    const auto known = m_colours.find(number);
    // A run keeps its colour unless another one on screen took it meanwhile.
    if (known != m_colours.end() && used.insert(known->second).second) continue;
    if (known != m_colours.end()) m_colours.erase(known);
  }
  for (const auto number : m_shown) {
    if (m_colours.count(number) != 0) continue;
    int index = 0;
    while (used.count(index) != 0) ++index;
    used.insert(index);
    m_colours[number] = index;
  }
}

void RunsController::setShown(const std::vector<store::RunNumber>& runs) {
  std::vector<store::RunNumber> unique;
  for (const auto number : runs)
    if (std::find(unique.begin(), unique.end(), number) == unique.end()) unique.push_back(number);
  if (unique == m_shown) return;
  m_shown = std::move(unique);
  assignColours();
  Q_EMIT shownChanged();
  const auto project = m_workbench.project();
  if (!project || project->readOnly()) return;
  std::string text;
  for (const auto number : m_shown)
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", number, colourIndex(number));
  // What a person looks at is not worth an error message.
  m_workbench.readers().post([project, text] { (void)project->store().setSetting(shownKey, text); });
}

void RunsController::open(store::RunNumber run) {
  if (run <= 0) return;
  auto shown = m_shown;
  shown.insert(shown.begin(), run);
  if (this->run(run) == nullptr) {
    m_guests.push_back(run);
    m_fullDue = true;
    m_nextFullMs = 0;
  }
  setShown(shown);
  poll();
}

int RunsController::colourIndex(store::RunNumber run) const {
  const auto found = m_colours.find(run);
  if (found != m_colours.end()) return found->second;
  return static_cast<int>(std::max<store::RunNumber>(run - 1, 0) % 8);
}

std::vector<store::RunNumber> RunsController::active() const {
  std::vector<store::RunNumber> result;
  for (const auto& record : m_runs)
    if (isActive(record.status)) result.push_back(record.number);
  return result;
}

std::vector<store::RunNumber> RunsController::activeHere() const {
  std::vector<store::RunNumber> result;
  if (m_workbench.engine() == nullptr || !m_workbench.engine()->training) return result;
  for (const auto& live : m_workbench.engine()->training->live())
    if (const auto* record = run(live.run); record == nullptr || isActive(record->status)) result.push_back(live.run);
  return result;
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// What a study's bookkeeping costs: bench_studies [TRIALS] asks, runs, tells and commits trivial trials, one commit a
// finished trial; bench_studies --processes N SECONDS lets so many processes write trials of one study at once and
// counts what is there afterwards.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/search/study_logic.h"
#include "core/store/run_store.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::store;
namespace fs = std::filesystem;

namespace {

const char* const sixFloats = R"({"parameters":[
  {"name":"a","type":"float","low":0,"high":1},{"name":"b","type":"float","low":0,"high":1},
  {"name":"c","type":"float","low":0,"high":1},{"name":"d","type":"float","low":0,"high":1},
  {"name":"e","type":"float","low":0,"high":1},{"name":"f","type":"float","low":0,"high":1}]})";

template <class T>
T need(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().sentence().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double objective(const std::vector<double>& at) {
  double sum = 0;
  for (const double value : at) sum += (value - 0.3) * (value - 0.3);
  return sum;
}

StudyNumber makeStudy(RunStore& store) {
  NewStudy fresh;
  fresh.name = "bench";
  fresh.settingsJson = fresh.specJson = "{}";
  fresh.spaceJson = sixFloats;
  return need(store.studies().createStudy(fresh, thisProcess()));
}

TrialRunChange newRun(std::int64_t trial, const std::vector<double>& at) {
  TrialRunChange change;
  change.trial = trial;
  change.fresh.name = fmt::format("bench #{}", trial);
  change.fresh.specJson = "{}";
  for (std::size_t i = 0; i < at.size(); ++i)
    change.fresh.parameters[std::string(1, static_cast<char>('a' + i))] = fmt::format("{}", at[i]);
  return change;
}

StudyLogEntry entryOf(StudyLogEntry::Kind kind, std::int64_t trial) {
  StudyLogEntry entry;
  entry.kind = kind;
  entry.trial = trial;
  return entry;
}

// What a study does with a trial that has ended, the next one already begun.
void addEnded(StudyBatch& batch, TrialRecord& record, double value) {
  record.status = spec::RunStatus::Completed;
  record.values = {value};
  auto end = entryOf(StudyLogEntry::Kind::End, record.number);
  end.status = record.status;
  end.values = record.values;
  batch.log.push_back(end);
  TrialRunChange change;
  change.trial = record.number;
  change.run = record.run;
  change.update.metrics = {{"value", value}};
  change.status = spec::RunStatus::Completed;
  batch.runs.push_back(std::move(change));
  batch.trials.push_back(record);
}

void oneProcess(const fs::path& folder, int trials) {
  auto store = need(openSqliteStore(folder / "store.sqlite3", OpenMode::Create));
  const auto study = makeStudy(*store);
  search::SamplerSetup setup;
  setup.space = need(spec::searchSpaceFromJson(sixFloats));
  search::PrunerSetup pruning;
  pruning.space = setup.space;
  search::StudyLogic logic(setup.space, need(search::makeSampler("random", setup)),
                           need(search::makePruner("none", pruning)), 1);
  const double begin = systemClock().steadySeconds();
  StudyBatch batch;
  TrialRecord record;
  for (int i = 0; i <= trials; ++i) {
    const bool fresh = i < trials;
    TrialRecord next;
    if (fresh) {
      const auto work = logic.next();
      next.number = work.trial;
      next.configuration = work.configuration;
      next.status = spec::RunStatus::Running;
      search::StudyEvent event;
      event.trial = work.trial;
      event.step = 1;
      event.configuration = work.configuration;
      logic.apply(event);
      batch.log.push_back(entryOf(StudyLogEntry::Kind::Begin, work.trial));
      batch.runs.push_back(newRun(work.trial, work.configuration));
      batch.trials.push_back(next);
    }
    const auto committed = need(store->studies().commit(study, batch));
    batch = {};
    if (!fresh) break;
    next.run = committed.runs.back();
    record = next;
    const double value = objective(record.configuration);
    search::StudyEvent event;
    event.kind = search::StudyEvent::Kind::End;
    event.trial = record.number;
    event.values = {value};
    logic.apply(event);
    addEnded(batch, record, value);
  }
  need(store->flush());
  const double seconds = systemClock().steadySeconds() - begin;
  const auto kept = need(store->studies().trials(study));
  fmt::print("{{\"trials\":{},\"seconds\":{:.4f},\"ms_a_trial\":{:.4f},\"kept\":{}}}\n", trials, seconds,
             1e3 * seconds / trials, kept.size());
  if (static_cast<int>(kept.size()) != trials) std::exit(1);
}

// One of many: gives the number of trials that it was told are committed.
std::int64_t writeTrials(const fs::path& file, StudyNumber study, double seconds) {
  auto store = need(openSqliteStore(file, OpenMode::ReadWrite));
  const double end = systemClock().steadySeconds() + seconds;
  std::int64_t written = 0;
  while (systemClock().steadySeconds() < end) {
    const auto number = need(store->studies().reserveTrials(study, 1));
    TrialRecord record;
    record.number = number;
    record.configuration = std::vector<double>(6, 0.001 * static_cast<double>(number % 1000));
    record.status = spec::RunStatus::Running;
    StudyBatch batch;
    batch.runs.push_back(newRun(number, record.configuration));
    batch.trials.push_back(record);
    batch.log.push_back(entryOf(StudyLogEntry::Kind::Begin, number));
    record.run = need(store->studies().commit(study, batch)).runs.front();
    batch = {};
    addEnded(batch, record, objective(record.configuration));
    need(store->studies().commit(study, batch));
    ++written;
  }
  return written;
}

void manyProcesses(const fs::path& folder, int processes, double seconds) {
  const auto file = folder / "store.sqlite3";
  StudyNumber study = 0;
  {
    auto store = need(openSqliteStore(file, OpenMode::Create));
    study = makeStudy(*store);
    need(store->flush());
  }
  int ends[2];
  if (pipe(ends) != 0) std::exit(1);
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      const auto written = writeTrials(file, study, seconds);
      const bool told = write(ends[1], &written, sizeof written) == sizeof written;
      std::_Exit(told ? 0 : 1);
    }
    children.push_back(child);
  }
  close(ends[1]);
  std::int64_t written = 0, one = 0;
  while (read(ends[0], &one, sizeof one) == sizeof one) written += one;
  int failed = 0;
  for (const auto child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    failed += status != 0;
  }
  auto store = need(openSqliteStore(file, OpenMode::ReadWrite));
  const auto kept = need(store->studies().trials(study));
  std::int64_t completed = 0;
  for (const auto& trial : kept) completed += trial.status == spec::RunStatus::Completed && trial.values.size() == 1;
  fmt::print(
      "{{\"processes\":{},\"seconds\":{},\"failed_processes\":{},\"written\":{},\"kept\":{},\"a_second\":{:.0f}}}\n",
      processes, seconds, failed, written, completed, static_cast<double>(written) / seconds);
  if (failed > 0 || completed != written) std::exit(1);
}

}  // namespace

int main(int count, char** words) {
  const tests::TempFolder folder;
  if (count >= 4 && std::strcmp(words[1], "--processes") == 0)
    manyProcesses(folder.path(), std::atoi(words[2]), std::atof(words[3]));
  else
    oneProcess(folder.path(), count > 1 ? std::atoi(words[1]) : 1000);
  return 0;
}

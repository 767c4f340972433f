// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/services/project.h"
#include "core/services/study_settings.h"
#include "core/store/study_records.h"

namespace lathe::services {

/// One value on the way of a trial.
struct TableReport {
  std::int32_t trial = 0;
  std::int32_t step = 0;
  double value = 0;  ///< of the first goal, as it counts
};

/// Everything that is known of a study's trials, by columns: a trial is its number, which is its place in all of them.
/// A value, quick to copy even for 100 000 trials; what was reported on the way is shared by all copies.
struct StudyTable {
  store::StudyNumber study = 0;
  StudySettings settings;
  spec::SearchSpace space;

  std::vector<spec::RunStatus> status;
  std::vector<store::RunNumber> run;   ///< 0: none yet
  std::vector<double> configurations;  ///< [trial * space.size() + parameter], coded; NaN: inactive
  std::vector<double> values;          ///< [trial * goals + goal], as they count; NaN: none
  std::vector<std::int32_t> steps, target;
  std::vector<double> seconds;
  std::vector<std::int64_t> createdMicros, endedMicros;
  std::vector<bool> byPerson;
  std::vector<std::int32_t> parents;  ///< the trial whose child it is; -1: none
  std::map<std::int64_t, Error> errors;
  std::vector<std::shared_ptr<const std::vector<TableReport>>> reports;  ///< in the order in which they came

  [[nodiscard]] std::size_t size() const { return status.size(); }
  [[nodiscard]] std::size_t goals() const { return settings.goals.size(); }
  [[nodiscard]] double parameter(std::size_t trial, std::size_t parameter) const {
    return configurations[trial * space.size() + parameter];
  }
  /// NaN unless it has completed.
  [[nodiscard]] double value(std::size_t trial, std::size_t goal = 0) const {
    return status[trial] == spec::RunStatus::Completed ? values[trial * goals() + goal]
                                                       : std::numeric_limits<double>::quiet_NaN();
  }
  [[nodiscard]] spec::Configuration configuration(std::size_t trial) const;
  [[nodiscard]] std::optional<std::size_t> parent(std::size_t trial) const;
  /// The newest value reported by each trial; NaN: none. What a pruned trial had come to.
  [[nodiscard]] std::vector<double> lastReports() const;
  /// The best completed trial of a goal; nothing while there is none.
  [[nodiscard]] std::optional<std::size_t> best(std::size_t goal = 0) const;
  [[nodiscard]] std::int64_t count(spec::RunStatus wanted) const;
};

/// What a reading brought.
struct StudyNews {
  std::shared_ptr<const StudyTable> table;
  store::StudyRecord record;
  std::size_t known = 0;              ///< trials from here on are new
  std::vector<std::int64_t> changed;  ///< of those before, ascending
  bool anew = false;                  ///< nothing of what was known before need hold
};

/// Reads a study as it grows: after the first time only what its log says has changed. One thread at a time; blocks on
/// the store.
class StudyReader {
 public:
  StudyReader(std::shared_ptr<Project> project, store::StudyNumber study);
  /// Nothing: all is as it was.
  Result<std::optional<StudyNews>> read();

 private:
  Result<void> begin(const store::StudyRecord& record);
  void take(const store::TrialRecord& trial);
  Result<void> takeChanged(const std::vector<std::int64_t>& changed);
  void takeReports(std::vector<TableReport> reports);

  const std::shared_ptr<Project> m_project;  // the window may have closed it meanwhile
  const store::StudyNumber m_study;
  std::optional<store::StudyRecord> m_record;
  StudyTable m_table;
  std::int64_t m_lastLog = 0;
};

/// What was found out once the trials had ended (study_confirm.h), read.
struct StudySummary {
  struct Standing {
    std::int64_t trial = 0;
    std::vector<double> values;  ///< one a seed
    double mean = 0;
    std::optional<double> low, high;  ///< 95 % interval of the mean loss of a row, when it was compared
    enum class Verdict : std::uint8_t { Unknown, Best, Tie, Worse } verdict = Verdict::Unknown;
  };
  std::optional<std::int64_t> winner;  ///< a trial
  store::RunNumber winnerRun = 0;
  std::vector<Standing> standings;  ///< best first
  std::vector<std::int64_t> tied;   ///< trials between which nothing could be decided, the winner among them
  int seeds = 0;
  std::string rowMeasure;              ///< what was compared row by row: error_rate, log_loss ...
  bool rowMeasureIsGoal = true;        ///< whether the goal is its mean
  std::map<std::string, double> test;  ///< "test/accuracy" ...
  std::vector<std::int64_t> front;     ///< several goals
};
/// Empty for what is no summary.
[[nodiscard]] StudySummary studySummary(const std::string& json);

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/store/records.h"

namespace lathe::store {

using StudyNumber = std::int64_t;  ///< 1, 2, 3 ... within the project

struct NewStudy {
  std::string name;
  std::string kind = "search";  ///< search, nas
  std::string settingsJson, spaceJson;
  std::string specJson;  ///< the experiment whose fields the space opens
};

struct StudyRecord {
  StudyNumber number = 0;
  std::string name;
  std::string kind;
  spec::RunStatus status = spec::RunStatus::Running;  ///< a dead owner's study already reads as Interrupted
  std::string settingsJson, spaceJson, specJson;
  std::string summaryJson;  ///< what was found, once something was
  std::int64_t createdMicros = 0, endedMicros = 0;
  double seconds = 0;  ///< of all sittings
  std::optional<Error> error;
  bool removed = false;
  std::int64_t trials = 0, completed = 0, pruned = 0, failed = 0;  ///< the first counts all
  std::optional<ProcessIdentity> owner;
};

struct StudyUpdate {
  std::optional<std::string> name, settingsJson, specJson, summaryJson;
  std::optional<double> seconds;
};

/// One trial of a study. Numbers are coded as the study's space says (spec::Configuration).
struct TrialRecord {
  std::int64_t number = 0;  ///< 0, 1, 2 ... within the study
  RunNumber run = 0;        ///< 0: none yet
  spec::RunStatus status = spec::RunStatus::Queued;
  std::vector<double> configuration;
  std::vector<double> values;  ///< one a goal, as they count; empty: none
  std::int64_t steps = 0;      ///< how far it has come, in the study's steps
  std::int64_t target = 0;     ///< how far it may go for now
  std::int64_t parent = -1;    ///< started from this trial's checkpoint
  std::string origin;          ///< sampler, pruner, person
  std::int64_t seen = 0;       ///< its proposal knew the log up to this entry
  std::int64_t createdMicros = 0, endedMicros = 0;
  double seconds = 0;  ///< of training
  std::optional<Error> error;
};

/// What happened in a study, in the order in which it counted: enough to repeat every decision.
struct StudyLogEntry {
  enum class Kind : std::uint8_t {
    Begin = 1,     ///< the trial began; step: its target
    Continue = 2,  ///< a paused trial goes on; step: its new target
    Report = 3,    ///< a value of the first goal after so many steps
    Reached = 4,   ///< it was paused at step
    End = 5,       ///< completed, pruned or failed: `status`; values: one a goal
    Planned = 6    ///< of no trial (-1): the study is now to have `step` trials
  };
  std::int64_t id = 0;  ///< grows within a project; given by the store
  Kind kind = Kind::Begin;
  std::int64_t trial = 0;
  std::int64_t step = 0;
  double value = 0;
  std::int64_t seen = 0;  ///< what was known then; Reached, End: -1 when it does not count yet
  spec::RunStatus status = spec::RunStatus::Running;
  std::vector<double> values = {};
};

/// What becomes of a trial's run: made, updated, or both.
struct TrialRunChange {
  std::int64_t trial = 0;
  RunNumber run = 0;                           ///< 0: makes one
  NewRun fresh = {};                           ///< for a new one, whose owner is this process
  RunUpdate update = {};                       ///< of a new one too
  std::optional<spec::RunStatus> status = {};  ///< afterwards; a new one is running
  std::optional<Error> error = {};
};

/// Written all at once or not at all.
struct StudyBatch {
  std::vector<TrialRunChange> runs;  ///< first, so that new trials know their runs
  std::vector<TrialRecord>
      trials;  ///< new ones, and the new state of old ones, by number; run 0: as above, or as it was
  std::vector<StudyLogEntry> log;   ///< appended in this order
  std::vector<std::int64_t> taken;  ///< waiting configurations that have become trials
};

struct StudyCommitted {
  std::int64_t lastLogId = 0;
  std::vector<RunNumber> runs;  ///< one for each of batch.runs
};

/// A configuration that a person wants tried next.
struct QueuedTrial {
  std::int64_t id = 0;
  std::vector<double> configuration;
};

}  // namespace lathe::store

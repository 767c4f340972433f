// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/machine.h"
#include "core/base/result.h"
#include "core/spec/run_status.h"

namespace lathe::store {

using RunNumber = std::int64_t;  ///< 1, 2, 3 ... within the project

/// A named spec with versions; version counts from 1.
struct ExperimentRecord {
  std::int64_t id = 0;
  std::string name;
  int version = 1;
  std::string specJson;
  std::int64_t savedMicros = 0;
};

struct NewRun {
  std::int64_t experiment = 0;  ///< 0: none
  int experimentVersion = 0;
  std::string name;
  std::string model;     ///< template name
  std::string specJson;  ///< as started; replaced by the resolved one
  std::string dataHash;
  std::string task;
  std::map<std::string, std::string> parameters;   ///< flat spec paths shown in tables: training.optimizer.lr ...
  std::map<std::string, std::string> environment;  ///< version, processor, blas, libtorch ...
  std::int64_t study = 0;                          ///< the study it is a trial of; 0: none
  std::int64_t trial = -1;
};

struct RunRecord {
  RunNumber number = 0;
  std::int64_t experiment = 0;
  int experimentVersion = 0;
  std::string name;
  std::string model;
  spec::RunStatus status = spec::RunStatus::Queued;  ///< a dead owner's run already reads as Interrupted
  std::int64_t createdMicros = 0, startedMicros = 0, endedMicros = 0;  ///< 0: not yet
  double seconds = 0;                                                  ///< running time, pauses excluded
  int epochs = 0, totalEpochs = 0;
  std::int64_t steps = 0, totalSteps = 0;
  double samplesPerSecond = 0;
  double secondsLeft = -1;
  std::string monitor;
  bool monitorLarger = false;
  std::map<std::string, double> metrics;  ///< at the best checkpoint; while running the newest
  std::string dataHash;
  std::string task;
  std::string bestCheckpoint, lastCheckpoint;  ///< relative to the project folder
  std::optional<Error> error;                  ///< why it failed
  int testLooks = 0;
  std::vector<std::string> tags;
  std::string note;
  bool removed = false;
  std::int64_t removedMicros = 0;
  std::optional<ProcessIdentity> owner;
  std::int64_t study = 0;   ///< the study it belongs to; 0: none
  std::int64_t trial = -1;  ///< of that study; -1: it is the study's winner, a run as any other
  [[nodiscard]] bool isTrial() const { return study > 0 && trial >= 0; }
};

/// Absent fields stay as they are; a map or list that is there takes the place of the old one.
struct RunUpdate {
  std::optional<std::string> specJson, modelJson, name, note, bestCheckpoint, lastCheckpoint;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::map<std::string, double>> metrics;
  std::optional<double> seconds, samplesPerSecond, secondsLeft;
  std::optional<int> epochs, totalEpochs;
  std::optional<std::int64_t> steps, totalSteps;
  std::optional<std::string> monitor;
  std::optional<bool> monitorLarger;
  std::optional<std::map<std::string, std::string>> parameters, environment;
  std::optional<std::string> dataHash, task, model;  ///< known once the data were read
  std::optional<std::int64_t> trial;                 ///< -1 makes a trial's run one that everybody sees
};

struct RunFilter {
  bool includeRemoved = false;
  std::optional<spec::RunStatus> status;
  std::string tag;
  bool includeTrials = false;
  std::int64_t study = 0;  ///< only this study's, its trials included; 0: any
};

struct Event {
  std::int64_t id = 0;
  RunNumber run = 0;
  std::int64_t micros = 0;
  std::string kind;
  Message message;
  std::string code = {};  ///< of a warning, dotted; else empty
  Message hint = {};      ///< of a warning: what to do
};

struct Artefact {
  std::int64_t id = 0;
  RunNumber run = 0;
  std::string kind;  ///< checkpoint, torchscript, manifest, report ...
  std::string path;  ///< relative to the project when inside it
  std::string sha256;
  std::int64_t bytes = 0;
  std::int64_t createdMicros = 0;
  std::string detailsJson;  ///< parity report and the like
};

struct Point {
  std::int64_t step = 0;
  double value = 0;
};

struct NamedPoints {
  std::string name;
  std::vector<Point> points;
};

struct SeriesInfo {
  std::int64_t id = 0;
  RunNumber run = 0;
  std::string name;
  std::int64_t points = 0;
  std::int64_t firstStep = 0, lastStep = 0;
};

/// One pixel column of a reduced curve: every extreme within it. Without a finite value the four are NaN and the steps
/// those of the column's first and last point.
struct ColumnRange {
  std::int64_t firstStep = 0, lastStep = 0;      ///< where `first` and `last` are
  double first = 0, last = 0, min = 0, max = 0;  ///< of the finite values
  std::int64_t minStep = 0, maxStep = 0;
  std::int64_t points = 0;     ///< all of them
  std::int64_t nonFinite = 0;  ///< NaN and infinities among them
};

/// What a process asks of a run that another process owns.
enum class ControlRequest { None, Pause, Cancel };

}  // namespace lathe::store

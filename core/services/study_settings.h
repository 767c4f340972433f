// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/search/architectures/architecture.h"
#include "core/spec/experiment.h"
#include "core/spec/search_space.h"

namespace lathe::services {

/// What a study makes as small or as large as it can: a validation metric ("val/accuracy"), or what a model costs:
/// latency_ms (of one row through the exported model, measured), bytes (of the exported file), parameters, flops.
struct StudyGoal {
  std::string metric;
  bool larger = false;
  bool operator==(const StudyGoal&) const = default;
};

/// Goals that are no metrics.
[[nodiscard]] const std::vector<std::string>& costGoals();
[[nodiscard]] bool isCostGoal(std::string_view metric);
/// The direction that follows from the metric.
[[nodiscard]] StudyGoal goalOf(const std::string& metric);

/// How a study searches. Everything that decides is in here, so that a study can be repeated.
struct StudySettings {
  std::vector<StudyGoal> goals;
  std::string sampler = "auto";
  std::string pruner = "none";
  std::int64_t trials = 0;  ///< in all; 0: as many as the time allows
  double seconds = 0;       ///< of all sittings; 0: no limit
  int workers = 0;          ///< trials at a time; 0: one a core
  int threads = 0;          ///< of each trial; 0: the cores shared among the workers
  int population = 0;
  bool deterministic = false;
  int folds = 0;        ///< a trial is judged by its mean over so many folds; below 2: by the validation rows
  int foldRepeats = 1;  ///< each dealt anew
  int window = 8;       ///< deterministic: a proposal knows the trials up to its own number less this
  std::uint64_t seed = 0;
  std::int64_t maxEpochs = 0, minEpochs = 0;  ///< resolved: of a whole trial, of the first rung; folds, where there are
  double eta = 3;
  // What single pruners are told; values as the goal counts them.
  double percentile = 25;              ///< percentile: the share of trials, the best ones, that go on
  std::int64_t startupTrials = 5;      ///< median, percentile: nothing is stopped before so many have ended
  std::int64_t patience = 3;           ///< patient: reports without an improvement ...
  double minDelta = 0;                 ///< ... of more than this
  std::optional<double> lower, upper;  ///< threshold: values outside are hopeless
  double significance = 0.1;           ///< wilcoxon: the level of its test
  /// Trials that were planned when the study began, which samplers size themselves by; below 0: as many as `trials`.
  std::int64_t plannedFirst = -1;
  /// The study ends when its best can be beaten by less than an evaluation's noise, with high probability.
  bool terminator = false;
  int confirmTop = 3;    ///< the best so many are trained again ...
  int confirmSeeds = 3;  ///< ... each with so many seeds of its own; below 2: nothing is confirmed
  std::string device;    ///< empty: as the spec says
  search::ArchitectureStudy architecture = {};  ///< of a search for architectures (nas_settings.h)
  [[nodiscard]] std::int64_t planned() const { return plannedFirst >= 0 ? plannedFirst : trials; }
  [[nodiscard]] bool hasFolds() const { return folds >= 2; }
  bool operator==(const StudySettings&) const = default;
};

[[nodiscard]] std::string toJson(const StudySettings& settings);
Result<StudySettings> studySettingsFromJson(std::string_view json);

/// The spec of a configuration: each active parameter's value at the path that is its name. Errors as for --set.
Result<spec::ExperimentSpec> specOf(const spec::ExperimentSpec& base, const spec::SearchSpace& space,
                                    const spec::Configuration& configuration);
/// Whether every name of the space is a path of the spec that can be varied, and the field takes its values.
/// "study.path" names the one that is not, "study.value" the first value that it does not take; "study.nothing" for an
/// empty space.
Result<void> checkPaths(const spec::ExperimentSpec& base, const spec::SearchSpace& space);

/// Ranges worth searching for a template: its own settings, and what training has that matters, learning rate first.
/// What the spec says already is left alone where it was set to other than its usual value.
[[nodiscard]] spec::SearchSpace usualSpace(const spec::ExperimentSpec& base, const std::string& templateName);

}  // namespace lathe::services

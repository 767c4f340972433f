// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "app/cli/context.h"
#include "app/cli/spec_flags.h"
#include "core/services/study_service.h"

/// What search and nas do alike.
namespace lathe::cli {

/// Options of both that say how long and how carefully is searched, as typed; empty: not given.
struct StudyFlags {
  std::string trials, timeout, workers, population, window, minEpochs, confirmTop, confirmSeeds;
  bool deterministic = false;
};
/// Into the settings, --seed and --threads too. Usage errors: no such numbers, no time at all, --behind without
/// --deterministic.
Result<void> readStudyFlags(const StudyFlags& flags, const Context& context, services::StudySettings& settings);

/// Refuses --min-epochs above the epochs of a trial (folds, where it has them), as far as they are known already.
Result<void> checkMinEpochs(const StudyFlags& flags, const services::StudyRequest& request);
/// A warning for each option that the sampler or the pruner of these settings has no use for.
[[nodiscard]] std::vector<Warning> idleFlags(const StudyFlags& flags, const services::StudySettings& settings);
/// A warning when a sampler has no use for --population.
[[nodiscard]] std::vector<Warning> idlePopulation(const std::string& sampler);
/// A warning for each field that the space opens though the command line gives it a value.
[[nodiscard]] std::vector<Warning> saidTwice(const spec::SearchSpace& space, const std::vector<TypedField>& typed);

/// Starts the study and follows it to its end, with the result on standard output. A goal that the task does not have
/// is wrong usage and named with those that it has.
Result<int> runStudy(Context& context, const services::StudyRequest& request, const std::vector<Warning>& warnings);

}  // namespace lathe::cli

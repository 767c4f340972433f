// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "core/engine/engine.h"
#include "core/spec/experiment.h"

/// What is noted down of a run besides its curves.
namespace lathe::services {

/// Spec paths and their values, flat, for tables and comparisons: training.optimizer.lr -> 0.001. Layers, roles and
/// paths are left out.
[[nodiscard]] std::map<std::string, std::string> flatParameters(const spec::ExperimentSpec& spec);

/// Version, machine, engine, BLAS and the data's hash: what one needs to repeat the run.
[[nodiscard]] std::map<std::string, std::string> environmentOf(const spec::ExperimentSpec& spec,
                                                               const engine::Engine& engine, bool deterministic);

/// The experiment's name, else the data file's without its endings.
[[nodiscard]] std::string runName(const spec::ExperimentSpec& spec);

/// Reals of a summary's metrics.
[[nodiscard]] std::map<std::string, double> plainMetrics(const spec::ValueMap& metrics);

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/output.h"
#include "core/exporting/parity.h"
#include "core/services/project.h"
#include "core/services/training_service.h"
#include "core/spec/data_profile.h"

/// Values of core as results of the command line. Paths come out absolute, times as ISO 8601 or null.
namespace lathe::cli {

[[nodiscard]] Json runJson(const store::RunRecord& run, const services::Project& project);
[[nodiscard]] Json specJson(const spec::ExperimentSpec& spec);
/// A stored spec: its data paths, kept relative to the project, become absolute.
[[nodiscard]] Json storedSpecJson(const std::string& text, const services::Project& project);
[[nodiscard]] Json profileJson(const spec::DataProfile& profile);
[[nodiscard]] Json parityJson(const exporting::ParityReport& parity);
/// layers, parameters, flops
[[nodiscard]] Json reportJson(const spec::GraphReport& report, const spec::ModelGraph& graph);
[[nodiscard]] Json metricsJson(const std::map<std::string, double>& metrics);
[[nodiscard]] Json timeJson(std::int64_t micros);

/// The lines that close a training, or open `runs show`.
[[nodiscard]] std::string runText(const store::RunRecord& run, const services::Project& project);
[[nodiscard]] std::string parityText(const exporting::ParityReport& parity);
/// Of quantised files: it is told and not judged.
[[nodiscard]] std::string toldParityText(const exporting::ParityReport& parity);

}  // namespace lathe::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/model_service.h"

namespace lathe::services {

/// Writes, proves and installs one export of a run. See ModelService::exportRun().
Result<ExportResult> runExport(engine::Engine& engine, FreshProcess* freshProcess, Project& project,
                               const ExportRequest& request, const JobContext& job);

/// Predicts the rows with a file in a fresh process and compares with the reference; `found` gets what was predicted.
Result<exporting::ParityReport> compareInFreshProcess(FreshProcess* freshProcess, const std::filesystem::path& file,
                                                      const data::Dataset& rows, const engine::Predictions& reference,
                                                      const spec::ModelDescription& model, const JobContext& job,
                                                      engine::Predictions* found = nullptr);

}  // namespace lathe::services

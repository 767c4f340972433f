// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/format_costs.h"

#include "core/base/scratch_folder.h"
#include "core/exporting/formats/model_files.h"
#include "core/services/trial_training.h"

namespace lathe::services {
namespace {

Result<AutopilotCost> costIn(const AutopilotGround& ground, const exporting::ModelFormat& format,
                             const std::filesystem::path& checkpoint) {
  const auto& request = ground.request;
  LATHE_ASSIGN(scratch, ScratchFolder::make());
  LATHE_ASSIGN(written, format.write({*ground.engine, checkpoint, scratch.path(), "model"}));
  AutopilotCost cost;
  cost.format = format.name;
  std::error_code error;
  const auto bytes = std::filesystem::file_size(scratch.path() / written.file, error);
  if (error) return fileError(error.value(), scratch.path() / written.file);
  cost.bytes = static_cast<double>(bytes);
  // A kind of file that no runtime here reads has no time.
  if (const auto model = exporting::loadModelFile(*ground.engine, scratch.path() / written.file)) {
    LATHE_ASSIGN(milliseconds, latencyOf(**model, *ground.base.data, ground.heldOut->rows()));
    cost.milliseconds = milliseconds;
  }
  cost.within = !(request.mostBytes && cost.bytes > *request.mostBytes) &&
                !(request.mostMilliseconds && cost.milliseconds && *cost.milliseconds > *request.mostMilliseconds);
  return cost;
}

}  // namespace

Result<std::vector<AutopilotCost>> costsOf(const AutopilotGround& ground, const std::filesystem::path& checkpoint) {
  std::vector<AutopilotCost> costs;
  for (const auto& name : ground.request.formats) {
    const auto* format = exporting::modelFormat(name);
    // The export itself says what there is.
    if (format == nullptr) continue;
    LATHE_ASSIGN(cost, costIn(ground, *format, checkpoint));
    costs.push_back(std::move(cost));
  }
  return costs;
}

}  // namespace lathe::services

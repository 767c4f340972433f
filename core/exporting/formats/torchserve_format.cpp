// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/formats/format_writers.h"
#include "core/exporting/torchserve/mar_archive.h"

namespace lathe::exporting {
namespace fs = std::filesystem;

Result<WrittenModel> writeTorchServe(const FormatSource& source) {
  const fs::path file = source.name + ".mar";
  LATHE_ASSIGN(scratch, ScratchFolder::make(source.folder));
  const auto script = scratch.path() / "model.pt";
  LATHE_TRY(source.engine.exportTorchScript(source.checkpoint, script));
  auto model = source.engine.load(source.checkpoint);
  if (!model) return passOn(model);
  MarDescription description{source.name, "1.0", (*model)->schema(), 0.5};
  if (const auto& scoring = (*model)->scoring()) description.decisionThreshold = scoring->threshold;
  LATHE_TRY(writeMar(script, description, source.folder / file));
  return WrittenModel{file, {}};
}

Result<std::unique_ptr<engine::Predictor>> loadTorchServe(engine::Engine& engine, const fs::path& file) {
  LATHE_ASSIGN(scratch, ScratchFolder::make());
  const auto script = scratch.path() / "model.pt";
  LATHE_TRY(extractMar(file, script));
  return engine.loadTorchScript(script);
}

}  // namespace lathe::exporting

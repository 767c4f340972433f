// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/model_source.h"

#include "core/engine/adapters.h"
#include "core/engine/checkpoint.h"
#include "core/engine/training_loop.h"
#include "core/spec/graph.h"

namespace lathe::exporting {

Result<ModelSource> modelSourceOf(const std::filesystem::path& checkpointFile, const std::string& name) {
  LATHE_ASSIGN(checkpoint, engine::readCheckpoint(checkpointFile));
  LATHE_ASSIGN(model, engine::modelOf(checkpoint, checkpoint.meta["engine"], checkpointFile));
  LATHE_TRY(engine::mergeAdapters(model, checkpoint));
  LATHE_ASSIGN(program, spec::lower(model));
  LATHE_ASSIGN(weights, engine::weightsOf(program, checkpoint));
  const auto scoring = checkpoint.meta[engine::scoringKey];
  return ModelSource{name, std::move(model), std::move(program), std::move(weights), scoring, precisionOf(checkpoint)};
}

}  // namespace lathe::exporting

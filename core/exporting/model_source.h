// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/exporting/quantization.h"
#include "core/spec/experiment.h"
#include "core/spec/program.h"
#include "core/spec/schema.h"

namespace lathe::exporting {

/// What the writers of every format start from: a finished model as numbers, without any engine. Adapters are merged.
struct ModelSource {
  std::string name;  ///< of the export
  spec::ModelDescription model;
  spec::Program program;                    ///< spec::lower(model)
  std::vector<std::vector<float>> weights;  ///< of each of the program's parameters, float32, row-major
  std::string scoring;  ///< how its training measured itself, as JSON (engine::scoringFromJson); may be empty
  Precision precision = Precision::Float32;  ///< that the weights were rounded to, and are stored in where a format can
};

/// From a checkpoint of any engine whose models are programs. Errors: those of reading it.
Result<ModelSource> modelSourceOf(const std::filesystem::path& checkpoint, const std::string& name);

}  // namespace lathe::exporting

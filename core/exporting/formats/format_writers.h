// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/scratch_folder.h"
#include "core/exporting/formats/model_files.h"

/// Formats that are more than one file of an engine. For the files of this folder only.
namespace lathe::exporting {

/// NAME.mar (core/exporting/torchserve/mar_archive.h).
Result<WrittenModel> writeTorchServe(const FormatSource& source);
Result<std::unique_ptr<engine::Predictor>> loadTorchServe(engine::Engine& engine, const std::filesystem::path& file);

/// A model repository of Triton Inference Server, "triton": NAME/1/model.onnx, NAME/config.pbtxt and, where there are
/// classes, NAME/labels.txt.
Result<WrittenModel> writeTriton(const FormatSource& source);

/// NAME/1/saved_model.pb: a folder of versions as TensorFlow Serving reads it.
Result<WrittenModel> writeSavedModelFolder(const FormatSource& source);

/// NAME.c and NAME.h (core/exporting/c/c_source.h). Loaded from the text: nothing of it is compiled.
Result<WrittenModel> writeCSource(const FormatSource& source);
Result<std::unique_ptr<engine::Predictor>> loadCSource(engine::Engine& engine, const std::filesystem::path& file);

}  // namespace lathe::exporting

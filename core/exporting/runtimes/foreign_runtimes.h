// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/predictor.h"

/// Other people's runtimes, which Lathe neither needs nor brings: opened by dlopen where they are. Each runs a file in
/// this process, so that a crash of theirs is to be expected: call them in a process of their own.
namespace lathe::exporting {

struct RuntimeAnswer {
  engine::Predictions predictions;
  std::string runtime;  ///< "ONNX Runtime 1.20.1"
};
/// Nothing: that runtime is not here.
using PerhapsAnswer = Result<std::optional<RuntimeAnswer>>;

/// libonnxruntime of the system, or the file that LATHE_ONNXRUNTIME names (C API version 11 or later).
PerhapsAnswer runOnOnnxRuntime(const std::filesystem::path& model, const data::Dataset& rows);
/// TensorFlow's C library: libtensorflow of the system, or the file that LATHE_TENSORFLOW names. `model` is the
/// saved_model.pb.
PerhapsAnswer runOnTensorFlow(const std::filesystem::path& model, const data::Dataset& rows);
/// OpenCV DNN, where it was there when Lathe was built, or the module that LATHE_OPENCV names. Nothing also where it
/// does not know an operation of the file: 4.6 runs networks for images, but refuses the preparation of tables.
PerhapsAnswer runOnOpenCv(const std::filesystem::path& model, const data::Dataset& rows);
/// The C compiler of the system (cc), or the one that CC names. Only text that Lathe would write itself is compiled:
/// the file is read, written again and compared.
PerhapsAnswer runCompiled(const std::filesystem::path& source, const data::Dataset& rows);

/// By the kind of file; nothing where none is here or none reads that kind.
PerhapsAnswer runOnForeignRuntime(const std::filesystem::path& model, const data::Dataset& rows);
/// Names with versions of those that are here; "" of one that is not.
[[nodiscard]] std::vector<std::string> foreignRuntimes();

[[nodiscard]] std::string onnxRuntimeName();
[[nodiscard]] std::string tensorFlowName();
[[nodiscard]] std::string openCvName();
[[nodiscard]] std::string compilerFound();

/// Raw inputs of some rows as float32, one behind the other; images as C x H x W of 0..255.
[[nodiscard]] std::vector<float> rawInputs(const data::Dataset& rows, std::size_t first, std::size_t count);
[[nodiscard]] tl::unexpected<Error> runtimeFailed(const std::string& runtime, const std::string& reason);

}  // namespace lathe::exporting

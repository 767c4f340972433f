// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

/// A temporary folder that is removed at the end.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make(const std::filesystem::path& parent);
  ScratchFolder(ScratchFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : m_path(std::move(path)) {}
  std::filesystem::path m_path;
};

}  // namespace lathe::exporting

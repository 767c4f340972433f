// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/formats/model_files.h"

#include <algorithm>

#include "core/exporting/formats/format_writers.h"
#include "core/exporting/table_columns.h"

namespace lathe::exporting {
namespace {

namespace fs = std::filesystem;

std::string plain(std::string_view name) {
  std::string result;
  for (const char c : name)
    if (c != '-' && c != '_') result += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return result;
}

Result<WrittenModel> writeScript(const FormatSource& source) {
  const fs::path file = source.name + ".pt";
  LATHE_TRY(source.engine.exportTorchScript(source.checkpoint, source.folder / file));
  return WrittenModel{file, {}};
}

// Where words, dates or texts are among the columns, a second graph takes each column for itself.
Result<WrittenModel> writeOnnxModel(const FormatSource& source) {
  WrittenModel written{source.name + ".onnx", {}};
  LATHE_TRY(source.engine.exportOnnx(source.checkpoint, source.folder / written.file));
  const auto model = source.engine.load(source.checkpoint);
  if (!model) return passOn(model);
  const auto& schema = (*model)->schema();
  if (!hasNamedColumns(schema) || isNumeric(schema)) return written;
  written.along.emplace_back(source.name + columnsEnding + ".onnx");
  LATHE_TRY(source.engine.exportOnnx(source.checkpoint, source.folder / written.along.back()));
  return written;
}

}  // namespace

const std::vector<ModelFormat>& modelFormats() {
  static const std::vector<ModelFormat> formats{
      {"torchscript", &writeScript,
       [](engine::Engine& engine, const fs::path& file) { return engine.loadTorchScript(file); },
       [](const fs::path& file) { return file.extension() == ".pt"; }},
      {"onnx", &writeOnnxModel, [](engine::Engine& engine, const fs::path& file) { return engine.loadOnnx(file); },
       [](const fs::path& file) { return file.extension() == ".onnx"; }},
      {"torchserve", &writeTorchServe, &loadTorchServe,
       [](const fs::path& file) { return file.extension() == ".mar"; }},
      {"savedmodel", &writeSavedModelFolder,
       [](engine::Engine& engine, const fs::path& file) { return engine.loadSavedModel(file); },
       [](const fs::path& file) { return file.filename() == "saved_model.pb"; }},
      {"c", &writeCSource, &loadCSource, [](const fs::path& file) { return file.extension() == ".c"; }},
      {"triton", &writeTriton, [](engine::Engine& engine, const fs::path& file) { return engine.loadOnnx(file); },
       [](const fs::path&) { return false; }}};  // its model is an ONNX file
  return formats;
}

std::vector<std::string> modelFormatNames() {
  std::vector<std::string> names;
  for (const auto& format : modelFormats()) names.emplace_back(format.name);
  return names;
}

const ModelFormat* modelFormat(std::string_view name) {
  const auto& all = modelFormats();
  const auto found =
      std::find_if(all.begin(), all.end(), [wanted = plain(name)](const auto& each) { return wanted == each.name; });
  return found == all.end() ? nullptr : &*found;
}

const ModelFormat* modelFormatOf(const fs::path& file) {
  const auto& all = modelFormats();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.recognise(file); });
  return found == all.end() ? nullptr : &*found;
}

Result<std::unique_ptr<engine::Predictor>> loadModelFile(engine::Engine& engine, const fs::path& file) {
  const auto* format = modelFormatOf(file);
  return (format != nullptr ? *format : modelFormats().front()).load(engine, file);
}

}  // namespace lathe::exporting

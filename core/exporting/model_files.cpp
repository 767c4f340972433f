// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/model_files.h"

#include <algorithm>

namespace lathe::exporting {
namespace {

std::string plain(std::string_view name) {
  std::string result;
  for (const char c : name)
    if (c != '-' && c != '_') result += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return result;
}

}  // namespace

const std::vector<ModelFormat>& modelFormats() {
  static const std::vector<ModelFormat> formats{
      {"torchscript", ".pt", &engine::Engine::exportTorchScript, &engine::Engine::loadTorchScript},
      {"onnx", ".onnx", &engine::Engine::exportOnnx, &engine::Engine::loadOnnx}};
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

const ModelFormat* modelFormatOf(const std::filesystem::path& file) {
  const auto& all = modelFormats();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [end = file.extension()](const auto& each) { return end == each.extension; });
  return found == all.end() ? nullptr : &*found;
}

Result<std::unique_ptr<engine::Predictor>> loadModelFile(engine::Engine& engine, const std::filesystem::path& file) {
  const auto* format = modelFormatOf(file);
  return (engine.*(format != nullptr ? *format : modelFormats().front()).load)(file);
}

}  // namespace lathe::exporting

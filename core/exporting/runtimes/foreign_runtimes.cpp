// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/runtimes/foreign_runtimes.h"

namespace lathe::exporting {

std::vector<float> rawInputs(const data::Dataset& rows, std::size_t first, std::size_t count) {
  const auto width = static_cast<std::size_t>(spec::elementCount(rows.schema.inputShape));
  if (rows.schema.image) {
    const auto start = rows.pixels.begin() + static_cast<std::ptrdiff_t>(first * width);
    return {start, start + static_cast<std::ptrdiff_t>(count * width)};
  }
  std::vector<float> inputs(count * width);
  for (std::size_t row = 0; row < count; ++row) data::copyInput(rows, first + row, inputs.data() + row * width);
  return inputs;
}

tl::unexpected<Error> runtimeFailed(const std::string& runtime, const std::string& reason) {
  return fail("export.runtime", LATHE_TEXT("errors", "{runtime} does not run the file: {reason}"),
              LATHE_TEXT("errors", "Report this with the model's layers; the run itself is untouched."),
              {{"runtime", runtime}, {"reason", reason}});
}

PerhapsAnswer runOnForeignRuntime(const std::filesystem::path& model, const data::Dataset& rows) {
  if (model.extension() == ".onnx") {
    auto answer = runOnOnnxRuntime(model, rows);
    const bool images = rows.schema.image && rows.rows > 0;
    return !answer || *answer || !images ? std::move(answer) : runOnOpenCv(model, rows);
  }
  if (model.filename() == "saved_model.pb") return runOnTensorFlow(model, rows);
  if (model.extension() == ".c") return runCompiled(model, rows);
  return std::optional<RuntimeAnswer>();
}

std::vector<std::string> foreignRuntimes() {
  std::vector<std::string> names;
  for (auto&& name : {onnxRuntimeName(), tensorFlowName(), openCvName(), compilerFound()})
    if (!name.empty()) names.push_back(name);
  return names;
}

}  // namespace lathe::exporting

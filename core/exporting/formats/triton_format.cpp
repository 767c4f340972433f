// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>

#include "core/base/files.h"
#include "core/exporting/formats/format_writers.h"
#include "core/spec/targets.h"

namespace lathe::exporting {
namespace fs = std::filesystem;
namespace {

constexpr int mostRowsAtOnce = 256;

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string tensorText(const char* name, const spec::Shape& shape, bool labelled) {
  return fmt::format("  {{\n    name: \"{}\"\n    data_type: TYPE_FP32\n    dims: [ {} ]\n{}  }}\n", name,
                     fmt::join(shape, ", "), labelled ? "    label_filename: \"labels.txt\"\n" : "");
}

std::string configText(const std::string& name, const spec::DataSchema& schema, bool labelled) {
  return fmt::format(
      "name: {}\nbackend: \"onnxruntime\"\nmax_batch_size: {}\ninput [\n{}]\noutput [\n{}]\n"
      "dynamic_batching {{\n  max_queue_delay_microseconds: 1000\n}}\nversion_policy: {{ latest {{ num_versions: 1 }} "
      "}}\n",
      quoted(name), mostRowsAtOnce, tensorText("input_tensor", schema.inputShape, false),
      tensorText("output_tensor", spec::outputShape(schema), labelled));
}

/// A label a line: what would break a line becomes a space.
std::string labelsText(const std::vector<std::string>& classes) {
  std::string text;
  for (auto label : classes) {
    std::replace_if(
        label.begin(), label.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    text += label + '\n';
  }
  return text;
}

}  // namespace

Result<WrittenModel> writeTriton(const FormatSource& source) {
  const auto place = fs::path("triton") / source.name;
  std::error_code error;
  fs::create_directories(source.folder / place / "1", error);
  if (error) return fileError(error.value(), source.folder / place);
  WrittenModel written{place / "1" / "model.onnx", {place / "config.pbtxt"}};
  LATHE_TRY(source.engine.exportOnnx(source.checkpoint, source.folder / written.file));
  auto model = source.engine.load(source.checkpoint);
  if (!model) return passOn(model);
  const auto& schema = (*model)->schema();
  const bool labelled = !schema.target.classes.empty() && spec::outputShape(schema).size() == 1;
  LATHE_TRY(writeFileAtomically(source.folder / written.along.front(), configText(source.name, schema, labelled)));
  if (labelled) {
    written.along.push_back(place / "labels.txt");
    LATHE_TRY(writeFileAtomically(source.folder / written.along.back(), labelsText(schema.target.classes)));
  }
  return written;
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/tried_row.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "core/base/files.h"
#include "core/data/image_bytes.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace {

constexpr std::uintmax_t largestPicture = std::uintmax_t{1} << 28;

void tell(const exporting::ExportManifest& manifest, const std::vector<float>& values, TriedRow& tried) {
  const auto& schema = manifest.schema;
  const auto& classes = schema.target.classes;
  if (schema.task == spec::Task::Classification && values.size() == classes.size() && !classes.empty()) {
    tried.answers.emplace_back("prediction", classes[engine::decidedClass(values, manifest.decisionThreshold)]);
    for (std::size_t i = 0; i < values.size(); ++i)
      tried.probabilities.emplace_back(classes[i], static_cast<double>(values[i]));
    return;
  }
  const auto names = spec::predictionColumns(schema);
  const auto skipped = names.size() - std::min(names.size(), values.size());
  for (std::size_t i = 0; i < values.size() && skipped + i < names.size(); ++i)
    tried.answers.emplace_back(names[skipped + i], fmt::format("{}", values[i]));
}

}  // namespace

Result<TriedRow> triedRow(const ServedPlace& place, const exporting::ExportManifest& manifest,
                          const serving::RequestRows& rows, double timeoutSeconds) {
  LATHE_ASSIGN(server, askServed(place, manifest.schema, timeoutSeconds));
  const auto start = std::chrono::steady_clock::now();
  LATHE_ASSIGN(values, server->ask(rows, 0, 1));
  TriedRow tried;
  tried.latencyMs = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  tell(manifest, values, tried);
  return tried;
}

Result<serving::RequestRows> pictureRow(const spec::DataSchema& schema, const std::filesystem::path& file) {
  LATHE_ASSIGN(bytes, readFile(file, largestPicture));
  const auto pixels = data::imagePixels(bytes, schema.inputShape);
  if (!pixels)
    return fail("deploy.no_picture", LATHE_TEXT("errors", "{file} is no picture that can be read."),
                LATHE_TEXT("errors", "Give a PNG, JPEG, BMP or WebP file."), {{"file", file.string()}});
  serving::RequestRows rows;
  rows.shape = schema.inputShape;
  rows.numbers.assign(pixels->begin(), pixels->end());
  return rows;
}

}  // namespace lathe::services

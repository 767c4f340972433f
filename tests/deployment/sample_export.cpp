// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/deployment/sample_export.h"

#include <algorithm>

#include "core/base/files.h"
#include "tests/support/sample_data.h"
#include "tests/support/testing.h"

namespace lathe::tests {
namespace fs = std::filesystem;

float ofSecondClass(float x, float y) { return (x + y) / 100; }

std::map<std::string, std::string> contentsOf(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    all[entry.path().lexically_relative(folder).generic_string()] =
        entry.is_directory() ? "folder" : readFile(entry.path()).value_or("?");
  return all;
}

SampleExport::SampleExport(const std::vector<std::string>& formats) {
  exporting::ExportManifest manifest;
  manifest.name = "m";
  manifest.run = 1;
  manifest.schema.task = spec::Task::Classification;
  manifest.schema.inputShape = {2};
  manifest.schema.features = {{"x", spec::ColumnKind::Real, 0, 1, {}}, {"y", spec::ColumnKind::Real, 1, 1, {}}};
  manifest.schema.target = {"label", {"a", "b"}};
  for (int row = 0; row < 6; ++row) {
    const auto x = static_cast<float>(row), y = static_cast<float>(10 * row);
    manifest.referenceRows.push_back({x, y});
    manifest.referenceOutputs.push_back({1 - ofSecondClass(x, y), ofSecondClass(x, y)});
  }
  const std::map<std::string, std::string> files{
      {"torchscript", "m.pt"}, {"savedmodel", "m/1/saved_model.pb"}, {"triton", "triton/m/1/model.onnx"}};
  for (const auto& [format, path] : files) {
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) continue;
    fs::create_directories((m_folder / path).parent_path());
    writeText(m_folder / path, path);
    manifest.files.push_back({path, format, path.size(), sha256Of(std::string_view(path)), {}, {}});
  }
  if (fs::exists(m_folder / "triton")) {
    writeText(m_folder / "triton" / "m" / "config.pbtxt", "name: \"m\"\nbackend: \"onnxruntime\"\n");
    writeText(m_folder / "triton" / "m" / "labels.txt", "a\nb\n");
  }
  writeText(m_folder / "lathe-export.json", toJson(manifest));
}

services::DeployRequest SampleExport::request(services::DeployTarget target, const std::string& url) const {
  const auto found = exporting::findExport(m_folder.path());
  REQUIRE_OK(found);
  services::DeployRequest request;
  request.what = *found;
  request.target = target;
  request.url = url;
  request.predictUrl = url;
  request.timeoutSeconds = 5;
  return request;
}

}  // namespace lathe::tests

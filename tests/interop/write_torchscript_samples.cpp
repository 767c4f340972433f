// SPDX-License-Identifier: GPL-3.0-or-later
// Trains a small model of each kind, exports it, and writes raw inputs and the engine's own outputs beside it, for
// check_torchscript.py: FOLDER/NAME.pt, NAME.in and NAME.out (numbers as they lie in memory), NAME.json (shapes).
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/engine_torch/torch_engine.h"
#include "tests/engine/engine_samples.h"

namespace {

using namespace lathe;

template <class T>
void writeNumbers(const std::filesystem::path& file, const std::vector<T>& values) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

Result<void> writeSample(const std::filesystem::path& folder, const std::string& name,
                         const std::shared_ptr<data::Dataset>& data) {
  const auto engine = engine::makeTorchEngine();
  tests::RecordingObserver seen;
  const auto request = tests::requestFor(data, folder / name, 2);
  LATHE_ASSIGN(summary, tests::train(*engine, request, seen));
  LATHE_TRY(engine->exportTorchScript(summary.bestCheckpoint, folder / (name + ".pt")));
  auto rows = *data;
  for (std::size_t i = 0; i < rows.table.size() && i < 140; ++i) {
    if (i % 5 == 0) rows.table[i] = std::numeric_limits<float>::quiet_NaN();
    if (i % 5 == 1) rows.table[i] = 77;
    if (i % 5 == 2) rows.table[i] = -1;
  }
  LATHE_ASSIGN(model, engine->load(summary.bestCheckpoint));
  LATHE_ASSIGN(predictions, model->predict(rows, {}));
  if (data->schema.image)
    writeNumbers(folder / (name + ".in"), rows.pixels);
  else
    writeNumbers(folder / (name + ".in"), rows.table);
  writeNumbers(folder / (name + ".out"), predictions.values);
  std::ofstream json(folder / (name + ".json"));
  json << "{\"image\":" << (data->schema.image ? "true" : "false") << ",\"rows\":" << rows.rows << ",\"shape\":[";
  for (std::size_t i = 0; i < data->schema.inputShape.size(); ++i)
    json << (i > 0 ? "," : "") << data->schema.inputShape[i];
  const bool regression = data->schema.task == spec::Task::Regression;
  json << "],\"outputs\":" << predictions.columns
       << ",\"scale\":" << (regression ? request.model.fitted.targetStd : 1.0) << "}\n";
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  const std::pair<const char*, std::shared_ptr<data::Dataset>> samples[] = {
      {"classes", tests::mixedTable(spec::Task::Classification)},
      {"values", tests::mixedTable(spec::Task::Regression)},
      {"images", tests::quarterImages()}};
  for (const auto& [name, data] : samples) {
    const auto written = writeSample(folder, name, data);
    if (written) continue;
    std::fprintf(stderr, "%s: %s\n", name, written.error().sentence().c_str());
    return 1;
  }
  return 0;
}

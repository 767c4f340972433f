// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <limits>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/engine_torch/torch_engine.h"
#include "core/exporting/parity.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// ONNX files written from checkpoints and read back by Lathe's own reader.
using namespace lathe;
using namespace lathe::engine;

namespace {

struct ExportedOnnx {
  tests::TempFolder folder;
  std::shared_ptr<Engine> engine = makeTorchEngine();
  std::shared_ptr<data::Dataset> data;
  std::filesystem::path checkpoint, file;

  explicit ExportedOnnx(std::shared_ptr<data::Dataset> rows) : data(std::move(rows)) {
    tests::RecordingObserver seen;
    auto request = tests::requestFor(data, folder / "run", 1);
    const auto summary = tests::train(*engine, request, seen);
    if (!summary) throw std::runtime_error(summary.error().sentence());
    checkpoint = summary->bestCheckpoint;
    file = folder / "net.onnx";
    const auto written = engine->exportOnnx(checkpoint, file);
    if (!written) throw std::runtime_error(written.error().sentence());
  }
};

}  // namespace

LATHE_TEST("an ONNX file predicts what the checkpoint predicts, and carries the model's description") {
  for (const auto& data : {tests::mixedTable(spec::Task::Classification), tests::mixedTable(spec::Task::Regression),
                           tests::quarterImages(60)}) {
    const ExportedOnnx exported(data);
    const auto original = exported.engine->load(exported.checkpoint);
    const auto reader = exported.engine->loadOnnx(exported.file);
    REQUIRE(original.has_value() && reader.has_value());
    CHECK((*reader)->model() == (*original)->model());
    const auto report =
        exporting::compare(*(*reader)->predict(*data, {}), *(*original)->predict(*data, {}), (*original)->model());
    CHECK(report.ok);
    CHECK_EQ(report.rows, static_cast<std::int64_t>(data->rows));
  }
}

LATHE_TEST("an ONNX file with an input a column predicts the same from words, missing and unseen ones too") {
  for (const auto task : {spec::Task::Classification, spec::Task::Regression}) {
    const auto data = tests::mixedTable(task, 120);
    const ExportedOnnx exported(data);
    const auto file = exported.folder / "net.columns.onnx";
    REQUIRE_OK(exported.engine->exportOnnx(exported.checkpoint, file));
    auto rows = *data;
    for (std::size_t i = 0; i < 140; ++i)
      if (i % 5 < 3) rows.table[i] = i % 5 == 0 ? std::numeric_limits<float>::quiet_NaN() : i % 5 == 1 ? 77 : -1;
    const auto original = exported.engine->load(exported.checkpoint);
    const auto reader = exported.engine->loadOnnx(file);
    REQUIRE(original.has_value() && reader.has_value());
    CHECK((*reader)->model() == (*original)->model());
    const auto report =
        exporting::compare(*(*reader)->predict(rows, {}), *(*original)->predict(rows, {}), (*original)->model());
    CHECK(report.ok);
  }
}

LATHE_TEST("damaged ONNX files and those of others are refused, or run to an end, whatever bytes they hold") {
  const ExportedOnnx exported(tests::mixedTable(spec::Task::Classification, 60));
  const auto whole = *readFile(exported.file, 1 << 24);
  const auto damaged = exported.folder / "damaged.onnx";
  const auto tryOut = [&](const std::string& bytes) {
    if (!writeFileAtomically(damaged, bytes)) return false;
    const auto model = exported.engine->loadOnnx(damaged);
    return model && (*model)->predict(*exported.data, {}).has_value();
  };
  CHECK(tryOut(whole));
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, whole.size() / 3, whole.size() - 1})
    CHECK(!tryOut(whole.substr(0, length)));
  Random random(7, "bytes");
  int failed = 0;
  // The graph stands before its numbers.
  for (int i = 0; i < 300; ++i) {
    auto bytes = whole;
    bytes[random.below(std::min<std::size_t>(whole.size(), 4000))] = static_cast<char>(random.below(256));
    failed += tryOut(bytes) ? 0 : 1;
  }
  CHECK(failed > 30);
}

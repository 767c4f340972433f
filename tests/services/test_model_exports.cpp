// SPDX-License-Identifier: GPL-3.0-or-later
// Exports in several formats: what is written beside the models, what is proven, and what is kept of a failure.
#include <cmath>
#include <filesystem>
#include <sstream>

#include "core/base/files.h"
#include "core/services/export_files.h"
#include "core/services/model_card.h"
#include "tests/services/model_shop.h"

using namespace lathe;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

// What the FakeEngine's models can be: it has no layers that C could spell out.
const std::vector<std::string> allFormats{"torchscript", "onnx", "torchserve", "savedmodel", "triton"};

/// Probabilities of two classes for rows whose labels are known.
struct Scored {
  explicit Scored(std::size_t rows) {
    data.split = "test";
    auto& source = data.source;
    source.rows = rows;
    source.schema.task = spec::Task::Classification;
    source.schema.target = {"label", {"a", "b"}};
    predictions = {rows, 2, {}};
    for (std::uint32_t row = 0; row < rows; ++row) {
      const bool second = row % 2 == 1;
      const bool right = row % 5 != 0;
      const float sure = 0.55F + 0.4F * static_cast<float>(row % 7) / 7;
      source.classes.push_back(second ? 1 : 0);
      const float ofSecond = second == right ? sure : 1 - sure;
      predictions.values.insert(predictions.values.end(), {1 - ofSecond, ofSecond});
      data.chosen.push_back(row);
    }
    model.schema = source.schema;
  }
  [[nodiscard]] std::vector<services::MetricInterval> intervals() const {
    return services::metricIntervals(predictions, data, model, std::nullopt);
  }

  services::ParityData data;
  engine::Predictions predictions;
  spec::ModelDescription model;
};

}  // namespace

LATHE_TEST("an export of every format is proven file by file and described with all that goes with it") {
  ModelShop shop;
  const auto result = shop.exportAs("m", allFormats);
  REQUIRE_OK(result);
  const auto& files = result->manifest.files;
  REQUIRE(files.size() == allFormats.size());
  CHECK_EQ(shop.fresh->calls, static_cast<int>(allFormats.size()) + 1);  // ONNX also with an input a column
  const std::vector<std::string> paths{"m.pt", "m.onnx", "m.mar", "m/1/saved_model.pb", "triton/m/1/model.onnx"};
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK_EQ(files[i].path, paths[i]);
    CHECK_EQ(files[i].format, allFormats[i]);
    CHECK(files[i].parity.ok);
    CHECK_EQ(files[i].sha256, sha256Of(shop.folder / "out" / paths[i]).value());
    CHECK_EQ(files[i].bytes, fs::file_size(shop.folder / "out" / paths[i]));
  }
  REQUIRE(files[4].along.size() == 2);
  for (const auto& along : files[4].along) CHECK_EQ(along.sha256, sha256Of(shop.folder / "out" / along.path).value());
  const auto config = readFile(shop.folder / "out" / "triton" / "m" / "config.pbtxt").value();
  for (const char* part : {"name: \"m\"", "\"input_tensor\"", "\"output_tensor\"", "dims: [ 2 ]", "labels.txt"})
    CHECK(config.find(part) != std::string::npos);
  CHECK_EQ(readFile(shop.folder / "out" / "triton" / "m" / "labels.txt").value(), std::string("left\nright\n"));
  // Any of them predicts by itself, wherever it is.
  fs::create_directory(shop.folder / "alone");
  std::vector<float> first;
  for (const auto& path : paths) {
    const auto copy = shop.folder / "alone" / fs::path(path).filename();
    fs::copy_file(shop.folder / "out" / path, copy, fs::copy_options::overwrite_existing);
    const auto model = shop.models->loadExport(copy);
    REQUIRE_OK(model);
    const auto table = shop.models->predict(**model, shop.dataFile(), "");
    REQUIRE_OK(table);
    if (first.empty()) first = table->predictions.values;
    CHECK(table->predictions.values == first);
  }
}

LATHE_TEST("a model card says what the model is, how good and how sure that is, as text and as a page") {
  ModelShop shop;
  const auto result = shop.exportAs("m");
  REQUIRE_OK(result);
  REQUIRE(result->manifest.documents.size() == 2);
  for (const auto& document : result->manifest.documents) {
    const auto text = readFile(shop.folder / "out" / document.path).value();
    CHECK_EQ(sha256Of(std::string_view(text)), document.sha256);
    CHECK_EQ(text.size(), document.bytes);
    for (const char* part : {"What it does", "How good it is", "Limits", "Data and training", "Inputs", "Files",
                             "classification", "left", "colour", "m.pt", "60 rows", "test/accuracy"})
      CHECK(text.find(part) != std::string::npos || text.find("test\\_accuracy") != std::string::npos);
  }
  const auto markdown = readFile(shop.folder / "out" / "m.md").value();
  CHECK(markdown.find("percentile bootstrap over 60 rows") != std::string::npos);
  const auto html = readFile(shop.folder / "out" / "m.html").value();
  CHECK(html.starts_with("<!DOCTYPE html>"));
  for (const char* outside : {"http://", "https://", "src=", "<script"}) CHECK(html.find(outside) == std::string::npos);
  // The same run and the same rows give the same figures.
  REQUIRE_OK(shop.exportAs("m"));
  const auto again = readFile(shop.folder / "out" / "m.md").value();
  const auto figures = [](const std::string& text) {
    const auto from = text.find("## How good it is"), to = text.find("## Limits");
    return text.substr(from, to - from);
  };
  CHECK_EQ(figures(again), figures(markdown));
}

LATHE_TEST("names with marks of Markdown and HTML stay names in a model card") {
  services::CardFacts facts;
  facts.model.schema.inputShape = {1};
  facts.model.schema.features = {{"a|b <script>*_`\n", spec::ColumnKind::Category, 0, 1, {"x|y", "<b>&"}}};
  facts.model.schema.task = spec::Task::Classification;
  facts.model.schema.target = {"t", {"<i>", "no|"}};
  exporting::ExportManifest manifest;
  manifest.name = "m<b>";
  const auto markdown = services::cardMarkdown(manifest, facts);
  CHECK(markdown.find("| a\\|b \\<script>\\*\\_\\`  |") != std::string::npos);
  CHECK(markdown.find("no\\|") != std::string::npos);
  const auto html = services::cardHtml(manifest, facts);
  CHECK(html.find("<script>") == std::string::npos);
  CHECK(html.find("&lt;b&gt;&amp;") != std::string::npos);
  CHECK(html.find("<title>m&lt;b&gt;</title>") != std::string::npos);
  facts.run.testLooks = 3;
  CHECK(services::cardMarkdown(manifest, facts).find("looked at 3 times") != std::string::npos);
  facts.run.testLooks = 0;
  CHECK(services::cardMarkdown(manifest, facts).find("were not looked at") != std::string::npos);
}

LATHE_TEST("intervals of metrics hold the value, narrow with rows and repeat exactly") {
  const Scored few(60), many(1500);
  const auto a = few.intervals(), again = few.intervals(), wide = many.intervals();
  REQUIRE(!a.empty());
  REQUIRE(a.size() == wide.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].name.starts_with("test/"));
    CHECK(a[i].low <= a[i].value && a[i].value <= a[i].high);
    CHECK(wide[i].low <= wide[i].value && wide[i].value <= wide[i].high);
    CHECK_EQ(a[i].low, again[i].low);
    CHECK_EQ(a[i].high, again[i].high);
    if (a[i].name == "test/accuracy") {
      CHECK(std::abs(a[i].value - 0.8) < 1e-9);
      // The binomial's deviation is 0.0516.
      CHECK(a[i].high - a[i].low > 0.14 && a[i].high - a[i].low < 0.27);
      CHECK(wide[i].high - wide[i].low < 0.06);
    }
  }
}

LATHE_TEST("rows without labels, a single row and rows of no split give no intervals") {
  Scored scored(40);
  scored.data.source.classes[7] = -1;
  CHECK(scored.intervals().empty());
  CHECK(Scored(1).intervals().empty());
  Scored all(40);
  all.data.split.clear();
  CHECK(all.intervals().empty());
}

LATHE_TEST("an export does not look at test rows that its run has not looked at") {
  ModelShop shop;
  REQUIRE_OK(shop.exportAs("seen"));
  CHECK(readFile(shop.folder / "out" / "seen.md").value().find("bootstrap") != std::string::npos);
  // As a trial's run has it: figures of validation rows alone.
  auto metrics = shop.project->store().run(shop.run).value().metrics;
  std::erase_if(metrics, [](const auto& metric) { return metric.first.starts_with("test/"); });
  REQUIRE(!metrics.empty());
  store::RunUpdate update;
  update.metrics = metrics;
  REQUIRE_OK(shop.project->store().updateRun(shop.run, update));
  REQUIRE_OK(shop.project->store().flush());
  REQUIRE_OK(shop.exportAs("unseen"));
  const auto card = readFile(shop.folder / "out" / "unseen.md").value();
  CHECK(card.find("val/") != std::string::npos);
  CHECK(card.find("test/") == std::string::npos);
  CHECK(card.find("bootstrap") == std::string::npos);
}

LATHE_TEST("rows on which a file differs are kept with what was expected and what came") {
  ModelShop shop;
  shop.fresh->error = 1e-3F;
  shop.fresh->wrongFile = "saved_model.pb";
  const auto refused = shop.exportAs("m", {"torchscript", "savedmodel"});
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("export.parity"));
  CHECK(refused.error().sentence().find("m/1/saved_model.pb") != std::string::npos);
  CHECK(!fs::exists(shop.folder / "out"));
  const auto kept = shop.project->folder() / "parity-failures" / "m_1_saved_model.pb.csv";
  CHECK(refused.error().sentence().find(kept.string()) != std::string::npos);
  std::istringstream lines(readFile(kept).value());
  std::string line;
  REQUIRE(std::getline(lines, line));
  CHECK_EQ(line, std::string("row,what,values"));
  int rows = 0;
  for (std::string input, expected, exported; std::getline(lines, input); ++rows) {
    REQUIRE(std::getline(lines, expected) && std::getline(lines, exported));
    const auto row = input.substr(0, input.find(','));
    CHECK(input.starts_with(row + ",input,"));
    CHECK(expected.starts_with(row + ",expected,"));
    CHECK(exported.starts_with(row + ",exported,"));
    CHECK_EQ(std::count(input.begin(), input.end(), ','), std::ptrdiff_t{4});  // x, y, colour
    const auto last = [](const std::string& text) { return std::stod(text.substr(text.rfind(',') + 1)); };
    CHECK(std::abs(last(exported) - last(expected) - 1e-3) < 1e-5);
  }
  CHECK(rows > 0);
}

LATHE_TEST("verifying a folder proves every file of it and tells the worst") {
  ModelShop shop;
  REQUIRE_OK(shop.exportAs("m", allFormats));
  shop.fresh->calls = 0;
  const auto whole = shop.models->verify(nullptr, shop.folder / "out", {});
  REQUIRE_OK(whole);
  CHECK(whole->parity.ok);
  CHECK_EQ(shop.fresh->calls, static_cast<int>(allFormats.size()) + 1);  // ONNX also with an input a column
  shop.fresh->error = 0.01F;
  shop.fresh->wrongFile = ".mar";
  for (const char* what : {"out", "out/lathe-export.json", "out/m.mar"}) {
    const auto lying = shop.models->verify(nullptr, shop.folder / what, {});
    REQUIRE_OK(lying);
    CHECK(!lying->parity.ok);
    CHECK(lying->parity.maxDiff > 0.009);
  }
  for (const char* what : {"out/m.pt", "out/m", "out/triton"})
    CHECK(shop.models->verify(nullptr, shop.folder / what, {}).value().parity.ok);
  const auto onData = shop.models->verify(shop.project.get(), shop.folder / "out", shop.dataFile());
  REQUIRE_OK(onData);
  CHECK(!onData->parity.ok);
  CHECK(onData->withCheckpoint);
  CHECK_EQ(onData->parity.rows, std::int64_t{400});
  // A file that is gone is passed over, one that cannot be read is an error.
  shop.fresh->error = 0;
  fs::remove(shop.folder / "out" / "m.onnx");
  CHECK(shop.models->verify(nullptr, shop.folder / "out", {}).value().parity.ok);
  writeText(shop.folder / "out" / "m.mar", "broken");
  CHECK(!shop.models->verify(nullptr, shop.folder / "out", {}));
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Exports with weights of fewer bits: what is told of them, and where they lie.
#include <cmath>
#include <filesystem>

#include "core/base/files.h"
#include "core/exporting/manifest.h"
#include "tests/services/model_shop.h"

using namespace lathe;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

services::ExportRequest requestFor(const ModelShop& shop, const std::string& quantize, const std::string& name = "") {
  services::ExportRequest request;
  request.run = shop.run;
  request.formats = {"onnx", "torchscript"};
  request.folder = shop.folder / "out";
  request.name = name;
  request.quantize = quantize;
  return request;
}

}  // namespace

LATHE_TEST("a quantised export is measured beside float32 and never refused for a difference") {
  ModelShop shop;
  shop.fresh->error = 0.01F;
  const auto result = shop.models->exportRun(*shop.project, requestFor(shop, "int8"));
  REQUIRE_OK(result);
  CHECK(result->worst.maxDiff > 0.009);
  REQUIRE(result->manifest.files.size() == 2);
  for (const auto& file : result->manifest.files) {
    REQUIRE(file.quantization.has_value());
    const auto& q = *file.quantization;
    CHECK_EQ(q.kind, std::string("int8"));
    CHECK(q.floatBytes > 0);
    for (const double latency : {q.latencyMs1, q.latencyMs32, q.floatLatencyMs1, q.floatLatencyMs32})
      CHECK(std::isfinite(latency) && latency > 0);
    CHECK_EQ(q.metric, std::string("accuracy"));
    CHECK(q.value > 0.5 && q.floatValue > 0.5);
  }
  // Nothing of the comparison is left, and the run knows what was exported.
  for (const auto& entry : fs::recursive_directory_iterator(shop.folder / "out"))
    CHECK(entry.path().extension() != ".ckpt" && entry.path().filename() != "float32");
  const auto artefacts = shop.project->store().artefacts(shop.run);
  REQUIRE_OK(artefacts);
  CHECK_EQ(
      std::count_if(artefacts->begin(), artefacts->end(),
                    [](const auto& each) { return each.detailsJson.find("\"kind\":\"int8\"") != std::string::npos; }),
      std::ptrdiff_t{2});
  const auto verified = shop.models->verify(shop.project.get(), shop.folder / "out", shop.dataFile());
  REQUIRE_OK(verified);
  CHECK(!verified->judged);
  CHECK(!verified->parity.ok);
}

LATHE_TEST("precisions of one run lie side by side unless they are given one name, and float32 stays judged") {
  ModelShop shop;
  const auto int8 = shop.models->exportRun(*shop.project, requestFor(shop, "int8"));
  const auto half = shop.models->exportRun(*shop.project, requestFor(shop, "f16"));
  const auto plain = shop.models->exportRun(*shop.project, requestFor(shop, ""));
  REQUIRE(int8 && half && plain);
  CHECK_EQ(int8->manifest.name, plain->manifest.name + "_int8");
  CHECK_EQ(half->manifest.name, plain->manifest.name + "_f16");
  CHECK(!plain->manifest.files[0].quantization.has_value());
  const auto named = shop.models->exportRun(*shop.project, requestFor(shop, "bf16", "mine"));
  REQUIRE_OK(named);
  CHECK_EQ(named->manifest.files[0].path, std::string("mine.onnx"));
  for (const auto& name : {int8->manifest.name, half->manifest.name, std::string("mine")}) {
    const auto found = exporting::findExport(shop.folder / "out" / (name + ".onnx"));
    REQUIRE_OK(found);
    CHECK(found->manifest.files[0].quantization.has_value());
  }
  const auto verified = shop.models->verify(nullptr, shop.folder / "out" / (plain->manifest.name + ".onnx"), {});
  REQUIRE_OK(verified);
  CHECK(verified->judged);
}

LATHE_TEST("precisions and formats that do not go together are refused before anything is written") {
  ModelShop shop;
  const auto code = [&](const std::string& quantize, const std::vector<std::string>& formats) {
    auto request = requestFor(shop, quantize);
    request.formats = formats;
    const auto result = shop.models->exportRun(*shop.project, request);
    return result ? std::string() : result.error().code;
  };
  CHECK_EQ(code("int4", {"onnx"}), std::string("export.unknown_precision"));
  CHECK_EQ(code("int8", {"onnx", "c"}), std::string("export.not_quantised"));
  CHECK_EQ(code("bf16", {"c"}), std::string("export.not_quantised"));
  CHECK_EQ(code("int8-static", {"savedmodel"}), std::string("export.not_quantised"));
  CHECK_EQ(code("int8-static", {"torchscript"}), std::string("export.not_quantised"));
  CHECK(!fs::exists(shop.folder / "out"));
}

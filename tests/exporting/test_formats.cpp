// SPDX-License-Identifier: GPL-3.0-or-later
// The table of export formats, with an engine that has no layers: what is written where, and what reads it.
#include <filesystem>
#include <set>

#include "core/base/files.h"
#include "core/engine/checkpoint.h"
#include "core/engine/fake_engine.h"
#include "core/exporting/formats/model_files.h"
#include "core/exporting/parity.h"
#include "core/exporting/runtimes/foreign_runtimes.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

std::string formatOf(const fs::path& file) {
  const auto* format = exporting::modelFormatOf(file);
  return format == nullptr ? "" : format->name;
}

}  // namespace

LATHE_TEST("formats are found by name, however it is spelled") {
  CHECK((exporting::modelFormatNames() ==
         std::vector<std::string>{"torchscript", "onnx", "torchserve", "savedmodel", "c", "triton"}));
  for (const auto& format : exporting::modelFormats()) CHECK(exporting::modelFormat(format.name) == &format);
  for (const auto& [spelled, name] :
       {std::pair{"Torch-Script", "torchscript"}, {"SAVED_MODEL", "savedmodel"}, {"C", "c"}})
    CHECK_EQ(std::string(exporting::modelFormat(spelled)->name), std::string(name));
  for (const char* unknown : {"onyx", "", "-", "torchscript2"}) CHECK(exporting::modelFormat(unknown) == nullptr);
}

LATHE_TEST("formats are recognised by the name of the file that is loaded") {
  CHECK_EQ(formatOf("a/b.pt"), std::string("torchscript"));
  CHECK_EQ(formatOf("a/b.onnx"), std::string("onnx"));
  CHECK_EQ(formatOf("b.mar"), std::string("torchserve"));
  CHECK_EQ(formatOf("b/1/saved_model.pb"), std::string("savedmodel"));
  CHECK_EQ(formatOf("b.c"), std::string("c"));
  CHECK_EQ(formatOf("triton/b/1/model.onnx"), std::string("onnx"));
  for (const char* other : {"a.csv", "b.h", "b", "other.pb", ".pt", "b.PT", "lathe-export.json", "b.pt/"})
    CHECK_EQ(formatOf(other), std::string());
}

LATHE_TEST("raw inputs are floats of a row behind another, images too") {
  data::Dataset table;
  table.schema.inputShape = {2};
  table.schema.features = {{"a", spec::ColumnKind::Real, 0, 1, {}}, {"b", spec::ColumnKind::Real, 1, 1, {}}};
  table.rows = 3;
  table.table = {1, 2, 3, 4, 5, 6};
  CHECK((exporting::rawInputs(table, 1, 2) == std::vector<float>{3, 4, 5, 6}));
  CHECK(exporting::rawInputs(table, 3, 0).empty());
  data::Dataset images;
  images.schema.image = true;
  images.schema.inputShape = {1, 1, 3};
  images.rows = 2;
  images.pixels = {0, 128, 255, 1, 2, 3};
  CHECK((exporting::rawInputs(images, 0, 1) == std::vector<float>{0, 128, 255}));
  CHECK((exporting::rawInputs(images, 1, 1) == std::vector<float>{1, 2, 3}));
}

LATHE_TEST("only somebody else's runtime is independent") {
  for (const char* name : {"LibTorch 1.13.1", "ONNX Runtime 1.20.1", "TensorFlow 2.21.0", "OpenCV 4.6", "GCC 12.2.0",
                           "Clang, Debian clang 14", "C compiler tcc"})
    CHECK(exporting::isIndependent(name));
  for (const char* name : {"", "Lathe's reader", "FakeEngine", "lathe", "gcc", "My LibTorch"})
    CHECK(!exporting::isIndependent(name));
}

LATHE_TEST("no foreign runtime reads a kind of file that it does not know") {
  const data::Dataset none;
  for (const char* file : {"m.pt", "m.mar", "m.h", "m"}) {
    const auto answer = exporting::runOnForeignRuntime(file, none);
    REQUIRE_OK(answer);
    CHECK(!answer->has_value());
  }
}

LATHE_TEST("generated C that somebody changed is not compiled") {
  const TempFolder folder;
  writeText(folder / "m.c", "int main(void) { return 0; }\n");
  const data::Dataset none;
  if (exporting::compilerFound().empty()) return;
  CHECK(!exporting::runCompiled(folder / "m.c", none));
}

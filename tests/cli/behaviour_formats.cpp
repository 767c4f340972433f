// SPDX-License-Identifier: GPL-3.0-or-later
// export in every format: what is written, what checks it, and what each file can do by itself.
#include <cmath>
#include <filesystem>
#include <sstream>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

struct Exported {
  explicit Exported(const char* kind = "classes") {
    if (std::string(kind) == "classes")
      writeClasses(folder / "d.csv", 240);
    else
      writeNumbers(folder / "d.csv", 240);
    (void)run(folder, {"train", "--data", "d.csv", "--epochs", "3", "--lr", "0.05", "--name", "m"});
    layers = hasLayers(folder.path());
    result = run(folder, {"export", "1", "--out", "o", "--format",
                          layers ? "torchscript,onnx,torchserve,savedmodel,triton,c"
                                 : "torchscript,onnx,torchserve,savedmodel,triton"});  // the FakeEngine has no layers
  }
  [[nodiscard]] std::string predicted(const std::string& what) const {
    const auto done = latheCli(folder.path(), {"predict", what, "--data", "d.csv"});
    CHECK_EQ(done.code, 0);
    return done.out;
  }
  TempFolder folder;
  bool layers = false;
  Json result;
};

std::vector<std::vector<std::string>> tableOf(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

/// Numbers up to float32's last places, texts exactly.
void checkSame(const std::string& a, const std::string& b, const std::string& what) {
  const auto x = tableOf(a), y = tableOf(b);
  REQUIRE(x.size() == y.size() && x.size() > 1);
  int different = 0;
  for (std::size_t row = 0; row < x.size(); ++row) {
    REQUIRE(x[row].size() == y[row].size());
    for (std::size_t c = 0; c < x[row].size(); ++c) {
      if (x[row][c] == y[row][c]) continue;
      const double left = std::strtod(x[row][c].c_str(), nullptr), right = std::strtod(y[row][c].c_str(), nullptr);
      if (!(std::abs(left - right) <= 1e-5 * std::max(1.0, std::abs(right))) || right == 0) ++different;
    }
  }
  if (different > 0)
    lathe::testing::reportFailure(__FILE__, __LINE__, what + ": " + std::to_string(different) + " cells differ");
}

}  // namespace

LATHE_TEST("every format is written and checked, and any single file of it predicts and evaluates by itself") {
  const Exported all;
  const std::vector<std::string> names{"m.pt", "m.onnx", "m.mar", "m/1/saved_model.pb", "triton/m/1/model.onnx", "m.c"};
  const auto& files = all.result["files"];
  REQUIRE(files.size() == (all.layers ? names.size() : names.size() - 1));
  const auto ofRun = all.predicted("1");
  const auto scores = run(all.folder, {"evaluate", "1", "--data", "d.csv"})["metrics"];
  fs::create_directory(all.folder / "alone");
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK_EQ(files[i]["path"].get<std::string>(), (all.folder / "o" / names[i]).string());
    CHECK(files[i]["parity"]["ok"].get<bool>());
    CHECK_EQ(files[i]["parity"]["rows"].get<int>(), 36);
    CHECK_EQ(files[i]["sha256"].get<std::string>().size(), std::size_t{64});
    const auto copy = all.folder / "alone" / fs::path(names[i]).filename();
    fs::copy_file(all.folder / "o" / names[i], copy, fs::copy_options::overwrite_existing);
    const auto what = "alone/" + copy.filename().string();
    checkSame(all.predicted(what), ofRun, what);
    const auto own = run(all.folder, {"evaluate", what, "--data", "d.csv"})["metrics"];
    for (const auto& [name, value] : scores.items())
      if (value.is_number())
        CHECK(own.contains(name) && std::abs(own[name].get<double>() - value.get<double>()) < 1e-5);
  }
  for (const char* along : {"m.md", "m.html", "lathe-export.json", "triton/m/config.pbtxt", "triton/m/labels.txt"})
    CHECK(fs::exists(all.folder / "o" / along));
  CHECK(has(read(all.folder / "o" / "m.md"), "## How good it is"));
  if (all.layers) CHECK(fs::exists(all.folder / "o" / "m.h"));
  // Folders and the files beside a model stand for it.
  for (const char* what : {"o/m", "o/m/1", "o/triton", "o/triton/m", "o/lathe-export.json"})
    checkSame(all.predicted(what), ofRun, what);
}

LATHE_TEST("verify proves every file of a folder and names those that were changed or are gone") {
  const Exported all("numbers");
  const auto good = run(all.folder, {"verify", "o", "--data", "d.csv"});
  CHECK(good["parity"]["ok"].get<bool>());
  CHECK_EQ(good["against"].get<std::string>(), std::string("checkpoint"));
  CHECK(good["warnings"].empty());
  for (const char* what : {"o/m.pt", "o/m", "o/triton", "o/m.mar"})
    CHECK(run(all.folder, {"verify", what})["warnings"].empty());

  write(all.folder / "o" / "triton" / "m" / "config.pbtxt",
        read(all.folder / "o" / "triton" / "m" / "config.pbtxt") + "# mine\n");
  fs::remove(all.folder / "o" / "m.onnx");
  const std::string changed = "triton/m/config.pbtxt was changed", gone = "m.onnx is not there any more";
  for (const char* what : {"o", "o/lathe-export.json"}) {
    const auto warned = run(all.folder, {"verify", what});
    CHECK(warned["parity"]["ok"].get<bool>());
    REQUIRE(warned["warnings"].size() == 2);
    CHECK(has(warned["warnings"].dump(), changed));
    CHECK(has(warned["warnings"].dump(), gone));
  }
  CHECK_EQ(run(all.folder, {"verify", "o/triton"})["warnings"].size(), std::size_t{1});
  CHECK(run(all.folder, {"verify", "o/m"})["warnings"].empty());
  CHECK_EQ(errorCode(latheJson(all.folder.path(), {"verify", "o/m.onnx"})), std::string("file.missing"));
}

LATHE_TEST("files that only look like exports are refused with their names") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 40);
  fs::create_directories(folder / "s" / "1");
  for (const char* name : {"m.pt", "m.onnx", "m.mar", "m.c", "s/1/saved_model.pb"}) {
    write(folder / name, "nothing of the kind");
    for (const char* command : {"predict", "evaluate"}) {
      auto arguments = Args{command, name, "--data", "d.csv"};
      if (std::string(command) == "predict") arguments = joined(arguments, {"--out", "p.csv"});
      const auto result = latheJson(folder.path(), arguments);
      CHECK_EQ(result.code, 1);
      CHECK(has(result.json()["error"]["message"].get<std::string>(), fs::path(name).filename().string()));
    }
  }
  CHECK(!fs::exists(folder / "p.csv"));
  CHECK(!fs::exists(folder / "lathe-project.lathe"));
}

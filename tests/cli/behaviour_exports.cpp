// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

// export and verify where something is not as it should be.
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

void train(const TempFolder& folder, const char* seed) {
  if (!fs::exists(folder / "d.csv")) writeClasses(folder / "d.csv", 240);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "3", "--lr", "0.05", "--seed", seed, "--name", "Kinds"});
}

/// Holds a folder's lock until it is destroyed.
class Locked {
 public:
  explicit Locked(const fs::path& folder) : m_descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    REQUIRE(m_descriptor >= 0 && ::flock(m_descriptor, LOCK_EX) == 0);
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { ::close(m_descriptor); }

 private:
  int m_descriptor;
};

}  // namespace

LATHE_TEST("export exits 4 with the full result, and writes nothing, when the check in a fresh process differs") {
  const TempFolder folder;
  train(folder, "0");
  // The second process is the program's own file, started anew: one that was replaced meanwhile, as an update does,
  // answers here with the last probability spoilt.
  fs::create_directory(folder / "bin");
  if (const auto libraries = fs::path(LATHE_CLI).parent_path().parent_path() / "lib"; fs::exists(libraries))
    fs::create_directory_symlink(libraries, folder / "lib");
  fs::copy_file(LATHE_CLI, folder / "bin" / "lathe-cli");
  const std::string real = fs::absolute(LATHE_CLI).string();
  write(folder / "bin" / "replacement",
        "#!/bin/sh\n\"" + real +
            "\" \"$@\" || exit 1\n"
            "size=$(stat -c %s \"$4\")\n"
            "printf '\\000\\000\\200\\100' | dd of=\"$4\" bs=1 seek=$((size - 4)) conv=notrunc 2>/dev/null\n");
  fs::permissions(folder / "bin" / "replacement", fs::perms::owner_all);
  fs::create_directory(folder / "out");
  write(folder / "out" / "mine.txt", "kept");

  auto lock = std::make_unique<Locked>(folder / "out");
  CliProcess process(folder.path(), {(folder / "bin" / "lathe-cli").string(), "export", "1", "--out", "out", "--json"},
                     true);
  // It has started and waits for the folder, or will: from now on its file may be another.
  REQUIRE(within(60, [&] {
    std::error_code error;
    const auto exe = fs::read_symlink("/proc/" + std::to_string(process.pid()) + "/exe", error);
    return !error && exe == fs::canonical(folder / "bin" / "lathe-cli");
  }));
  fs::rename(folder / "bin" / "replacement", folder / "bin" / "lathe-cli");
  lock.reset();
  const auto result = process.wait();
  CHECK_EQ(result.code, 4);
  const auto json = result.json();
  REQUIRE(json.contains("parity"));
  CHECK_EQ(json["error"]["code"].get<std::string>(), "export.parity");
  CHECK(!json["parity"]["ok"].get<bool>());
  CHECK(json["parity"]["max_diff"].get<double>() > 1);
  CHECK_EQ(json["parity"]["rows"].get<int>(), 36);
  CHECK(json["files"].empty());
  CHECK_EQ(json["bytes"].get<int>(), 0);
  CHECK(has(result.err, "does not predict the same"));
  CHECK_EQ(std::distance(fs::directory_iterator(folder / "out"), fs::directory_iterator()), 1);
}

LATHE_TEST("verify exits 4 when a file was mixed up with another run's, with the project and without") {
  const TempFolder folder;
  train(folder, "0");
  train(folder, "1");
  (void)run(folder, {"export", "1", "--out", "first", "--name", "m"});
  (void)run(folder, {"export", "2", "--out", "second", "--name", "m"});
  fs::copy_file(folder / "second" / "m.pt", folder / "first" / "m.pt", fs::copy_options::overwrite_existing);
  for (const auto& arguments :
       {Args{"verify", "first"}, Args{"verify", "first/m.pt", "--data", "d.csv"}, Args{"verify", "./first"}}) {
    const auto result = latheJson(folder.path(), arguments);
    CHECK_EQ(result.code, 4);
    const auto json = result.json();
    CHECK(!json["parity"]["ok"].get<bool>());
    CHECK(json["parity"]["max_diff"].get<double>() > 1e-5);
    CHECK_EQ(json["warnings"][0]["code"].get<std::string>(), "export.changed");
    CHECK(has(result.err, "does not predict what its run predicts"));
  }
  CHECK_EQ(latheJson(folder.path(), {"verify", "second", "--data", "d.csv"}).code, 0);
}

LATHE_TEST("verify compares the rows with the run's checkpoint, and says when that is not at hand") {
  const TempFolder folder;
  train(folder, "0");
  (void)run(folder, {"export", "1", "--out", "out", "--name", "m"});
  const auto here = run(folder, {"verify", "out", "--data", "d.csv"});
  CHECK_EQ(here["parity"]["rows"].get<int>(), 240);
  CHECK_EQ(here["against"].get<std::string>(), "checkpoint");
  CHECK(here["warnings"].empty());
  const auto there = run(folder, {"verify", "out", "--data", "d.csv", "--project", "none.lathe"});
  CHECK(there["parity"]["ok"].get<bool>());
  CHECK_EQ(there["parity"]["rows"].get<int>(), 16);
  CHECK_EQ(there["against"].get<std::string>(), "reference_rows");
  REQUIRE(there["warnings"].size() == 1);
  CHECK_EQ(there["warnings"][0]["code"].get<std::string>(), "export.no_original");
  CHECK(!fs::exists(folder / "none.lathe"));
  // Rows that do not fit are an error either way.
  write(folder / "less.csv", "a,colour\n1,red\n");
  for (const char* project : {"lathe-project.lathe", "none.lathe"})
    CHECK_EQ(errorCode(latheJson(folder.path(), {"verify", "out", "--data", "less.csv", "--project", project})),
             std::string("data.missing_column"));
  // The run's own checkpoint may be gone: the reference rows are still there.
  fs::remove_all(folder / "lathe-project.lathe" / "artifacts");
  const auto left = run(folder, {"verify", "out", "--data", "d.csv"});
  CHECK(left["parity"]["ok"].get<bool>());
  CHECK_EQ(left["against"].get<std::string>(), "reference_rows");
}

LATHE_TEST("formats and precisions that are none are refused with those that can be had") {
  const TempFolder folder;
  for (const char* format : {"onyx", "", ","})
    CHECK(has(latheJson(folder.path(), {"export", "1", "--out", "out", "--format", format})
                  .json()["error"]["hint"]
                  .get<std::string>(),
              "torchscript"));
  for (const char* format : {"c", "onnx,c"}) {
    const auto refused =
        latheJson(folder.path(), {"export", "1", "--out", "out", "--quantize", "int8", "--format", format});
    CHECK_EQ(refused.code, 2);
    CHECK_EQ(errorCode(refused), std::string("usage.quantize"));
    CHECK(has(refused.err, "is not written quantised"));
    CHECK(has(refused.err, "onnx, torchscript, torchserve, savedmodel or triton"));
  }
  CHECK_EQ(errorCode(latheJson(folder.path(), {"export", "1", "--out", "out", "--quantize", "int7"})),
           std::string("usage.choice"));
  for (const char* name : {"../x", "a/b", ".hidden", "m.columns"})
    CHECK_EQ(latheJson(folder.path(), {"export", "1", "--out", "out", "--name", name}).code, 2);
  CHECK(!fs::exists(folder / "out"));
  CHECK(!fs::exists(folder / "lathe-project.lathe"));
}

LATHE_TEST("each format of an export is checked by itself and is enough to predict with") {
  const TempFolder folder;
  train(folder, "0");
  const auto json = run(folder, {"export", "1", "--format", "onnx,torchscript", "--out", "o", "--name", "m"});
  REQUIRE(json["files"].size() == 2);
  for (const auto& file : json["files"]) {
    CHECK(file["parity"]["ok"].get<bool>());
    CHECK(file["bytes"].get<std::uintmax_t>() > 0);
  }
  CHECK_EQ(json["files"][0]["format"].get<std::string>(), std::string("onnx"));
  // Lathe's own reader is not somebody else's runtime, and the answer says so.
  if (hasLayers(folder.path())) {
    CHECK(!json["files"][0]["parity"]["independent"].get<bool>());
    CHECK(json["files"][1]["parity"]["independent"].get<bool>());
  }
  const auto predicted = [&](const char* what) {
    return latheCli(folder.path(), {"predict", what, "--data", "d.csv"}).out;
  };
  const auto both = predicted("o");
  CHECK(!both.empty());
  // Alone, without the manifest that describes it.
  fs::create_directory(folder / "alone");
  fs::copy_file(folder / "o" / "m.onnx", folder / "alone" / "m.onnx");
  const auto alone = predicted("alone/m.onnx");
  CHECK_EQ(std::count(alone.begin(), alone.end(), '\n'), std::count(both.begin(), both.end(), '\n'));
  CHECK_EQ(alone.substr(0, alone.find('\n')), both.substr(0, both.find('\n')));
  CHECK_EQ(run(folder, {"verify", "o/m.onnx", "--data", "d.csv"})["parity"]["rows"].get<int>(), 240);
  write(folder / "bad.onnx", "no model");
  CHECK_EQ(latheCli(folder.path(), {"predict", "bad.onnx", "--data", "d.csv"}).code, 1);
}

LATHE_TEST("formats are one list however they are given, and the name of a file is the run's as an identifier") {
  const TempFolder folder;
  train(folder, "0");
  const auto json = run(
      folder, {"export", "LATEST", "--format", "Torch-Script", "--format", "TORCHSCRIPT,torch_script", "--out", "o"});
  REQUIRE(json["files"].size() == 1);
  CHECK_EQ(json["files"][0]["path"].get<std::string>(), (folder / "o" / "Kinds.pt").string());
  CHECK_EQ(json["bytes"].get<std::uintmax_t>(), fs::file_size(folder / "o" / "Kinds.pt"));
}

LATHE_TEST("predict takes a run by any spelling of its name, and says what is neither a run nor an export") {
  const TempFolder folder;
  train(folder, "0");
  const auto latest = latheCli(folder.path(), {"predict", "latest", "--data", "d.csv"});
  CHECK_EQ(latest.code, 0);
  for (const char* name : {"LATEST", "Best", "1", "01"})
    CHECK_EQ(latheCli(folder.path(), {"predict", name, "--data", "d.csv"}).out, latest.out);
  const auto unknown = latheJson(folder.path(), {"predict", "lastest", "--data", "d.csv", "--out", "p.csv"});
  CHECK_EQ(unknown.code, 1);
  CHECK_EQ(errorCode(unknown), std::string("model.missing"));
  CHECK(has(unknown.err, "neither a run nor an export"));
  (void)run(folder, {"export", "1", "--out", "3"});
  CHECK_EQ(latheCli(folder.path(), {"predict", "./3", "--data", "d.csv"}).code, 0);
  CHECK_EQ(errorCode(latheJson(folder.path(), {"predict", "3", "--data", "d.csv", "--out", "p.csv"})),
           std::string("run.missing"));
  const auto nowhere = latheJson(folder.path(), {"predict", "1", "--data", "d.csv", "--out", "no/such/p.csv"});
  CHECK_EQ(nowhere.code, 1);
  CHECK(has(nowhere.err, (folder / "no" / "such").string()));
  CHECK_EQ(latheJson(folder.path(), {"predict", "1", "--data", "d.csv"}).code, 2);
  CHECK(!fs::exists(folder / "p.csv"));
}

LATHE_TEST("an ONNX export of a table with words brings a second graph with an input a column, proven as well") {
  const TempFolder folder;
  std::string csv = "age,job title,since,risk\n";
  for (int i = 0; i < 240; ++i)
    csv += (i % 9 == 4 ? "" : std::to_string(20 + i % 40)) + "," +
           (i % 7 == 3   ? ""
            : i % 3 == 0 ? "cook"
                         : "smith") +
           ",202" + std::to_string(i % 5) + "-0" + std::to_string(1 + i % 9) + "-11," + (i % 3 == 0 ? "high" : "low") +
           "\n";
  write(folder / "w.csv", csv);
  (void)run(folder, {"train", "--data", "w.csv", "--epochs", "2", "--name", "w"});
  const auto json = run(folder, {"export", "1", "--format", "onnx", "--out", "o", "--name", "w"});
  const auto& file = json["files"][0];
  CHECK(file["parity"]["ok"].get<bool>());
  REQUIRE(file["along"].size() == 1);
  CHECK_EQ(file["along"][0]["path"].get<std::string>(), (folder / "o" / "w.columns.onnx").string());
  CHECK(file["along"][0]["bytes"].get<int>() > 0);
  CHECK(file["seconds"]["write"].get<double>() > 0 && file["seconds"]["verify"].get<double>() > 0);
  for (const char* what : {"o/w.onnx", "o/w.columns.onnx"}) {
    const auto whole = latheCli(folder.path(), {"predict", what, "--data", "w.csv"});
    CHECK_EQ(whole.code, 0);
    CHECK_EQ(latheCli(folder.path(), {"verify", what, "--data", "w.csv"}).code, 0);
  }
  CHECK(has(read(folder / "o" / "w.md"), "w.columns.onnx"));
  // By itself it predicts what the other one does.
  std::filesystem::create_directories(folder / "alone");
  std::filesystem::copy_file(folder / "o" / "w.columns.onnx", folder / "alone" / "w.columns.onnx");
  CHECK_EQ(latheCli(folder.path(), {"predict", "alone/w.columns.onnx", "--data", "w.csv"}).code, 0);
  // Of numbers alone there is nothing that words would say better.
  write(folder / "n.csv", [] {
    std::string text = "a,b,y\n";
    for (int i = 0; i < 120; ++i)
      text += std::to_string(i % 11) + "," + std::to_string(i % 7) + ".5," + std::to_string(i % 5) + ".25\n";
    return text;
  }());
  (void)run(folder, {"train", "--data", "n.csv", "--epochs", "1", "--name", "n"});
  CHECK(!run(folder, {"export", "latest", "--format", "onnx", "--out", "o", "--name", "n"})["files"][0].contains(
      "along"));
}

LATHE_TEST("quantised exports are told beside float32 and never fail for a difference") {
  const TempFolder folder;
  train(folder, "0");
  for (const char* kind : {"int8", "bf16", "f16"}) {
    const auto json =
        run(folder, {"export", "1", "--format", "onnx,torchscript,savedmodel", "--out", "o", "--quantize", kind});
    REQUIRE(json["files"].size() == 3);
    CHECK_EQ(json["name"].get<std::string>(), std::string("Kinds_") + kind);
    CHECK_EQ(json["files"][0]["path"].get<std::string>(),
             (folder / "o" / ("Kinds_" + std::string(kind) + ".onnx")).string());
    for (const auto& file : json["files"]) {
      CHECK(file["parity"]["max_diff"].is_number());
      const auto& q = file["quantization"];
      REQUIRE(q.is_object());
      CHECK_EQ(q["kind"].get<std::string>(), std::string(kind));
      for (const char* key : {"float_bytes", "latency_ms_1", "latency_ms_32", "float_latency_ms_1",
                              "float_latency_ms_32", "value", "float_value"})
        CHECK(q[key].is_number() && q[key].get<double>() > 0);
      CHECK(!q["metric"].get<std::string>().empty());
    }
    for (const char* ending : {".onnx", ".pt", "/1/saved_model.pb"}) {
      const auto file = "o/Kinds_" + std::string(kind) + ending;
      CHECK_EQ(latheCli(folder.path(), {"verify", file, "--data", "d.csv"}).code, 0);
      CHECK_EQ(latheCli(folder.path(), {"predict", file, "--data", "d.csv"}).code, 0);
    }
  }
  const auto text = latheCli(folder.path(), {"export", "1", "--out", "o", "--name", "mine", "--quantize", "BF16"});
  CHECK_EQ(text.code, 0);
  for (const char* part : {"torchscript bf16", "torchscript float32", "32 rows", "val/", "beside the trained model"})
    CHECK(has(text.out, part));
  CHECK(std::filesystem::exists(folder / "o" / "mine.pt"));
}

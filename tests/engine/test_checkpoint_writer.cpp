// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "core/base/pieces_file.h"
#include "core/engine/checkpoint_keeper.h"
#include "core/engine/checkpoint_writer.h"
#include "core/engine/fake_engine.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 10'000 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return holds();
}

tl::unexpected<Error> diskIsFull() { return fail("file.disk_full", "The disk is full.", "Free some space."); }

/// Blocks or refuses before the files are replaced.
class GateObserver final : public TrainingObserver {
 public:
  int series(const std::string& name) override {
    names.push_back(name);
    return static_cast<int>(names.size()) - 1;
  }
  void point(int series, std::int64_t step, double) override {
    if (names[static_cast<std::size_t>(series)] == "train/loss") newest.store(step);
  }
  void progress(const TrainingProgress&) override {}
  void event(const std::string&, const Message&) override {}
  Result<void> beforeCheckpoint() override { return before ? before() : Result<void>(); }
  void checkpoint(const CheckpointInfo& info) override {
    if (!info.best) written.push_back(info.step);
  }

  std::vector<std::string> names;
  std::atomic<std::int64_t> newest{0};
  std::vector<std::int64_t> written;  ///< by the checkpoints' thread
  std::function<Result<void>()> before;
};

std::int64_t stepIn(const fs::path& file) {
  auto checkpoint = readCheckpoint(file);
  REQUIRE_OK(checkpoint);
  const auto state = trainingStateFromJson(checkpoint->meta["state"]);
  REQUIRE_OK(state);
  return state->step;
}

std::size_t filesIn(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TrainingRequest shortSteps(const fs::path& folder, int epochs = 8) {
  auto request = requestFor(mixedTable(spec::Task::Classification), folder, epochs);
  request.training.checkpointSeconds = 1e-6;
  return request;
}

}  // namespace

LATHE_TEST("the writer works beside its owner, one piece at a time, and tells the first error once") {
  std::atomic<bool> open{false};
  std::atomic<int> begun{0}, done{0};
  std::atomic<bool> fails{false};
  {
    CheckpointWriter writer([&]() -> Result<void> {
      ++begun;
      eventually([&] { return open.load(); });
      ++done;
      if (fails) return diskIsFull();
      return {};
    });
    CHECK(!writer.busy());
    REQUIRE_OK(writer.wait());
    writer.start();
    CHECK(writer.busy());
    CHECK(eventually([&] { return begun == 1; }));
    CHECK_EQ(done.load(), 0);
    open = true;
    REQUIRE_OK(writer.wait());
    CHECK_EQ(done.load(), 1);
    CHECK(!writer.busy());
    CHECK(!writer.failed());
    CHECK(writer.cost() >= 0);

    fails = true;
    writer.start();
    writer.start();  // waits for the one before
    CHECK(eventually([&] { return done == 3; }));
    const auto told = writer.wait();
    REQUIRE(!told);
    CHECK_EQ(told.error().code, std::string("file.disk_full"));
    CHECK(!writer.failed());
    REQUIRE_OK(writer.wait());
    writer.start();
  }
  CHECK_EQ(done.load(), 4);
}

LATHE_TEST("steps go on while a checkpoint is written, and it holds the step at which it was begun") {
  const TempFolder folder;
  GateObserver seen;
  std::atomic<std::int64_t> begunAt{0}, endedAt{0};
  seen.before = [&]() -> Result<void> {
    if (begunAt > 0) return {};
    begunAt = seen.newest.load();
    eventually([&] { return seen.newest >= begunAt + 20; });
    endedAt = seen.newest.load();
    return {};
  };
  TrainingControl control;
  const auto engine = makeFakeEngine({.secondsPerStep = 0.001});
  const auto request = shortSteps(folder.path());
  const auto summary = engine->train(request, seen, control);
  REQUIRE_OK(summary);
  CHECK(endedAt >= begunAt + 20);
  REQUIRE(seen.written.size() >= 2);
  // The first steps pass before the thread is there.
  CHECK(seen.written[0] <= begunAt);
  CHECK(seen.written[1] > begunAt + 19);
  CHECK_EQ(seen.written.back(), summary->steps);
  CHECK_EQ(stepIn(folder / "last.ckpt"), summary->steps);
  CHECK_EQ(stepIn(folder / "previous.ckpt"), seen.written[seen.written.size() - 2]);
}

LATHE_TEST("the checkpoint before the last one goes on to the same bits") {
  const TempFolder folder;
  const auto engine = makeFakeEngine();
  RecordingObserver whole, rest;
  whole.atStep = [](std::int64_t) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); };
  auto request = shortSteps(folder / "run");
  REQUIRE_OK(train(*engine, request, whole));
  const auto last = stepIn(folder / "run/last.ckpt");
  const auto before = stepIn(folder / "run/previous.ckpt");
  CHECK(before < last);
  fs::copy(folder / "run", folder / "damaged");
  fs::resize_file(folder / "damaged/last.ckpt", 100);
  request.checkpointFolder = folder / "damaged";
  request.resumeFrom = folder / "damaged/previous.ckpt";
  // The first file that is written takes the damaged one's place, never that of the one before.
  rest.atCheckpoint = [&](const CheckpointInfo& info) {
    if (!info.best && rest.checkpoints.size() == 1) CHECK_EQ(stepIn(folder / "damaged/previous.ckpt"), before);
  };
  REQUIRE_OK(train(*engine, request, rest));
  CHECK(sameTensors(folder / "run/last.ckpt", folder / "damaged/last.ckpt"));
  CHECK(sameTensors(folder / "run/best.ckpt", folder / "damaged/best.ckpt"));
  CHECK_EQ(rest.curve("train/loss").front().first, before + 1);
  CHECK_EQ(rest.curve("train/loss").back(), whole.curve("train/loss").back());
}

LATHE_TEST("where the curves cannot be made safe no file is replaced, and the training ends with that error") {
  const TempFolder folder;
  const auto engine = makeFakeEngine({.secondsPerStep = 0.0005});
  GateObserver seen;
  std::atomic<int> calls{0};
  seen.before = [&]() -> Result<void> {
    if (++calls > 3) return diskIsFull();
    return {};
  };
  TrainingControl control;
  const auto ended = engine->train(shortSteps(folder.path(), 200), seen, control);
  REQUIRE(!ended);
  CHECK_EQ(ended.error().code, std::string("file.disk_full"));
  REQUIRE(seen.written.size() == 3);
  CHECK_EQ(stepIn(folder / "last.ckpt"), seen.written[2]);
  CHECK_EQ(stepIn(folder / "previous.ckpt"), seen.written[1]);
  CHECK(seen.newest < 200 * 18);
}

LATHE_TEST("a folder that cannot be written ends the training with the file's sentence") {
  const TempFolder folder;
  std::ofstream(folder / "file") << "in the way";
  RecordingObserver seen;
  const auto ended = train(*makeFakeEngine(), shortSteps(folder / "file/run"), seen);
  REQUIRE(!ended);
  CHECK_EQ(ended.error().code, std::string("file.missing"));
  CHECK(seen.checkpoints.empty());
}

LATHE_TEST("what killed processes left half written is cleared away, and nothing else") {
  const TempFolder folder;
  for (const char* name : {".last.ckpt.123-0.tmp", ".best.ckpt.4-7.tmp", ".previous.ckpt.4-7.tmp", "last.ckpt.note",
                           ".last.ckpt.tmp.txt", ".other.1-1.tmp"})
    std::ofstream(folder / name) << "x";
  RecordingObserver seen;
  REQUIRE_OK(train(*makeFakeEngine(), requestFor(mixedTable(spec::Task::Classification), folder.path(), 1), seen));
  CHECK_EQ(filesIn(folder.path()), std::size_t{5});
  for (const char* name : {"last.ckpt", "best.ckpt", "last.ckpt.note", ".last.ckpt.tmp.txt", ".other.1-1.tmp"})
    CHECK(fs::exists(folder / name));
}

LATHE_TEST("without a folder a training writes nothing, and is the same training") {
  const TempFolder folder;
  const auto engine = makeFakeEngine();
  RecordingObserver with, without;
  auto request = shortSteps(folder / "run");
  const auto first = train(*engine, request, with);
  REQUIRE_OK(first);
  request.checkpointFolder.clear();
  const auto second = train(*engine, request, without);
  REQUIRE_OK(second);
  CHECK(second->bestCheckpoint.empty() && second->lastCheckpoint.empty());
  CHECK(without.checkpoints.empty());
  CHECK(first->metrics == second->metrics);
  CHECK(with.curve("train/loss") == without.curve("train/loss"));
}

LATHE_TEST("a checkpoint of another spec is refused and names the setting; epochs and places may differ") {
  const TempFolder folder;
  const auto engine = makeFakeEngine();
  RecordingObserver seen;
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 2);
  REQUIRE_OK(train(*engine, request, seen));
  request.resumeFrom = folder / "last.ckpt";
  request.training.epochs = 3;
  request.training.checkpointSeconds = 7;
  request.training.earlyStopping.patience = 4;
  request.training.threads = 2;
  REQUIRE_OK(train(*engine, request, seen));
  const auto refused = [&](const char* path, auto&& change) {
    auto other = request;
    other.training.epochs = 4;
    change(other.training);
    const auto result = train(*engine, other, seen);
    REQUIRE(!result);
    CHECK_EQ(result.error().code, std::string("engine.checkpoint_mismatch"));
    CHECK(result.error().sentence().find(path) != std::string::npos);
  };
  refused("training.optimizer.lr", [](auto& t) { t.optimizer.lr = 0.03; });
  refused("training.schedule.name", [](auto& t) { t.schedule.name = "exponential"; });
  refused("training.clip_norm", [](auto& t) { t.clipNorm = 3; });
  refused("seed", [](auto& t) { t.seed = 8; });
}

LATHE_TEST("a recycled checkpoint takes the same tensors without new memory") {
  Checkpoint checkpoint;
  const std::vector<float> values(1000, 2.5F);
  const auto fill = [&] {
    checkpoint.add("a", "F32", {10, 100}, 4000, values.data());
    checkpoint.add("b", "F32", {500}, 2000, values.data());
  };
  fill();
  const auto* a = checkpoint.tensors[0].bytes.data();
  const auto* b = checkpoint.tensors[1].bytes.data();
  for (int i = 0; i < 3; ++i) {
    checkpoint.recycle();
    CHECK(checkpoint.tensors.empty() && checkpoint.find("a") == nullptr);
    fill();
    CHECK(checkpoint.tensors[0].bytes.data() == a && checkpoint.tensors[1].bytes.data() == b);
  }
  REQUIRE(checkpoint.find("b") != nullptr);
  CHECK_EQ(checkpoint.find("b")->bytes.size(), std::size_t{2000});
  CHECK(checkpoint.find("a")->shape == (spec::Shape{10, 100}));
}

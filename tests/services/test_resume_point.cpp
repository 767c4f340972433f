// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <fstream>

#include "core/base/files.h"
#include "core/engine/checkpoint.h"
#include "core/services/resume_point.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;
namespace fs = std::filesystem;

namespace {

/// Some checkpoints, then paused.
store::RunNumber pausedRun(Workshop& shop) {
  auto request = shop.request(30);
  request.spec.training.checkpointSeconds = 0.01;
  const auto run = shop.start(request);
  REQUIRE(eventually([&] {
    for (const auto& live : shop.trainings->live())
      if (live.run == run && live.progress.step > 60) return true;
    return false;
  }));
  REQUIRE_OK(shop.trainings->pause(*shop.project, run));
  REQUIRE(shop.finished(run).status == RunStatus::Paused);
  return run;
}

void flipByte(const fs::path& file) {
  auto bytes = readFile(file).value();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 16);
  std::ofstream(file, std::ios::binary) << bytes;
}

std::vector<store::Event> warningsOf(Workshop& shop, store::RunNumber run) {
  REQUIRE_OK(shop.project->store().flush());
  std::vector<store::Event> found;
  const auto events = shop.project->store().events(run);
  REQUIRE_OK(events);
  for (const auto& event : *events)
    if (event.kind == "warning" && event.code.rfind("checkpoint.", 0) == 0) found.push_back(event);
  return found;
}

std::vector<engine::NamedTensor> tensorsIn(const fs::path& file) {
  auto checkpoint = engine::readCheckpoint(file);
  REQUIRE_OK(checkpoint);
  return checkpoint->tensors;
}

bool sameBytes(const fs::path& a, const fs::path& b) {
  const auto first = tensorsIn(a);
  const auto second = tensorsIn(b);
  return std::equal(first.begin(), first.end(), second.begin(), second.end(),
                    [](const auto& x, const auto& y) { return x.name == y.name && x.bytes == y.bytes; });
}

}  // namespace

LATHE_TEST("a damaged newest checkpoint falls back to the one before, says so, and ends as if nothing had happened") {
  Workshop shop({.secondsPerStep = 0.001});
  auto request = shop.request(30);
  request.spec.training.checkpointSeconds = 0.01;
  const auto whole = shop.start(request);
  REQUIRE(shop.finished(whole).status == RunStatus::Completed);
  enum class Damage { Bit, Cut, Gone };
  for (const auto damage : {Damage::Bit, Damage::Cut, Damage::Gone}) {
    const auto run = pausedRun(shop);
    const auto folder = shop.project->runFolder(run);
    const auto last = services::resumePoint(folder / "last.ckpt");
    REQUIRE_OK(last);
    CHECK(last->file == folder / "last.ckpt" && !last->warning);
    if (damage == Damage::Bit) flipByte(folder / "last.ckpt");
    if (damage == Damage::Cut) fs::resize_file(folder / "last.ckpt", fs::file_size(folder / "last.ckpt") - 1);
    if (damage == Damage::Gone) fs::remove(folder / "last.ckpt");
    const auto before = services::resumePoint(folder / "last.ckpt");
    REQUIRE_OK(before);
    CHECK(before->file == folder / "previous.ckpt");
    CHECK(before->step > 0 && before->step < last->step);
    REQUIRE(before->warning);

    REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
    const auto record = shop.finished(run);
    REQUIRE(record.status == RunStatus::Completed);
    const auto warnings = warningsOf(shop, run);
    REQUIRE(warnings.size() == 1);
    CHECK_EQ(warnings[0].code, std::string("checkpoint.fell_back"));
    const auto sentence = warnings[0].message.render();
    CHECK(sentence.find((folder / "previous.ckpt").string()) != std::string::npos);
    CHECK(sentence.find("step " + std::to_string(before->step)) != std::string::npos);
    CHECK(!warnings[0].hint.render().empty());

    for (const char* name : {"best.ckpt", "last.ckpt"})
      CHECK(sameBytes(folder / name, shop.project->runFolder(whole) / name));
    for (const char* name : {"train/loss", "val/loss"})
      CHECK(samePoints(shop.curve(run, name), shop.curve(whole, name)));
    CHECK(countsFromOne(shop.curve(run, "train/loss")));
  }
}

LATHE_TEST("when both checkpoints are damaged the run fails with a sentence that names them") {
  Workshop shop({.secondsPerStep = 0.001});
  const auto run = pausedRun(shop);
  const auto folder = shop.project->runFolder(run);
  flipByte(folder / "last.ckpt");
  fs::resize_file(folder / "previous.ckpt", 40);
  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  const auto record = shop.finished(run);
  CHECK(record.status == RunStatus::Failed);
  REQUIRE(record.error);
  CHECK_EQ(record.error->code, std::string("checkpoint.corrupt"));
  for (const char* name : {"last.ckpt", "previous.ckpt"})
    CHECK(record.error->sentence().find(name) != std::string::npos);
  CHECK(!record.error->hint.render().empty());
}

LATHE_TEST("a damaged best checkpoint is not believed: the next epoch is the best one again") {
  Workshop shop({.secondsPerStep = 0.001});
  const auto run = pausedRun(shop);
  const auto folder = shop.project->runFolder(run);
  flipByte(folder / "best.ckpt");
  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  const auto record = shop.finished(run);
  CHECK(record.status == RunStatus::Completed);
  CHECK(!tensorsIn(folder / "best.ckpt").empty());
  CHECK(record.metrics.contains("test/accuracy"));
}

LATHE_TEST("another run's checkpoint in the place of the own one is refused") {
  Workshop shop({.secondsPerStep = 0.001});
  const auto run = pausedRun(shop);
  auto other = shop.request(2);
  other.spec.training.optimizer.lr = 0.01;
  const auto stranger = shop.start(other);
  REQUIRE(shop.finished(stranger).status == RunStatus::Completed);
  fs::copy_file(shop.project->runFolder(stranger) / "last.ckpt", shop.project->runFolder(run) / "last.ckpt",
                fs::copy_options::overwrite_existing);
  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  const auto record = shop.finished(run);
  CHECK(record.status == RunStatus::Failed);
  REQUIRE(record.error);
  CHECK_EQ(record.error->code, std::string("engine.checkpoint_mismatch"));
  CHECK(record.error->sentence().find("training.optimizer.lr") != std::string::npos);
}

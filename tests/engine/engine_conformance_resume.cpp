// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "tests/engine/engine_conformance.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// The part of the suite about bits: the same again, and the same after pause, kill and cancel.
using namespace lathe;
using namespace lathe::tests;
using engine::TrainingControl;
using engine::TrainingOutcome;

LATHE_TEST("conformance: the same seed gives the same bits, another seed others") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& data : {mixedTable(spec::Task::Classification), quarterImages()}) {
    RecordingObserver first, second, third;
    auto request = requestFor(data, folder / "a", 2);
    REQUIRE_OK(train(*engine, request, first));
    request.checkpointFolder = folder / "b";
    REQUIRE_OK(train(*engine, request, second));
    request.checkpointFolder = folder / "c";
    request.training.seed = 4;
    REQUIRE_OK(train(*engine, request, third));
    CHECK(sameTensors(folder / "a/last.ckpt", folder / "b/last.ckpt"));
    CHECK(first.curve("train/loss") == second.curve("train/loss"));
    CHECK(!sameTensors(folder / "a/last.ckpt", folder / "c/last.ckpt"));
  }
}

LATHE_TEST("conformance: two trainings at the same time give the bits of one alone") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Classification);
  RecordingObserver alone;
  REQUIRE_OK(train(*engine, requestFor(data, folder / "alone", 3), alone));
  std::vector<std::thread> threads;
  std::vector<int> done(2, 0);
  for (std::size_t i = 0; i < done.size(); ++i)
    threads.emplace_back([&, i] {
      RecordingObserver seen;
      const auto request = requestFor(data, folder / ("side" + std::to_string(i)), 3);
      done[i] = train(*engine, request, seen) ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 0; i < done.size(); ++i) {
    CHECK_EQ(done[i], 1);
    CHECK(sameTensors(folder / "alone/last.ckpt", folder / ("side" + std::to_string(i)) / "last.ckpt"));
  }
}

LATHE_TEST("conformance: paused in mid-epoch and resumed equals uninterrupted, bit for bit") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& data :
       {mixedTable(spec::Task::Classification), mixedTable(spec::Task::Regression), quarterImages()}) {
    RecordingObserver whole, before, after;
    REQUIRE_OK(train(*engine, requestFor(data, folder / "whole", 4), whole));
    auto request = requestFor(data, folder / "parts", 4);
    std::filesystem::remove_all(request.checkpointFolder);
    const auto paused = trainUntil(*engine, request, before, 23, TrainingControl::Request::Pause);
    REQUIRE_OK(paused);
    CHECK(paused->outcome == TrainingOutcome::Paused);
    CHECK_EQ(paused->steps, 23);
    request.resumeFrom = paused->lastCheckpoint;
    const auto resumed = train(*engine, request, after);
    REQUIRE_OK(resumed);
    CHECK(resumed->outcome == TrainingOutcome::Completed);
    CHECK(sameTensors(folder / "whole/last.ckpt", folder / "parts/last.ckpt"));
    CHECK(sameTensors(folder / "whole/best.ckpt", folder / "parts/best.ckpt"));
    for (const char* name : {"train/loss", "val/loss", "optim/lr"}) {
      auto joined = before.curve(name);
      joined.insert(joined.end(), after.curve(name).begin(), after.curve(name).end());
      CHECK(joined == whole.curve(name));
    }
    std::filesystem::remove_all(folder / "whole");
  }
}

LATHE_TEST("conformance: killed, a training goes on from its last checkpoint with the same bits") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Classification), folder / "run", 3);
  request.training.checkpointSeconds = 1e-6;  // after every step
  RecordingObserver whole;
  std::int64_t killedAt = 0;
  // While one is being written no other is begun: steps that last as long as a file does leave some for the rest.
  whole.atStep = [](std::int64_t) { std::this_thread::sleep_for(std::chrono::milliseconds(3)); };
  whole.atCheckpoint = [&](const engine::CheckpointInfo& info) {
    if (info.best || info.step < 29 || killedAt > 0) return;
    killedAt = info.step;
    std::filesystem::create_directories(folder / "killed");
    for (const char* name : {"best.ckpt", "last.ckpt"})
      std::filesystem::copy_file(folder / "run" / name, folder / "killed" / name);
  };
  const auto uninterrupted = train(*engine, request, whole);
  REQUIRE_OK(uninterrupted);
  RecordingObserver rest;
  request.checkpointFolder = folder / "killed";
  request.resumeFrom = folder / "killed/last.ckpt";
  const auto resumed = train(*engine, request, rest);
  REQUIRE_OK(resumed);
  REQUIRE(killedAt > 0 && killedAt < uninterrupted->steps);
  CHECK_EQ(rest.curve("train/loss").front().first, killedAt + 1);
  CHECK(sameTensors(folder / "run/last.ckpt", folder / "killed/last.ckpt"));
  CHECK_EQ(resumed->bestEpoch, uninterrupted->bestEpoch);
  CHECK(resumed->metrics == uninterrupted->metrics);
}

LATHE_TEST("conformance: a finished training goes on with more epochs") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 2);
  RecordingObserver first, second;
  REQUIRE_OK(train(*engine, request, first));
  request.training.epochs = 5;
  request.resumeFrom = folder / "last.ckpt";
  const auto summary = train(*engine, request, second);
  REQUIRE_OK(summary);
  CHECK_EQ(summary->epochs, 5);
  CHECK_EQ(second.curve("val/loss").size(), std::size_t{3});
}

LATHE_TEST("conformance: cancelled is an outcome, and its last checkpoint can be resumed") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 4);
  RecordingObserver seen, rest;
  const auto cancelled = trainUntil(*engine, request, seen, 5, TrainingControl::Request::Cancel);
  REQUIRE_OK(cancelled);
  CHECK(cancelled->outcome == TrainingOutcome::Cancelled);
  CHECK_EQ(cancelled->steps, 5);
  request.resumeFrom = cancelled->lastCheckpoint;
  REQUIRE_OK(train(*engine, request, rest));
  CHECK_EQ(rest.curve("train/loss").front().first, 6);
}

LATHE_TEST("conformance: every optimiser and schedule resumes bit for bit, from any place of an epoch") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Classification, 200);  // 140 training rows
  const auto request = [&](const char* optimizer, const char* schedule, const std::string& into) {
    auto result = requestFor(data, folder / into, 9);
    result.training.batchSize = 20;  // 7 steps an epoch
    result.training.optimizer.name = optimizer;
    result.training.optimizer.nesterov = true;
    result.training.optimizer.weightDecay = 1e-3;
    result.training.schedule.name = schedule;
    result.training.schedule.stepEpochs = 2;
    result.training.schedule.patience = 1;
    result.training.earlyStopping.patience = 3;
    result.training.clipNorm = 1;
    return result;
  };
  const std::vector<std::pair<const char*, const char*>> kinds{
      {"sgd", "plateau"}, {"adam", "cosine"}, {"adamw", "step"}};
  for (const auto& [optimizer, schedule] : kinds) {
    std::filesystem::remove_all(folder / "whole");
    RecordingObserver whole;
    const auto uninterrupted = train(*engine, request(optimizer, schedule, "whole"), whole);
    REQUIRE_OK(uninterrupted);
    // The first step of all, inside an epoch, its last step, the first step of the next.
    for (const std::int64_t step : {1, 11, 14, 15}) {
      std::filesystem::remove_all(folder / "parts");
      auto parts = request(optimizer, schedule, "parts");
      RecordingObserver before, after;
      const auto paused = trainUntil(*engine, parts, before, step, TrainingControl::Request::Pause);
      REQUIRE_OK(paused);
      CHECK_EQ(paused->steps, step);
      parts.resumeFrom = paused->lastCheckpoint;
      const auto resumed = train(*engine, parts, after);
      REQUIRE_OK(resumed);
      CHECK(sameTensors(folder / "whole/last.ckpt", folder / "parts/last.ckpt"));
      CHECK(sameTensors(folder / "whole/best.ckpt", folder / "parts/best.ckpt"));
      CHECK_EQ(resumed->epochs, uninterrupted->epochs);
      CHECK_EQ(resumed->bestEpoch, uninterrupted->bestEpoch);
      CHECK(resumed->metrics == uninterrupted->metrics);
      for (const char* name : {"train/accuracy", "val/loss", "optim/lr", "optim/grad_norm"}) {
        auto joined = before.curve(name);
        joined.insert(joined.end(), after.curve(name).begin(), after.curve(name).end());
        CHECK(joined == whole.curve(name));
      }
    }
  }
}

LATHE_TEST("conformance: augmented and mixed images resume bit for bit, from any place of an epoch") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = quarterImages(150);  // 105 training rows
  const auto request = [&](const std::string& into) {
    auto result = requestFor(data, folder / into, 3);
    result.training.batchSize = 16;  // 7 steps an epoch
    auto& augment = result.training.augment;
    augment.name = "custom";
    augment.horizontalFlip = augment.verticalFlip = augment.trivial = true;
    augment.shift = 0.125;
    augment.rotation = 20;
    augment.scale = 0.2;
    augment.brightness = augment.contrast = augment.saturation = 0.3;
    augment.hue = 0.1;
    augment.erasing = 0.5;
    augment.mixup = augment.cutmix = 1;
    augment.mixProbability = 0.8;
    return result;
  };
  RecordingObserver whole;
  REQUIRE_OK(train(*engine, request("whole"), whole));
  for (const std::int64_t step : {1, 5, 7, 8, 13}) {
    std::filesystem::remove_all(folder / "parts");
    auto parts = request("parts");
    RecordingObserver before, after;
    const auto paused = trainUntil(*engine, parts, before, step, TrainingControl::Request::Pause);
    REQUIRE_OK(paused);
    CHECK_EQ(paused->steps, step);
    parts.resumeFrom = paused->lastCheckpoint;
    REQUIRE_OK(train(*engine, parts, after));
    CHECK(sameTensors(folder / "whole/last.ckpt", folder / "parts/last.ckpt"));
    CHECK(sameTensors(folder / "whole/best.ckpt", folder / "parts/best.ckpt"));
    for (const char* name : {"train/loss", "train/accuracy", "val/loss"}) {
      auto joined = before.curve(name);
      joined.insert(joined.end(), after.curve(name).begin(), after.curve(name).end());
      CHECK(joined == whole.curve(name));
    }
  }
}

LATHE_TEST("conformance: augmentation changes what is learnt, not what is evaluated, and follows the seed") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = quarterImages();
  std::vector<double> losses;
  for (const char* name : {"none", "light", "standard", "trivial"}) {
    for (const std::uint64_t seed : {3U, 4U}) {
      auto request = requestFor(data, folder / "run", 2);
      request.training.augment.name = name;
      request.training.seed = seed;
      RecordingObserver seen, again;
      REQUIRE_OK(train(*engine, request, seen));
      request.checkpointFolder = folder / "again";
      REQUIRE_OK(train(*engine, request, again));
      CHECK(sameTensors(folder / "run/last.ckpt", folder / "again/last.ckpt"));
      losses.push_back(seen.curve("val/loss").back().second);
      CHECK(std::count(losses.begin(), losses.end(), losses.back()) == 1);
      std::filesystem::remove_all(folder / "run");
      std::filesystem::remove_all(folder / "again");
    }
  }
}

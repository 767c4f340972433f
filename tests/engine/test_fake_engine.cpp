// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>

#include "core/engine/fake_engine.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;

LATHE_TEST("the fake engine can be told to fail, to diverge and to take its time") {
  const TempFolder folder;
  const auto data = mixedTable(spec::Task::Classification, 60);
  RecordingObserver seen;
  engine::FakeEngineOptions options;
  options.failAtStep = 3;
  const auto failed = train(*engine::makeFakeEngine(options), requestFor(data, folder.path()), seen);
  REQUIRE(!failed);
  CHECK_EQ(failed.error().code, std::string("engine.failed"));
  CHECK_EQ(seen.curve("train/loss").size(), std::size_t{2});
  options = {};
  options.divergeAtStep = 4;
  RecordingObserver other;
  const auto diverged = train(*engine::makeFakeEngine(options), requestFor(data, folder.path()), other);
  REQUIRE(!diverged);
  CHECK_EQ(diverged.error().code, std::string("engine.diverged"));
  CHECK_EQ(other.curve("train/loss").size(), std::size_t{3});
  options = {};
  options.secondsPerStep = 0.01;
  RecordingObserver slow;
  const auto start = std::chrono::steady_clock::now();
  REQUIRE_OK(train(*engine::makeFakeEngine(options), requestFor(data, folder.path(), 2), slow));
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(60));
}

LATHE_TEST("data that does not fit the model or the split is refused before the first step") {
  const TempFolder folder;
  const auto engine = engine::makeFakeEngine();
  RecordingObserver seen;
  const auto good = mixedTable(spec::Task::Classification, 60);
  auto request = requestFor(good, folder.path());
  const auto refuse = [&](const std::function<void(data::Dataset&)>& change) {
    auto data = std::make_shared<data::Dataset>(*good);
    change(*data);
    request.data = data;
    return !train(*engine, request, seen);
  };
  CHECK(refuse([](auto& data) { data.split.train.clear(); }));
  CHECK(refuse([](auto& data) { data.split.train.push_back(60); }));
  CHECK(refuse([](auto& data) { data.classes[data.split.train[0]] = 3; }));
  CHECK(refuse([](auto& data) { data.classes[data.split.validation[0]] = -1; }));
  CHECK(refuse([](auto& data) { data.table.pop_back(); }));
  CHECK(refuse([](auto& data) { data.weights.assign(60, -1.0F); }));
  CHECK(refuse([](auto& data) { data.weights.assign(3, 1.0F); }));
  CHECK(seen.curve("train/loss").empty());
}

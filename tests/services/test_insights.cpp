// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "core/base/machine.h"
#include "core/engine/value_histogram.h"
#include "core/services/run_predictions.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;

LATHE_TEST("a run keeps histograms of its weights and gradients over time") {
  Workshop shop;
  auto request = shop.request(5);
  request.spec.training.histograms = "every_epoch";
  const auto record = shop.train(request);
  REQUIRE(record.status == RunStatus::Completed);
  auto& store = shop.project->store();
  CHECK((store.histogramNames(record.number).value() ==
         std::vector<std::string>{"gradients/linear.bias", "gradients/linear.weight", "weights/linear.bias",
                                  "weights/linear.weight"}));
  const auto frames = store.histograms(record.number, "weights/linear.weight");
  REQUIRE_OK(frames);
  CHECK_EQ(frames->size(), std::size_t{6});  // the first step, and five epochs
  CHECK_EQ(frames->front().step, std::int64_t{1});
  CHECK_EQ(frames->back().step, record.steps);
  std::set<std::uint64_t> totals;
  for (const auto& frame : *frames) {
    const auto histogram = engine::decodeHistogram(frame.bytes);
    REQUIRE(histogram.has_value());
    totals.insert(histogram->total());
  }
  CHECK_EQ(totals.size(), std::size_t{1});
  request.spec.training.histograms = "off";
  const auto without = shop.train(request);
  CHECK(store.histogramNames(without.number)->empty());
}

LATHE_TEST("a finished run shows what it said of some validation rows at its end") {
  Workshop shop;
  const auto record = shop.train(shop.request(6));
  REQUIRE(record.status == RunStatus::Completed);
  const auto read = services::readPredictions(shop.project->store(), record.number);
  REQUIRE_OK(read);
  REQUIRE(read->has_value());
  const auto& shown = **read;
  CHECK_EQ(shown.epoch, 6);
  CHECK_EQ(shown.step, record.steps);
  CHECK(shown.task == spec::Task::Classification);
  CHECK((shown.targets == std::vector<std::string>{"label"}));
  CHECK(shown.pixels.empty());
  REQUIRE(shown.rows.size() == engine::rowsOfSnapshot);
  int right = 0;
  for (const auto& row : shown.rows) {
    REQUIRE(row.actual.size() == 1 && row.guesses.size() >= 2);
    CHECK_EQ(row.right, row.actual.front() == row.guesses.front().label);
    CHECK(row.guesses[0].probability >= row.guesses[1].probability);
    if (row.right) CHECK_EQ(row.probabilityOfActual, row.guesses.front().probability);
    right += row.right ? 1 : 0;
  }
  CHECK(right >= 12);  // the clouds are easy
  CHECK(services::toJson(shown).size() < 8000);
}

LATHE_TEST("a resumed run has every histogram once, and its predictions again") {
  Workshop shop({.secondsPerStep = 0.002});
  auto request = shop.request(6);
  request.spec.training.histograms = "every_epoch";
  const auto whole = shop.train(request);
  const auto run = shop.start(request);
  REQUIRE(eventually([&] { return !shop.curve(run, "val/loss").empty(); }));
  REQUIRE_OK(shop.trainings->pause(*shop.project, run));
  REQUIRE(shop.finished(run).status == RunStatus::Paused);
  REQUIRE_OK(shop.trainings->resume(shop.project, run, std::nullopt));
  REQUIRE(shop.finished(run).status == RunStatus::Completed);
  auto& store = shop.project->store();
  const auto names = store.histogramNames(whole.number).value();
  CHECK_EQ(names.size(), std::size_t{4});
  for (const auto& name : names) {
    const auto expected = store.histograms(whole.number, name).value();
    const auto found = store.histograms(run, name).value();
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      CHECK(found[i].step == expected[i].step && found[i].bytes == expected[i].bytes);
  }
  const auto again = services::readPredictions(store, run).value();
  const auto once = services::readPredictions(store, whole.number).value();
  REQUIRE(again.has_value() && once.has_value());
  CHECK(again->rows == once->rows);
}

LATHE_TEST("what a training takes of the machine is sampled beside it") {
  Workshop shop({.secondsPerStep = 0.02});
  const auto run = shop.start(shop.request(1000));
  REQUIRE(eventually([&] { return shop.curve(run, "system/cpu").size() >= 2; }));
  REQUIRE_OK(shop.trainings->cancel(*shop.project, run));
  shop.finished(run);
  for (const char* name : {"system/cpu", "system/machine_cpu"})
    for (const auto& point : shop.curve(run, name)) CHECK(point.value >= 0 && point.value <= 100);
  for (const auto& point : shop.curve(run, "system/memory")) CHECK(point.value > 1);
  const auto free = shop.curve(run, "system/memory_free");
  CHECK(!free.empty() && free.back().value > 10);
  // A training of a moment has one, too.
  Workshop quick({.secondsPerStep = 0.005});
  CHECK_EQ(quick.curve(quick.train(quick.request(1)).number, "system/memory").size(), std::size_t{1});
}

LATHE_TEST("the processor's load is that of the time between two looks") {
  const ProcessorTimes before{10, 1, 100, 400};
  const auto load = loadBetween(before, {12, 2, 103, 408});
  REQUIRE(load.has_value());
  CHECK_EQ(load->machine, 3.0 / 8);
  CHECK(load->process > 0 && load->process <= 0.5);
  CHECK(!loadBetween(before, before).has_value());
  const auto start = processorTimes();
  volatile double sum = 0;
  while (processorTimes().wall - start.wall < 0.2) sum = sum + 1;
  const auto busy = loadBetween(start, processorTimes());
  REQUIRE(busy.has_value());
  CHECK(busy->process > 0.01);
  CHECK(busy->machine > 0);
}

namespace {

data::Dataset threePictures() {
  data::Dataset data;
  data.schema.image = true;
  data.schema.inputShape = {1, 130, 100};
  data.schema.task = spec::Task::Classification;
  data.schema.target.name = "class";
  data.schema.target.classes = {"cat", "dog"};
  data.rows = 3;
  data.classes = {1, 0, -1};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t i = 0; i < 130 * 100; ++i) data.pixels.push_back(static_cast<std::uint8_t>(60 * row + i % 100));
  return data;
}

}  // namespace

LATHE_TEST("pictures of predictions are made small, and two classes follow their threshold") {
  const auto data = threePictures();
  const engine::PredictionSnapshot snapshot{7, 2, {0, 1, 2}, 2, {0.6F, 0.4F, 0.7F, 0.3F, 0.5F, 0.5F}, 0.35};
  const auto shown = services::describe(snapshot, data);
  CHECK((shown.shape == spec::Shape{1, 43, 33}));
  REQUIRE(shown.pixels.size() == 3);
  CHECK_EQ(shown.pixels[1].size(), std::size_t{43 * 33});
  CHECK_EQ(static_cast<int>(shown.pixels[1][1]), 60 + 4);  // the mean of columns 3, 4 and 5
  // 0.4 is above the threshold: dog, although cat is the more probable one.
  CHECK_EQ(shown.rows[0].guesses.front().label, std::string("dog"));
  CHECK(shown.rows[0].right);
  CHECK_EQ(shown.rows[1].guesses.front().label, std::string("cat"));
  CHECK(shown.rows[2].actual.empty() && !shown.rows[2].right);

  Workshop shop;
  auto& store = shop.project->store();
  const auto run = shop.train(shop.request(1)).number;
  services::PredictionsKeeper keeper(std::make_shared<data::Dataset>(data));
  keeper.see(snapshot);
  keeper.write(store, run);
  auto later = snapshot;
  later.epoch = 3;
  keeper.see(later);
  keeper.write(store, run);  // without the pixels, which stay
  REQUIRE_OK(store.flush());
  const auto read = services::readPredictions(store, run).value();
  REQUIRE(read.has_value());
  CHECK_EQ(read->epoch, 3);
  CHECK(read->shape == shown.shape);
  CHECK(read->pixels == shown.pixels);
  CHECK(read->rows == shown.rows);
  store.putSnapshot(run, {9, "{\"rows\":[{\"guesses\":3}]}", {}});
  REQUIRE_OK(store.flush());
  CHECK(!services::readPredictions(store, run).value().has_value());
}

LATHE_TEST("labels and numbers are described as their task has them") {
  data::Dataset labels;
  labels.schema.task = spec::Task::Multilabel;
  labels.schema.target.classes = {"red", "green", "blue"};
  labels.rows = 2;
  labels.labels = {1, 0, 1, 0, 0, 0};
  const auto shown = services::describe({1, 1, {0, 1}, 3, {0.9F, 0.2F, 0.8F, 0.1F, 0.6F, 0.2F}, 0.5}, labels);
  CHECK((shown.rows[0].actual == std::vector<std::string>{"red", "blue"}));
  CHECK(shown.rows[0].right && !shown.rows[1].right);
  CHECK_EQ(shown.rows[1].guesses.front().label, std::string("green"));
  data::Dataset numbers;
  numbers.schema.task = spec::Task::Quantile;
  numbers.schema.target.name = "price";
  numbers.schema.target.quantiles = {0.1, 0.5, 0.9};
  numbers.rows = 1;
  numbers.targets = {12.5F};
  const auto interval = services::describe({1, 1, {0}, 3, {10, 12, 15}, 0.5}, numbers);
  CHECK((interval.rows[0].values == std::vector<double>{10, 12, 15}));
  CHECK((interval.rows[0].actualValues == std::vector<double>{12.5}));
  CHECK_EQ(interval.quantiles.size(), std::size_t{3});
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <set>

#include "core/services/automatic_candidates.h"
#include "core/services/automatic_training.h"
#include "core/services/resolve_rules.h"
#include "core/services/training_finders.h"
#include "core/services/trials.h"
#include "core/spec/customary.h"
#include "core/spec/spec_json.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

services::ResolvedTraining automatic(const Workshop& shop, int epochs = 10) {
  auto spec = shop.request(epochs).spec;
  spec.training.optimizer.lr = 0;
  auto resolved = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(resolved);
  return std::move(*resolved);
}

spec::TrainingSpec chosen(const Workshop& shop, unsigned threads, std::uint64_t seed = 0) {
  auto resolved = automatic(shop);
  resolved.spec.training.seed = seed;
  engine::TrainingControl control;
  REQUIRE_OK(services::tryOut(resolved, *shop.engine, control, threads));
  return resolved.spec.training;
}

// Falls from 2 to 1 between 1e-4 and 1e-1, then rises without end.
std::vector<services::RatePoint> curveOf() {
  std::vector<services::RatePoint> points;
  for (double exponent = -7; exponent <= 1; exponent += 0.05) {
    services::RatePoint point;
    point.rate = std::pow(10, exponent);
    point.smoothed = 2 - 1 / (1 + std::exp(-6 * (exponent + 2.5)));
    if (exponent > -1) point.smoothed += std::pow(10, exponent + 1);
    points.push_back(point);
  }
  return points;
}

}  // namespace

LATHE_TEST("a new experiment leaves optimiser and rate open, and the run's spec says what was chosen and why") {
  Workshop shop;
  auto request = shop.request(10);
  request.spec.training.optimizer.lr = 0;
  CHECK(services::needsTrying(request.spec.training));
  const auto run = shop.train(request);
  CHECK(run.status == spec::RunStatus::Completed);
  const auto json = shop.project->store().runSpec(run.number);
  REQUIRE_OK(json);
  const auto spec = spec::fromJson(*json);
  REQUIRE_OK(spec);
  CHECK(!services::needsTrying(spec->training));
  CHECK(spec->training.optimizer.name == "adamw" || spec->training.optimizer.name == "sgd");
  CHECK(spec->training.optimizer.lr > 0);
  const auto events = shop.project->store().events(run.number);
  REQUIRE_OK(events);
  int told = 0;
  for (const auto& event : *events)
    if (event.kind == "choice" && event.message.render().find("is the best of") != std::string::npos) ++told;
  CHECK_EQ(told, 1);
  CHECK(countsFromOne(shop.curve(run.number, "train/loss")));  // nothing of the short trainings is in the curves

  // Written down, it is an ordinary spec: the same bits without choosing.
  auto again = request;
  again.spec = *spec;
  const auto second = shop.train(again);
  CHECK(second.status == spec::RunStatus::Completed);
  CHECK(samePoints(shop.curve(run.number, "train/loss"), shop.curve(second.number, "train/loss")));
}

LATHE_TEST("the choice is the same for any number of threads, and good") {
  const Workshop shop;
  const auto one = chosen(shop, 1);
  const auto three = chosen(shop, 3);
  CHECK(one.optimizer == three.optimizer);

  // No worse than a rate that hardly moves.
  const auto lossWith = [](const spec::OptimizerSpec& optimizer) {
    Workshop other;
    auto request = other.request(10);
    request.spec.training.optimizer = optimizer;
    return other.train(request).metrics.at("val/loss");
  };
  auto timid = spec::customaryOptimizer("adamw");
  timid.lr = 1e-6;
  CHECK(lossWith(one.optimizer) < 0.8 * lossWith(timid));
}

LATHE_TEST("what a person says is not chosen") {
  const Workshop shop;
  auto spec = shop.request(10).spec;  // the rate is given
  auto resolved = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(resolved);
  CHECK_EQ(resolved->spec.training.optimizer.name, std::string("adamw"));
  CHECK_EQ(resolved->spec.training.optimizer.lr, 0.05);
  CHECK(!services::needsTrying(resolved->spec.training));

  spec.training.optimizer = spec::customaryOptimizer("rmsprop");
  spec.training.optimizer.lr = 0;
  resolved = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(resolved);
  engine::TrainingControl control;
  REQUIRE_OK(services::tryOut(*resolved, *shop.engine, control, 2));
  CHECK_EQ(resolved->spec.training.optimizer.name, std::string("rmsprop"));
  CHECK(resolved->spec.training.optimizer.lr > 0);

  spec.training.optimizer = spec::customaryOptimizer("prodigy");
  spec.training.optimizer.lr = 0;
  resolved = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(resolved);
  CHECK_EQ(resolved->spec.training.optimizer.lr, 1.0);

  auto momentum = spec::customaryOptimizer("sgd");
  momentum.lr = 0;
  momentum.momentum = 0.7;
  spec::TrainingSpec training;
  training.optimizer = momentum;
  for (const auto& candidate : services::candidatesFor(training, true)) {
    CHECK_EQ(candidate.momentum, 0.7);
    CHECK(candidate.lr > 0);
  }
}

LATHE_TEST("momentum and betas are tried together with the rate") {
  const auto training = spec::automaticTraining();
  std::set<double> momenta;
  std::set<double> betas;
  for (const auto& candidate : services::candidatesFor(training, true)) {
    if (candidate.name == "sgd") momenta.insert(candidate.momentum);
    if (candidate.name == "adamw") betas.insert(candidate.beta2);
  }
  CHECK(momenta == std::set<double>({0, 0.9, 0.98}));
  CHECK(betas == std::set<double>({0.99, 0.999}));
  // The few of a large training are some of them, and vary both as well.
  const auto all = services::candidatesFor(training, true);
  const auto few = services::candidatesFor(training, false);
  CHECK(2 * few.size() < all.size());
  momenta.clear();
  betas.clear();
  for (const auto& candidate : few) {
    CHECK(std::find(all.begin(), all.end(), candidate) != all.end());
    (candidate.name == "sgd" ? momenta : betas).insert(candidate.name == "sgd" ? candidate.momentum : candidate.beta2);
  }
  CHECK(momenta == std::set<double>({0.9, 0.98}));
  CHECK(betas == std::set<double>({0.99, 0.999}));
  auto named = training;
  named.optimizer = spec::customaryOptimizer("lamb");
  named.optimizer.lr = 0;
  const auto around = services::candidatesFor(named, false);
  CHECK(std::count_if(around.begin(), around.end(), [](const auto& each) { return each.beta2 == 0.99; }) == 1);
}

LATHE_TEST("the sweep costs a fifth of a long training, and nothing is tried where nothing can be learnt from it") {
  auto training = spec::automaticTraining();
  training.epochs = 10;
  // 4220 steps of 1.5 GFLOP each.
  const auto large = services::planSweep(training, 422, 1.5e9, false);
  REQUIRE(!large.rungs.empty());
  CHECK(!large.wide);
  double cost = 0;
  for (const auto& rung : large.rungs) cost += rung.candidates * rung.fidelity * rung.folds;
  CHECK(cost <= 0.2 + 1e-9);
  CHECK(large.rungs.back().fidelity > large.rungs.front().fidelity);
  // 100 steps: a fifth of them cannot tell nine settings apart.
  CHECK(services::planSweep(training, 10, 1e13, false).rungs.empty());
  // So small that whole trainings on folds are free.
  const auto small = services::planSweep(training, 5, 1e5, true);
  REQUIRE(small.rungs.size() == 3);
  CHECK(small.wide);
  CHECK_EQ(small.rungs.back().fidelity, 1.0);
  CHECK(small.rungs.back().folds >= 5);
  CHECK_EQ(services::rateForLonger(0.01, 1), 0.01);
  CHECK(std::fabs(services::rateForLonger(0.01, 0.1) - 0.01 * std::pow(0.1, 0.32)) < 1e-12);
}

LATHE_TEST("a training that is stopped while it chooses is cancelled or paused, and can be resumed") {
  engine::FakeEngineOptions slow;
  slow.secondsPerStep = 0.002;
  Workshop shop(slow);
  auto request = shop.request(10);
  request.spec.training.optimizer.lr = 0;
  const auto run = shop.start(request);
  CHECK(eventually([&] {
    const auto events = shop.project->store().events(run);
    return events && std::any_of(events->begin(), events->end(), [](const auto& e) { return e.kind == "choosing"; });
  }));
  REQUIRE_OK(shop.trainings->pause(*shop.project, run));
  CHECK(shop.finished(run).status == spec::RunStatus::Paused);
  CHECK(shop.curve(run, "train/loss").empty());

  REQUIRE_OK(shop.trainings->resume(shop.project, run, std::nullopt));
  const auto chosen = [&] {
    const auto events = shop.project->store().events(run);
    return events && std::any_of(events->begin(), events->end(), [](const auto& event) {
             return event.kind == "choice" && event.message.render().find("is the best of") != std::string::npos;
           });
  };
  CHECK(shop.finished(run).status == spec::RunStatus::Completed);
  CHECK(chosen());
}

LATHE_TEST("epochs are found by trying more until more gain little") {
  const Workshop shop;
  auto resolved = automatic(shop, 40);
  resolved.spec.training.optimizer = spec::customaryOptimizer("adamw");
  resolved.spec.training.optimizer.lr = 0.5;
  resolved.spec.training.autoEpochs = true;
  engine::TrainingControl control;
  REQUIRE_OK(services::tryOut(resolved, *shop.engine, control, 2));
  CHECK(!resolved.spec.training.autoEpochs);
  CHECK(resolved.spec.training.epochs >= 5);
  CHECK(resolved.spec.training.epochs <= 40);
}

LATHE_TEST("tabm on few rows finds its length and its rate before the first step, and says them") {
  Workshop shop;
  auto spec = shop.request(0).spec;
  spec.model.templateName = "tabm";
  spec.model.settings["members"] = spec::Value(std::int64_t{2});
  spec.training = spec::automaticTraining();
  auto resolved = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(resolved);
  CHECK(resolved->usualTraining);
  const auto before = resolved->spec.training;
  CHECK(before.autoEpochs);
  CHECK_EQ(before.optimizer.lr, 2e-3);
  engine::TrainingControl control;
  REQUIRE_OK(services::tryOut(*resolved, *shop.engine, control, 2));
  const auto after = resolved->spec.training;
  CHECK(!after.autoEpochs);
  const std::set<int> lengths{before.epochs, before.epochs / 2, before.epochs / 4, before.epochs / 8};
  CHECK(lengths.contains(after.epochs));
  const double factor = after.optimizer.lr / 2e-3;
  CHECK(std::fabs(factor - 1) < 1e-9 || std::fabs(factor - 3) < 1e-9 || std::fabs(factor * 3 - 1) < 1e-9);
  CHECK(resolved->reasons.back().render().find("Learning rate") == 0);

  // A number of epochs that somebody gave stays.
  spec.training.epochs = 7;
  const auto given = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(given);
  CHECK(!given->spec.training.autoEpochs);
  CHECK_EQ(given->spec.training.epochs, 7);
  CHECK(!services::needsTrying(given->spec.training));
}

LATHE_TEST("a short training is judged by its last epoch when that is asked") {
  const Workshop shop;
  auto resolved = automatic(shop, 12);
  resolved.spec.training.optimizer = spec::customaryOptimizer("adamw");
  // So high that it gets worse again.
  resolved.spec.training.optimizer.lr = 3;
  engine::TrainingControl control;
  services::Trials trials(resolved, *shop.engine, control, 2);
  const services::Trials::Hear nobody{[] {}, [](std::size_t, double) {}};
  const auto best = trials.scores({resolved.spec.training}, {1, 2, false}, nobody);
  const auto last = trials.scores({resolved.spec.training}, {1, 2, true}, nobody);
  REQUIRE_OK(best);
  REQUIRE_OK(last);
  CHECK(best->front() <= last->front());
  CHECK_EQ(trials.count(), 2);  // the same trainings tell both
}

LATHE_TEST("epochs follow the model and the rows where nobody says them") {
  CHECK_EQ(services::epochsFor("mlp", 1000), 20);
  CHECK_EQ(services::epochsFor("mlp", 14), 72);
  CHECK_EQ(services::epochsFor("mlp", 2), 100);
  CHECK_EQ(services::epochsFor("realmlp", 10), 256);
  CHECK_EQ(services::epochsFor("tabm", 5000), 20);
  const Workshop shop;
  auto spec = shop.request(0).spec;
  const auto resolved = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(resolved);
  CHECK(resolved->spec.training.epochs > 20);
}

LATHE_TEST("the suggested rate lies where the loss falls fastest, before it is lowest") {
  const double rate = services::suggestedRate(curveOf());
  CHECK(rate > 1e-3);
  CHECK(rate < 1e-2);
  CHECK_EQ(services::suggestedRate({}), 0.0);
}

LATHE_TEST("a range test walks the rates and ends where the loss runs away") {
  const Workshop shop;
  auto resolved = automatic(shop);
  engine::TrainingControl control;
  int seen = 0;
  const auto curve =
      services::findLearningRate(resolved, *shop.engine, control, [&](const services::RatePoint&) { ++seen; });
  REQUIRE_OK(curve);
  REQUIRE(curve->points.size() > 30);
  CHECK_EQ(seen, static_cast<int>(curve->points.size()));
  CHECK(std::fabs(curve->points.front().rate - 1e-7) < 1e-12);
  for (std::size_t i = 1; i < curve->points.size(); ++i) CHECK(curve->points[i].rate > curve->points[i - 1].rate);
  CHECK(curve->suggestion > 1e-4);
  CHECK(curve->suggestion < 10);
  CHECK(resolved.spec.training.optimizer.lr == 0);
}

LATHE_TEST("the batch finder measures sizes and takes the smallest that is nearly as fast as any") {
  const Workshop shop({}, 2000);
  auto resolved = automatic(shop);
  engine::TrainingControl control;
  const auto curve = services::findBatchSize(resolved, *shop.engine, control);
  REQUIRE_OK(curve);
  REQUIRE(curve->points.size() >= 3);
  double fastest = 0;
  double chosen = 0;
  for (const auto& point : curve->points) {
    fastest = std::max(fastest, point.samplesPerSecond);
    if (point.batchSize == curve->suggestion) chosen = point.samplesPerSecond;
  }
  CHECK(chosen >= 0.8 * fastest);
  for (const auto& point : curve->points)
    if (point.batchSize < curve->suggestion) CHECK(point.samplesPerSecond < 0.8 * fastest);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>

#include "core/services/data_service.h"
#include "core/services/doctor.h"
#include "core/services/resolve_rules.h"
#include "core/spec/spec_json.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

bool says(const std::vector<Message>& reasons, const std::string& part) {
  for (const auto& reason : reasons)
    if (reason.render().find(part) != std::string::npos) return true;
  return false;
}

}  // namespace

LATHE_TEST("everything automatic becomes concrete, each with a reason") {
  const Workshop shop;
  const auto resolved = services::resolve(shop.request().spec, shop.folder.path());
  REQUIRE_OK(resolved);
  const auto& spec = resolved->spec;
  CHECK_EQ(spec.data.target, std::string("label"));
  CHECK(spec.data.task == spec::Task::Classification);
  CHECK_EQ(spec.data.split.method, std::string("stratified"));
  CHECK_EQ(spec.data.sha256.size(), std::size_t{64});
  CHECK_EQ(spec.training.loss.name, std::string("cross_entropy"));
  CHECK_EQ(spec.training.batchSize, 32);
  CHECK_EQ(spec.training.threads, 1);
  CHECK_EQ(spec.training.device, std::string("cpu"));
  CHECK_EQ(spec.model.templateName, std::string("mlp"));
  CHECK(!spec.model.graph.layers.empty());
  CHECK(resolved->model.graph == spec.model.graph);
  CHECK(resolved->report.parameters > 0);
  CHECK_EQ(resolved->data->rows, std::size_t{400});
  CHECK(says(resolved->reasons, "last column, label"));
  CHECK(says(resolved->reasons, "Batches of 32"));
  CHECK(says(resolved->reasons, "One thread"));

  const auto again = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(again);
  CHECK(again->spec == spec);  // nothing is left to choose
  // But how each category enters, which is a rule for columns, not one value for all of them.
  CHECK_EQ(again->reasons.size(), std::size_t{1});
  CHECK(says(again->reasons, "Categories get an input for each value"));
}

LATHE_TEST("what becomes of categories is said where it was left open") {
  const TempFolder folder;
  const auto reasonsWith = [&](int small, int large, const std::string& categories) {
    std::ofstream file(folder / "t.csv");
    file << "few,many,y\n";
    for (int i = 0; i < 600; ++i)
      file << "a" << i % small << ",b" << i % large << "," << (i % 3 == 0 ? "p" : "n") << "\n";
    file.close();
    spec::ExperimentSpec spec;
    spec.data.path = (folder / "t.csv").string();
    spec.data.target = "y";
    spec.data.preprocessing.categories = categories;
    const auto resolved = services::resolve(spec, folder.path());
    return resolved ? resolved->reasons : std::vector<Message>{{resolved.error().sentence().c_str(), {}}};
  };
  CHECK(says(reasonsWith(3, 16, "auto"), "an input for each value, since none has more than 16"));
  CHECK(says(reasonsWith(3, 17, "auto"), "larger ones are embedded: many."));
  CHECK(says(reasonsWith(20, 17, "auto"), "embedded, since each has more than 16 values"));
  CHECK(!says(reasonsWith(3, 17, "onehot"), "embedded"));
}

LATHE_TEST("an automatic batch fits into the memory that is free, and what it takes is said") {
  engine::FakeEngineOptions options;
  const Workshop shop;
  auto spec = shop.request().spec;
  const auto roomy = services::resolve(spec, shop.folder.path(), {}, engine::makeFakeEngine(options).get());
  REQUIRE_OK(roomy);
  CHECK_EQ(roomy->spec.training.batchSize, 32);
  CHECK(says(roomy->reasons, "MB of memory beyond the data"));
  options.largestBatchThatFits = 5;
  const auto narrow = services::resolve(spec, shop.folder.path(), {}, engine::makeFakeEngine(options).get());
  REQUIRE_OK(narrow);
  CHECK_EQ(narrow->spec.training.batchSize, 5);
  CHECK(says(narrow->reasons, "Batches of 5: more do not fit"));
  // What somebody asked for stays, and is refused when it trains.
  spec.training.batchSize = 64;
  const auto asked = services::resolve(spec, shop.folder.path(), {}, engine::makeFakeEngine(options).get());
  REQUIRE_OK(asked);
  CHECK_EQ(asked->spec.training.batchSize, 64);
}

LATHE_TEST("numbers make a regression with its own loss") {
  const TempFolder folder;
  writeText(folder / "prices.csv", pricesCsv(300));
  spec::ExperimentSpec experiment;
  experiment.data.path = "prices.csv";
  const auto resolved = services::resolve(experiment, folder.path());
  REQUIRE_OK(resolved);
  CHECK(resolved->spec.data.task == spec::Task::Regression);
  CHECK_EQ(resolved->spec.training.loss.name, std::string("mse"));
  CHECK_EQ(resolved->spec.data.path, std::string("prices.csv"));

  experiment.training.loss.name = "cross_entropy";
  CHECK_EQ(services::resolve(experiment, folder.path()).error().code, std::string("spec.loss_task"));
  experiment.training.loss.name = "huber";
  experiment.training.monitor = "val/accuracy";
  CHECK_EQ(services::resolve(experiment, folder.path()).error().code, std::string("spec.monitor_task"));
  experiment.training.monitor = "val/r2";
  CHECK_EQ(services::resolve(experiment, folder.path()).value().spec.training.monitorDirection,
           std::string("maximize"));
}

LATHE_TEST("batch size and threads follow from rows and model size") {
  using namespace services;
  CHECK_EQ(batchSizeFor(7), 7);
  CHECK_EQ(batchSizeFor(500), 32);
  CHECK_EQ(batchSizeFor(5'000), 64);
  CHECK_EQ(batchSizeFor(54'000), 128);
  CHECK_EQ(batchSizeFor(1'000'000), 256);
  CHECK_EQ(threadsFor(flopsPerStep(17'600, 32), 8), 1);
  CHECK_EQ(threadsFor(flopsPerStep(10'000'000, 128), 8), 8);
  CHECK_EQ(deviceFor(1e6, {"cpu", "cuda:0"}), std::string("cpu"));
  CHECK_EQ(deviceFor(1e10, {"cpu", "cuda:0"}), std::string("cuda:0"));
  CHECK_EQ(deviceFor(1e10, {"cpu"}), std::string("cpu"));
}

LATHE_TEST("accumulated batches are named with the rows that a step sees") {
  spec::TrainingSpec training;
  training.device = "cpu";
  training.accumulateSteps = 4;
  std::vector<Message> reasons;
  REQUIRE_OK(services::resolveMachine(training, "mlp", 1000, 1000, nullptr, reasons));
  CHECK(says(reasons, "4 batches of 32"));
  CHECK(says(reasons, "128 rows"));
}

LATHE_TEST("a device that is not there is refused with the list of those that are") {
  const Workshop shop;
  auto experiment = shop.request().spec;
  experiment.training.device = "cuda";
  const auto resolved = services::resolve(experiment, shop.folder.path(), {}, shop.engine.get());
  REQUIRE(!resolved);
  CHECK_EQ(resolved.error().code, std::string("engine.no_device"));
  CHECK(resolved.error().sentence().find("cpu") != std::string::npos);
}

LATHE_TEST("layers that do not fit are named before anything trains") {
  const Workshop shop;
  auto experiment = shop.request().spec;
  experiment.model.templateName = "custom";
  experiment.model.graph.layers = {{"pool", "maxpool2d", {}, {"features"}}, {"out", "linear", {{"out", 2}}, {}}};
  const auto resolved = services::resolve(experiment, shop.folder.path());
  REQUIRE(!resolved);
  CHECK(resolved.error().sentence().find("pool") != std::string::npos);
}

LATHE_TEST("changed data are noticed and said") {
  const Workshop shop;
  auto resolved = services::resolve(shop.request().spec, shop.folder.path());
  REQUIRE_OK(resolved);
  writeText(shop.dataFile(), cloudsCsv(390, 2));
  const auto again = services::resolve(resolved->spec, shop.folder.path());
  REQUIRE_OK(again);
  CHECK(std::any_of(again->warnings.begin(), again->warnings.end(),
                    [](const auto& warning) { return warning.code == "data.changed"; }));
  CHECK(again->spec.data.sha256 != resolved->spec.data.sha256);
}

LATHE_TEST("where the data bring a test split, the spec tells the shares in use, and gives the same split again") {
  const TempFolder folder;
  writeText(folder / "prices.csv", pricesCsv(300));
  writeText(folder / "later.csv", pricesCsv(50));
  spec::ExperimentSpec experiment;
  experiment.data.path = "prices.csv";
  experiment.data.testPath = "later.csv";
  const auto resolved = services::resolve(experiment, folder.path());
  REQUIRE_OK(resolved);
  CHECK_EQ(resolved->spec.data.split.train, 0.9);
  CHECK_EQ(resolved->spec.data.split.validation, 0.1);
  CHECK_EQ(resolved->spec.data.split.test, 0.0);
  CHECK_EQ(resolved->data->split.test.size(), std::size_t{50});
  CHECK_EQ(resolved->data->split.validation.size(), std::size_t{30});
  const auto again = services::resolve(resolved->spec, folder.path());
  REQUIRE_OK(again);
  CHECK(again->spec.data.split.validation == resolved->spec.data.split.validation);
  CHECK(again->data->split.validation == resolved->data->split.validation);
}

LATHE_TEST("reading that is cancelled ends as cancelled") {
  const Workshop shop;
  std::stop_source stop;
  stop.request_stop();
  const auto resolved = services::resolve(shop.request().spec, shop.folder.path(), {{}, stop.get_token()});
  REQUIRE(!resolved);
  CHECK_EQ(resolved.error().code, std::string(cancelledCode));
}

LATHE_TEST("looking at a file gives profile, cells and what a model will be offered") {
  const Workshop shop;
  const auto service = services::makeDataService();
  spec::DataSpec spec;
  spec.path = "clouds.csv";
  const auto seen = service->inspect(spec, shop.folder.path());
  REQUIRE_OK(seen);
  CHECK_EQ(seen->profile.rows, std::int64_t{400});
  CHECK_EQ(seen->preview->rows(), std::int64_t{400});
  CHECK_EQ(seen->preview->columnNames().size(), std::size_t{4});
  const auto colour = seen->preview->cell(0, 2);
  CHECK(colour == "red" || colour == "green" || colour == "blue");
  CHECK(!seen->cannotTrain);
  REQUIRE(!seen->graphContext.inputs.empty());
  CHECK_EQ(seen->graphContext.outputs, std::int64_t{2});
}

LATHE_TEST("data that cannot train are shown all the same, with the reason") {
  const TempFolder folder;
  writeText(folder / "constant.csv", "a,b\n1,x\n2,x\n3,x\n4,x\n5,x\n6,x\n7,x\n8,x\n");
  const auto service = services::makeDataService();
  spec::DataSpec spec;
  spec.path = "constant.csv";
  spec.target = "b";
  const auto seen = service->inspect(spec, folder.path());
  REQUIRE_OK(seen);
  CHECK_EQ(seen->profile.rows, std::int64_t{8});
  REQUIRE(seen->cannotTrain);
  CHECK(!seen->cannotTrain->sentence().empty());
  CHECK(seen->graphContext.inputs.empty());
}

LATHE_TEST("a rewritten file is read again") {
  const Workshop shop;
  const auto service = services::makeDataService();
  spec::DataSpec spec;
  spec.path = shop.dataFile().string();
  REQUIRE_OK(service->inspect(spec, {}));
  writeText(shop.dataFile(), cloudsCsv(123));
  const auto seen = service->inspect(spec, {});
  REQUIRE_OK(seen);
  CHECK_EQ(seen->profile.rows, std::int64_t{123});
}

LATHE_TEST("the doctor names engine, BLAS, memory and disk, and only a missing engine is bad") {
  const TempFolder folder;
  const auto engine = engine::makeFakeEngine();
  const auto has = [](const std::vector<services::Check>& checks, const std::string& code) {
    return std::any_of(checks.begin(), checks.end(), [&](const auto& check) { return check.code == code; });
  };
  const auto checks = services::diagnose(engine.get(), folder / "not" / "yet");
  for (const char* code : {"doctor.engine", "doctor.blas", "doctor.processor", "doctor.threads", "doctor.memory",
                           "doctor.disk", "doctor.cuda", "doctor.samples"})
    CHECK(has(checks, code));
  for (const auto& check : checks) {
    CHECK(check.state != services::Check::State::Bad);
    CHECK(check.message.render().find('{') == std::string::npos);
  }
  const auto without = services::diagnose(nullptr, folder.path());
  CHECK(std::any_of(without.begin(), without.end(),
                    [](const auto& check) { return check.state == services::Check::State::Bad; }));
}

LATHE_TEST("columns that the data do not have are all named, with the nearest") {
  const Workshop shop;
  auto spec = shop.request().spec;
  spec.data.target = "labl";
  spec.data.roles["nowhere"] = spec::ColumnRole::Ignore;
  spec.data.kinds["nowhere"] = spec::ColumnKind::Real;
  const auto outcome = services::tryResolve(spec, shop.folder.path());
  REQUIRE(outcome.problems.size() == 2);
  CHECK_EQ(outcome.problems[0].code, std::string("data.no_target"));
  CHECK(outcome.problems[0].sentence().find("Did you mean label?") != std::string::npos);
  CHECK_EQ(outcome.problems[1].code, std::string("data.missing_column"));
  CHECK(outcome.problems[1].sentence().find("nowhere") != std::string::npos);
  CHECK_EQ(services::resolve(spec, shop.folder.path()).error().code, std::string("data.no_target"));
}

LATHE_TEST("loss and monitor that do not fit the task are told together") {
  const Workshop shop;
  auto spec = shop.request().spec;
  spec.training.loss.name = "mse";
  spec.training.monitor = "val/rmse";
  const auto outcome = services::tryResolve(spec, shop.folder.path());
  REQUIRE(outcome.problems.size() == 2);
  CHECK_EQ(outcome.problems[0].code, std::string("spec.loss_task"));
  CHECK_EQ(outcome.problems[1].code, std::string("spec.monitor_task"));
  CHECK(services::tryResolve(shop.request().spec, shop.folder.path()).problems.empty());
}

LATHE_TEST("several numbers resolve to a list of targets, and a loss of their own") {
  const TempFolder folder;
  std::string text = "a,x,y\n";
  for (int i = 0; i < 60; ++i)
    text += std::to_string(i % 7) + "," + std::to_string(i) + ".5," + std::to_string(9 - i) + ".25\n";
  writeText(folder / "two.csv", text);
  spec::ExperimentSpec experiment;
  experiment.data.path = "two.csv";
  experiment.data.targets = {"x", "y"};
  const auto resolved = services::resolve(experiment, folder.path());
  REQUIRE_OK(resolved);
  CHECK(resolved->spec.data.task == spec::Task::Regression);
  CHECK(resolved->spec.data.targets == experiment.data.targets);
  CHECK(says(resolved->reasons, "regression of all of them"));
  CHECK_EQ(resolved->model.graph.layers.back().attributes.at("out").toInteger(), std::int64_t{2});
  CHECK(services::resolve(resolved->spec, folder.path()).value().reasons.empty());

  experiment.data.task = spec::Task::Quantile;
  const auto quantiles = services::resolve(experiment, folder.path());
  REQUIRE_OK(quantiles);
  CHECK_EQ(quantiles->spec.training.loss.name, std::string("pinball"));
  CHECK_EQ(quantiles->spec.data.split.method, std::string("random"));
  CHECK(quantiles->model.schema.target.quantiles == experiment.training.loss.quantiles);
  CHECK_EQ(quantiles->model.graph.layers.back().attributes.at("out").toInteger(), std::int64_t{6});
  experiment.training.decisionThreshold = "tuned";
  CHECK_EQ(services::resolve(experiment, folder.path()).error().code, std::string("spec.decision_threshold"));

  spec::ExperimentSpec roles;
  roles.data.path = "two.csv";
  roles.data.roles = {{"x", spec::ColumnRole::Target}, {"y", spec::ColumnRole::Target}};
  const auto byRole = services::resolve(roles, folder.path());
  REQUIRE_OK(byRole);
  CHECK((byRole->spec.data.targets == std::vector<std::string>{"x", "y"}));
  CHECK(spec::validate(byRole->spec).empty());
}

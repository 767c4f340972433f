// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/engine/checkpoint.h"
#include "core/search/architectures/architecture_sampler.h"
#include "core/services/nas_costs.h"
#include "core/services/nas_report.h"
#include "core/services/nas_settings.h"
#include "core/services/nas_table.h"
#include "core/services/study_service.h"
#include "core/spec/spec_json.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;

namespace {

struct Architectures : Workshop {
  explicit Architectures(engine::FakeEngineOptions options = {}) : Workshop(options) {
    studies = services::makeStudyService(engine);
  }

  [[nodiscard]] services::StudyRequest search(int trials, const std::string& method = "evolution",
                                              const std::string& space = "resmlp") const {
    services::StudyRequest result;
    result.spec = request(2).spec;
    result.settings.trials = trials;
    result.settings.workers = 2;
    result.settings.population = 4;
    result.settings.confirmTop = 2;
    result.settings.confirmSeeds = 2;
    result.settings.architecture.method = method;
    result.settings.architecture.space = space;
    return result;
  }
  store::StudyRecord ended(const services::StudyRequest& what) {
    const auto study = studies->start(project, what);
    REQUIRE_OK(study);
    auto record = studies->wait(*project, *study);
    REQUIRE_OK(record);
    return *record;
  }
  std::vector<store::TrialRecord> trials(store::StudyNumber study) {
    auto all = project->store().studies().trials(study);
    REQUIRE_OK(all);
    return *all;
  }

  std::unique_ptr<services::StudyService> studies;
};

std::string contentOf(const std::vector<store::TrialRecord>& trials) {
  std::string text;
  for (const auto& trial : trials) {
    text += fmt::format("{} {} of {}:", trial.number, spec::name(trial.status), trial.parent);
    for (const double value : trial.configuration) text += fmt::format(" {}", value);
    for (const double value : trial.values) text += fmt::format(" = {}", value);
    text += "\n";
  }
  return text;
}

}  // namespace

LATHE_TEST(
    "a search for architectures trains graphs of its space and retrains the best from scratch with several seeds") {
  Architectures shop;
  const auto record = shop.ended(shop.search(12));
  REQUIRE(record.status == RunStatus::Completed);
  CHECK_EQ(record.kind, std::string("nas"));
  CHECK_EQ(record.completed, 12);
  const auto trials = shop.trials(record.number);
  int children = 0;
  for (const auto& trial : trials) {
    children += trial.parent >= 0;
    CHECK(trial.parent < trial.number);
    const auto text = shop.project->store().runSpec(trial.run);
    REQUIRE_OK(text);
    const auto spec = spec::fromJson(*text);
    REQUIRE_OK(spec);
    CHECK_EQ(spec->model.templateName, std::string("custom"));
    CHECK_EQ(spec->model.graph.layers.back().name, std::string("output"));
    CHECK_EQ(spec->training.epochs, 2);
  }
  CHECK(children > 0);
  const auto summary = nlohmann::json::parse(record.summaryJson);
  REQUIRE(summary["confirmed"].size() == 2);
  for (const auto& each : summary["confirmed"]) CHECK_EQ(each["runs"].size(), std::size_t{2});
  CHECK(summary["costs"]["parameters"].get<double>() > 0);
  CHECK(summary.contains("sentence"));
  // The winner's run is a training of its own, longer than a trial, and an ordinary graph.
  const auto winner = shop.project->store().run(summary["winner"]["run"].get<std::int64_t>());
  REQUIRE_OK(winner);
  for (const auto& trial : trials) CHECK(trial.run != winner->number);
  CHECK_EQ(winner->epochs, 6);
  CHECK(winner->metrics.contains("test/accuracy"));
  CHECK_EQ(winner->testLooks, 1);
  const auto text = shop.project->store().runSpec(winner->number);
  REQUIRE_OK(text);
  const auto again = spec::fromJson(*text);
  REQUIRE_OK(again);
  services::StartRequest request;
  request.spec = *again;
  const auto trained = shop.train(request);
  CHECK(trained.status == RunStatus::Completed);
  const auto shown = shop.project->store().runs();
  REQUIRE_OK(shown);
  CHECK_EQ(shown->size(), std::size_t{2});  // the winner and the training just now
}

LATHE_TEST(
    "a deterministic search for architectures does not depend on workers, and its record repeats every decision") {
  for (const char* method : {"evolution", "random"}) {
    std::string first;
    for (const int workers : {1, 4}) {
      Architectures shop;
      auto request = shop.search(16, method, "free");
      request.settings.deterministic = true;
      request.settings.workers = workers;
      request.settings.window = 4;
      request.settings.confirmSeeds = 0;
      request.settings.architecture.limits.parameters = 20000;
      const auto record = shop.ended(request);
      REQUIRE(record.status == RunStatus::Completed);
      const auto content = contentOf(shop.trials(record.number));
      if (first.empty()) first = content;
      CHECK_EQ(content, first);
      const auto settings = services::studySettingsFromJson(record.settingsJson);
      const auto space = spec::searchSpaceFromJson(record.spaceJson);
      REQUIRE_OK(settings);
      REQUIRE_OK(space);
      for (const auto& trial : shop.trials(record.number)) {
        const auto cost = search::costOfArchitecture(settings->architecture, *space, trial.configuration);
        REQUIRE_OK(cost);
        CHECK(cost->parameters <= 20000);
      }
      const auto replayed = services::replayStudy(*shop.project, record.number);
      REQUIRE_OK(replayed);
      CHECK(replayed->decisions >= 16);
      CHECK_EQ(replayed->different, 0);
    }
  }
}

LATHE_TEST("trainings from scratch take what is left of a limited time, all the same number of epochs") {
  engine::FakeEngineOptions slow;
  slow.secondsPerStep = 0.002;
  Architectures shop(slow);
  auto request = shop.search(0);
  request.settings.trials = 6;
  request.settings.confirmTop = 1;
  request.settings.seconds = 4;
  request.settings.architecture.finalEpochs = 5000;
  const auto record = shop.ended(request);
  REQUIRE(record.status == RunStatus::Completed);
  CHECK(record.completed >= 2);
  CHECK(record.seconds < 8);
  const auto summary = nlohmann::json::parse(record.summaryJson);
  const auto epochs = summary["final_epochs"].get<int>();
  CHECK(epochs > 2);
  CHECK(epochs < 5000);
  for (const auto& each : summary["confirmed"])
    for (const auto& number : each["runs"]) {
      const auto run = shop.project->store().run(number.get<std::int64_t>());
      REQUIRE_OK(run);
      CHECK_EQ(run->epochs, epochs);
    }
}

LATHE_TEST("settings of a search for architectures survive being written and read") {
  Architectures shop;
  auto request = shop.search(3, "random");
  request.settings.architecture.limits = {5e4, 1e6, 0};
  const auto record = shop.ended(request);
  const auto read = services::studySettingsFromJson(record.settingsJson);
  REQUIRE_OK(read);
  CHECK(services::toJson(*read) == record.settingsJson);
  CHECK(read->architecture.limits == request.settings.architecture.limits);
  CHECK_EQ(read->architecture.context.graph.outputs, std::int64_t{2});
  auto more = *read;
  more.architecture.ranked = {{1, std::nan(""), 3}};
  const auto again = services::studySettingsFromJson(services::toJson(more));
  REQUIRE_OK(again);
  REQUIRE(again->architecture.ranked.size() == 1);
  CHECK(spec::same(again->architecture.ranked[0], more.architecture.ranked[0]));
}

LATHE_TEST("what cannot be searched is said before anything begins") {
  Architectures shop;
  const auto refused = [&](const services::StudyRequest& request) {
    const auto study = shop.studies->start(shop.project, request);
    REQUIRE(!study.has_value());
    return study.error().code;
  };
  auto small = shop.search(4);
  small.settings.architecture.limits.parameters = 3;
  CHECK_EQ(refused(small), std::string("nas.impossible"));
  CHECK_EQ(refused(shop.search(4, "random", "cells")), std::string("nas.space_data"));
  CHECK_EQ(refused(shop.search(4, "guessing")), std::string("nas.method"));
  auto pbt = shop.search(4);
  pbt.settings.pruner = "pbt";
  CHECK_EQ(refused(pbt), std::string("nas.pruner"));
  CHECK(shop.project->store().studies().studies()->empty());
}

LATHE_TEST("methods that share weights say what they need where no engine shares any") {
  Architectures shop;
  const auto record = shop.ended(shop.search(3, "spos"));
  CHECK(record.status == RunStatus::Failed);
  REQUIRE(record.error.has_value());
  CHECK_EQ(record.error->code, std::string("engine.supernet"));
}

LATHE_TEST("a parent's weights are taken where layer and shape fit, under the child's names") {
  Architectures shop;
  auto request = shop.search(1, "random", "mlp");
  const auto record = shop.ended(request);
  const auto settings = services::studySettingsFromJson(record.settingsJson);
  const auto space = spec::searchSpaceFromJson(record.spaceJson);
  const auto base = spec::fromJson(record.specJson);
  REQUIRE_OK(settings);
  REQUIRE_OK(space);
  REQUIRE_OK(base);
  const auto genes = [&](const std::string& json) {
    const auto read = spec::configurationFromJson(*space, json);
    REQUIRE_OK(read);
    return *read;
  };
  const std::string same = R"(,"architecture.activation":"relu","architecture.norm":"none","architecture.dropout":0.1)";
  const auto parent =
      genes(R"({"architecture.nodes":2,"architecture.node1.width":16,"architecture.node2.width":8)" + same + "}");
  const auto child = genes(R"({"architecture.nodes":3,"architecture.node1.width":16,"architecture.node2.width":64,
                               "architecture.node3.width":8)" +
                           same + "}");
  const auto resolvedOf = [&](const spec::Configuration& configuration) {
    const auto spec = services::trialSpecOf(*settings, *base, *space, configuration);
    REQUIRE_OK(spec);
    auto resolved = services::resolve(*spec, shop.project->folder());
    REQUIRE_OK(resolved);
    return *resolved;
  };
  engine::Checkpoint checkpoint;
  const auto program = spec::lower(resolvedOf(parent).model);
  REQUIRE_OK(program);
  for (const auto& parameter : program->parameters) {
    const std::vector<float> values(static_cast<std::size_t>(spec::elementCount(parameter.shape)), 0.5F);
    checkpoint.add(parameter.name, "F32", parameter.shape, values.size() * sizeof(float), values.data());
  }
  const auto file = shop.folder / "parent.ckpt";
  REQUIRE_OK(engine::writeCheckpoint(checkpoint, file));
  const auto aligned = std::vector<int>{1, 0, 2};
  const auto weights = services::weightsOfParent(resolvedOf(child), file, aligned);
  REQUIRE(weights != nullptr);
  std::vector<std::string> names;
  for (const auto& tensor : *weights) names.push_back(tensor.name);
  // The new node has none, and the one behind it reads another width now: its bias fits, its weight does not.
  CHECK(names ==
        std::vector<std::string>({"n1_fc.weight", "n1_fc.bias", "n3_fc.bias", "output.weight", "output.bias"}));
  CHECK(services::weightsOfParent(resolvedOf(child), shop.folder / "none.ckpt", aligned) == nullptr);
}

LATHE_TEST("rank correlation counts ties by their mean rank") {
  CHECK_EQ(*services::spearman({1, 2, 3, 4}, {10, 20, 30, 40}), 1.0);
  CHECK_EQ(*services::spearman({1, 2, 3, 4}, {4, 3, 2, 1}), -1.0);
  CHECK(std::abs(*services::spearman({1, 2, 2, 4}, {1, 3, 2, 4}) - 0.9486832980505138) < 1e-12);
  CHECK(!services::spearman({1, 1, 1}, {1, 2, 3}).has_value());
}

LATHE_TEST("a table of a search for architectures knows parents, networks and scores") {
  Architectures shop;
  const auto record = shop.ended(shop.search(16));
  services::StudyReader reader(shop.project, record.number);
  const auto news = reader.read();
  REQUIRE_OK(news);
  REQUIRE(news->has_value());
  const auto& table = *(*news)->table;
  const auto trials = shop.trials(record.number);
  REQUIRE(table.size() == trials.size());
  services::ScoreReader scorer;
  const auto scores = scorer.read(*shop.project, table);
  REQUIRE_OK(scores);
  int children = 0;
  for (const auto& trial : trials) {
    const auto at = static_cast<std::size_t>(trial.number);
    CHECK(table.parent(at).has_value() == (trial.parent >= 0));
    if (const auto parent = table.parent(at)) {
      ++children;
      CHECK_EQ(static_cast<std::int64_t>(*parent), trial.parent);
      CHECK(!services::changesOf(table, at).empty());
      const auto line = services::ancestorsOf(table, at);
      CHECK(line.size() >= 2 && line[1] == *parent && !table.parent(line.back()));
    }
    const auto drawing = services::architectureOf(table, at);
    REQUIRE_OK(drawing);
    CHECK(!drawing->report.error);
    CHECK_EQ((*scores)->at(0, at), static_cast<double>(drawing->report.parameters));
    CHECK_EQ((*scores)->at(1, at), static_cast<double>(drawing->report.flops));
  }
  CHECK(children > 0);
  // The same names as the report's, and the same ranking.
  const auto report = services::architectureReport(*shop.project, record.number, table.settings, table.space, trials);
  REQUIRE_OK(report);
  for (const auto& ranking : report->rankings) {
    const auto& names = services::architectureScores();
    const auto at = std::find(names.begin(), names.end(), ranking.name);
    REQUIRE(at != names.end());
    const auto rho = services::rankingBy(table, 0, (*scores)->rows[static_cast<std::size_t>(at - names.begin())]);
    CHECK(rho == ranking.spearman || (std::isnan(rho) && std::isnan(ranking.spearman)));
  }
}

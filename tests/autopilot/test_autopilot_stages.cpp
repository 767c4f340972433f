// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdint>
#include <set>

#include "core/base/files.h"
#include "core/services/autopilot/autopilot.h"
#include "core/services/autopilot/refinement.h"
#include "core/services/autopilot/refit.h"
#include "tests/services/workshop.h"
#include "tests/support/fake_fresh_process.h"

using namespace lathe;
using namespace lathe::tests;
using services::AutopilotStage;

namespace {

struct Stages {
  Workshop shop;
  std::unique_ptr<services::AutopilotService> autopilot;
  std::set<AutopilotStage> seen;

  explicit Stages(int rows, engine::FakeEngineOptions options = {}) : shop(options, rows) {
    autopilot = services::makeAutopilotService(shop.engine, std::make_shared<FakeFreshProcess>(shop.engine));
  }

  services::AutopilotOutcome run(double seconds, const std::function<void(services::AutopilotRequest&)>& change = {}) {
    services::AutopilotRequest request;
    request.spec.data.path = shop.dataFile().string();
    request.folder = shop.folder / "out";
    request.seconds = seconds;
    request.threads = 2;
    if (change) change(request);
    const auto outcome = autopilot->run(
        shop.project, request, [&](const services::AutopilotProgress& progress) { seen.insert(progress.stage); }, {});
    REQUIRE_OK(outcome);
    return *outcome;
  }
};

services::Contender mlp() {
  services::Contender contender;
  contender.key = "mlp";
  contender.title = "mlp, 64-64";
  contender.kept = true;
  contender.spec.model.templateName = "mlp";
  contender.spec.model.settings["hidden"] = spec::Value::parse("[64,64]");
  return contender;
}

}  // namespace

LATHE_TEST("the best network's architecture is refined at the end, live and in the report") {
  Stages stages(300);
  const auto outcome = stages.run(5);
  CHECK(stages.seen.contains(AutopilotStage::Refinement));
  int refined = 0;
  for (const auto& tried : outcome.tried) {
    if (tried.stage != AutopilotStage::Refinement || tried.from.empty()) continue;
    ++refined;
    CHECK(std::any_of(outcome.tried.begin(), outcome.tried.end(),
                      [&](const auto& other) { return other.name == tried.from; }));
  }
  CHECK(refined > 0);
  const auto report = readFile(outcome.report);
  REQUIRE_OK(report);
  CHECK(report->find("<h2>Refinement of the architecture</h2>") != std::string::npos);
  CHECK(report->find(" refined: ") != std::string::npos);
}

LATHE_TEST("a refined architecture differs from all that were tried, and says how") {
  const auto parent = mlp();
  std::vector<services::Contender> children;
  for (int i = 0; i < 6; ++i) {
    std::vector<const spec::ExperimentSpec*> known{&parent.spec};
    for (const auto& child : children) known.push_back(&child.spec);
    auto child = services::refinedCandidate(parent, known, i, 1);
    REQUIRE(child.has_value());
    for (const auto* other : known) CHECK(other->model.settings != child->spec.model.settings);
    CHECK(child->refined);
    CHECK(!child->kept);
    CHECK_EQ(child->from, parent.title);
    CHECK(child->title.size() > std::string("mlp refined: ").size());
    CHECK(services::isRefined(child->key));
    children.push_back(std::move(*child));
  }
  auto plain = parent;
  plain.spec.model.templateName = "custom";
  CHECK(!services::refinedCandidate(plain, {}, 0, 1).has_value());
}

LATHE_TEST("above ten thousand rows the chosen models are trained again on validation rows as well") {
  // A member whose best epoch came early is rightly left as it is; among a few seeds one's did not.
  for (std::uint64_t seed = 1;; ++seed) {
    Stages stages(12'000);
    const auto outcome =
        stages.run(10, [&](services::AutopilotRequest& request) { request.spec.training.seed = seed; });
    REQUIRE(!outcome.refits.empty());
    const bool again =
        std::any_of(outcome.tried.begin(), outcome.tried.end(), [](const auto& tried) { return tried.refitted; });
    const auto final = stages.shop.project->store().run(outcome.finalRun);
    REQUIRE_OK(final);
    CHECK_EQ(final->testLooks, 1);
    CHECK(outcome.metrics.at("test/accuracy") > 0.7);
    const auto report = readFile(outcome.report);
    REQUIRE_OK(report);
    for (const auto& sentence : outcome.refits) CHECK(report->find(sentence) != std::string::npos);
    const bool said = report->find("was trained again on training and validation rows together") != std::string::npos;
    CHECK_EQ(said, again);
    if (!again && seed < 5) continue;
    CHECK(again);
    CHECK(stages.seen.contains(AutopilotStage::Refit));
    return;
  }
}

LATHE_TEST(
    "a training is done again only where its best epoch came late in its schedule, and costs what its rows cost") {
  services::FoldFit fit;
  fit.planned = 20;
  fit.secondsPerEpoch = 0.5;
  fit.bestEpoch = 9;
  CHECK(!services::canBeRefitted(fit));
  fit.bestEpoch = 10;
  CHECK(services::canBeRefitted(fit));
  const double expected = 10 * 0.5 * 1.2;
  CHECK(services::refitSeconds(fit, 1.2) >= expected);
  CHECK(services::refitSeconds(fit, 1.2) < 1.2 * expected);
}

LATHE_TEST("limits are measured on each format that is asked for, and the one that breaks them is named") {
  Stages stages(300);
  const auto outcome = stages.run(3, [](services::AutopilotRequest& request) { request.mostBytes = 10; });
  REQUIRE(outcome.costs.size() == 2);
  CHECK_EQ(outcome.costs[0].format, std::string("torchscript"));
  CHECK_EQ(outcome.costs[1].format, std::string("onnx"));
  for (const auto& cost : outcome.costs) {
    CHECK(cost.bytes > 10);
    CHECK(cost.milliseconds.has_value());
    CHECK(!cost.within);
  }
  const auto warned = std::find_if(outcome.warnings.begin(), outcome.warnings.end(),
                                   [](const auto& warning) { return warning.code == "autopilot.limit"; });
  REQUIRE(warned != outcome.warnings.end());
  CHECK(warned->sentence().find("torchscript (") != std::string::npos);
  CHECK(warned->sentence().find("onnx (") != std::string::npos);
}

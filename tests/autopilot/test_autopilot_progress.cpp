// SPDX-License-Identifier: GPL-3.0-or-later
// What an Autopilot tells while it works, and what its folder says of it.
#include "core/services/autopilot/autopilot.h"
#include "core/services/autopilot/state_file.h"
#include "tests/services/workshop.h"
#include "tests/support/fake_fresh_process.h"

using namespace lathe;
using namespace lathe::tests;
using services::AutopilotStage;

LATHE_TEST("an Autopilot tells of its stages and of every model that it tries") {
  Workshop shop({}, 300);
  auto autopilot = services::makeAutopilotService(shop.engine, std::make_shared<FakeFreshProcess>(shop.engine));
  services::AutopilotRequest request;
  request.spec.data.path = shop.dataFile().string();
  request.folder = shop.folder / "out";
  request.seconds = 3;
  request.threads = 2;
  request.formats = {"torchscript"};
  request.mostBytes = 5e6;
  std::vector<AutopilotStage> stages;
  std::size_t most = 0;
  bool valued = false, backwards = false;
  const auto outcome = autopilot->run(shop.project, request,
                                      [&](const services::AutopilotProgress& progress) {
                                        if (!stages.empty() && progress.stage < stages.back()) backwards = true;
                                        if (stages.empty() || progress.stage != stages.back())
                                          stages.push_back(progress.stage);
                                        most = std::max(most, progress.contenders.size());
                                        for (const auto& each : progress.contenders)
                                          valued = valued || (each.value && each.run > 0);
                                      },
                                      {});
  REQUIRE_OK(outcome);
  CHECK(!backwards);
  CHECK(stages.front() == AutopilotStage::Reading);
  CHECK(stages.back() == AutopilotStage::Report);
  CHECK(std::find(stages.begin(), stages.end(), AutopilotStage::Testing) != stages.end());
  CHECK(most >= 2);
  CHECK(valued);
  const auto state = services::autopilotStateOf(request.folder);
  REQUIRE_OK(state);
  CHECK(state->finished);
  CHECK(state->formats == request.formats);
  CHECK_EQ(state->mostBytes.value_or(0), 5e6);
  CHECK(!state->mostMilliseconds);
  CHECK_EQ(state->finalRun, outcome->finalRun);
}

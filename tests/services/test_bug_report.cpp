// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "core/base/log.h"
#include "core/services/bug_report.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

LATHE_TEST("a report for a bug has program, machine, runs with their errors, the newest spec and the log") {
  Workshop shop;
  REQUIRE(shop.train(shop.request(2)).status == spec::RunStatus::Completed);
  auto wild = shop.request(3);
  wild.spec.training.optimizer.lr = 1e6;
  const auto failed = shop.train(wild);
  REQUIRE(failed.status == spec::RunStatus::Failed);
  writeText(shop.folder / "lathe.log", "first line\nsomething went wrong\n");

  const auto text =
      services::bugReport(shop.engine.get(), shop.project.get(), shop.folder / "lathe.log", {{"window", "offscreen"}});
  CHECK(holds(text, "window: offscreen"));
  CHECK(holds(text, "runs: 2"));
  CHECK(holds(text, "completed"));
  CHECK(holds(text, failed.error->code));
  CHECK(holds(text, "processor: "));
  CHECK(holds(text, "\"training\""));
  CHECK(holds(text, "something went wrong"));
}

LATHE_TEST("a report for a bug holds no cell of the data and no home folder") {
  Workshop shop;
  writeText(
      shop.dataFile(), "left,right,colour\n1.25,7,secretred\n2.5,8,secretblue\n" + [] {
        std::string rows;
        for (int i = 0; i < 60; ++i)
          rows += std::to_string(i) + ".0,9," + (i % 2 == 0 ? "secretred" : "secretblue") + "\n";
        return rows;
      }());
  REQUIRE(shop.train(shop.request(1)).status == spec::RunStatus::Completed);
  const char* before = std::getenv("HOME");
  const std::string home = before == nullptr ? "" : before;
  setenv("HOME", shop.folder.path().c_str(), 1);
  const auto text = services::bugReport(shop.engine.get(), shop.project.get(), {}, {});
  if (before != nullptr) setenv("HOME", home.c_str(), 1);
  CHECK(!holds(text, "secretred"));
  CHECK(holds(text, "colour"));
  CHECK(holds(text, "folder: ~/test.lathe"));
  CHECK(!holds(text, shop.folder.path().string() + "/"));
}

LATHE_TEST("a report for a bug can be written without a project and without an engine") {
  const auto text = services::bugReport(nullptr, nullptr, "/nowhere/lathe.log", {});
  CHECK(holds(text, "No training engine is built in."));
  CHECK(!holds(text, "Project"));
}

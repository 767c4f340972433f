// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include "core/spec/metrics.h"
#include "core/spec/run_status.h"
#include "tests/support/testing.h"

using namespace lathe::spec;

namespace {

const std::vector<RunStatus> everyStatus{RunStatus::Queued,    RunStatus::Running,   RunStatus::Pausing,
                                         RunStatus::Paused,    RunStatus::Completed, RunStatus::Failed,
                                         RunStatus::Cancelled, RunStatus::Pruned,    RunStatus::Interrupted};

std::set<std::string> nextOf(RunStatus from) {
  std::set<std::string> next;
  for (const auto to : everyStatus)
    if (allowed(from, to)) next.insert(name(to));
  return next;
}

std::set<std::string> statusesFor(RunAction action) {
  std::set<std::string> out;
  for (const auto status : everyStatus)
    if (allowed(action, status)) out.insert(name(status));
  return out;
}

}  // namespace

LATHE_TEST("statuses have the names of the contract, whatever their case") {
  for (const auto status : everyStatus) {
    REQUIRE_OK(runStatus(name(status)));
    CHECK(*runStatus(name(status)) == status);
  }
  CHECK(*runStatus("Running") == RunStatus::Running);
  const auto wrong = runStatus("done");
  REQUIRE(!wrong);
  CHECK(wrong.error().sentence().find("completed") != std::string::npos);
}

LATHE_TEST("a run moves through its life as the table says") {
  using Names = std::set<std::string>;
  CHECK(nextOf(RunStatus::Queued) == (Names{"running", "failed", "cancelled", "interrupted"}));
  CHECK(nextOf(RunStatus::Running) ==
        (Names{"pausing", "paused", "completed", "failed", "cancelled", "pruned", "interrupted"}));
  CHECK(nextOf(RunStatus::Pausing) == (Names{"paused", "completed", "failed", "cancelled", "pruned", "interrupted"}));
  CHECK(nextOf(RunStatus::Paused) == (Names{"queued", "running", "cancelled", "pruned"}));
  CHECK(nextOf(RunStatus::Interrupted) == (Names{"queued", "running", "cancelled"}));
  for (const auto status : {RunStatus::Completed, RunStatus::Failed, RunStatus::Cancelled, RunStatus::Pruned})
    CHECK(nextOf(status) == (Names{"queued", "running"}));
}

LATHE_TEST("buttons are open where the table says") {
  using Names = std::set<std::string>;
  const Names ended{"paused", "completed", "failed", "cancelled", "pruned", "interrupted"};
  CHECK(statusesFor(RunAction::Pause) == Names{"running"});
  CHECK(statusesFor(RunAction::Resume) == ended);
  CHECK(statusesFor(RunAction::Cancel) == (Names{"queued", "running", "pausing", "paused", "interrupted"}));
  CHECK(statusesFor(RunAction::Remove) == ended);
  CHECK(statusesFor(RunAction::Export) == ended);
  for (const auto status : everyStatus) CHECK_EQ(isFinal(status), ended.count(name(status)) == 1);
}

LATHE_TEST("each task has its metrics, loss first") {
  const auto names = [](Task task) {
    std::vector<std::string> out;
    for (const auto& metric : metricsFor(task)) out.push_back(metric.name);
    return out;
  };
  CHECK(names(Task::Classification) ==
        (std::vector<std::string>{"loss", "accuracy", "balanced_accuracy", "f1_macro", "top5_accuracy", "roc_auc",
                                  "pr_auc", "log_loss", "brier", "ece"}));
  CHECK(names(Task::Regression) == (std::vector<std::string>{"loss", "rmse", "mae", "mape", "r2"}));
}

LATHE_TEST("a metric knows which way is better") {
  for (const auto* larger : {"val/accuracy", "accuracy", "test/roc_auc", "val/r2", "train/f1_macro"})
    CHECK(largerIsBetter(larger));
  for (const auto* smaller : {"val/loss", "test/rmse", "mae", "val/log_loss", "val/nothing", "", "/"})
    CHECK(!largerIsBetter(smaller));
  CHECK(findMetric("rmse") && findMetric("rmse")->unit == "target");
  CHECK(!findMetric("val/rmse"));
}

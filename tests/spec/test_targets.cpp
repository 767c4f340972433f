// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/losses.h"
#include "core/spec/metrics.h"
#include "core/spec/spec_json.h"
#include "core/spec/targets.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;

namespace {

ModelDescription describe(Task task, std::vector<std::string> columns = {}) {
  ModelDescription model;
  model.schema.inputShape = {1};
  model.schema.features = {{"x", ColumnKind::Real, 0, 1, {}}};
  model.schema.task = task;
  model.schema.target.name = "y";
  model.schema.target.columns = std::move(columns);
  model.fitted.features.resize(1);
  if (task == Task::Multilabel) model.schema.target.classes = {"red", "blue"};
  if (task == Task::Classification) model.schema.target.classes = {"a", "b"};
  if (task == Task::Quantile) model.schema.target.quantiles = {0.05, 0.5, 0.95};
  const auto outputs = static_cast<std::int64_t>(outputCount(model.schema));
  model.graph.layers.push_back({"out", "linear", {{"out", outputs}}, {"features"}});
  return model;
}

std::vector<Primitive> headOf(const ModelDescription& model) {
  const auto program = lower(model);
  REQUIRE_OK(program);
  std::vector<Primitive> head;
  for (const auto& operation : program->head) head.push_back(operation.primitive);
  return head;
}

bool complains(const ExperimentSpec& spec, const std::string& code) {
  const auto problems = validate(spec);
  return std::any_of(problems.begin(), problems.end(), [&](const auto& problem) { return problem.code == code; });
}

}  // namespace

LATHE_TEST("each task has outputs of its own shape and columns of its own names") {
  CHECK(outputShape(describe(Task::Regression).schema) == Shape{1});
  CHECK(outputShape(describe(Task::Regression, {"a", "b"}).schema) == Shape{2});
  CHECK(outputShape(describe(Task::Quantile, {"a", "b"}).schema) == (Shape{2, 3}));
  CHECK(outputShape(describe(Task::Multilabel).schema) == Shape{2});
  using Names = std::vector<std::string>;
  CHECK(predictionColumns(describe(Task::Regression).schema) == Names{"prediction"});
  CHECK(predictionColumns(describe(Task::Regression, {"a", "b"}).schema) == (Names{"prediction_a", "prediction_b"}));
  CHECK(predictionColumns(describe(Task::Quantile).schema) ==
        (Names{"prediction_y_q0.05", "prediction_y_q0.5", "prediction_y_q0.95"}));
  CHECK(predictionColumns(describe(Task::Multilabel).schema) ==
        (Names{"prediction_red", "prediction_blue", "prob_red", "prob_blue"}));
  CHECK(predictionColumns(describe(Task::Classification).schema) == (Names{"prediction", "prob_a", "prob_b"}));
}

LATHE_TEST("each task has a head of its own") {
  using P = Primitive;
  CHECK(headOf(describe(Task::Multilabel)) == std::vector<P>{P::Sigmoid});
  CHECK(headOf(describe(Task::Classification)) == std::vector<P>{P::Softmax});
  CHECK(headOf(describe(Task::Quantile)) == (std::vector<P>{P::Affine, P::Reshape, P::Sort}));
  auto counts = describe(Task::Regression);
  applyLoss(counts.schema, {.name = "poisson"});
  counts.fitted.targetMean = 4;
  counts.fitted.targetStd = 9;
  CHECK(headOf(counts) == (std::vector<P>{P::Exp, P::Affine}));
  CHECK((targetScalings(counts) == std::vector<TargetScaling>{{0, 4}}));
  counts.preprocessing.scaleTarget = false;
  CHECK(headOf(counts) == std::vector<P>{P::Exp});
  auto several = describe(Task::Regression, {"a", "b"});
  several.fitted.targetMeans = {1, 2};
  several.fitted.targetStds = {3, 4};
  const auto program = lower(several);
  REQUIRE_OK(program);
  CHECK((program->constants[program->constants.size() - 2].data == std::vector<float>{3, 4}));
  CHECK((program->constants.back().data == std::vector<float>{1, 2}));
}

LATHE_TEST("a description with several targets, quantiles or a link comes back from its JSON") {
  auto several = describe(Task::Regression, {"a", "b"});
  several.fitted.targetMeans = {1, 2};
  several.fitted.targetStds = {3, 4};
  auto tags = describe(Task::Multilabel);
  tags.schema.target.separator = ";";
  auto counts = describe(Task::Regression);
  counts.schema.target.link = "log";
  for (const auto& model : {several, tags, counts, describe(Task::Quantile, {"a", "b"})}) {
    const auto back = modelDescriptionFromJson(toJson(model));
    REQUIRE_OK(back);
    CHECK(*back == model);
  }
  // One target reads as it ever did.
  const auto plain = toJson(describe(Task::Regression));
  for (const char* word : {"columns", "quantiles", "link", "separator", "target_means", "target_stds"})
    CHECK(plain.find(word) == std::string::npos);
}

LATHE_TEST("a description that contradicts itself is refused") {
  auto levels = describe(Task::Quantile);
  levels.schema.target.quantiles = {0.5, 0.1};
  CHECK_EQ(lower(levels).error().code, std::string("spec.description"));
  levels.schema.target.quantiles = {};
  CHECK(!lower(levels));
  levels.schema.target.quantiles = {0.5, 1.5};
  CHECK(!lower(levels));
  auto tags = describe(Task::Multilabel, {"red"});
  CHECK(!lower(tags));
  auto means = describe(Task::Regression, {"a", "b"});
  means.fitted.targetMeans = {1, 2, 3};
  CHECK(!lower(means));
  auto link = describe(Task::Classification);
  link.schema.target.link = "log";
  CHECK(!lower(link));
}

LATHE_TEST("several targets are a list of their own, a spec with one reads as it ever did") {
  ExperimentSpec spec;
  CHECK(toJson(spec).find("targets") == std::string::npos);
  REQUIRE_OK(setField(spec, "data.targets", "a,b"));
  CHECK((targetNames(spec.data) == std::vector<std::string>{"a", "b"}));
  const auto back = fromJson(toJson(spec));
  REQUIRE_OK(back);
  CHECK(*back == spec);
  CHECK_EQ(getField(ExperimentSpec(), "data.targets").value(), std::string("[]"));
  CHECK(validate(spec).empty());
  spec.data.target = "c";
  CHECK(complains(spec, "spec.two_targets"));
  setTargets(spec.data, {"c"});
  CHECK_EQ(spec.data.target, std::string("c"));
  CHECK(spec.data.targets.empty());
  setTargets(spec.data, {"a", "a"});
  CHECK(complains(spec, "spec.target_twice"));
  setTargets(spec.data, {"a", "b"});
  spec.data.roles["b"] = ColumnRole::Weight;
  CHECK(complains(spec, "spec.target_role"));
}

LATHE_TEST("a loss and its settings must fit the task") {
  ExperimentSpec spec;
  spec.data.task = Task::Multilabel;
  for (const auto& loss : lossesFor(Task::Multilabel)) {
    spec.training.loss.name = loss;
    CHECK(validate(spec).empty());
  }
  spec.training.loss.name = "mse";
  CHECK(complains(spec, "spec.loss_task"));
  spec.training.loss.name = "bce";
  spec.training.loss.classWeights = true;
  CHECK(complains(spec, "spec.loss_setting"));
  spec.training.loss.classWeights = false;
  spec.training.loss.labelSmoothing = 0.1;
  CHECK(validate(spec).empty());
  spec.training.loss.name = "focal";
  CHECK(complains(spec, "spec.loss_setting"));
  spec = {};
  spec.data.task = Task::Quantile;
  CHECK(validate(spec).empty());
  REQUIRE_OK(setField(spec, "training.loss.quantiles", "0.25,0.75"));
  CHECK((spec.training.loss.quantiles == std::vector<double>{0.25, 0.75}));
  CHECK(validate(spec).empty());
  CHECK(!setField(spec, "training.loss.quantiles", "0.25,1.5"));
  CHECK(!setField(spec, "training.loss.quantiles", "0.25,x"));
  spec.training.loss.quantiles = {0.5, 0.5};
  CHECK(complains(spec, "spec.quantiles"));
  spec.training.loss.quantiles = {};
  CHECK(complains(spec, "spec.quantiles"));
  // Every loss is some task's.
  for (const auto& loss : lossesFor(Task::Auto)) {
    int tasks = 0;
    for (const auto task : {Task::Classification, Task::Regression, Task::Multilabel, Task::Quantile, Task::Anomaly}) {
      const auto fitting = lossesFor(task);
      tasks += std::find(fitting.begin(), fitting.end(), loss) != fitting.end() ? 1 : 0;
    }
    CHECK(tasks > 0);
  }
}

LATHE_TEST("what is shown of a task without being asked stays short") {
  for (const auto task : {Task::Classification, Task::Regression, Task::Multilabel, Task::Quantile}) {
    const auto metrics = metricsFor(task);
    const auto shown = std::count_if(metrics.begin(), metrics.end(), [](const auto& metric) { return metric.shown; });
    CHECK(shown >= 3 && shown <= 6);
    CHECK_EQ(metrics.front().name, std::string("loss"));
  }
  for (const char* larger : {"val/pr_auc", "val/top5_accuracy", "val/interval_coverage", "val/f1_macro"})
    CHECK(largerIsBetter(larger));
  for (const char* smaller : {"val/brier", "val/ece", "val/mape", "val/pinball"}) CHECK(!largerIsBetter(smaller));
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Scores of every task against scikit-learn 1.2.1: the expected numbers were written by /usr/bin/python3 from the same
// arrays (average_precision_score, roc_auc_score, brier_score_loss, top_k_accuracy_score(k=5), f1_score(macro),
// accuracy_score, log_loss, mean_squared_error(squared=False), mean_absolute_error, mean_absolute_percentage_error,
// r2_score and mean_pinball_loss, each with sample_weight; several labels or targets: their mean). It has no
// calibration error: 15 bins by a loop over numpy masks.
#include <cmath>
#include <limits>

#include "core/engine/engine.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

double valueOf(const std::vector<std::pair<std::string, double>>& scores, const std::string& name) {
  for (const auto& [key, value] : scores)
    if (key == name) return value;
  return -1;
}

bool near(double a, double b) { return std::abs(a - b) < 2e-6; }

data::Dataset dataFor(spec::Task task, std::size_t rows, std::vector<float> weights) {
  data::Dataset data;
  data.rows = rows;
  data.schema.task = task;
  data.weights = std::move(weights);
  return data;
}

}  // namespace

LATHE_TEST("two classes: precision-recall area, Brier score and calibration as scikit-learn has them") {
  auto data = dataFor(spec::Task::Classification, 8, {1, 2, 1, 0.5F, 1, 1, 3, 1});
  data.schema.target.classes = {"no", "yes"};
  data.classes = {0, 0, 1, 1, 1, 0, 1, 0};
  Predictions predictions{8, 2, {}};
  for (const float p : {0.1F, 0.41F, 0.35F, 0.8F, 0.62F, 0.62F, 0.95F, 0.3F}) {
    predictions.values.push_back(1 - p);
    predictions.values.push_back(p);
  }
  const auto found = scores(predictions, data, {});
  CHECK(near(valueOf(found, "pr_auc"), 0.9027710257656782));
  CHECK(near(valueOf(found, "roc_auc"), 0.8727272727272728));
  CHECK(near(valueOf(found, "brier"), 0.1347619059823809));
  CHECK(near(valueOf(found, "ece"), 0.22476190967219215));
  CHECK_EQ(valueOf(found, "top5_accuracy"), -1.0);  // nothing is left to tell apart
}

LATHE_TEST("seven classes: top-5 accuracy, Brier score, areas and calibration as scikit-learn has them") {
  auto data = dataFor(spec::Task::Classification, 12, {2, 1, 1, 1, 1, 3, 1, 1, 2, 3, 3, 1});
  data.schema.target.classes = {"a", "b", "c", "d", "e", "f", "g"};
  data.classes = {6, 4, 3, 1, 1, 3, 0, 4, 4, 4, 0, 3};
  const Predictions predictions{
      12, 7, {0.104F, 0.159F, 0.044F, 0.093F, 0.289F, 0.293F, 0.017F, 0.081F, 0.018F, 0.202F, 0.011F, 0.212F,
              0.364F, 0.113F, 0.280F, 0.222F, 0.006F, 0.203F, 0.074F, 0.133F, 0.083F, 0.243F, 0.120F, 0.035F,
              0.162F, 0.312F, 0.075F, 0.052F, 0.038F, 0.216F, 0.292F, 0.087F, 0.183F, 0.146F, 0.037F, 0.025F,
              0.277F, 0.213F, 0.117F, 0.067F, 0.136F, 0.165F, 0.066F, 0.072F, 0.128F, 0.412F, 0.185F, 0.070F,
              0.068F, 0.203F, 0.077F, 0.075F, 0.242F, 0.031F, 0.221F, 0.151F, 0.177F, 0.198F, 0.169F, 0.169F,
              0.067F, 0.159F, 0.060F, 0.142F, 0.066F, 0.098F, 0.011F, 0.046F, 0.594F, 0.044F, 0.226F, 0.202F,
              0.247F, 0.124F, 0.174F, 0.013F, 0.014F, 0.047F, 0.035F, 0.023F, 0.030F, 0.172F, 0.044F, 0.649F}};
  const auto found = scores(predictions, data, {});
  CHECK(near(valueOf(found, "top5_accuracy"), 0.65));
  CHECK(near(valueOf(found, "brier"), 1.0190172993304625));
  CHECK(near(valueOf(found, "pr_auc"), 0.2830055058460631));
  CHECK(near(valueOf(found, "ece"), 0.34434999823570256));
}

LATHE_TEST("several labels: every score is the mean over labels, accuracy wants all of them") {
  auto data = dataFor(spec::Task::Multilabel, 6, {1, 2, 1, 0.5F, 1, 7});
  data.schema.target.classes = {"a", "b", "c"};
  data.labels = {1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1, -1, -1, -1};  // the last row has none
  const Predictions predictions{
      6,
      3,
      {0.9F, 0.2F, 0.6F, 0.4F, 0.7F, 0.1F, 0.55F, 0.5F, 0.8F, 0.3F, 0.1F, 0.2F, 0.8F, 0.9F, 0.45F, 0.5F, 0.5F, 0.5F}};
  const auto found = scores(predictions, data, {});
  CHECK(near(valueOf(found, "f1_macro"), 0.8076923076923076));
  CHECK(near(valueOf(found, "accuracy"), 0.5454545454545454));
  CHECK(near(valueOf(found, "roc_auc"), 0.8571428571428571));
  CHECK(near(valueOf(found, "pr_auc"), 0.8437950937950939));
  CHECK(near(valueOf(found, "log_loss"), 0.5002234930414109));
  CHECK(near(valueOf(found, "loss"), 0.5002234930414109));
  CHECK(near(valueOf(found, "brier"), 0.1603030324614411));
}

LATHE_TEST("several targets: every score is the mean over targets") {
  auto data = dataFor(spec::Task::Regression, 4, {1, 2, 1, 0.5F});
  data.schema.target.columns = {"a", "b"};
  data.targets = {3, -0.5F, 2, 7, 7, 4, 1, 2};
  const Predictions predictions{4, 2, {2.5F, 0, 2, 8, 8, 4.5F, 0, 2}};
  const auto found = scores(predictions, data, {});
  CHECK(near(valueOf(found, "rmse"), 0.6844827784811267));
  CHECK(near(valueOf(found, "mae"), 0.5555555555555556));
  CHECK(near(valueOf(found, "mape"), 0.2466931216931217));
  CHECK(near(valueOf(found, "r2"), 0.924659601810798));
}

LATHE_TEST("a share of nothing has no value") {
  auto data = dataFor(spec::Task::Regression, 2, {});
  data.targets = {0, 1};
  CHECK(std::isnan(valueOf(scores({2, 1, {1, 1}}, data, {}), "mape")));
  data.weights = {0, 1};
  CHECK(near(valueOf(scores({2, 1, {1, 1.5F}}, data, {}), "mape"), 0.5));
}

LATHE_TEST("quantiles: pinball loss, coverage of the outer levels, error of the middle one") {
  auto data = dataFor(spec::Task::Quantile, 5, {1, 1, 2, 1, 0.5F});
  data.schema.target.quantiles = {0.1, 0.5, 0.9};
  data.targets = {1, 2, 3, 4, 10};
  const Predictions predictions{5, 3, {0, 1, 2, 0, 2.5F, 3, 3.5F, 4, 5, 1, 4, 9, 2, 5, 9}};
  const auto found = scores(predictions, data, {});
  CHECK(near(valueOf(found, "pinball"), 0.3606060606060606));
  CHECK(near(valueOf(found, "interval_coverage"), 0.5454545454545454));
  CHECK(near(valueOf(found, "mae"), 0.9090909090909091));
  CHECK_EQ(valueOf(found, "rmse"), -1.0);
}

LATHE_TEST("predictions of another width have no score") {
  auto data = dataFor(spec::Task::Multilabel, 1, {});
  data.schema.target.classes = {"a", "b"};
  data.labels = {1, 0};
  CHECK(scores({1, 3, {0, 0, 0}}, data, {}).empty());
  data = dataFor(spec::Task::Quantile, 1, {});
  data.targets = {1};
  CHECK(scores({1, 3, {0, 0, 0}}, data, {}).empty());
}

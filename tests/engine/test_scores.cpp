// SPDX-License-Identifier: GPL-3.0-or-later
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

bool near(double a, double b) { return std::abs(a - b) < 1e-6; }

data::Dataset classes(std::vector<std::int32_t> labels, std::size_t count) {
  data::Dataset data;
  data.rows = labels.size();
  data.schema.task = spec::Task::Classification;
  for (std::size_t c = 0; c < count; ++c) data.schema.target.classes.push_back("c" + std::to_string(c));
  data.classes = std::move(labels);
  return data;
}

}  // namespace

LATHE_TEST("binary scores by hand, ties of the ROC curve counting half") {
  const auto data = classes({0, 0, 1, 1}, 2);
  const Predictions predictions{4, 2, {0.9F, 0.1F, 0.6F, 0.4F, 0.6F, 0.4F, 0.2F, 0.8F}};
  const auto found = scores(predictions, data, {});
  CHECK(near(valueOf(found, "accuracy"), 0.75));
  CHECK(near(valueOf(found, "balanced_accuracy"), 0.75));
  CHECK(near(valueOf(found, "f1_macro"), (2 * 2 / 5.0 + 2 * 1 / 3.0) / 2));
  CHECK(near(valueOf(found, "roc_auc"), (1 + 1 + 1 + 0.5) / 4));
  const double expected = -(std::log(0.9) + std::log(0.6) + std::log(0.4) + std::log(0.8)) / 4;
  CHECK(near(valueOf(found, "log_loss"), expected));
  CHECK(near(valueOf(found, "loss"), expected));
  CHECK_EQ(found.front().first, std::string("loss"));
}

LATHE_TEST("multiclass ROC-AUC is the mean over classes against the rest") {
  const auto data = classes({0, 1, 2, 1}, 4);  // no row has the fourth class: it is left out
  const Predictions predictions{
      4, 4, {0.7F, 0.1F, 0.1F, 0.1F, 0.2F, 0.6F, 0.1F, 0.1F, 0.1F, 0.2F, 0.6F, 0.1F, 0.5F, 0.3F, 0.1F, 0.1F}};
  const auto found = scores(predictions, data, {});
  CHECK(near(valueOf(found, "accuracy"), 0.75));
  CHECK(near(valueOf(found, "roc_auc"), 1.0));
  CHECK(near(valueOf(found, "balanced_accuracy"), (1 + 0.5 + 1) / 3));
}

LATHE_TEST("scores respect weights, unlabelled rows and chosen rows") {
  auto data = classes({0, 1, -1, 1, 0}, 2);
  data.weights = {1, 3, 9, 0, 5};
  const Predictions predictions{4, 2, {0.9F, 0.1F, 0.7F, 0.3F, 0.5F, 0.5F, 0.9F, 0.1F}};
  const auto found = scores(predictions, data, {0, 1, 2, 3});
  CHECK(near(valueOf(found, "accuracy"), 0.25));
  CHECK(scores(predictions, data, {0, 1}).empty());
  CHECK(scores({1, 2, {0.5F, 0.5F}}, data, {2}).empty());
}

LATHE_TEST("regression scores by hand") {
  data::Dataset data;
  data.rows = 4;
  data.schema.task = spec::Task::Regression;
  data.targets = {1, 2, 3, std::numeric_limits<float>::quiet_NaN()};
  const auto found = scores({4, 1, {1, 2, 5, 7}}, data, {});
  CHECK(near(valueOf(found, "rmse"), std::sqrt(4.0 / 3)));
  CHECK(near(valueOf(found, "mae"), 2.0 / 3));
  CHECK(near(valueOf(found, "r2"), 1 - 4.0 / 2));
}

LATHE_TEST("one class only has no ROC curve, NaN predictions have no score") {
  const auto data = classes({1, 1}, 2);
  CHECK(std::isnan(valueOf(scores({2, 2, {0.5F, 0.5F, 0.4F, 0.6F}}, data, {}), "roc_auc")));
  CHECK(std::isnan(valueOf(scores({2, 2, {NAN, NAN, 0.4F, 0.6F}}, classes({0, 1}, 2), {}), "loss")));
}

LATHE_TEST("a prediction that is partly NaN has no ROC curve, and is done with at once") {
  const auto data = classes({0, 1, 2}, 3);
  const auto found = scores({3, 3, {0.5F, NAN, 0.5F, 0.1F, 0.8F, 0.1F, 0.2F, NAN, 0.8F}}, data, {});
  CHECK(std::isnan(valueOf(found, "roc_auc")));
  CHECK(near(valueOf(found, "accuracy"), 1.0));
}

LATHE_TEST("multiclass scores with ties, by counting") {
  // Worked out by hand; scikit-learn's balanced_accuracy_score, f1_score(average="macro") and
  // roc_auc_score(multi_class="ovr", average="macro") mean the same.
  const auto data = classes({0, 0, 1, 1, 2, 2}, 3);
  const Predictions predictions{6,
                                3,
                                {0.6F, 0.2F, 0.2F,  // 0 right
                                 0.2F, 0.6F, 0.2F,  // 0 taken for 1
                                 0.2F, 0.6F, 0.2F,  // 1 right
                                 0.2F, 0.6F, 0.2F,  // 1 right
                                 0.2F, 0.2F, 0.6F,  // 2 right
                                 0.6F, 0.2F, 0.2F}};
  const auto found = scores(predictions, data, {});
  CHECK(near(valueOf(found, "accuracy"), 4.0 / 6));
  CHECK(near(valueOf(found, "balanced_accuracy"), (0.5 + 1 + 0.5) / 3));
  // F1: class 0 has 1 right of 2, 2 guessed; class 1 2 of 2, 3 guessed; class 2 1 of 2, 1 guessed.
  CHECK(near(valueOf(found, "f1_macro"), (2 * 1 / 4.0 + 2 * 2 / 5.0 + 2 * 1 / 3.0) / 3));
  // Pairs of (own, other) in 2 x 4: class 0: 3 + 0.5 and 3 x 0.5; class 1: twice 3 + 0.5; class 2: 4 and 4 x 0.5.
  CHECK(near(valueOf(found, "roc_auc"), ((3.5 + 1.5) / 8 + 7.0 / 8 + 6.0 / 8) / 3));
  CHECK(near(valueOf(found, "log_loss"), -(4 * std::log(0.6) + 2 * std::log(0.2)) / 6));
}

LATHE_TEST("a target that never changes has no R2, and weights count in every regression score") {
  data::Dataset data;
  data.rows = 3;
  data.schema.task = spec::Task::Regression;
  data.targets = {5, 5, 5};
  CHECK(std::isnan(valueOf(scores({3, 1, {5, 5, 6}}, data, {}), "r2")));
  data.targets = {0, 2, 10};
  data.weights = {1, 3, 0};
  const auto found = scores({3, 1, {1, 2, -50}}, data, {});
  CHECK(near(valueOf(found, "rmse"), 0.5));
  CHECK(near(valueOf(found, "mae"), 0.25));
  CHECK(near(valueOf(found, "r2"), 1 - 1 / (1 * 2.25 + 3 * 0.25)));
}

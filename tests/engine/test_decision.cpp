// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/predictor.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

bool near(double a, double b) { return std::abs(a - b) < 1e-6; }

data::Dataset twoClasses(std::vector<std::int32_t> labels, std::vector<float> weights = {}) {
  data::Dataset data;
  data.rows = labels.size();
  data.schema.task = spec::Task::Classification;
  data.schema.target.classes = {"no", "yes"};
  data.classes = std::move(labels);
  data.weights = std::move(weights);
  return data;
}

Predictions ofSecond(const std::vector<float>& probabilities) {
  Predictions predictions{probabilities.size(), 2, {}};
  for (const float p : probabilities) {
    predictions.values.push_back(1 - p);
    predictions.values.push_back(p);
  }
  return predictions;
}

}  // namespace

LATHE_TEST("a threshold decides between two classes, more are left to the largest") {
  CHECK_EQ(decidedClass(std::vector<float>{0.7F, 0.3F}, 0.25), std::size_t{1});
  CHECK_EQ(decidedClass(std::vector<float>{0.3F, 0.7F}, 0.75), std::size_t{0});
  CHECK_EQ(decidedClass(std::vector<float>{0.5F, 0.5F}), std::size_t{0});
  CHECK_EQ(decidedClass(std::vector<float>{0.2F, 0.3F, 0.5F}, 0.9), std::size_t{2});
}

LATHE_TEST("a threshold lies midway between the probabilities it parts") {
  const auto data = twoClasses({0, 0, 0, 1, 1, 0});
  const auto predictions = ofSecond({0.05F, 0.1F, 0.12F, 0.2F, 0.4F, 0.08F});
  CHECK(near(tunedThreshold(predictions, data, {}, "tuned"), 0.16));
  CHECK(near(tunedThreshold(predictions, data, {}, "tuned_f1"), 0.16));
  CHECK(near(tunedThreshold(predictions, data, {0, 1, 2, 3, 4, 5}, "tuned"), 0.16));
}

LATHE_TEST("balanced accuracy and F1 may want different thresholds") {
  // Descending: yes 0.9, no 0.8 0.7, yes 0.6, and many clear no. Recall of the rare class outweighs two mistakes in
  // balanced accuracy: (1 + 8 / 10) / 2 = 0.9 against (0.5 + 1) / 2; in F1 it does not: 2 / 3 and 16 / 18 against
  // 2 / 3 and 20 / 21.
  const auto data = twoClasses({1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
  const auto predictions = ofSecond({0.9F, 0.8F, 0.7F, 0.6F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F});
  CHECK(near(tunedThreshold(predictions, data, {}, "tuned"), 0.35));
  CHECK(near(tunedThreshold(predictions, data, {}, "tuned_f1"), 0.85));
}

LATHE_TEST("weights count, of equal thresholds the one next to a half is taken, one class alone has none") {
  const auto predictions = ofSecond({0.1F, 0.2F, 0.3F, 0.9F});
  // A heavy yes at 0.2 is worth a wrong one at 0.3: (1 + 1 / 2) / 2 against (1 / 11 + 1) / 2.
  CHECK(near(tunedThreshold(predictions, twoClasses({0, 1, 0, 1}, {1, 10, 1, 1}), {}, "tuned"), 0.15));
  CHECK(near(tunedThreshold(predictions, twoClasses({0, 1, 0, 1}, {1, 1, 1, 10}), {}, "tuned"), 0.6));
  // 0.85 and 0.2 part equally well: three in four.
  const auto alike = ofSecond({0.9F, 0.8F, 0.3F, 0.1F});
  CHECK(near(tunedThreshold(alike, twoClasses({1, 0, 1, 0}), {}, "tuned"), 0.2));
  CHECK_EQ(tunedThreshold(predictions, twoClasses({1, 1, 1, 1}), {}, "tuned"), 0.5);
  CHECK_EQ(tunedThreshold({1, 3, {0.2F, 0.3F, 0.5F}}, twoClasses({1}), {}, "tuned"), 0.5);
}

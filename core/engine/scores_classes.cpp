// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/engine/score_parts.h"

namespace lathe::engine {
namespace {

constexpr double smallestProbability = 1e-37;
const double noValue = std::numeric_limits<double>::quiet_NaN();

double logOf(double p) { return std::log(p < smallestProbability ? smallestProbability : p); }

/// Weighted mean distance of confidence and accuracy over 15 bins of the best class's probability (Guo and others
/// 2017).
class Calibration {
 public:
  void add(double confidence, bool right, double weight) {
    if (std::isnan(confidence)) m_unknown = true;
    // Bins are open below: a confidence on a border belongs to the lower one.
    const double place = std::ceil(confidence * static_cast<double>(bins)) - 1;
    auto& bin = m_bins[place > 0 ? std::min(bins - 1, static_cast<std::size_t>(place)) : 0];
    bin.confidence += weight * confidence;
    bin.right += right ? weight : 0;
    m_total += weight;
  }
  [[nodiscard]] double error() const {
    if (m_unknown) return noValue;
    double sum = 0;
    for (const auto& bin : m_bins) sum += std::abs(bin.right - bin.confidence);
    return sum / m_total;
  }

 private:
  static constexpr std::size_t bins = 15;
  struct Bin {
    double confidence = 0, right = 0;
  };
  std::array<Bin, bins> m_bins{};
  double m_total = 0;
  bool m_unknown = false;
};

/// Per class or label: how much weight it has, was given to it, and both.
struct Counts {
  double truth = 0, guessed = 0, right = 0;
};

double macroF1(const std::vector<Counts>& counts) {
  double f1 = 0;
  int seen = 0;
  for (const auto& c : counts) {
    if (c.truth + c.guessed <= 0) continue;
    f1 += 2 * c.right / (c.truth + c.guessed);
    ++seen;
  }
  return seen > 0 ? f1 / seen : noValue;
}

double balancedAccuracy(const std::vector<Counts>& counts) {
  double recalls = 0;
  int present = 0;
  for (const auto& c : counts) {
    if (c.truth <= 0) continue;
    recalls += c.right / c.truth;
    ++present;
  }
  return present > 0 ? recalls / present : noValue;
}

template <class IsPositive>
RankAreas areasOf(const ScoredRows& scored, std::size_t column, const IsPositive& isPositive) {
  std::vector<float> values;
  std::vector<bool> positive;
  for (std::size_t i = 0; i < scored.place.size(); ++i) {
    values.push_back(scored.predicted(i)[column]);
    positive.push_back(isPositive(scored.row[i]));
  }
  return rankAreas(values, positive, scored.weight);
}

}  // namespace

RankAreas rankAreas(const std::vector<float>& values, const std::vector<bool>& positive,
                    const std::vector<double>& weights) {
  // NaN has no place in an order, and equals not even itself.
  if (std::any_of(values.begin(), values.end(), [](float p) { return std::isnan(p); })) return {noValue, noValue};
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] > values[b]; });
  double truePositive = 0;
  double falsePositive = 0;
  double pairs = 0;
  double precision = 0;
  for (std::size_t i = 0; i < order.size();) {
    double tiedPositive = 0;
    double tiedNegative = 0;
    std::size_t end = i;
    for (; end < order.size() && values[order[end]] == values[order[i]]; ++end)
      (positive[order[end]] ? tiedPositive : tiedNegative) += weights[order[end]];
    // Each negative counts the positives above it.
    pairs += tiedNegative * (truePositive + 0.5 * tiedPositive);
    truePositive += tiedPositive;
    falsePositive += tiedNegative;
    if (tiedPositive > 0) precision += tiedPositive * truePositive / (truePositive + falsePositive);
    i = end;
  }
  if (!(truePositive > 0) || !(falsePositive > 0)) return {noValue, noValue};
  return {pairs / (truePositive * falsePositive), precision / truePositive};
}

RankAreas meanOf(const std::vector<RankAreas>& areas) {
  RankAreas mean;
  int counted = 0;
  for (const auto& area : areas) {
    if (std::isnan(area.roc)) continue;
    mean.roc += area.roc;
    mean.averagePrecision += area.averagePrecision;
    ++counted;
  }
  if (counted == 0) return {noValue, noValue};
  return {mean.roc / counted, mean.averagePrecision / counted};
}

ScoreValues classScores(const ScoredRows& scored) {
  const std::size_t classes = scored.predictions.columns;
  std::vector<Counts> counts(classes);
  Calibration calibration;
  double logLoss = 0;
  double brier = 0;
  double correct = 0;
  double inTopFive = 0;
  for (std::size_t i = 0; i < scored.place.size(); ++i) {
    const float* row = scored.predicted(i);
    const double weight = scored.weight[i];
    const auto guess = decidedClass({row, classes}, scored.threshold);
    const auto label = static_cast<std::size_t>(scored.data.classes[scored.row[i]]);
    counts[label].truth += weight;
    counts[guess].guessed += weight;
    if (guess == label) {
      counts[label].right += weight;
      correct += weight;
    }
    logLoss -= weight * logOf(row[label]);
    // Calibration asks the probabilities, wherever the decision falls.
    const auto best = decidedClass({row, classes});
    calibration.add(row[best], best == label, weight);
    std::size_t better = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      const double distance = static_cast<double>(row[c]) - (c == label ? 1 : 0);
      brier += weight * distance * distance;
      if (row[c] > row[label] || (row[c] == row[label] && c < label)) ++better;
    }
    if (better < 5) inTopFive += weight;
  }
  // Of two classes the squared distance of one probability, as it has always been measured.
  if (classes == 2) brier /= 2;
  std::vector<RankAreas> areas;
  bool unknown = false;
  for (std::size_t c = classes == 2 ? 1 : 0; c < classes && !unknown; ++c) {
    areas.push_back(
        areasOf(scored, c, [&](std::size_t row) { return static_cast<std::size_t>(scored.data.classes[row]) == c; }));
    unknown = std::any_of(scored.predictions.values.begin(), scored.predictions.values.end(),
                          [](float p) { return std::isnan(p); });
  }
  const auto area = unknown ? RankAreas{noValue, noValue} : meanOf(areas);
  ScoreValues values{{"loss", logLoss / scored.total},     {"log_loss", logLoss / scored.total},
                     {"accuracy", correct / scored.total}, {"balanced_accuracy", balancedAccuracy(counts)},
                     {"f1_macro", macroF1(counts)},        {"roc_auc", area.roc},
                     {"pr_auc", area.averagePrecision},    {"brier", brier / scored.total},
                     {"ece", calibration.error()}};
  if (classes > 5) values["top5_accuracy"] = inTopFive / scored.total;
  return values;
}

ScoreValues labelScores(const ScoredRows& scored) {
  const std::size_t labels = scored.predictions.columns;
  const auto isSet = [&](std::size_t row, std::size_t label) { return scored.data.labels[row * labels + label] > 0; };
  std::vector<Counts> counts(labels);
  double logLoss = 0;
  double brier = 0;
  double correct = 0;
  for (std::size_t i = 0; i < scored.place.size(); ++i) {
    const float* row = scored.predicted(i);
    const double weight = scored.weight[i];
    bool right = true;
    for (std::size_t l = 0; l < labels; ++l) {
      const bool set = isSet(scored.row[i], l);
      const bool guess = row[l] > 0.5F;
      if (set) counts[l].truth += weight;
      if (guess) counts[l].guessed += weight;
      if (set && guess) counts[l].right += weight;
      right = right && set == guess;
      const double p = row[l];
      logLoss -= weight * logOf(set ? p : 1 - p);
      brier += weight * (p - (set ? 1 : 0)) * (p - (set ? 1 : 0));
    }
    if (right) correct += weight;
  }
  std::vector<RankAreas> areas;
  for (std::size_t l = 0; l < labels; ++l)
    areas.push_back(areasOf(scored, l, [&](std::size_t row) { return isSet(row, l); }));
  const auto area = meanOf(areas);
  const double cells = scored.total * static_cast<double>(labels);
  return {{"loss", logLoss / cells},        {"log_loss", logLoss / cells},
          {"brier", brier / cells},         {"accuracy", correct / scored.total},
          {"f1_macro", macroF1(counts)},    {"roc_auc", area.roc},
          {"pr_auc", area.averagePrecision}};
}

}  // namespace lathe::engine

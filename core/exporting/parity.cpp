// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/parity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "core/spec/targets.h"

namespace lathe::exporting {
namespace {

constexpr std::size_t mostFailingRows = 100;

// Equal infinities and two NaN are the same answer; a NaN on one side alone is as far away as can be.
double difference(double exported, double reference) {
  if (exported == reference || (std::isnan(exported) && std::isnan(reference))) return 0;
  const double distance = std::abs(exported - reference) / std::max(1.0, std::abs(reference));
  return std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
}

std::size_t bestOf(std::span<const float> row) {
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

// The reference's two best lie so near each other that either may win.
bool isTie(std::span<const float> row, std::size_t best) {
  double second = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < row.size(); ++i)
    if (i != best) second = std::max(second, static_cast<double>(row[i]));
  return !(static_cast<double>(row[best]) - second > parityLimit);
}

// One a column: values are compared in standard deviations of their own target.
std::vector<double> scalesOf(const spec::ModelDescription& model, std::size_t columns) {
  std::vector<double> scales(columns, 1.0);
  if (!spec::predictsNumbers(model.schema.task)) return scales;
  const auto targets = spec::targetCount(model.schema);
  const auto deviations = spec::targetDeviations(model.fitted, targets);
  const auto each = std::max<std::size_t>(1, columns / targets);
  for (std::size_t i = 0; i < columns; ++i) scales[i] = 1 / deviations[std::min(i / each, targets - 1)];
  return scales;
}

bool isComplete(const engine::Predictions& predictions) {
  return predictions.columns > 0 && predictions.values.size() / predictions.columns == predictions.rows &&
         predictions.values.size() % predictions.columns == 0;
}

}  // namespace

ParityReport compare(const engine::Predictions& exported, const engine::Predictions& reference,
                     const spec::ModelDescription& model) {
  ParityReport report;
  report.rows = static_cast<std::int64_t>(reference.rows);
  if (!isComplete(exported) || !isComplete(reference) || exported.rows != reference.rows ||
      exported.columns != reference.columns) {
    report.maxDiff = std::numeric_limits<double>::infinity();
    return report;
  }
  const bool classes = model.schema.task == spec::Task::Classification && reference.columns > 1;
  const auto scales = scalesOf(model, reference.columns);

  for (std::size_t row = 0; row < reference.rows; ++row) {
    const auto a = std::span(exported.values).subspan(row * reference.columns, reference.columns);
    const auto b = std::span(reference.values).subspan(row * reference.columns, reference.columns);
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      worst = std::max(worst, difference(static_cast<double>(a[i]) * scales[i], static_cast<double>(b[i]) * scales[i]));
    report.maxDiff = std::max(report.maxDiff, worst);
    bool otherClass = false;
    if (classes) {
      const auto best = bestOf(b);
      otherClass = bestOf(a) != best && !isTie(b, best);
      if (otherClass) ++report.classMismatches;
    }
    if ((worst > parityLimit || otherClass) && report.failingRows.size() < mostFailingRows)
      report.failingRows.push_back(static_cast<std::uint32_t>(row));
  }
  report.ok = report.rows > 0 && report.maxDiff <= parityLimit && report.classMismatches == 0;
  return report;
}

bool isIndependent(std::string_view runtime) {
  constexpr std::array<std::string_view, 7> others{"LibTorch", "ONNX Runtime", "TensorFlow", "OpenCV",
                                                   "GCC",      "Clang",        "C compiler"};
  return std::any_of(others.begin(), others.end(), [&](auto name) { return runtime.starts_with(name); });
}

}  // namespace lathe::exporting

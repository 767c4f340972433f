// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/services/autopilot/final_model.h"

namespace lathe::services {
namespace {

constexpr int fewestResamples = 50, mostResamples = 1000;
constexpr double shareForResamples = 0.01;  ///< of the budget, and half a second
constexpr double tail = 0.025;

using Scores = std::vector<std::pair<std::string, double>>;

}  // namespace

Result<TestScores> scoreOnTest(const AutopilotGround& ground, const FinalModel& model) {
  TestScores result;
  const auto& data = *ground.base.data;
  const auto& rows = data.split.test;
  if (rows.empty()) return result;
  LATHE_ASSIGN(predictor, ground.engine->load(model.checkpoint));
  LATHE_ASSIGN(predictions, predictor->predict(data, rows));
  const auto score = [&](const engine::Predictions& predicted, const std::vector<std::uint32_t>& which) -> Scores {
    return engine::scores(predicted, data, which, ground.base.model, ground.base.spec.training.loss, model.threshold);
  };
  auto& store = ground.project->store();
  for (const auto& [name, value] : score(predictions, rows)) {
    result.metrics["test/" + name] = value;
    LATHE_ASSIGN(series, store.seriesId(model.run, "test/" + name));
    store.append(series, 1, value);
  }
  LATHE_ASSIGN(looks, store.countTestLook(model.run));
  result.looks = looks;

  const auto columns = predictions.columns;
  const double until = systemClock().steadySeconds() + 0.5 + shareForResamples * ground.request.seconds;
  int resamples = 0;
  std::map<std::string, std::vector<double>> drawn;
  Random random(ground.base.spec.training.seed, "intervals");
  engine::Predictions part{rows.size(), columns, std::vector<float>(predictions.values.size())};
  std::vector<std::uint32_t> which(rows.size());
  for (; resamples < mostResamples; ++resamples) {
    if (resamples >= fewestResamples && systemClock().steadySeconds() > until) break;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto at = random.below(rows.size());
      which[i] = rows[at];
      std::copy_n(predictions.values.begin() + static_cast<std::ptrdiff_t>(at * columns), columns,
                  part.values.begin() + static_cast<std::ptrdiff_t>(i * columns));
    }
    for (const auto& [name, value] : score(part, which))
      if (std::isfinite(value)) drawn["test/" + name].push_back(value);
  }
  for (auto& [name, values] : drawn) {
    if (values.size() * 2 < static_cast<std::size_t>(resamples)) continue;
    std::sort(values.begin(), values.end());
    const auto at = [&sorted = values](double share) {
      return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    };
    result.intervals[name] = {at(tail), at(1 - tail)};
  }
  result.predictions = std::move(predictions);
  return result;
}

}  // namespace lathe::services

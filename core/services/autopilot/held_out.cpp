// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/held_out.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/services/autopilot/autopilot.h"
#include "core/spec/metrics.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace {

constexpr double leastProbability = 1e-7;
constexpr double shareOfLoss = 1e-3;

double surprise(double probability) {
  return std::isfinite(probability) ? -std::log(std::clamp(probability, leastProbability, 1.0))
                                    : std::numeric_limits<double>::infinity();
}

}  // namespace

std::string usualGoal(spec::Task task) {
  if (task == spec::Task::Classification) return "log_loss";
  if (task == spec::Task::Regression || task == spec::Task::Forecast) return "rmse";
  return "loss";
}

HeldOut::HeldOut(std::shared_ptr<const data::Dataset> data, std::vector<std::uint32_t> rows,
                 spec::ModelDescription model, spec::LossSpec loss, std::string goal)
    : m_data(std::move(data)),
      m_rows(std::move(rows)),
      m_model(std::move(model)),
      m_loss(std::move(loss)),
      m_goal(std::move(goal)),
      m_larger(spec::largerIsBetter("val/" + m_goal)),
      m_smooth(m_goal == "log_loss" || m_goal == "loss" || m_goal == "rmse" || m_goal == "r2" || m_goal == "mse"),
      m_columns(spec::outputCount(m_model.schema)),
      m_deviations(spec::targetDeviations(m_model.fitted, spec::targetCount(m_model.schema))),
      m_all(m_rows.size()) {
  std::iota(m_all.begin(), m_all.end(), 0U);
}

double HeldOut::rowLoss(const float* row, std::size_t place) const {
  const auto at = m_rows[place];
  if (m_data->schema.task == spec::Task::Multilabel) {
    double sum = 0;
    for (std::size_t c = 0; c < m_columns; ++c) {
      const double p = row[c];
      sum += surprise(m_data->labels[at * m_columns + c] == 1 ? p : 1 - p);
    }
    return sum / static_cast<double>(m_columns);
  }
  if (m_data->schema.task == spec::Task::Classification) {
    const auto truth = static_cast<std::size_t>(m_data->classes[at]);
    return truth < m_columns ? surprise(row[truth]) : surprise(0);
  }
  double sum = 0;
  for (std::size_t t = 0; t < m_columns; ++t) {
    const double truth = m_data->targets[at * m_columns + t];
    if (std::isnan(truth)) continue;
    const double error = (row[t] - truth) / (t < m_deviations.size() ? m_deviations[t] : 1);
    sum += error * error;
  }
  return sum / static_cast<double>(m_columns);
}

std::vector<double> HeldOut::rowLosses(const Values& part, const std::vector<std::uint32_t>& places) const {
  if (m_data->schema.task == spec::Task::Quantile) return {};
  std::vector<double> losses(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) losses[i] = rowLoss(part.data() + i * m_columns, places[i]);
  return losses;
}

double HeldOut::lossOf(const Values& part, const std::vector<std::uint32_t>& places) const {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (m_data->schema.task == spec::Task::Quantile) {
    std::vector<std::uint32_t> rows;
    rows.reserve(places.size());
    for (const auto place : places) rows.push_back(m_rows[place]);
    for (const auto& [name, value] : engine::scores({rows.size(), m_columns, part}, *m_data, rows, m_model, m_loss))
      if (name == "loss") return std::isfinite(value) ? value : infinite;
    return infinite;
  }
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto row = m_rows[places[i]];
    const double weight = row < m_data->weights.size() ? static_cast<double>(m_data->weights[row]) : 1.0;
    sum += weight * rowLoss(part.data() + i * m_columns, places[i]);
    total += weight;
  }
  return total > 0 && std::isfinite(sum) ? sum / total : infinite;
}

double HeldOut::loss(const Values& values) const { return lossOf(values, m_all); }

double HeldOut::cost(const Values& values) const {
  const double smooth = loss(values);
  if (m_smooth || !std::isfinite(smooth)) return smooth;
  const auto found = value(values);
  if (!found || !std::isfinite(*found)) return std::numeric_limits<double>::infinity();
  return (m_larger ? -*found : *found) + shareOfLoss * smooth;
}

std::map<std::string, double> HeldOut::metrics(const Values& values, double threshold) const {
  const engine::Predictions predictions{m_rows.size(), m_columns, values};
  const auto found = engine::scores(predictions, *m_data, m_rows, m_model, m_loss, threshold);
  return {found.begin(), found.end()};
}

std::optional<double> HeldOut::value(const Values& values) const {
  const auto all = metrics(values);
  const auto found = all.find(m_goal);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/cma_start.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
/// More cells than these are as good as a continuum.
constexpr std::size_t mostCells = 1000;
/// WS-CMA-ES: the share of known trials that counts as promising, and how uncertain each of them is.
constexpr double promising = 0.1, uncertainty = 0.1;
constexpr std::size_t leastKnown = 10;
constexpr double usualSigma = 0.16, restartSigma = 0.3;
/// Of categories: part of the way to a generation's choices, and the share of an even chance that nothing falls below.
constexpr double learningRate = 0.5, leastChance = 0.15;

std::vector<double> cellsOf(const spec::SearchParameter& parameter) {
  const auto count = parameter.count();
  std::vector<double> ends;
  if (count == 0 || count > mostCells) return ends;
  for (std::size_t i = 0; i <= count; ++i) {
    const auto at = static_cast<double>(i);
    ends.push_back(parameter.isChoice() ? at / static_cast<double>(count)
                                        : toUnit(parameter, parameter.low + (at - 0.5) * parameter.step));
  }
  return ends;
}

// Hansen's 4 + 3 log n; smaller when there are few trials, so that there are some generations.
int populationFor(const SamplerSetup& setup, std::size_t dimensions) {
  if (setup.population > 0) return std::max(setup.population, 4);
  const int usual = 4 + static_cast<int>(3 * std::log(static_cast<double>(std::max<std::size_t>(dimensions, 2))));
  if (setup.budget <= 0) return usual;
  return std::clamp(static_cast<int>(std::lround(0.5 * std::sqrt(static_cast<double>(setup.budget)))), 5, usual);
}

Probabilities evenly(const CmaCoding& coding) {
  Probabilities result;
  for (const auto i : coding.categories) {
    const auto count = coding.space.parameters[i].choices.size();
    result.emplace_back(count, 1 / static_cast<double>(count));
  }
  return result;
}

}  // namespace

CmaCoding::CmaCoding(const SearchSpace& searched) : space(searched) {
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (space.parameters[i].type == spec::ParameterType::Categorical) {
      categories.push_back(i);
    } else {
      axes.push_back(i);
      cells.push_back(cellsOf(space.parameters[i]));
    }
  }
}

Configuration CmaCoding::decoded(const Eigen::VectorXd& point, const std::vector<std::size_t>& chosen) const {
  Configuration configuration(space.size(), none);
  std::size_t axis = 0, category = 0;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& parameter = space.parameters[i];
    double value = 0;
    if (parameter.type == spec::ParameterType::Categorical) {
      value = static_cast<double>(chosen[category++]);
    } else {
      value = fromUnit(parameter, point[static_cast<Eigen::Index>(axis++)]);
    }
    if (spec::isActive(space, configuration, i)) configuration[i] = value;
  }
  return configuration;
}

Eigen::VectorXd CmaCoding::point(const Configuration& configuration, const Eigen::VectorXd& mean) const {
  Eigen::VectorXd result = mean;
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const double value = configuration[axes[k]];
    if (!std::isnan(value)) result[static_cast<Eigen::Index>(k)] = toUnit(space.parameters[axes[k]], value);
  }
  return result;
}

std::vector<std::size_t> CmaCoding::choices(const Configuration& configuration) const {
  std::vector<std::size_t> result;
  for (const auto i : categories)
    result.push_back(std::isnan(configuration[i]) ? space.parameters[i].choices.size()
                                                  : static_cast<std::size_t>(configuration[i]));
  return result;
}

CmaBeginning firstStart(const CmaCoding& coding, const SamplerSetup& setup, const std::vector<Told>& known) {
  const auto size = static_cast<Eigen::Index>(coding.axes.size());
  CmaBeginning beginning;
  beginning.probabilities = evenly(coding);
  auto& numbers = beginning.numbers;
  numbers.mean = Eigen::VectorXd::Constant(size, 0.5);
  numbers.sigma = usualSigma;
  numbers.population = populationFor(setup, coding.axes.size());
  std::vector<const Told*> complete;
  for (const auto& each : known)
    if (each.standing == Told::Complete) complete.push_back(&each);
  if (complete.empty()) return beginning;
  auto order = bestFirst(complete);
  if (complete.size() < leastKnown) {
    numbers.mean = coding.point(complete[order.front()]->configuration, numbers.mean);
    return beginning;
  }
  order.resize(std::max<std::size_t>(1, static_cast<std::size_t>(promising * static_cast<double>(order.size()))));
  const auto count = static_cast<double>(order.size());
  std::vector<Eigen::VectorXd> points;
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(size);
  for (const auto i : order) {
    points.push_back(coding.point(complete[i]->configuration, numbers.mean));
    mean += points.back() / count;
    const auto chosen = coding.choices(complete[i]->configuration);
    for (std::size_t k = 0; k < chosen.size(); ++k)
      if (chosen[k] < beginning.probabilities[k].size())
        for (std::size_t j = 0; j < beginning.probabilities[k].size(); ++j)
          beginning.probabilities[k][j] += (0.7 * (j == chosen[k]) - 0.7 * beginning.probabilities[k][j]) / count;
  }
  if (size == 0) return beginning;
  Eigen::MatrixXd covariance = uncertainty * uncertainty * Eigen::MatrixXd::Identity(size, size);
  for (const auto& point : points) covariance.noalias() += (point - mean) * (point - mean).transpose() / count;
  const Eigen::LLT<Eigen::MatrixXd> factors(covariance);
  double logarithm = 0;
  for (Eigen::Index i = 0; i < size; ++i) logarithm += std::log(factors.matrixLLT()(i, i));
  numbers.mean = mean;
  numbers.sigma = std::exp(logarithm / static_cast<double>(size));
  numbers.covariance = covariance / (numbers.sigma * numbers.sigma);
  return beginning;
}

CmaBeginning laterStart(const CmaCoding& coding, const SamplerSetup& setup, int run, Random& random) {
  CmaBeginning beginning = firstStart(coding, setup, {});
  auto& numbers = beginning.numbers;
  for (double& each : numbers.mean) each = random.uniform();
  numbers.sigma = restartSigma;
  const int usual = numbers.population;
  // Runs 1, 3, 5, ... double the population, those between are small.
  if (run % 2 == 1) {
    numbers.population = usual << std::min((run + 1) / 2, 6);
  } else {
    const double chance = random.uniform();
    numbers.population =
        std::max(4, static_cast<int>(usual * std::pow(std::pow(2.0, std::min(run / 2, 6)) / 2, chance * chance)));
    numbers.sigma *= std::pow(10, -2 * random.uniform());
  }
  return beginning;
}

void learn(Probabilities& probabilities, const std::vector<const std::vector<std::size_t>*>& best) {
  const std::size_t chosen = std::max<std::size_t>(1, best.size() / 2);
  for (std::size_t k = 0; k < probabilities.size(); ++k) {
    auto& each = probabilities[k];
    std::vector<double> seen(each.size(), 0);
    double total = 0;
    for (std::size_t i = 0; i < chosen; ++i) {
      const double weight = std::log(static_cast<double>(best.size() + 1) / 2) - std::log(static_cast<double>(i + 1));
      const auto choice = (*best[i])[k];
      if (choice >= each.size() || weight <= 0) continue;
      seen[choice] += weight;
      total += weight;
    }
    if (total <= 0) continue;
    const double least = leastChance / static_cast<double>(each.size());
    double sum = 0;
    for (std::size_t j = 0; j < each.size(); ++j) {
      each[j] = std::max(least, each[j] + learningRate * (seen[j] / total - each[j]));
      sum += each[j];
    }
    for (double& value : each) value /= sum;
  }
}

}  // namespace lathe::search

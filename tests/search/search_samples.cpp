// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/search/search_samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace lathe::search {

SearchSpace spaceOf(const std::string& json) {
  auto space = spec::searchSpaceFromJson(json);
  if (!space) throw std::runtime_error(space.error().sentence());
  return *space;
}

SearchSpace braninSpace() {
  return spaceOf(R"({"parameters":[{"name":"x","type":"float","low":-5,"high":10},
                                   {"name":"y","type":"float","low":0,"high":15}]})");
}

double branin(const Configuration& x) {
  constexpr double pi = std::numbers::pi;
  const double a = x[1] - 5.1 / (4 * pi * pi) * x[0] * x[0] + 5 / pi * x[0] - 6;
  return a * a + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

SearchSpace unitSpace(int count) {
  std::string json;
  for (int i = 0; i < count; ++i)
    json += fmt::format(R"({}{{"name":"x{}","type":"float","low":0,"high":1}})", i == 0 ? "" : ",", i);
  return spaceOf(R"({"parameters":[)" + json + "]}");
}

double hartmann6(const Configuration& x) {
  constexpr std::array<double, 4> alpha{1.0, 1.2, 3.0, 3.2};
  constexpr double a[4][6] = {
      {10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}};
  constexpr double p[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                              {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                              {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                              {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    double inner = 0;
    for (std::size_t j = 0; j < 6; ++j) inner += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
    sum += alpha[i] * std::exp(-inner);
  }
  return -sum;
}

SearchSpace mixedSpace() {
  return spaceOf(R"({"parameters":[
    {"name":"opt","type":"categorical","choices":["sgd","adam","rmsprop"]},
    {"name":"lr","type":"float","low":1e-5,"high":1,"log":true},
    {"name":"layers","type":"int","low":1,"high":4},
    {"name":"w0","type":"int","low":8,"high":512,"log":true},
    {"name":"w1","type":"int","low":8,"high":512,"log":true,"condition":{"parameter":"layers","in":[2,3,4]}},
    {"name":"w2","type":"int","low":8,"high":512,"log":true,"condition":{"parameter":"layers","in":[3,4]}},
    {"name":"w3","type":"int","low":8,"high":512,"log":true,"condition":{"parameter":"layers","in":[4]}}]})");
}

double mixed(const Configuration& x) {
  constexpr std::array<double, 3> penalty{0.02, 0, 0.01}, best{-1, -2.7, -3};
  const auto opt = static_cast<std::size_t>(x[0]);
  double widths = 0;
  int count = 0;
  for (std::size_t i = 3; i < 7; ++i)
    if (!std::isnan(x[i])) {
      widths += 0.01 * std::pow(std::log2(x[i]) - 7, 2);
      ++count;
    }
  return penalty[opt] + 0.05 * std::pow(std::log10(x[1]) - best[opt], 2) + 0.02 * std::pow(x[2] - 3, 2) +
         widths / count;
}

SearchSpace everythingSpace() {
  return spaceOf(R"({"parameters":[
    {"name":"rate","type":"float","low":1e-6,"high":1,"log":true},
    {"name":"kind","type":"categorical","choices":["a","b",[1,2],true]},
    {"name":"grid","type":"float","low":0,"high":1,"step":0.25},
    {"name":"depth","type":"int","low":1,"high":8},
    {"name":"width","type":"int","low":4,"high":256,"log":true},
    {"name":"even","type":"int","low":2,"high":21,"step":2},
    {"name":"size","type":"ordinal","choices":[1,2,4,8,16]},
    {"name":"momentum","type":"float","low":0,"high":0.99,"condition":{"parameter":"kind","in":["a",[1,2]]}},
    {"name":"inner","type":"int","low":1,"high":3,"condition":{"parameter":"depth","in":[5,6,7,8]}},
    {"name":"deep","type":"categorical","choices":["x","y"],"condition":{"parameter":"inner","in":[2,3]}},
    {"name":"both","type":"float","low":-3,"high":3,
     "condition":[{"parameter":"grid","in":[0.5,0.75,1]},{"parameter":"kind","in":["b"]}]}],
    "constraints":[{"lhs":{"width":1,"depth":16},"op":"<=","rhs":200},
                   {"lhs":{"even":1,"inner":2},"op":">=","rhs":6}]})");
}

double everything(const Configuration& x) {
  double value = std::pow(std::log10(x[0]) + 3, 2) + 0.5 * x[1] + std::abs(x[2] - 0.5) + 0.1 * std::abs(x[3] - 4) +
                 0.2 * std::abs(std::log2(x[4]) - 5) + 0.05 * std::abs(x[5] - 10) + 0.1 * x[6];
  for (std::size_t i = 7; i < 11; ++i)
    if (!std::isnan(x[i])) value += 0.1 * std::abs(x[i] - 1);
  return value;
}

double Studied::best() const {
  double best = std::numeric_limits<double>::infinity();
  for (const auto& each : values) best = std::min(best, each.front());
  return best;
}

Studied study(const std::string& name, const SamplerSetup& setup, const Function& function, int trials) {
  auto sampler = makeSampler(name, setup);
  if (!sampler) throw std::runtime_error(sampler.error().sentence());
  Studied studied;
  for (std::int64_t trial = 0; trial < trials; ++trial) {
    const auto configuration = (*sampler)->propose(trial);
    if (!configuration) break;
    (*sampler)->begin(trial, *configuration);
    auto values = function(*configuration);
    (*sampler)->tell({trial, *configuration, TrialState::Complete, values, {}});
    studied.asked.push_back(*configuration);
    studied.values.push_back(std::move(values));
  }
  return studied;
}

}  // namespace lathe::search

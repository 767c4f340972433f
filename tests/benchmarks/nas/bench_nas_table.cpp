// SPDX-License-Identifier: GPL-3.0-or-later
// A table of all 1024 small networks of one space of cells, each trained once, and searches on it.
//
//   bench_nas_table make DATA TABLE.json ROWS EPOCHS WORKERS   trains what the table does not hold yet
//   bench_nas_table search TABLE.json SEEDS TRIALS             regret of each method over so many seeds
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/base/files.h"
#include "core/engine_torch/torch_engine.h"
#include "core/search/architectures/architecture_sampler.h"
#include "core/search/architectures/mixture.h"
#include "core/services/nas_settings.h"
#include "core/services/training_service.h"
#include "core/spec/customary.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace lathe;
using Json = nlohmann::json;

template <class T>
T orExit(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().sentence().c_str());
  std::exit(1);
}

class Silent final : public engine::TrainingObserver {
 public:
  int series(const std::string& /*name*/) override { return 0; }
  void point(int /*series*/, std::int64_t /*step*/, double /*value*/) override {}
  void progress(const engine::TrainingProgress& /*progress*/) override {}
  void event(const std::string& /*kind*/, const Message& /*message*/) override {}
  void checkpoint(const engine::CheckpointInfo& /*info*/) override {}
};

const char* const operations[] = {"none", "skip", "conv3", "avg3"};
const char* const edges[] = {"edge01", "edge02", "edge12", "edge13", "edge23"};
constexpr std::size_t networks = 1024;

/// Five edges with four operations each; the sixth, from the cell's input to its output, is a shortcut.
spec::SearchSpace tableSpace(const spec::TemplateContext& context) {
  auto space = search::sharedSpace("cells", orExit(search::architectureSpace("cells", context)));
  for (auto& parameter : space.parameters) {
    const auto place = search::genePlace(parameter.name);
    const std::string_view gene = place.gene;
    if (gene == "channels") parameter.fixed = spec::codeOf(parameter, 8);
    if (gene == "hidden") parameter.fixed = spec::codeOf(parameter, 32);
    if (gene.rfind("edge", 0) != 0) continue;
    parameter.choices.assign(std::begin(operations), std::end(operations));
    parameter.high = 3;
    if (gene == "edge03") parameter.fixed = 1;
  }
  return space;
}

spec::Configuration configurationOf(const spec::SearchSpace& space, std::size_t number) {
  spec::Configuration configuration;
  for (const auto& parameter : space.parameters) configuration.push_back(parameter.fixed.value_or(0));
  for (const char* edge : edges) {
    configuration[*space.find(std::string("architecture.") + edge)] = static_cast<double>(number % 4);
    number /= 4;
  }
  return configuration;
}

std::size_t numberOf(const spec::SearchSpace& space, const spec::Configuration& configuration) {
  std::size_t number = 0, place = 1;
  for (const char* edge : edges) {
    number += place * static_cast<std::size_t>(configuration[*space.find(std::string("architecture.") + edge)]);
    place *= 4;
  }
  return number;
}

Json readTable(const std::string& file) {
  const auto text = readFile(file);
  auto json = text ? Json::parse(*text, nullptr, false) : Json::object();
  return json.is_object() ? json : Json::object();
}

int make(char** arguments) {
  const std::string file = arguments[1];
  const auto engine = engine::makeTorchEngine();
  const tests::TempFolder folder;
  spec::ExperimentSpec spec;
  spec.data.path = arguments[0];
  spec.training.optimizer = spec::customaryOptimizer("adamw");
  spec.training.optimizer.lr = 3e-3;
  spec.training.epochs = std::atoi(arguments[3]);
  spec.training.batchSize = 64;
  spec.training.threads = 1;
  const auto resolved = orExit(services::resolve(spec, folder.path(), {}, engine.get()));
  auto data = std::make_shared<data::Dataset>(*resolved.data);
  auto& train = data->split.train;
  train.resize(std::min<std::size_t>(train.size(), static_cast<std::size_t>(std::atoll(arguments[2]))));
  const auto context = services::architectureContext(resolved);
  const auto space = tableSpace(context);
  auto table = readTable(file);
  table["context"] = {{"shape", context.graph.inputs.front().shape}, {"outputs", context.graph.outputs}};
  std::mutex writing;
  std::atomic<std::size_t> next{0};
  const auto work = [&](int worker) {
    for (auto i = next++; i < networks; i = next++) {
      const auto key = std::to_string(i);
      {
        const std::lock_guard lock(writing);
        if (table["networks"].contains(key)) continue;
      }
      engine::TrainingRequest request;
      request.model = resolved.model;
      request.model.graph = orExit(search::buildArchitecture("cells", space, configurationOf(space, i), context));
      request.training = resolved.spec.training;
      request.data = data;
      request.lasting = false;
      request.checkpointFolder = folder / std::to_string(worker);
      Silent observer;
      engine::TrainingControl control;
      const auto trained = orExit(engine->train(request, observer, control));
      const auto value = trained.metrics.at("val/accuracy").toReal();
      const std::lock_guard lock(writing);
      table["networks"][key] = value;
      if (table["networks"].size() % 16 == 0 || table["networks"].size() == networks) {
        static_cast<void>(writeFileAtomically(file, table.dump(1)));
        std::fprintf(stderr, "%zu of %zu\n", table["networks"].size(), networks);
      }
    }
  };
  std::vector<std::jthread> workers;
  for (int i = 0; i < std::atoi(arguments[4]); ++i) workers.emplace_back(work, i);
  return 0;
}

struct Sum {
  double regret = 0, square = 0;
  int better = 0, worse = 0;
};

int searchOn(char** arguments) {
  const auto table = readTable(arguments[0]);
  std::vector<double> values(networks, std::nan(""));
  for (const auto& [key, value] : table.at("networks").items()) values.at(std::stoul(key)) = value.get<double>();
  const double best = *std::max_element(values.begin(), values.end());
  spec::TemplateContext context;
  context.graph.inputs.push_back({"image", table["context"]["shape"].get<spec::Shape>(), {}});
  context.graph.outputs = table["context"]["outputs"].get<std::int64_t>();
  const auto space = tableSpace(context);
  search::ArchitectureStudy study;
  study.space = "cells";
  study.context = context;
  const int seeds = std::atoi(arguments[1]), trials = std::atoi(arguments[2]);
  std::vector<double> baseline;
  Json out = Json::object();
  for (const char* method : {"random", "evolution", "tpe"}) {
    std::vector<double> regrets;
    for (int seed = 0; seed < seeds; ++seed) {
      search::SamplerSetup setup;
      setup.space = space;
      setup.seed = static_cast<std::uint64_t>(seed);
      setup.budget = trials;
      auto sampler = search::makeArchitectureSampler(method, setup, study);
      if (!sampler) {
        std::fprintf(stderr, "%s\n", sampler.error().sentence().c_str());
        break;
      }
      double found = 0;
      for (int trial = 0; trial < trials; ++trial) {
        const auto proposed = (*sampler)->propose(trial);
        if (!proposed) break;
        const double value = values[numberOf(space, *proposed)];
        (*sampler)->begin(trial, *proposed);
        (*sampler)->tell({trial, *proposed, search::TrialState::Complete, {-value}});
        found = std::max(found, value);
      }
      regrets.push_back(best - found);
    }
    if (regrets.empty()) continue;
    if (baseline.empty()) baseline = regrets;
    Sum sum;
    double mean = 0;
    for (std::size_t i = 0; i < regrets.size(); ++i) {
      mean += regrets[i] / static_cast<double>(regrets.size());
      const double gain = baseline[i] - regrets[i];
      sum.regret += gain;
      sum.square += gain * gain;
      sum.better += gain > 0;
      sum.worse += gain < 0;
    }
    const auto n = static_cast<double>(regrets.size());
    const double gain = sum.regret / n;
    const double error = std::sqrt(std::max(0.0, sum.square / n - gain * gain) / n);
    out[method] = {{"mean_regret", mean},
                   {"gain_on_random", gain},
                   {"gain_low", gain - 1.96 * error},
                   {"gain_high", gain + 1.96 * error},
                   {"better", sum.better},
                   {"worse", sum.worse}};
  }
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "make" && argc == 7) return make(argv + 2);
  if (what == "search" && argc == 5) return searchOn(argv + 2);
  std::fprintf(stderr, "bench_nas_table make DATA TABLE ROWS EPOCHS WORKERS | search TABLE SEEDS TRIALS\n");
  return 2;
}

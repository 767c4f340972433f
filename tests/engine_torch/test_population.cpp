// SPDX-License-Identifier: GPL-3.0-or-later
// Populations: each member is trained as it would be alone, whatever becomes of the others.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <list>

#include "core/engine/population.h"
#include "core/engine_torch/torch_engine.h"
#include "core/spec/customary.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using engine::TrainingControl;
using engine::TrainingOutcome;
using engine::TrainingRequest;

namespace {

constexpr std::size_t trials = 5;

/// Different in all that may differ. Rates are moderate and activations smooth, because rounding grows with either: a
/// ReLU whose input is 1e-8 has another slope than one whose input is -1e-8.
struct Trial {
  double lr, momentum, beta1, beta2, decay, dropout, smoothing, clip;
  bool nesterov;
  const char* schedule;
};
constexpr std::array<Trial, trials> differences{{{0.02, 0.9, 0.9, 0.999, 0.01, 0.1, 0, 0, false, "cosine"},
                                                 {0.05, 0, 0.8, 0.99, 0, 0.3, 0.1, 0, false, "constant"},
                                                 {0.01, 0.5, 0.95, 0.999, 0.1, 0, 0, 0.5, true, "one_cycle"},
                                                 {0.03, 0.8, 0.9, 0.98, 0.001, 0.05, 0.05, 2, false, "linear"},
                                                 {0.005, 0.95, 0.7, 0.9, 0.03, 0.5, 0, 0, true, "cosine"}}};

class Population {
 public:
  /// 100 steps: 280 training rows in 5 epochs of 20 batches.
  Population(const std::filesystem::path& folder, const std::string& optimizer, const std::string& network,
             const spec::ValueMap& settings = {})
      : m_folder(folder), m_engine(engine::makeTorchEngine()) {
    const auto data = mixedTable(spec::Task::Classification);
    for (std::size_t i = 0; i < trials; ++i) {
      auto request = requestFor(data, folder / "together" / std::to_string(i), 5);
      request.model.preprocessing.categories = "embedding";
      const auto context = spec::graphContext(data->schema, request.model.fitted, request.model.preprocessing);
      auto all = settings;
      all["dropout"] = 0.1;
      auto graph = spec::buildTemplate(network, all, {context, data->schema.task, 280});
      REQUIRE_OK(graph);
      request.model.graph = std::move(*graph);
      const auto& trial = differences[i];
      for (auto& layer : request.model.graph.layers)
        if (layer.kind == "dropout") layer.attributes["p"] = trial.dropout;
      auto& training = request.training;
      training.batchSize = 14;
      training.seed = 10 + i;
      training.executor = "libtorch";
      training.clipNorm = trial.clip;
      training.loss.labelSmoothing = trial.smoothing;
      training.schedule.name = trial.schedule;
      auto& rule = training.optimizer;
      rule = spec::customaryOptimizer(optimizer);
      rule.lr = trial.lr * (optimizer == "sgd" ? 1 : 0.05);
      rule.momentum = trial.momentum;
      rule.nesterov = trial.nesterov;
      rule.beta1 = trial.beta1;
      rule.beta2 = trial.beta2;
      rule.weightDecay = trial.decay;
      requests.push_back(std::move(request));
    }
  }

  std::vector<Result<engine::TrainingSummary>> train() {
    std::vector<engine::PopulationMember> members;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      observers.emplace_back();
      controls.emplace_back();
      members.push_back({&requests[i], &observers.back(), &controls.back()});
      if (prepare) prepare(i, observers.back(), controls.back());
    }
    return m_engine->trainPopulation(members);
  }

  /// The same member by itself, into a folder of its own.
  Result<engine::TrainingSummary> alone(std::size_t i, RecordingObserver& seen, const std::string& name = "alone") {
    auto request = requests[i];
    request.checkpointFolder = folderOf(i, name);
    return tests::train(*m_engine, request, seen);
  }

  /// Each is what it is alone: weights, curves, outcome.
  void checkAlone(std::size_t i, const Result<engine::TrainingSummary>& together) {
    REQUIRE_OK(together);
    RecordingObserver seen;
    const auto summary = alone(i, seen);
    REQUIRE_OK(summary);
    CHECK_EQ(together->steps, summary->steps);
    CHECK_EQ(together->bestEpoch, summary->bestEpoch);
    checkWeights(i, folderOf(i, "alone") / "last.ckpt");
    auto& own = *std::next(observers.begin(), static_cast<std::ptrdiff_t>(i));
    for (const char* name : {"train/loss", "optim/lr", "optim/momentum", "optim/grad_norm", "val/loss"}) {
      const auto& a = own.curve(name);
      const auto& b = seen.curve(name);
      REQUIRE(a.size() == b.size() && !a.empty() == (own.has(name)));
      double worst = 0;
      std::int64_t from = 0;
      for (std::size_t k = 0; k < a.size(); ++k) {
        CHECK_EQ(a[k].first, b[k].first);
        const double difference = std::abs(a[k].second - b[k].second) / std::max(1.0, std::abs(b[k].second));
        worst = std::max(worst, difference);
        if (difference > 1e-5 && from == 0) from = a[k].first;
      }
      if (!(worst <= 1e-4))
        lathe::testing::reportFailure(__FILE__, __LINE__,
                                      fmt::format("{} member {}: {} differs by {:.2g}, from step {} on",
                                                  requests[i].training.optimizer.name, i, name, worst, from));
    }
    CHECK_EQ(own.histogramsAt.size(), seen.histogramsAt.size());
    CHECK(!own.histogramsAt.empty() &&
          own.histogramsAt.begin()->second.size() == seen.histogramsAt.begin()->second.size());
    CHECK_EQ(own.snapshots.size(), seen.snapshots.size());
  }

  void checkWeights(std::size_t i, const std::filesystem::path& expected) const {
    const auto ours = engine::readCheckpoint(requests[i].checkpointFolder / "last.ckpt");
    const auto theirs = engine::readCheckpoint(expected);
    REQUIRE_OK(ours);
    REQUIRE_OK(theirs);
    CHECK_EQ(ours->tensors.size(), theirs->tensors.size());
    for (const auto& tensor : theirs->tensors) {
      const auto* own = ours->find(tensor.name);
      REQUIRE(own != nullptr && own->shape == tensor.shape && own->dtype == tensor.dtype);
      if (tensor.name == "dropout.generator") CHECK(own->bytes == tensor.bytes);
      if (tensor.dtype != "F32" || tensor.name.rfind("optimizer.", 0) == 0 || tensor.name.rfind("good.", 0) == 0)
        continue;
      const double worst = apart(*own, tensor);
      if (!(worst <= 1e-5))
        lathe::testing::reportFailure(__FILE__, __LINE__,
                                      fmt::format("{} member {}: {} differs by {:.2g}",
                                                  requests[i].training.optimizer.name, i, tensor.name, worst));
    }
  }

  [[nodiscard]] std::filesystem::path folderOf(std::size_t i, const std::string& name) const {
    return m_folder / name / std::to_string(i);
  }
  [[nodiscard]] engine::Engine& engine() { return *m_engine; }

  std::vector<TrainingRequest> requests;
  std::list<RecordingObserver> observers;
  std::list<TrainingControl> controls;
  std::function<void(std::size_t, RecordingObserver&, TrainingControl&)> prepare;

 private:
  /// The largest difference, relative to the largest number.
  static double apart(const engine::NamedTensor& a, const engine::NamedTensor& b) {
    const auto count = b.bytes.size() / sizeof(float);
    std::vector<float> x(count), y(count);
    std::memcpy(x.data(), a.bytes.data(), a.bytes.size());
    std::memcpy(y.data(), b.bytes.data(), b.bytes.size());
    double difference = 0;
    double largest = 1e-30;
    for (std::size_t k = 0; k < count; ++k) {
      if (!std::isfinite(x[k])) return 1e9;
      difference = std::max(difference, std::abs(static_cast<double>(x[k]) - y[k]));
      largest = std::max(largest, std::abs(static_cast<double>(y[k])));
    }
    return difference / largest;
  }

  std::filesystem::path m_folder;
  std::unique_ptr<engine::Engine> m_engine;
};

/// Asks one member for something once it has done a step.
auto askAt(std::size_t member, std::int64_t step, TrainingControl::Request ask) {
  return [=](std::size_t i, RecordingObserver& observer, TrainingControl& control) {
    if (i != member) return;
    observer.atStep = [&control, step, ask](std::int64_t done) {
      if (done == step) control.request(ask);
    };
  };
}

}  // namespace

LATHE_TEST("a population of different settings is after 100 steps what each member is alone") {
  for (const char* optimizer : {"sgd", "adam", "adamw"})
    for (const auto& [network, settings] : std::vector<std::pair<std::string, spec::ValueMap>>{
             {"mlp", {{"normalization", "batch"}, {"activation", "silu"}}}, {"resmlp", {{"activation", "silu"}}}}) {
      const TempFolder folder;
      Population population(folder.path(), optimizer, network, settings);
      const auto results = population.train();
      REQUIRE(results.size() == trials);
      for (std::size_t i = 0; i < trials; ++i) {
        population.checkAlone(i, results[i]);
        CHECK_EQ(results[i]->steps, 100);
        CHECK(results[i]->outcome == TrainingOutcome::Completed);
      }
    }
}

LATHE_TEST("members of a population are cancelled, stop early and fail by themselves") {
  const TempFolder folder;
  Population population(folder.path(), "sgd", "mlp", {{"activation", "silu"}});
  auto& requests = population.requests;
  for (auto& request : requests) request.training.batchSize = 16;  // a short last batch
  requests[1].training.epochs = 2;
  requests[3].training.optimizer.lr = 1e6;
  requests[3].training.clipNorm = 0;
  requests[3].training.spikeGuard = false;
  population.prepare = askAt(0, 30, TrainingControl::Request::Cancel);
  const auto results = population.train();
  REQUIRE_OK(results[0]);
  CHECK(results[0]->outcome == TrainingOutcome::Cancelled);
  CHECK_EQ(results[0]->steps, 30);
  for (const std::size_t i : {1, 2, 4}) {
    population.checkAlone(i, results[i]);
    CHECK(results[i]->outcome == TrainingOutcome::Completed);
  }
  CHECK_EQ(results[1]->epochs, 2);
  CHECK_EQ(results[4]->epochs, 5);
  RecordingObserver seen;
  const auto alone = population.alone(3, seen);
  REQUIRE(!alone && !results[3]);
  CHECK_EQ(results[3].error().code, "engine.diverged");
  CHECK_EQ(results[3].error().sentence(), alone.error().sentence());
}

LATHE_TEST("a member that goes back to its last good state does so alone") {
  const TempFolder folder;
  Population population(folder.path(), "sgd", "mlp", {{"activation", "silu"}});
  population.requests[2].training.optimizer.lr = 1e6;
  population.requests[2].training.clipNorm = 0;
  const auto results = population.train();
  for (const std::size_t i : {0, 1, 3, 4}) population.checkAlone(i, results[i]);
  RecordingObserver seen;
  const auto alone = population.alone(2, seen);
  const auto count = [](const RecordingObserver& observer) {
    return std::count_if(observer.events.begin(), observer.events.end(),
                         [](const auto& event) { return event.first == "rolled_back"; });
  };
  CHECK(count(seen) > 0);
  CHECK_EQ(count(*std::next(population.observers.begin(), 2)), count(seen));
  CHECK_EQ(results[2].has_value(), alone.has_value());
}

LATHE_TEST("a paused member is promoted: it goes on alone, and a training alone goes on in a population") {
  for (const char* optimizer : {"sgd", "adamw"}) {
    const TempFolder folder;
    Population population(folder.path(), optimizer, "resmlp", {{"activation", "silu"}});
    RecordingObserver whole, before, after;
    // Member 4 was begun alone and comes in the midst of an epoch, out of step with the others.
    auto begun = population.requests[4];
    begun.checkpointFolder = population.folderOf(4, "together");
    const auto paused = trainUntil(population.engine(), begun, before, 33, TrainingControl::Request::Pause);
    REQUIRE_OK(paused);
    population.requests[4].resumeFrom = paused->lastCheckpoint;
    population.prepare = askAt(1, 47, TrainingControl::Request::Pause);
    const auto results = population.train();
    for (const std::size_t i : {0, 2, 3}) population.checkAlone(i, results[i]);
    REQUIRE_OK(results[1]);
    REQUIRE_OK(results[4]);
    CHECK(results[1]->outcome == TrainingOutcome::Paused);
    CHECK_EQ(results[1]->steps, 47);
    CHECK_EQ(results[4]->steps, 100);
    auto promoted = population.requests[1];
    promoted.resumeFrom = results[1]->lastCheckpoint;
    const auto summary = train(population.engine(), promoted, after);
    REQUIRE_OK(summary);
    CHECK_EQ(summary->steps, 100);
    REQUIRE_OK(population.alone(1, whole));
    population.checkWeights(1, population.folderOf(1, "alone") / "last.ckpt");
    population.requests[4].resumeFrom.reset();
    RecordingObserver fourth;
    REQUIRE_OK(population.alone(4, fourth));
    population.checkWeights(4, population.folderOf(4, "alone") / "last.ckpt");
  }
}

LATHE_TEST("ensembles and learnt activations train in populations") {
  for (const auto& [network, settings] : std::vector<std::pair<std::string, spec::ValueMap>>{
           {"tabm", {{"members", 4}, {"activation", "silu"}}}, {"realmlp", {{"hidden", 24}}}}) {
    const TempFolder folder;
    Population population(folder.path(), "sgd", network, settings);
    for (auto& request : population.requests) request.training.epochs = 1;
    const auto results = population.train();
    for (std::size_t i = 0; i < trials; ++i) population.checkAlone(i, results[i]);
  }
}

LATHE_TEST("trainings that cannot share their steps are refused with the setting's name") {
  const TempFolder folder;
  Population population(folder.path(), "adamw", "mlp");
  auto& engine = population.engine();
  const auto refusal = [&](const TrainingRequest& changed) {
    const std::vector<const TrainingRequest*> both{&population.requests[0], &changed};
    const auto checked = engine.checkPopulation(both);
    if (checked) return std::string();
    RecordingObserver a, b;
    TrainingControl none;
    const std::vector<engine::PopulationMember> members{{both[0], &a, &none}, {both[1], &b, &none}};
    const auto results = engine.trainPopulation(members);
    REQUIRE(results.size() == 2);
    for (const auto& result : results) CHECK(!result && result.error() == checked.error());
    CHECK(a.curves.empty() && b.curves.empty());
    return checked.error().code + " " + checked.error().sentence();
  };
  const auto changed = [&](const auto& change) {
    auto request = population.requests[1];
    change(request);
    const auto text = refusal(request);
    return text.rfind("engine.population", 0) == 0 ? text : "?" + text;
  };
  const auto names = [](const std::string& text, const char* what) {
    if (text.find(what) == std::string::npos)
      lathe::testing::reportFailure(__FILE__, __LINE__, text + " does not name " + what);
  };
  CHECK_EQ(refusal(population.requests[1]), "");
  names(changed([](auto& r) { r.training.batchSize = 15; }), "training.batch_size");
  names(changed([](auto& r) { r.training.threads = 2; }), "training.threads");
  names(changed([](auto& r) { r.training.optimizer.name = "adam"; }), "training.optimizer.name");
  names(changed([](auto& r) { r.training.optimizer.name = "muon"; }), "training.optimizer.name=muon");
  names(changed([](auto& r) { r.training.optimizer.hypergradient = 0.01; }), "training.optimizer.hypergradient");
  names(changed([](auto& r) { r.training.average.name = "ema"; }), "training.average.name=ema");
  names(changed([](auto& r) { r.training.accumulateSteps = 2; }), "training.accumulate_steps");
  names(changed([](auto& r) { r.training.freeze = "backbone"; }), "training.freeze=backbone");
  names(changed([](auto& r) { r.training.executor = "fused"; }), "training.executor=fused");
  names(changed([](auto& r) { r.training.precision = "bfloat16"; }), "training.precision=bfloat16");
  names(changed([](auto& r) { r.data = mixedTable(spec::Task::Classification); }), "the data");
  names(changed([](auto& r) { r.model.fitted.features[0].fill += 1; }), "the preprocessing");
  names(changed([](auto& r) {
          for (auto& layer : r.model.graph.layers)
            if (layer.kind == "relu") layer.kind = "gelu";
        }),
        "the layer act");
  names(changed([](auto& r) {
          for (auto& layer : r.model.graph.layers)
            if (layer.kind == "linear" && layer.name != "output") layer.attributes["out"] = 7;
        }),
        "fc");
  const auto images = quarterImages();
  const auto convolutional = requestFor(images, folder / "images");
  const std::vector<const TrainingRequest*> one{&convolutional};
  const auto refused = engine.checkPopulation(one);
  REQUIRE(!refused);
  names(refused.error().sentence(), "the layer conv1");
  CHECK(engine.trainPopulation({}).empty());
}

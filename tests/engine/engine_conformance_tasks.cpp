// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/spec/targets.h"
#include "tests/engine/engine_conformance.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// The part of the suite about what is predicted: labels, several targets, quantiles and counts.
using namespace lathe;
using namespace lathe::tests;

namespace {

struct Sample {
  std::shared_ptr<data::Dataset> data = std::make_shared<data::Dataset>();
  spec::ModelDescription model;
  spec::LossSpec loss;
};

double metric(const engine::TrainingSummary& summary, const std::string& name) {
  const auto found = summary.metrics.find(name);
  return found == summary.metrics.end() ? std::nan("") : found->second.toReal(std::nan(""));
}

/// Two features; what is to be learnt of them is simple for a line.
Sample sampleFor(spec::Task task, const std::string& loss, std::size_t rows = 600) {
  Sample sample;
  auto& data = *sample.data;
  data.rows = rows;
  data.schema.inputShape = {2};
  data.schema.features = {{"a", spec::ColumnKind::Real, 0, 1, {}}, {"b", spec::ColumnKind::Real, 1, 1, {}}};
  data.schema.task = task;
  data.schema.target.name = "y";
  sample.loss.name = loss;
  if (task == spec::Task::Multilabel) data.schema.target.classes = {"left", "high", "both"};
  if (task == spec::Task::Classification) data.schema.target.classes = {"common", "rare"};
  const bool several = task == spec::Task::Regression && loss != "poisson";
  if (several) data.schema.target.columns = {"y", "z"};
  Random random(11, "tasks");
  for (std::uint32_t row = 0; row < rows; ++row) {
    const double a = random.normal();
    const double b = random.normal();
    data.table.insert(data.table.end(), {static_cast<float>(a), static_cast<float>(b)});
    if (task == spec::Task::Multilabel) {
      for (const bool set : {a<0, b> 0, a + b > 0}) data.labels.push_back(set ? 1 : 0);
    } else if (task == spec::Task::Classification) {
      data.classes.push_back(a + 0.5 * random.normal() > 1.5 ? 1 : 0);
    } else if (loss == "poisson") {
      // The rounded mean stands for a count.
      data.targets.push_back(static_cast<float>(std::floor(std::exp(1 + 0.7 * a) + random.uniform())));
    } else {
      const double noise = task == spec::Task::Quantile ? 2 * random.normal() : 0.05 * random.normal();
      data.targets.push_back(static_cast<float>(10 + 3 * a + noise));
      if (several) data.targets.push_back(static_cast<float>(-2000 + 500 * b + 10 * noise));
    }
    (row % 10 < 7 ? data.split.train : data.split.validation).push_back(row);
  }
  auto& model = sample.model;
  model.schema = data.schema;
  spec::applyLoss(model.schema, sample.loss);
  model.fitted.features.resize(2);
  const auto targets = spec::targetCount(data.schema);
  for (std::size_t t = 0; t < targets && !data.targets.empty(); ++t) {
    double mean = 0;
    double square = 0;
    for (std::size_t row = 0; row < rows; ++row) mean += data.targets[row * targets + t] / static_cast<double>(rows);
    for (std::size_t row = 0; row < rows; ++row)
      square += std::pow(data.targets[row * targets + t] - mean, 2) / static_cast<double>(rows);
    model.fitted.targetMeans.push_back(mean);
    model.fitted.targetStds.push_back(std::sqrt(square));
  }
  if (!model.fitted.targetMeans.empty()) {
    model.fitted.targetMean = model.fitted.targetMeans.front();
    model.fitted.targetStd = model.fitted.targetStds.front();
  }
  const auto outputs = static_cast<std::int64_t>(spec::outputCount(model.schema));
  model.graph = {{{"out", "linear", {{"out", outputs}}, {"features"}}}};
  return sample;
}

engine::TrainingRequest requestOf(const Sample& sample, const std::filesystem::path& folder, int epochs) {
  engine::TrainingRequest request;
  request.model = sample.model;
  request.data = sample.data;
  request.checkpointFolder = folder;
  request.training.epochs = epochs;
  request.training.batchSize = 32;
  request.training.threads = 1;
  request.training.device = "cpu";
  request.training.loss = sample.loss;
  request.training.optimizer.lr = 0.05;
  request.training.optimizer.weightDecay = 0;
  return request;
}

std::vector<std::pair<spec::Task, std::string>> tasksAndLosses() {
  using spec::Task;
  return {{Task::Multilabel, "bce"},   {Task::Multilabel, "focal"},    {Task::Regression, "mse"},
          {Task::Regression, "mae"},   {Task::Regression, "huber"},    {Task::Regression, "poisson"},
          {Task::Quantile, "pinball"}, {Task::Classification, "focal"}};
}

}  // namespace

LATHE_TEST("conformance: every task learns, and reports its own curves") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& [task, loss] : tasksAndLosses()) {
    const auto sample = sampleFor(task, loss);
    RecordingObserver seen;
    const auto summary = train(*engine, requestOf(sample, folder / (loss + spec::name(task)), 20), seen);
    REQUIRE_OK(summary);
    const auto& losses = seen.curve("val/loss");
    CHECK_EQ(losses.size(), std::size_t{20});
    CHECK(losses.back().second < losses.front().second);
    const auto steps = static_cast<std::size_t>(summary->steps);
    if (task == spec::Task::Multilabel) {
      CHECK_EQ(seen.curve("train/accuracy").size(), steps);
      CHECK(metric(*summary, "val/accuracy") > 0.8);
      CHECK(metric(*summary, "val/f1_macro") > 0.9);
    } else if (task == spec::Task::Quantile) {
      CHECK_EQ(seen.curve("train/pinball").size(), steps);
      CHECK_EQ(seen.curve("train/mae").size(), steps);
      CHECK(!seen.has("train/rmse"));
      // Normal noise with deviation 2: the band of 0.1 to 0.9 holds four in five, the middle errs by 2 * 0.798.
      CHECK(std::abs(metric(*summary, "val/interval_coverage") - 0.8) < 0.1);
      CHECK(std::abs(metric(*summary, "val/mae") - 1.6) < 0.25);
      CHECK(std::abs(metric(*summary, "train/pinball") - metric(*summary, "val/pinball")) < 0.15);
    } else if (task == spec::Task::Regression) {
      CHECK_EQ(seen.curve("train/mae").size(), steps);
      CHECK_EQ(seen.has("train/rmse"), loss == "poisson");
      CHECK(metric(*summary, "val/r2") > (loss == "poisson" ? 0.9 : 0.98));
    }
  }
}

LATHE_TEST("conformance: predictions of every task have its shape, and exports give the same") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& [task, loss] : tasksAndLosses()) {
    const auto sample = sampleFor(task, loss);
    RecordingObserver seen;
    const auto summary = train(*engine, requestOf(sample, folder / (loss + spec::name(task)), 3), seen);
    REQUIRE_OK(summary);
    const auto model = engine->load(summary->bestCheckpoint);
    REQUIRE_OK(model);
    CHECK((*model)->schema() == sample.model.schema);
    const auto given = (*model)->predict(*sample.data, sample.data->split.validation);
    REQUIRE_OK(given);
    CHECK_EQ(given->columns, spec::outputCount(sample.model.schema));
    for (const auto& [name, value] :
         engine::scores(*given, *sample.data, sample.data->split.validation, sample.model, sample.loss)) {
      if (!std::isfinite(value)) continue;
      CHECK(std::abs(value - metric(*summary, "val/" + name)) <= 1e-5 * std::max(1.0, std::abs(value)));
    }
    REQUIRE_OK(engine->exportTorchScript(summary->bestCheckpoint, folder / "model.pt"));
    const auto exported = engine->loadTorchScript(folder / "model.pt");
    REQUIRE_OK(exported);
    CHECK((*exported)->schema() == sample.model.schema);
    CHECK((*exported)->scoring() && (*exported)->scoring()->loss.name == loss);
    const auto again = (*exported)->predict(*sample.data, sample.data->split.validation);
    REQUIRE_OK(again);
    CHECK_EQ(again->columns, given->columns);
    CHECK(largestDifference(*again, *given) <= 1e-5);
  }
}

LATHE_TEST("conformance: quantiles of a row never cross, and mean their own target") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto sample = sampleFor(spec::Task::Quantile, "pinball");
  sample.loss.quantiles = {0.3, 0.5, 0.52, 0.7};
  spec::applyLoss(sample.model.schema, sample.loss);
  sample.model.graph.layers[0].attributes["out"] = 4;
  RecordingObserver seen;
  // Barely trained, at a rate that lets them cross inside.
  auto request = requestOf(sample, folder.path(), 1);
  request.training.optimizer.lr = 0.5;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  const auto model = engine->load(summary->bestCheckpoint);
  REQUIRE_OK(model);
  const auto given = (*model)->predict(*sample.data, {});
  REQUIRE_OK(given);
  for (std::size_t row = 0; row < given->rows; ++row)
    CHECK(std::is_sorted(given->values.begin() + static_cast<std::ptrdiff_t>(row * 4),
                         given->values.begin() + static_cast<std::ptrdiff_t>(row * 4 + 4)));
}

LATHE_TEST("conformance: a negative count is refused with its row") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto sample = sampleFor(spec::Task::Regression, "poisson");
  sample.data->targets[2] = -1;
  RecordingObserver seen;
  const auto refused = train(*engine, requestOf(sample, folder.path(), 1), seen);
  CHECK(!refused);
  if (!refused) CHECK_EQ(refused.error().code, std::string("engine.negative_count"));
  if (!refused) CHECK(refused.error().sentence().find("Row 3") != std::string::npos);
}

LATHE_TEST("conformance: labels and targets that do not fit the rows are refused") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& [task, loss] : {std::pair{spec::Task::Multilabel, "bce"}, {spec::Task::Quantile, "pinball"}}) {
    const auto sample = sampleFor(task, loss);
    auto broken = std::make_shared<data::Dataset>(*sample.data);
    if (task == spec::Task::Multilabel) broken->labels.pop_back();
    if (task == spec::Task::Quantile) broken->targets[0] = std::nanf("");
    auto request = requestOf(sample, folder.path(), 1);
    request.data = broken;
    RecordingObserver seen;
    CHECK(!train(*engine, request, seen));
  }
}

LATHE_TEST("conformance: a training of quantiles and one of labels, paused inside an epoch, go on to the same bits") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& [task, loss] : {std::pair{spec::Task::Multilabel, "focal"}, {spec::Task::Quantile, "pinball"}}) {
    const auto sample = sampleFor(task, loss);
    const auto whole = requestOf(sample, folder / (std::string("whole") + loss), 4);
    RecordingObserver uninterrupted;
    const auto expected = train(*engine, whole, uninterrupted);
    REQUIRE_OK(expected);
    auto first = requestOf(sample, folder / (std::string("parts") + loss), 4);
    RecordingObserver before;
    const auto paused = trainUntil(*engine, first, before, 20, engine::TrainingControl::Request::Pause);
    REQUIRE_OK(paused);
    first.resumeFrom = paused->lastCheckpoint;
    RecordingObserver after;
    const auto resumed = train(*engine, first, after);
    REQUIRE_OK(resumed);
    CHECK(sameTensors(resumed->bestCheckpoint, expected->bestCheckpoint));
    CHECK(resumed->metrics == expected->metrics);
    const auto* curve = task == spec::Task::Quantile ? "train/pinball" : "train/accuracy";
    CHECK(after.curve(curve).back() == uninterrupted.curve(curve).back());
  }
}

LATHE_TEST("conformance: a tuned threshold is kept with the best checkpoint, the export, and through a pause") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto sample = sampleFor(spec::Task::Classification, "cross_entropy");
  auto request = requestOf(sample, folder / "tuned", 6);
  request.training.decisionThreshold = "tuned";
  RecordingObserver seen;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  const double threshold = metric(*summary, "data/decision");
  CHECK(threshold > 0 && threshold < 0.45);  // the second class is rare
  CHECK_EQ(seen.curve("data/decision").size(), std::size_t{6});
  const auto model = engine->load(summary->bestCheckpoint);
  REQUIRE_OK(model);
  REQUIRE((*model)->scoring().has_value());
  CHECK_EQ((*model)->scoring()->threshold, threshold);
  REQUIRE_OK(engine->exportTorchScript(summary->bestCheckpoint, folder / "model.pt"));
  const auto exported = engine->loadTorchScript(folder / "model.pt");
  REQUIRE_OK(exported);
  CHECK_EQ((*exported)->scoring()->threshold, threshold);

  // The same weights decided by the more probable class are worse at what was tuned, and their probabilities the same.
  const auto given = (*model)->predict(*sample.data, sample.data->split.validation);
  REQUIRE_OK(given);
  const auto scored = [&](double at) {
    std::map<std::string, double> values;
    for (const auto& [name, value] :
         engine::scores(*given, *sample.data, sample.data->split.validation, sample.model, sample.loss, at))
      values[name] = value;
    return values;
  };
  const auto tuned = scored(threshold);
  const auto plain = scored(0.5);
  CHECK(tuned.at("balanced_accuracy") > plain.at("balanced_accuracy"));
  CHECK_EQ(tuned.at("log_loss"), plain.at("log_loss"));
  CHECK(std::abs(metric(*summary, "val/balanced_accuracy") - tuned.at("balanced_accuracy")) < 1e-6);

  auto parts = requestOf(sample, folder / "parts", 6);
  parts.training.decisionThreshold = "tuned";
  RecordingObserver before;
  const auto paused = trainUntil(*engine, parts, before, 30, engine::TrainingControl::Request::Pause);
  REQUIRE_OK(paused);
  parts.resumeFrom = paused->lastCheckpoint;
  RecordingObserver after;
  const auto resumed = train(*engine, parts, after);
  REQUIRE_OK(resumed);
  CHECK(resumed->metrics == summary->metrics);
}

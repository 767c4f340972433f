// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/engine_samples.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/base/random.h"

namespace lathe::tests {
namespace {

using spec::ColumnKind;

constexpr int shops = 30;
constexpr std::size_t tableWidth = 7;

void splitRows(data::Dataset& data) {
  for (std::uint32_t row = 0; row < data.rows; ++row)
    (row % 10 < 7 ? data.split.train : row % 10 < 9 ? data.split.validation : data.split.test).push_back(row);
}

spec::DataSchema tableSchema(spec::Task task) {
  spec::DataSchema schema;
  schema.inputShape = {static_cast<std::int64_t>(tableWidth)};
  std::vector<std::string> shopNames;
  for (int i = 0; i < shops; ++i) shopNames.push_back("shop" + std::to_string(i));
  schema.features = {{"size", ColumnKind::Real, 0, 1, {}},
                     {"count", ColumnKind::Integer, 1, 1, {}},
                     {"colour", ColumnKind::Category, 2, 1, {"red", "green", "blue"}},
                     {"shop", ColumnKind::Category, 3, 1, shopNames},
                     {"member", ColumnKind::Boolean, 4, 1, {"no", "yes"}},
                     {"when", ColumnKind::DateTime, 5, 2, {}}};
  schema.task = task;
  schema.target.name = "target";
  if (task == spec::Task::Classification) schema.target.classes = {"low", "middle", "high"};
  return schema;
}

spec::FittedFeature fitColumn(const data::Dataset& data, std::size_t column, std::size_t width) {
  std::vector<float> values;
  bool missing = false;
  for (const auto row : data.split.train) {
    const float value = data.table[row * width + column];
    if (std::isnan(value))
      missing = true;
    else
      values.push_back(value);
  }
  std::sort(values.begin(), values.end());
  double mean = 0;
  double square = 0;
  for (const float value : values) mean += value / static_cast<double>(values.size());
  for (const float value : values) square += (value - mean) * (value - mean) / static_cast<double>(values.size());
  spec::FittedFeature fitted;
  if (values.empty()) return {};
  fitted.fill = values[values.size() / 2];
  fitted.indicator = missing;
  fitted.shift = mean;
  fitted.scale = square > 0 ? 1 / std::sqrt(square) : 1;
  for (std::size_t q = 0; q <= 20; ++q) fitted.quantiles.push_back(values[q * (values.size() - 1) / 20]);
  return fitted;
}

spec::FittedPreprocessing fit(const data::Dataset& data) {
  spec::FittedPreprocessing fitted;
  for (const auto& feature : data.schema.features)
    fitted.features.push_back(feature.text.buckets > 0 ? spec::FittedFeature{}
                                                       : fitColumn(data, static_cast<std::size_t>(feature.offset),
                                                                   data::rowWidth(data.schema)));
  const auto count = static_cast<double>(data.split.train.size());
  if (data.schema.task == spec::Task::Classification) {
    fitted.classFrequencies.assign(data.schema.target.classes.size(), 0);
    for (const auto row : data.split.train)
      fitted.classFrequencies[static_cast<std::size_t>(data.classes[row])] += 1 / count;
  } else if (data.schema.task != spec::Task::Anomaly) {
    double square = 0;
    for (const auto row : data.split.train) fitted.targetMean += data.targets[row] / count;
    for (const auto row : data.split.train) square += std::pow(data.targets[row] - fitted.targetMean, 2) / count;
    fitted.targetStd = std::sqrt(square);
  }
  if (data.schema.image) {
    fitted.channelMean = {96};
    fitted.channelStd = {80};
  }
  return fitted;
}

spec::LayerNode layer(std::string name, std::string kind, spec::ValueMap attributes = {},
                      std::vector<std::string> inputs = {}) {
  return {std::move(name), std::move(kind), std::move(attributes), std::move(inputs)};
}

spec::ModelGraph tableGraph(int outputs) {
  return {{layer("wide", "linear", {{"out", 24}}, {"features"}),
           layer("shops", "embedding", {{"size", 4}}, {"categories"}), layer("joined", "concat", {}, {"wide", "shops"}),
           layer("norm1", "batchnorm1d"), layer("act1", "relu"), layer("drop1", "dropout", {{"p", 0.1}}),
           layer("fc2", "linear", {{"out", 28}}), layer("act2", "gelu"), layer("sum", "add", {}, {"act2", "joined"}),
           layer("norm2", "layernorm"), layer("act3", "silu"), layer("out", "linear", {{"out", outputs}})}};
}

spec::ModelGraph imageGraph(int outputs) {
  return {{layer("conv1", "conv2d", {{"out", 8}, {"kernel", spec::Value::List{3}}, {"padding", spec::Value::List{1}}}),
           layer("norm1", "batchnorm2d"), layer("act1", "relu"), layer("pool1", "maxpool2d"),
           layer("conv2", "conv2d", {{"out", 12}, {"kernel", spec::Value::List{3}}, {"padding", spec::Value::List{1}}}),
           layer("act2", "tanh"), layer("flat", "flatten"), layer("drop", "dropout", {{"p", 0.2}}),
           layer("out", "linear", {{"out", outputs}})}};
}

}  // namespace

std::shared_ptr<data::Dataset> mixedTable(spec::Task task, std::size_t rows) {
  const float missing = std::numeric_limits<float>::quiet_NaN();
  auto data = std::make_shared<data::Dataset>();
  data->schema = tableSchema(task);
  data->rows = rows;
  Random random(7, "mixed table");
  for (std::size_t row = 0; row < rows; ++row) {
    const double size = random.normal();
    const auto count = static_cast<double>(random.below(20));
    const auto colour = static_cast<int>(random.below(3));
    const auto shop = static_cast<int>(random.below(shops));
    const auto member = static_cast<int>(random.below(2));
    const auto day = static_cast<double>(random.below(9000));
    const double value = 1.5 * size + (colour - 1) + (shop % 3 - 1) * 0.7 + 0.1 * (count - 10) + 0.5 * member;
    const float unknownAt = row % 17 == 3 ? -1.0F : 0.0F;
    data->table.insert(
        data->table.end(),
        {row % 11 == 5 ? missing : static_cast<float>(size), row % 13 == 5 ? missing : static_cast<float>(count),
         unknownAt < 0 ? unknownAt : static_cast<float>(colour), row % 19 == 3 ? -1.0F : static_cast<float>(shop),
         static_cast<float>(member), row % 23 == 4 ? missing : static_cast<float>(day),
         row % 23 == 4 ? missing : static_cast<float>(random.below(86400))});
    if (task == spec::Task::Classification)
      data->classes.push_back(value < -0.7 ? 0 : value < 1 ? 1 : 2);
    else if (task != spec::Task::Anomaly)
      data->targets.push_back(static_cast<float>(50 + 8 * value + random.normal()));
  }
  splitRows(*data);
  return data;
}

std::shared_ptr<data::Dataset> quarterImages(std::size_t rows) {
  constexpr std::size_t edge = 8;
  auto data = std::make_shared<data::Dataset>();
  data->schema.image = true;
  data->schema.inputShape = {1, edge, edge};
  data->schema.target = {"class", {"upper left", "upper right", "lower left", "lower right"}};
  data->schema.task = spec::Task::Classification;
  data->rows = rows;
  Random random(11, "quarter images");
  for (std::size_t row = 0; row < rows; ++row) {
    const auto quarter = static_cast<std::int32_t>(random.below(4));
    data->classes.push_back(quarter);
    for (std::size_t y = 0; y < edge; ++y)
      for (std::size_t x = 0; x < edge; ++x) {
        const bool bright = (y >= edge / 2) == (quarter >= 2) && (x >= edge / 2) == (quarter % 2 == 1);
        data->pixels.push_back(static_cast<std::uint8_t>(random.below(120) + (bright ? 90 : 0)));
      }
  }
  splitRows(*data);
  return data;
}

spec::ModelDescription modelFor(const data::Dataset& data, const std::string& scaling) {
  spec::ModelDescription model;
  model.schema = data.schema;
  model.fitted = fit(data);
  model.preprocessing.scaling = scaling;
  const int outputs = data.schema.task == spec::Task::Classification ? int(data.schema.target.classes.size()) : 1;
  model.graph = data.schema.image ? imageGraph(outputs) : tableGraph(outputs);
  return model;
}

engine::TrainingRequest requestFor(std::shared_ptr<const data::Dataset> data, const std::filesystem::path& folder,
                                   int epochs) {
  engine::TrainingRequest request;
  request.model = modelFor(*data);
  request.data = std::move(data);
  request.checkpointFolder = folder;
  auto& training = request.training;
  training.epochs = epochs;
  training.batchSize = 16;
  training.seed = 3;
  training.threads = 1;
  training.device = "cpu";
  training.loss.name = request.model.schema.task == spec::Task::Classification ? "cross_entropy" : "mse";
  training.optimizer.lr = 0.02;
  return request;
}

int RecordingObserver::series(const std::string& name) {
  m_names.push_back(name);
  return static_cast<int>(m_names.size()) - 1;
}

void RecordingObserver::point(int series, std::int64_t step, double value) {
  const auto& name = m_names.at(static_cast<std::size_t>(series));
  curves[name].emplace_back(step, value);
  if (name == "train/loss" && atStep) atStep(step);
}

void RecordingObserver::checkpoint(const engine::CheckpointInfo& info) {
  checkpoints.push_back(info);
  if (atCheckpoint) atCheckpoint(info);
}

const RecordingObserver::Curve& RecordingObserver::curve(const std::string& name) const {
  static const Curve none;
  const auto found = curves.find(name);
  return found == curves.end() ? none : found->second;
}

Result<engine::TrainingSummary> train(engine::Engine& engine, const engine::TrainingRequest& request,
                                      RecordingObserver& observer) {
  engine::TrainingControl control;
  return engine.train(request, observer, control);
}

Result<engine::TrainingSummary> trainUntil(engine::Engine& engine, const engine::TrainingRequest& request,
                                           RecordingObserver& observer, std::int64_t step,
                                           engine::TrainingControl::Request ask) {
  engine::TrainingControl control;
  observer.atStep = [&](std::int64_t done) {
    if (done == step) control.request(ask);
  };
  auto result = engine.train(request, observer, control);
  observer.atStep = nullptr;
  return result;
}

bool sameTensors(const std::filesystem::path& a, const std::filesystem::path& b) {
  const auto first = engine::readCheckpoint(a);
  const auto second = engine::readCheckpoint(b);
  if (!first || !second || first->tensors.size() != second->tensors.size()) return false;
  return std::all_of(first->tensors.begin(), first->tensors.end(), [&](const engine::NamedTensor& tensor) {
    const auto* other = second->find(tensor.name);
    return other != nullptr && other->shape == tensor.shape && other->bytes == tensor.bytes;
  });
}

double exportDifference(engine::Engine& engine, const std::filesystem::path& checkpoint, const data::Dataset& data,
                        const std::filesystem::path& folder) {
  // A difference that no limit accepts, with the reason beside it.
  const auto problem = [](const Error& error) {
    std::fprintf(stderr, "%s\n", error.sentence().c_str());
    return std::numeric_limits<double>::infinity();
  };
  const auto original = engine.load(checkpoint);
  if (!original) return problem(original.error());
  const auto expected = (*original)->predict(data, {});
  if (!expected) return problem(expected.error());
  double largest = 0;
  for (const bool onnx : {false, true}) {
    const auto file = folder / (onnx ? "model.onnx" : "model.pt");
    const auto written = onnx ? engine.exportOnnx(checkpoint, file) : engine.exportTorchScript(checkpoint, file);
    if (!written) return problem(written.error());
    const auto exported = onnx ? engine.loadOnnx(file) : engine.loadTorchScript(file);
    if (!exported) return problem(exported.error());
    const auto given = (*exported)->predict(data, {});
    if (!given) return problem(given.error());
    largest = std::max(largest, largestDifference(*given, *expected));
  }
  return largest;
}

double largestDifference(const engine::Predictions& a, const engine::Predictions& b) {
  if (a.values.size() != b.values.size() || a.columns != b.columns || a.rows == 0)
    return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a.values[i]) - b.values[i]);
    if (std::isnan(difference)) return std::numeric_limits<double>::infinity();
    largest = std::max(largest, difference / std::max(1.0, std::abs(static_cast<double>(b.values[i]))));
  }
  return largest;
}

}  // namespace lathe::tests

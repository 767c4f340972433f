// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/portfolio.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/services/study_settings.h"
#include "core/spec/customary.h"
#include "core/spec/spec_json.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace {

using Settings = std::vector<std::pair<const char*, std::string>>;

bool hasInput(const ResolvedTraining& base, std::string_view name) {
  const auto context = spec::graphContext(base.model.schema, base.model.fitted, base.model.preprocessing);
  return std::any_of(context.inputs.begin(), context.inputs.end(),
                     [&](const auto& input) { return input.name == name; });
}

std::int64_t trainRows(const PortfolioGround& ground) {
  const auto& split = ground.base.data->split;
  if (ground.dealt < 2) return static_cast<std::int64_t>(split.train.size());
  return static_cast<std::int64_t>(split.train.size() + split.validation.size()) * (ground.dealt - 1) / ground.dealt;
}

// Steps that a training of few rows has, in epochs; never less than `least`.
int epochsOf(const PortfolioGround& ground, int batch, double steps, int least, int most) {
  const double perEpoch = std::max(1.0, std::floor(static_cast<double>(trainRows(ground)) / batch));
  return static_cast<int>(std::clamp(std::ceil(steps / perEpoch), double(least), double(most)));
}

// The usual training of the template, none of whose choices is left to be found.
spec::ExperimentSpec startOf(const PortfolioGround& ground, const std::string& templateName) {
  auto spec = ground.base.spec;
  spec.model = {};
  spec.model.templateName = templateName;
  auto training = spec::customaryTraining(templateName).value_or(spec::TrainingSpec());
  const auto& asked = ground.base.spec.training;
  training.seed = asked.seed;
  training.threads = asked.threads;
  training.device = asked.device;
  training.loss = asked.loss;
  training.monitor = "val/loss";
  training.monitorDirection = "minimize";
  training.histograms = "off";
  training.batchSize = 0;
  training.autoEpochs = false;
  spec.training = training;
  spec.data.preprocessing.numericBins = 0;
  return spec;
}

Contender make(const PortfolioGround& ground, const char* key, const char* templateName, const Settings& settings) {
  Contender candidate;
  candidate.key = key;
  candidate.title = key;
  candidate.spec = startOf(ground, templateName);
  for (const auto& [path, value] : settings)
    if (const auto set = spec::setField(candidate.spec, path, value); !set) candidate.key.clear();
  return candidate;
}

int batchFor(const PortfolioGround& ground, int most) {
  const auto rows = trainRows(ground);
  const int wanted = rows < 600 ? 16 : rows < 1500 ? 32 : rows < 4000 ? 64 : rows < 15'000 ? 128 : 256;
  return std::min(wanted, most);
}

void setLength(Contender& candidate, const PortfolioGround& ground, int batch, double steps, int least, int most) {
  auto& training = candidate.spec.training;
  training.batchSize = batch;
  training.epochs = epochsOf(ground, batch, steps, least, most);
  training.earlyStopping.patience = std::max(8, training.epochs / 4);
}

/// One linear layer on what is prepared: logistic or linear regression.
std::optional<Contender> linear(const PortfolioGround& ground) {
  const char* input = nullptr;
  for (const char* each : {"features", "image", "sequence"})
    if (hasInput(ground.base, each)) input = each;
  if (input == nullptr) return std::nullopt;
  auto candidate = make(ground, "linear", "custom", {});
  auto& spec = candidate.spec;
  spec.data.preprocessing.categories = ground.base.model.schema.image ? "auto" : "onehot";
  const auto outputs = static_cast<std::int64_t>(spec::outputCount(ground.base.model.schema));
  auto& layers = spec.model.graph.layers;
  layers.clear();
  if (std::string_view(input) != "features") layers.push_back({"flatten", "flatten", {}, {input}});
  layers.push_back({"output", "linear", {{"out", outputs}}, {layers.empty() ? input : "flatten"}});
  spec.training.optimizer.lr = 1e-2;
  spec.training.optimizer.weightDecay = 1e-3;
  setLength(candidate, ground, batchFor(ground, 256), 3000, 4, 80);
  candidate.title = "linear model";
  candidate.most = std::string_view(input) == "image" ? 0.03 : 0.06;
  candidate.baseline = true;
  return candidate;
}

void addTables(std::vector<Contender>& all, const PortfolioGround& ground) {
  const int batch = batchFor(ground, 256);
  const auto add = [&](const char* key, const char* title, const char* model, double steps, int most,
                       const Settings& settings) {
    auto candidate = make(ground, key, model, settings);
    candidate.title = title;
    setLength(candidate, ground, batch, steps, 6, most);
    candidate.kept = all.size() < 2;
    all.push_back(std::move(candidate));
  };
  const std::string rate = "2e-3";
  add("mlp", "mlp, 128-128", "mlp", 4000, 60, {{"model.hidden", "[128,128]"}, {"training.optimizer.lr", rate}});
  add("resmlp", "resmlp, 128", "resmlp", 4000, 60,
      {{"model.width", "128"}, {"model.blocks", "2"}, {"model.dropout", "0.2"}, {"training.optimizer.lr", "1.5e-3"}});
  add("realmlp", "realmlp, 128-128-128", "realmlp", 6000, 80, {{"model.hidden", "[128,128,128]"}});
  add("mlp-bins", "mlp with piecewise-linear embeddings", "mlp", 4000, 60,
      {{"model.hidden", "[128,128]"},
       {"model.numeric_embedding", "piecewise_linear"},
       {"model.numeric_size", "8"},
       {"data.preprocessing.numeric_bins", "16"},
       {"training.optimizer.lr", rate}});
  add("tabm-small", "tabm, 8 of 64", "tabm", 4000, 60, {{"model.members", "8"}, {"model.width", "64"}});
  add("resmlp-deep", "resmlp, 64, three blocks", "resmlp", 4000, 60,
      {{"model.width", "64"}, {"model.blocks", "3"}, {"model.dropout", "0.35"}, {"training.optimizer.lr", "2.7e-3"}});
  add("realmlp-quantile", "realmlp on quantile-scaled columns", "realmlp", 6000, 80,
      {{"data.preprocessing.scaling", "quantile"},
       {"model.hidden", "[128,128]"},
       {"model.dropout", "0.25"},
       {"training.optimizer.lr", "0.01"}});
  add("tabm-bins", "tabm, 8 of 128, with piecewise-linear embeddings", "tabm", 4000, 60,
      {{"model.members", "8"},
       {"model.width", "128"},
       {"model.numeric_embedding", "piecewise_linear"},
       {"model.numeric_size", "8"},
       {"data.preprocessing.numeric_bins", "16"}});
  add("tabm", "tabm, 16 of 128", "tabm", 5000, 60, {{"model.members", "16"}, {"model.width", "128"}});
  add("realmlp-large", "realmlp, 256-256-256", "realmlp", 8000, 100, {});
  add("tabm-large", "tabm, 32 of 256, with piecewise-linear embeddings", "tabm", 8000, 80,
      {{"model.members", "32"}, {"model.width", "256"}, {"model.numeric_embedding", "piecewise_linear"}});
}

// Twice as many channels each time the picture is halved, until it is small.
std::string channelsFrom(std::int64_t width, const spec::Shape& picture, int further) {
  std::vector<std::int64_t> channels;
  auto side = picture.size() > 2 ? std::min(picture[1], picture[2]) : 28;
  do {
    channels.push_back(width);
    width = std::min<std::int64_t>(2 * width, 256);
    side /= 2;
  } while (side >= 10 && channels.size() < 6);
  for (int i = 0; i < further && side >= 4; ++i) channels.push_back(width), side /= 2, width *= 2;
  return spec::Value(channels).json();
}

// Moved a little, and mirrored where the data were seen to bear it. Fashion-MNIST, 16-32, two convolutions a stage, 12
// to 14 epochs: 0.923 moved, turned and zoomed, 0.919 mirrored and moved far, 0.934 mirrored and moved a little.
void setAugmentation(Contender& candidate, const PortfolioGround& ground) {
  auto& augment = candidate.spec.training.augment;
  augment = ground.base.spec.training.augment;
  if (augment.name != "standard") return;
  augment.name = "custom";
  augment.horizontalFlip = true;
  augment.shift = 0.05;
}

/// A convolutional network of the portfolio.
struct Convolutions {
  const char* key;
  const char* title;
  int width, depth, further;  ///< channels of the first stage, convolutions a stage, stages more than usual
  double most, least;         ///< as of a Contender
};

// After a short one that is there soon, the largest network that has time for most of a schedule: a small one that is
// trained to its end does better than a large one that is not (Fashion-MNIST, 5 minutes: 16-32 with two convolutions a
// stage does better than 32-64).
void addImages(std::vector<Contender>& all, const PortfolioGround& ground) {
  const auto rows = trainRows(ground);
  const auto& schema = ground.base.model.schema;
  const bool few = rows < 5000;
  const auto add = [&](const char* key, const char* title, const char* model, const Settings& settings) -> Contender& {
    auto candidate = make(ground, key, model, settings);
    candidate.title = title;
    candidate.spec.training.batchSize = few ? 32 : 128;
    all.push_back(std::move(candidate));
    return all.back();
  };
  constexpr Convolutions networks[] = {{"cnn-quick", "small cnn, a few epochs", 16, 1, 0, 0.04, 0},
                                       {"cnn-wide", "wide cnn, a stage more", 32, 2, 1, 0.6, 0.5},
                                       {"cnn-deep", "cnn, two wide convolutions a stage", 32, 2, 0, 0.7, 0.5},
                                       {"cnn", "cnn, two convolutions a stage", 16, 2, 0, 0.97, 0.35},
                                       {"cnn-light", "small cnn", 16, 1, 0, 0.97, 0}};
  for (const auto& network : networks) {
    if (&network == &networks[1] && ground.seconds >= 1800) {
      const Settings sgd{{"training.optimizer.name", "sgd"},
                         {"training.optimizer.lr", "0.1"},
                         {"training.optimizer.nesterov", "true"},
                         {"training.optimizer.weight_decay", "5e-4"},
                         {"training.schedule.name", "one_cycle"}};
      auto& resnet = add("resnet", "resnet-small", "resnet-small", sgd);
      setAugmentation(resnet, ground);
      resnet.spec.training.epochs = few ? 80 : 30;
      resnet.most = 0.6;
      resnet.least = 0.5;
    }
    const bool quick = &network == &networks[0];
    Settings settings{{"model.depth", std::to_string(network.depth)},
                      {"training.optimizer.lr", "3e-3"},
                      {"training.schedule.name", "one_cycle"}};
    if (schema.image)
      settings.emplace_back("model.channels", channelsFrom(network.width, schema.inputShape, network.further));
    if (!quick) settings.emplace_back("training.average.name", "ema");
    auto& candidate = add(network.key, network.title, "cnn", settings);
    if (!quick) setAugmentation(candidate, ground);
    candidate.spec.training.epochs = quick ? (few ? 20 : 2) : few ? 80 : 24;
    candidate.most = network.most;
    candidate.least = network.least;
    // With whatever length there is time for.
    candidate.kept = network.least == 0;
  }
}

void addSequences(std::vector<Contender>& all, const PortfolioGround& ground) {
  for (const char* model : {"conv1d", "gru"}) {
    auto candidate = make(ground, model, model, {{"training.optimizer.lr", "2e-3"}});
    setLength(candidate, ground, batchFor(ground, 128), 3000, 4, 60);
    candidate.kept = true;
    all.push_back(std::move(candidate));
  }
}

spec::SearchParameter real(const char* name, double low, double high, bool log) {
  spec::SearchParameter parameter;
  parameter.name = name;
  parameter.low = low;
  parameter.high = high;
  parameter.log = log;
  return parameter;
}

spec::SearchParameter choices(const char* name, std::vector<spec::Value> values) {
  spec::SearchParameter parameter;
  parameter.name = name;
  parameter.type = spec::ParameterType::Categorical;
  parameter.high = static_cast<double>(values.size() - 1);
  parameter.choices = std::move(values);
  return parameter;
}

enum class Kind { Table, Image, Sequence };

Kind kindOf(const ResolvedTraining& base) {
  if (base.model.schema.image || base.model.schema.sound()) return Kind::Image;
  return base.model.schema.sequence.window > 0 ? Kind::Sequence : Kind::Table;
}

}  // namespace

const char* name(Tried::State state) {
  switch (state) {
    case Tried::State::Completed:
      return "completed";
    case Tried::State::Pruned:
      return "pruned";
    case Tried::State::Failed:
      return "failed";
    case Tried::State::Running:
      return "running";
    case Tried::State::Waiting:
      return "waiting";
    case Tried::State::Skipped:
      return "skipped";
    case Tried::State::Cancelled:
      break;
  }
  return "cancelled";
}

std::vector<Contender> portfolioFor(const PortfolioGround& ground) {
  std::vector<Contender> all;
  if (auto baseline = linear(ground)) all.push_back(std::move(*baseline));
  switch (kindOf(ground.base)) {
    case Kind::Table:
      addTables(all, ground);
      break;
    case Kind::Image:
      addImages(all, ground);
      break;
    case Kind::Sequence:
      addSequences(all, ground);
      break;
  }
  std::erase_if(all, [](const Contender& candidate) { return candidate.key.empty(); });
  return all;
}

spec::SearchSpace portfolioSpace(const PortfolioGround& ground) {
  spec::SearchSpace space;
  auto& parameters = space.parameters;
  const auto when = [&](spec::SearchParameter parameter, std::vector<double> templates) {
    parameter.conditions.push_back({0, std::move(templates)});
    parameters.push_back(std::move(parameter));
  };
  switch (kindOf(ground.base)) {
    case Kind::Table:
      parameters.push_back(choices("model.template", {"tabm", "realmlp", "mlp", "resmlp"}));
      parameters.push_back(real("training.optimizer.lr", 5e-4, 1e-2, true));
      parameters.push_back(real("model.dropout", 0, 0.4, false));
      parameters.push_back(choices("data.preprocessing.scaling", {"standard", "quantile"}));
      when(choices("model.width", {48, 64, 96, 128}), {0, 3});
      when(choices("model.blocks", {1, 2, 3}), {0, 3});
      when(choices("model.numeric_embedding", {"none", "piecewise_linear"}), {0, 2});
      when(choices("model.hidden",
                   {spec::Value::parse("[64,64]"), spec::Value::parse("[128,128]"), spec::Value::parse("[256,128]"),
                    spec::Value::parse("[128,128,128]"), spec::Value::parse("[256,256]")}),
           {1, 2});
      break;
    case Kind::Image:
      parameters.push_back(real("training.optimizer.lr", 1e-3, 1e-2, true));
      parameters.push_back(real("model.dropout", 0, 0.5, false));
      parameters.push_back(choices("model.depth", {1, 2}));
      break;
    case Kind::Sequence:
      parameters.push_back(choices("model.template", {"conv1d", "gru"}));
      parameters.push_back(real("training.optimizer.lr", 3e-4, 1e-2, true));
      break;
  }
  return space;
}

Result<Contender> proposedCandidate(const PortfolioGround& ground, const spec::SearchSpace& space,
                                    const spec::Configuration& configuration, std::int64_t number) {
  const auto kind = kindOf(ground.base);
  std::string model = kind == Kind::Image ? "cnn" : "mlp";
  if (const auto at = space.find("model.template"))
    model = spec::valueOf(space.parameters[*at], configuration[*at]).toText();
  auto base = startOf(ground, model);
  if (model == "tabm") base.model.settings["members"] = 8;
  if (model == "tabm" || model == "mlp") base.model.settings["numeric_size"] = 8;
  base.data.preprocessing.numericBins = 0;
  LATHE_ASSIGN(spec, specOf(base, space, configuration));
  Contender candidate;
  candidate.key = fmt::format("search-{}", number);
  candidate.title = fmt::format("{} of the search", model);
  candidate.proposal = number;
  candidate.most = 0.6;
  candidate.configuration = configuration;
  // What its name may have brought along is the customary training again.
  candidate.spec = std::move(spec);
  const auto embedding = candidate.spec.model.settings.find("numeric_embedding");
  if (embedding != candidate.spec.model.settings.end() && embedding->second.toText() == "piecewise_linear")
    candidate.spec.data.preprocessing.numericBins = 16;
  if (kind == Kind::Image) {
    candidate.spec.training.schedule = spec::customarySchedule("one_cycle");
    candidate.spec.training.average.name = "ema";
    setAugmentation(candidate, ground);
    if (ground.base.model.schema.image)
      LATHE_TRY(
          spec::setField(candidate.spec, "model.channels", channelsFrom(16, ground.base.model.schema.inputShape, 0)));
    candidate.spec.training.batchSize = trainRows(ground) < 5000 ? 32 : 128;
    candidate.spec.training.epochs = 24;
  } else {
    setLength(candidate, ground, batchFor(ground, 256), model == "realmlp" ? 6000 : 4000, 6, 80);
  }
  return candidate;
}

}  // namespace lathe::services

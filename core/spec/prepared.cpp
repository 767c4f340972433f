// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/prepared.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/spec/attributes.h"
#include "core/spec/ensemble.h"
#include "core/spec/image_scaling.h"
#include "core/spec/targets.h"
#include "core/spec/text_schema.h"

namespace lathe::spec {
namespace {

/// Standard normal quantile, by bisection of erfc: exact to double precision and only run once a knot.
double normalQuantile(double probability) {
  double low = -9, high = 9;
  for (int i = 0; i < 80; ++i) {
    const double middle = 0.5 * (low + high);
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < probability ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

// As the primitive PiecewiseLinear interpolates.
float valueAt(const QuantileCurve& curve, float x) {
  const auto& knots = curve.knots;
  if (knots.size() < 2) return curve.values.front();
  const auto place = std::upper_bound(knots.begin(), knots.end(), x) - knots.begin();
  const auto above = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(place, 1, std::ssize(knots) - 1));
  const float share = std::clamp((x - knots[above - 1]) / (knots[above] - knots[above - 1]), 0.0F, 1.0F);
  return curve.values[above - 1] + share * (curve.values[above] - curve.values[above - 1]);
}

constexpr std::int64_t mostRawValues = std::int64_t{1} << 28;
constexpr std::int64_t mostSteps = std::int64_t{1} << 20;
constexpr std::size_t mostOutputs = std::size_t{1} << 24;

tl::unexpected<Error> damaged(const char* reason, TextArgs args = {}) {
  return fail("spec.description", reason,
              LATHE_TEXT("errors", "The file may be damaged or from another version of Lathe."), std::move(args));
}

bool isFinite(const FittedFeature& feature) {
  const auto finite = [](double value) { return std::isfinite(value) && std::abs(value) < 1e37; };
  return finite(feature.fill) && finite(feature.shift) && finite(feature.scale) &&
         finite(feature.shift * feature.scale) &&
         std::all_of(feature.quantiles.begin(), feature.quantiles.end(), finite) &&
         std::is_sorted(feature.quantiles.begin(), feature.quantiles.end()) &&
         std::all_of(feature.bins.begin(), feature.bins.end(), finite) && feature.bins.size() != 1 &&
         std::adjacent_find(feature.bins.begin(), feature.bins.end(), std::greater_equal<>()) == feature.bins.end();
}

Result<void> checkFeatures(const ModelDescription& description) {
  const auto& schema = description.schema;
  if (description.fitted.features.size() != schema.features.size())
    return damaged(LATHE_TEXT("errors", "The model knows {features} columns, but {fitted} fitted ones."),
                   {{"features", std::to_string(schema.features.size())},
                    {"fitted", std::to_string(description.fitted.features.size())}});
  if (!textLiesLast(schema))
    return damaged(LATHE_TEXT("errors", "The model's codes of text lie where they cannot be read."));
  for (std::size_t i = 0; i < schema.features.size(); ++i) {
    const auto& feature = schema.features[i];
    const bool text = feature.text.buckets != 0;
    const int width = text ? feature.width : feature.kind == ColumnKind::DateTime ? 2 : 1;
    if (feature.width != width || feature.offset < 0 || std::int64_t{feature.offset} + width > schema.inputShape.back())
      return damaged(LATHE_TEXT("errors", "The column {column} lies outside of the model's input."),
                     {{"column", feature.name}});
    if (!isFinite(description.fitted.features[i]))
      return damaged(LATHE_TEXT("errors", "The fitted numbers of the column {column} are not usable."),
                     {{"column", feature.name}});
  }
  return {};
}

Result<void> checkChannels(const ModelDescription& description) {
  const auto channels = static_cast<std::size_t>(description.schema.inputShape[0]);
  const auto& fitted = description.fitted;
  const auto finite = [](float value) { return std::isfinite(value); };
  if (fitted.channelMean.size() != channels || fitted.channelStd.size() != channels ||
      !std::all_of(fitted.channelMean.begin(), fitted.channelMean.end(), finite) ||
      !std::all_of(fitted.channelStd.begin(), fitted.channelStd.end(), finite))
    return damaged(LATHE_TEXT("errors", "The model's image channels and their fitted numbers do not agree."));
  return checkImageScaling(description.schema.inputShape, description.preprocessing);
}

Result<void> checkTarget(const DataSchema& schema) {
  const auto& target = schema.target;
  bool sound = schema.task != Task::Auto;
  if (schema.task == Task::Classification) sound = target.classes.size() >= 2;
  if (schema.task == Task::Multilabel)
    sound = !target.classes.empty() && (target.columns.empty() || target.columns.size() == target.classes.size());
  if (schema.task == Task::Quantile) {
    const auto& levels = target.quantiles;
    sound = !levels.empty() && std::is_sorted(levels.begin(), levels.end()) && levels.front() > 0 && levels.back() < 1;
  }
  if (!target.link.empty() && (target.link != "log" || !predictsValues(schema.task))) sound = false;
  if (schema.task == Task::Anomaly) sound = target.classes.empty() || target.classes.size() == 2;
  const auto& sequence = schema.sequence;
  const bool ahead = schema.task == Task::Forecast || schema.task == Task::Quantile;
  if (sequence.horizon < 0 || sequence.horizon > mostSteps || (sequence.horizon > 0 && !ahead)) sound = false;
  if (schema.task == Task::Forecast && sequence.horizon == 0) sound = false;
  if (sequence.horizon > 0 && (sequence.window == 0 || outputCount(schema) > mostOutputs)) sound = false;
  if (!sound) return damaged(LATHE_TEXT("errors", "The model does not say what it predicts."));
  return {};
}

Result<void> checkMembers(const ModelDescription& description) {
  double sum = 0;
  for (std::size_t i = 0; i < description.members.size(); ++i) {
    sum += description.members[i].weight;
    if (!(description.members[i].weight >= 0)) sum = std::nan("");
    LATHE_TRY(checkDescription(memberOf(description, i)));
  }
  if (!description.graph.layers.empty() || description.members.size() > mostMembers || !(std::abs(sum - 1) < 1e-3))
    return damaged(LATHE_TEXT("errors", "The weights of the ensemble's members are not usable."));
  return {};
}

// One a target, or none at all.
bool fitsTargets(const std::vector<double>& numbers, const DataSchema& schema) {
  if (!numbers.empty() && numbers.size() != targetCount(schema)) return false;
  return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::abs(x) < 1e37; });
}

}  // namespace

std::int64_t cardinalityOf(const FeatureSchema& feature) {
  return static_cast<std::int64_t>(feature.vocabulary.size()) + 1;
}

QuantileCurve quantileCurve(const std::vector<float>& quantiles) {
  QuantileCurve curve;
  const auto count = quantiles.size();
  // Equal quantiles are one knot at the middle of their probabilities, so that the curve stays a function.
  for (std::size_t i = 0; i < count;) {
    auto end = i + 1;
    while (end < count && quantiles[end] == quantiles[i]) ++end;
    const double probability = (0.5 * double(i + end - 1) + 0.5) / double(count);
    curve.knots.push_back(quantiles[i]);
    curve.values.push_back(static_cast<float>(normalQuantile(probability)));
    i = end;
  }
  if (curve.knots.empty()) curve = {{0}, {0}};
  return curve;
}

std::vector<float> preparedBins(const FittedFeature& fitted, const PreprocessingSpec& preprocessing) {
  // In float32, as the rows are prepared, so that a value on an edge stays on it.
  std::vector<float> edges = fitted.bins;
  if (preprocessing.scaling == "quantile") {
    const auto curve = quantileCurve(fitted.quantiles);
    for (auto& edge : edges) edge = valueAt(curve, edge);
  } else if (preprocessing.scaling != "none") {
    constexpr auto limit = static_cast<float>(standardizedLimit);
    const auto centre = static_cast<float>(fitted.shift);
    const auto scale = static_cast<float>(fitted.scale);
    for (auto& edge : edges) edge = std::clamp((edge - centre) * scale, -limit, limit);
  }
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  if (edges.size() < 2) edges.clear();
  return edges;
}

std::vector<std::size_t> columnsWithCells(const PreparedLayout& layout) {
  std::vector<std::size_t> columns = layout.numeric;
  for (const auto* more : {&layout.dates, &layout.oneHot, &layout.codes})
    columns.insert(columns.end(), more->begin(), more->end());
  return columns;
}

std::size_t mostOneHot(const DataSchema& schema) { return schema.sequence.window > 0 ? 64 : 16; }

PreparedLayout preparedLayout(const DataSchema& schema, const FittedPreprocessing& fitted,
                              const PreprocessingSpec& preprocessing) {
  // An embedding would see the last row of a window alone.
  const auto oneHotLimit = mostOneHot(schema);
  PreparedLayout layout;
  for (std::size_t i = 0; i < schema.features.size(); ++i) {
    const auto& feature = schema.features[i];
    const bool indicator = preprocessing.missingIndicator && i < fitted.features.size() && fitted.features[i].indicator;
    const bool fewValues = feature.vocabulary.size() <= oneHotLimit;
    switch (feature.kind) {
      case ColumnKind::Integer:
      case ColumnKind::Real:
        layout.numeric.push_back(i);
        if (indicator) layout.indicators.push_back(i);
        break;
      case ColumnKind::DateTime:
        (preprocessing.dateParts ? layout.dates : layout.numeric).push_back(i);
        if (indicator) layout.indicators.push_back(i);
        break;
      case ColumnKind::Boolean:
      case ColumnKind::Category:
        if (preprocessing.categories == "onehot" || (preprocessing.categories == "auto" && fewValues))
          layout.oneHot.push_back(i);
        else
          layout.codes.push_back(i);
        break;
      case ColumnKind::Text:
        if (feature.text.buckets > 0) layout.text.push_back(i);
        break;
      default:  // Ids, images and sound beside numbers have no input of their own.
        break;
    }
  }
  layout.width = static_cast<std::int64_t>(layout.numeric.size() + layout.indicators.size()) +
                 datePartCount * static_cast<std::int64_t>(layout.dates.size());
  for (const auto i : layout.oneHot) layout.width += cardinalityOf(schema.features[i]);
  return layout;
}

GraphContext graphContext(const DataSchema& schema, const FittedPreprocessing& fitted,
                          const PreprocessingSpec& preprocessing) {
  GraphContext context;
  context.outputs = static_cast<std::int64_t>(outputCount(schema));
  if (schema.image) {
    context.inputs.push_back({"image", preparedImage(schema.inputShape, preprocessing), {}});
    return context;
  }
  if (schema.sound()) {
    context.inputs.push_back({"audio", schema.inputShape, {}});
    context.sampleRate = schema.sampleRate;
    return context;
  }
  const auto layout = preparedLayout(schema, fitted, preprocessing);
  if (layout.width > 0 && schema.sequence.window > 0) {
    context.inputs.push_back({"sequence", {schema.sequence.window, layout.width}, {}, {}});
  } else if (layout.width > 0) {
    GraphContext::Input features{"features", {layout.width}, {}};
    features.parts.numbers = static_cast<std::int64_t>(layout.numeric.size());
    features.parts.dates = static_cast<std::int64_t>(layout.dates.size());
    for (const auto i : layout.oneHot) features.parts.oneHot.push_back(cardinalityOf(schema.features[i]));
    if (preprocessing.numericBins > 0)
      for (const auto i : layout.numeric)
        features.parts.bins.push_back(preparedBins(fitted.features.at(i), preprocessing));
    context.inputs.push_back(std::move(features));
  }
  if (!layout.codes.empty()) {
    GraphContext::Input categories{"categories", {static_cast<std::int64_t>(layout.codes.size())}, {}};
    for (const auto i : layout.codes) categories.cardinalities.push_back(cardinalityOf(schema.features[i]));
    context.inputs.push_back(std::move(categories));
  }
  if (!layout.text.empty()) {
    const auto places = schema.features[layout.text.front()].width;
    GraphContext::Input text{"text", {static_cast<std::int64_t>(layout.text.size()), places}, {}};
    for (const auto i : layout.text) text.cardinalities.push_back(schema.features[i].text.buckets);
    context.inputs.push_back(std::move(text));
  }
  const auto columns = columnsWithCells(layout).size();
  if (schema.task == Task::Anomaly && columns > 0)
    context.inputs.push_back({"missing", {static_cast<std::int64_t>(columns)}, {}});
  return context;
}

Result<void> checkDescription(const ModelDescription& description) {
  const auto& schema = description.schema;
  const bool windows = schema.sequence.window > 0;
  const std::size_t rank = schema.image ? 3 : windows ? 2 : 1;
  if (schema.inputShape.size() != rank || schema.sequence.window < 0 || schema.sampleRate < 0 ||
      (schema.image && windows) || (schema.sound() && (schema.image || windows || !schema.features.empty())) ||
      (windows && schema.inputShape[0] != schema.sequence.window) || elementCount(schema.inputShape) > mostRawValues ||
      std::any_of(schema.inputShape.begin(), schema.inputShape.end(), [](auto size) { return size < 1; }))
    return damaged(LATHE_TEXT("errors", "The model's input has an impossible shape, {shape}."),
                   {{"shape", shapeText(schema.inputShape)}});
  LATHE_TRY(checkTarget(schema));
  const auto& fitted = description.fitted;
  if (!(std::abs(fitted.targetMean) < 1e37) || !(std::abs(fitted.targetStd) < 1e37) ||
      !fitsTargets(fitted.targetMeans, schema) || !fitsTargets(fitted.targetStds, schema) ||
      !std::all_of(fitted.classFrequencies.begin(), fitted.classFrequencies.end(),
                   [](double f) { return std::isfinite(f); }))
    return damaged(LATHE_TEXT("errors", "The fitted numbers of the target are not usable."));
  if (!(description.temperature >= leastTemperature && description.temperature <= 1 / leastTemperature))
    return damaged(LATHE_TEXT("errors", "The model's temperature is not usable."));
  if (!description.members.empty()) return checkMembers(description);
  return schema.image ? checkChannels(description) : checkFeatures(description);
}

}  // namespace lathe::spec

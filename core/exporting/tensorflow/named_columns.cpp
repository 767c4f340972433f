// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/tensorflow/named_columns.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "core/exporting/table_columns.h"

namespace lathe::exporting {
namespace {

using spec::FeatureSchema;

constexpr float missingNumber = std::numeric_limits<float>::quiet_NaN();
// More words are looked up in a table, which is filled again on each call, than are compared one after another.
constexpr std::size_t mostCompared = 1000;

/// Of one row: a window's length, then the numbers of a column that has several.
spec::Shape shapeOf(const FeatureSchema& feature, const spec::DataSchema& schema) {
  spec::Shape shape;
  if (schema.inputShape.size() == 2) shape.push_back(schema.inputShape[0]);
  if (!isWord(feature) && feature.width > 1) shape.push_back(feature.width);
  return shape;
}

/// Features of tf.Example, one output a column.
TfValues parsedExamples(TensorflowGraph& g, const TfValue& examples, const spec::DataSchema& schema) {
  std::vector<std::string> names;
  std::vector<TfType> types;
  std::vector<TfShape> shapes;
  TfValues defaults;
  for (const auto& feature : schema.features) {
    names.push_back(feature.name);
    types.push_back(isWord(feature) ? TfType::String : TfType::Float);
    shapes.push_back({shapeOf(feature, schema)});
    const auto count = static_cast<std::size_t>(spec::elementCount(shapes.back().sizes));
    defaults.push_back(isWord(feature)
                           ? g.texts("", shapes.back().sizes, std::vector<std::string>(count))
                           : g.tensor("missing", shapes.back().sizes, std::vector<float>(count, missingNumber)));
  }
  const auto none = g.texts("", {0}, {});
  const auto keys = g.texts("", {static_cast<std::int64_t>(names.size())}, names);
  TfValues inputs{examples, none, none, keys, none};
  inputs.insert(inputs.end(), defaults.begin(), defaults.end());
  const std::vector<TfType> nothing;
  const auto first = g.node("ParseExampleV2", inputs, types.front(),
                            {{"Tdense", types},
                             {"num_sparse", std::int64_t{0}},
                             {"sparse_types", nothing},
                             {"ragged_value_types", nothing},
                             {"ragged_split_types", nothing},
                             {"dense_shapes", shapes}});
  TfValues values;
  for (std::size_t i = 0; i < types.size(); ++i) values.push_back(TensorflowGraph::output(first, i, types[i]));
  return values;
}

TfValue lookedUp(TensorflowGraph& g, const TfValue& words, const std::vector<std::string>& vocabulary) {
  const auto count = static_cast<std::int64_t>(vocabulary.size());
  std::vector<std::int64_t> codes(vocabulary.size());
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<std::int64_t>(i);
  const auto table = g.node("AnonymousHashTable", {}, TfType::Resource,
                            {{"key_dtype", TfType::String}, {"value_dtype", TfType::Int64}});
  const TfAttributes types{{"Tin", TfType::String}, {"Tout", TfType::Int64}};
  const auto filled = g.node("LookupTableImportV2", {table, g.texts("", {count}, vocabulary), g.wideList(codes)},
                             TfType::Resource, types);
  const TfValue after{"^" + filled.name, TfType::Resource};
  return g.node("LookupTableFindV2", {table, words, g.wide(-1), after}, TfType::Int64, types);
}

/// Codes [..,1] of words: NaN where missing, -1 where unknown.
TfValue codesOf(TensorflowGraph& g, const TfValue& words, const FeatureSchema& feature) {
  const auto& vocabulary = feature.vocabulary;
  const auto wide = g.expand(words, -1);
  TfValue code;
  if (vocabulary.size() > mostCompared) {
    code = g.cast(lookedUp(g, wide, vocabulary), TfType::Float);
  } else if (vocabulary.empty()) {
    code = g.number(-1);
  } else {
    const auto count = static_cast<std::int64_t>(vocabulary.size());
    std::vector<float> places(vocabulary.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<float>(i + 1);
    const auto equal = g.cast(g.compare("Equal", wide, g.texts("", {count}, vocabulary)), TfType::Float);
    const auto sum = g.reduce("Sum", g.multiply(equal, g.tensor("codes", {count}, places)), {-1}, true);
    code = g.subtract(sum, g.number(1));
  }
  const bool emptyWord = std::find(vocabulary.begin(), vocabulary.end(), "") != vocabulary.end();
  if (emptyWord) return code;
  const auto missing = g.compare("Equal", wide, g.texts("", {1}, std::vector<std::string>(1)));
  return g.choose(missing, g.number(static_cast<double>(missingNumber)), code);
}

}  // namespace

NamedColumns writeNamedColumns(TensorflowGraph& g, const spec::DataSchema& schema) {
  NamedColumns result;
  result.examples = g.placeholder("examples", TfType::String, {});
  const auto parsed = parsedExamples(g, result.examples, schema);
  TfValues parts;
  for (std::size_t i = 0; i < schema.features.size(); ++i) {
    const auto& feature = schema.features[i];
    const auto shape = shapeOf(feature, schema);
    const auto input = g.placeholder(fmt::format("column_{}", i), parsed[i], shape);
    result.columns.push_back({feature.name, input, shape});
    const bool several = !isWord(feature) && feature.width > 1;
    parts.push_back(isWord(feature) ? codesOf(g, input, feature) : several ? input : g.expand(input, -1));
  }
  result.rows = g.joined(parts, static_cast<std::int64_t>(schema.inputShape.size()));
  return result;
}

}  // namespace lathe::exporting

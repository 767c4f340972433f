// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/table_columns.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace lathe::exporting {
namespace {

using spec::ColumnKind;
using spec::FeatureSchema;

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// What of a name can stand in an identifier; never empty.
std::string identifierOf(const std::string& name) {
  std::string result;
  for (const char c : name)
    if (isLetter(c) || isDigit(c))
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  while (!result.empty() && result.back() == '_') result.pop_back();
  return result.empty() || isDigit(result.front()) ? "column_" + result : result;
}

/// A word that the column does not know.
std::string unseenWord(const FeatureSchema& feature) {
  std::string word = "never seen";
  const auto& known = feature.vocabulary;
  while (std::find(known.begin(), known.end(), word) != known.end()) word += '?';
  return word;
}

}  // namespace

bool isWord(const FeatureSchema& feature) {
  return feature.kind == ColumnKind::Category || feature.kind == ColumnKind::Boolean;
}

bool hasNamedColumns(const spec::DataSchema& schema) {
  if (schema.image || schema.sound() || schema.features.empty()) return false;
  int next = 0;
  std::set<std::string> names;
  for (const auto& feature : schema.features) {
    if (feature.offset != next || feature.width < 1 || !names.insert(feature.name).second) return false;
    next += feature.width;
  }
  return !schema.inputShape.empty() && next == schema.inputShape.back();
}

bool isNumeric(const spec::DataSchema& schema) {
  return std::all_of(schema.features.begin(), schema.features.end(), [](const FeatureSchema& feature) {
    return feature.kind == ColumnKind::Integer || feature.kind == ColumnKind::Real;
  });
}

// Names that are identifiers come first: no other column may take one of them.
std::vector<std::string> columnInputs(const spec::DataSchema& schema) {
  std::set<std::string> taken{"input_tensor", "output_tensor"};
  std::vector<std::string> inputs;
  for (const auto& feature : schema.features) {
    const auto& name = feature.name;
    const bool plain = !name.empty() && isLetter(name.front()) &&
                       std::all_of(name.begin(), name.end(), [](char c) { return isLetter(c) || isDigit(c); });
    inputs.push_back(plain && taken.insert(name).second ? name : std::string());
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].empty()) continue;
    const auto base = identifierOf(schema.features[i].name);
    inputs[i] = base;
    for (int count = 2; !taken.insert(inputs[i]).second; ++count) inputs[i] = base + "_" + std::to_string(count);
  }
  return inputs;
}

std::string columnInputsJson(const spec::DataSchema& schema) {
  auto list = nlohmann::ordered_json::array();
  const auto inputs = columnInputs(schema);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& feature = schema.features[i];
    auto shape = schema.inputShape;
    shape.back() = feature.width;
    shape.insert(shape.begin(), -1);
    list.push_back({{"input", inputs[i]},
                    {"column", feature.name},
                    {"kind", spec::name(feature.kind)},
                    {"type", isWord(feature) ? "string" : "float32"},
                    {"shape", shape},
                    {"missing", isWord(feature) ? "" : "NaN"}});
    if (feature.kind == ColumnKind::DateTime) list.back()["numbers"] = {"days since 2000-01-01", "seconds of the day"};
  }
  return list.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

ColumnCells cellsOf(const FeatureSchema& feature, std::span<const float> rows, std::size_t rowWidth) {
  ColumnCells cells;
  const auto width = static_cast<std::size_t>(feature.width);
  const auto unseen = unseenWord(feature);
  for (std::size_t at = static_cast<std::size_t>(feature.offset); at + width <= rows.size(); at += rowWidth) {
    const auto from = rows.subspan(at, width);
    if (!isWord(feature)) {
      cells.numbers.insert(cells.numbers.end(), from.begin(), from.end());
      continue;
    }
    const float code = from[0];
    if (std::isnan(code))
      cells.words.emplace_back();
    else
      cells.words.push_back(code >= 0 && code < static_cast<float>(feature.vocabulary.size())
                                ? feature.vocabulary[static_cast<std::size_t>(code)]
                                : unseen);
  }
  return cells;
}

bool isColumnsFile(const std::string& fileName) { return fileName.ends_with(std::string(columnsEnding) + ".onnx"); }

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_block.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/sha256.h"
#include "core/exporting/json_reader.h"

namespace lathe::exporting {
namespace {

constexpr std::string_view blockStart = "\n/* lathe model 1 sha256 ";
constexpr std::string_view blockEnd = "\n */";
constexpr std::string_view lineStart = " * ";
constexpr std::size_t lineLength = 96;
constexpr std::size_t hashLength = 64;

/// Characters that are within JSON's strings alone, by their numbers: so no comment begins or ends and no trigraph is.
std::string harmless(const std::string& json) {
  std::string result;
  for (const char c : json)
    if (c == '*')
      result += "\\u002a";
    else if (c == '?')
      result += "\\u003f";
    else
      result += c;
  return result;
}

std::string jsonOf(const ModelSource& model) {
  nlohmann::ordered_json json{{"name", model.name}, {"scoring", model.scoring}};
  json["model"] = nlohmann::ordered_json::parse(spec::toJson(model.model));
  return harmless(json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace));
}

std::string inLines(const std::string& json) {
  std::string result;
  for (std::size_t place = 0; place < json.size();) {
    auto end = std::min(json.size(), place + lineLength);
    // A space at the end of a line is easily lost.
    while (end < json.size() && end > place + 1 && json[end - 1] == ' ') --end;
    result += fmt::format("\n{}{}", lineStart, std::string_view(json).substr(place, end - place));
    place = end;
  }
  return result;
}

Result<std::string> jsonIn(std::string_view lines) {
  std::string json;
  while (!lines.empty()) {
    lines.remove_prefix(1);  // the line break before it
    auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(line.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with(lineStart)) return badC("the comment with the model's description is damaged");
    json += line.substr(lineStart.size());
  }
  return json;
}

Result<ModelSource> modelIn(const std::string& text) {
  const auto json = parseManifest(text);
  if (!json) return badC("the model's description is no JSON");
  FieldReader reader(*json, "the model");
  ModelSource source;
  source.name = reader.text("name");
  source.scoring = reader.text("scoring");
  const auto& description = reader.object("model");
  if (!reader.result()) return badC("the model's description lacks a part");
  auto model = spec::modelDescriptionFromJson(description.dump());
  if (!model) return passOn(model);
  source.model = std::move(*model);
  return source;
}

}  // namespace

tl::unexpected<Error> badC(const std::string& reason) {
  return fail("export.bad_c", LATHE_TEXT("errors", "The text is not C written by Lathe, or was changed: {reason}."),
              LATHE_TEXT("errors", "Choose the .c file of an export, or export the run again."), {{"reason", reason}});
}

std::string modelBlock(const ModelSource& model) {
  const auto json = jsonOf(model);
  return fmt::format("{}{}{}{}\n", blockStart, blockHash(json, model.weights), inLines(json), blockEnd);
}

Result<ModelBlock> readBlock(std::string_view source) {
  const auto start = source.rfind(blockStart);
  if (start == std::string_view::npos) return badC("the comment with the model's description is missing");
  source.remove_prefix(start + blockStart.size());
  const auto end = source.find(blockEnd);
  const auto first = source.find('\n');
  if (end == std::string_view::npos || first > end || first < hashLength)
    return badC("the comment with the model's description is damaged");
  LATHE_ASSIGN(json, jsonIn(source.substr(first, end - first)));
  LATHE_ASSIGN(model, modelIn(json));
  return ModelBlock{std::move(model), std::string(source.substr(0, hashLength)), std::move(json)};
}

std::string blockHash(const std::string& json, const std::vector<std::vector<float>>& weights) {
  Sha256 hash;
  hash.add(json);
  for (auto numbers : weights) {
    for (float& number : numbers)
      if (std::isnan(number)) number = std::numeric_limits<float>::quiet_NaN();
    hash.add(std::string_view(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)));
  }
  return hash.hex();
}

}  // namespace lathe::exporting

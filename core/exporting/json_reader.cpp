// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/json_reader.h"

#include <limits>

namespace lathe::exporting {
namespace {

constexpr std::size_t mostBytes = std::size_t{64} << 20;
constexpr int deepest = 32;

// Before parsing, so that no depth of nesting costs more than one pass.
int depthOf(std::string_view text) {
  int depth = 0;
  int most = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') most = std::max(most, ++depth);
    if (c == '}' || c == ']') --depth;
  }
  return most;
}

const Json& emptyList() {
  static const Json list = Json::array();
  return list;
}

const Json& emptyObject() {
  static const Json object = Json::object();
  return object;
}

}  // namespace

tl::unexpected<Error> badManifest(const std::string& problem) {
  return fail("export.bad_manifest", LATHE_TEXT("errors", "lathe-export.json is not usable: {problem}."),
              LATHE_TEXT("errors", "Export the model again."), {{"problem", problem}});
}

Result<Json> parseManifest(std::string_view text) {
  if (text.size() > mostBytes) return badManifest("it is larger than 64 MB");
  if (depthOf(text) > deepest) return badManifest("it is nested too deeply");
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return badManifest("it is not JSON");
  if (!json.is_object()) return badManifest("it holds no object");
  return json;
}

FieldReader::FieldReader(const Json& object, std::string where) : m_object(object), m_where(std::move(where)) {
  if (!object.is_object()) complain("is not an object");
}

void FieldReader::complain(const std::string& problem) {
  if (m_problem.empty()) m_problem = m_where + " " + problem;
}

Result<void> FieldReader::result() const {
  if (m_problem.empty()) return {};
  return badManifest(m_problem);
}

const Json& FieldReader::at(const char* key) {
  static const Json nothing;
  const auto found = m_object.is_object() ? m_object.find(key) : m_object.end();
  if (m_object.is_object() && found != m_object.end()) return *found;
  complain(std::string("lacks ") + key);
  return nothing;
}

std::string FieldReader::text(const char* key) {
  const auto& json = at(key);
  if (json.is_string()) return json.get<std::string>();
  complain(std::string("has no text for ") + key);
  return {};
}

bool FieldReader::boolean(const char* key) {
  const auto& json = at(key);
  if (json.is_boolean()) return json.get<bool>();
  complain(std::string("has neither true nor false for ") + key);
  return false;
}

std::int64_t FieldReader::integer(const char* key, std::int64_t least, std::int64_t most) {
  const auto& json = at(key);
  const bool fits = json.is_number_integer() &&
                    !(json.is_number_unsigned() &&
                      json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  const auto value = fits ? json.get<std::int64_t>() : least - 1;
  if (fits && value >= least && value <= most) return value;
  complain(std::string("has no fitting number for ") + key);
  return least;
}

double FieldReader::number(const char* key) {
  const auto& json = at(key);
  if (json.is_number()) return json.get<double>();
  if (!json.is_null() || !has(key)) complain(std::string("has no number for ") + key);
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::string> FieldReader::texts(const char* key) {
  std::vector<std::string> values;
  for (const auto& entry : list(key)) {
    if (!entry.is_string()) complain(std::string("has something other than text in ") + key);
    values.push_back(entry.is_string() ? entry.get<std::string>() : std::string());
  }
  return values;
}

std::vector<std::int64_t> FieldReader::integers(const char* key, std::int64_t least, std::int64_t most) {
  std::vector<std::int64_t> values;
  for (const auto& entry : list(key)) {
    const bool whole = entry.is_number_integer();
    const auto value = whole ? entry.get<std::int64_t>() : least - 1;
    if (value < least || value > most) complain(std::string("has no fitting numbers in ") + key);
    values.push_back(value);
  }
  return values;
}

std::vector<double> FieldReader::numbers(const char* key) {
  std::vector<double> values;
  for (const auto& entry : list(key)) {
    if (!entry.is_number()) complain(std::string("has no fitting numbers in ") + key);
    values.push_back(entry.is_number() ? entry.get<double>() : 0.0);
  }
  return values;
}

std::vector<std::vector<float>> FieldReader::rows(const char* key, std::size_t mostRows) {
  std::vector<std::vector<float>> result;
  const auto& json = list(key);
  if (json.size() > mostRows) complain(std::string("has too many rows in ") + key);
  for (const auto& entry : json) {
    if (!entry.is_array() || result.size() == mostRows) {
      complain(std::string("has something other than rows in ") + key);
      break;
    }
    auto& row = result.emplace_back();
    row.reserve(entry.size());
    for (const auto& cell : entry) {
      if (!cell.is_number() && !cell.is_null()) complain(std::string("has something other than numbers in ") + key);
      const double value = cell.is_number() ? cell.get<double>() : std::numeric_limits<double>::quiet_NaN();
      constexpr auto largest = static_cast<double>(std::numeric_limits<float>::max());
      if (value > largest || value < -largest) complain(std::string("has a number out of range in ") + key);
      row.push_back(value > largest || value < -largest ? 0.0F : static_cast<float>(value));
    }
  }
  return result;
}

const Json& FieldReader::list(const char* key) {
  const auto& json = at(key);
  if (json.is_array()) return json;
  complain(std::string("has no list for ") + key);
  return emptyList();
}

const Json& FieldReader::object(const char* key) {
  const auto& json = at(key);
  if (json.is_object()) return json;
  complain(std::string("has no object for ") + key);
  return emptyObject();
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/tensor_json.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <limits>

namespace lathe::serving {
namespace {

using Json = nlohmann::json;
constexpr std::size_t mostValues = std::size_t{1} << 28;

void appendNested(std::string& out, const NamedValues& values, std::size_t dimension, std::size_t& place) {
  if (dimension == values.shape.size()) {
    if (const auto* texts = std::get_if<std::vector<std::string>>(&values.values))
      out += Json(texts->at(place++)).dump(-1, ' ', false, Json::error_handler_t::replace);
    else if (values.type == TensorType::Boolean)
      out += std::get<std::vector<float>>(values.values).at(place++) != 0 ? "true" : "false";
    else
      appendNumber(out, static_cast<double>(std::get<std::vector<float>>(values.values).at(place++)));
    return;
  }
  out += '[';
  for (std::int64_t i = 0; i < values.shape[dimension]; ++i) {
    if (i > 0) out += ',';
    appendNested(out, values, dimension + 1, place);
  }
  out += ']';
}

struct Gathered {
  std::vector<float> numbers;
  std::vector<std::string> texts;
};

bool gather(const Json& json, const std::vector<std::int64_t>& shape, std::size_t dimension, Gathered& out) {
  if (dimension < shape.size()) {
    if (!json.is_array() || static_cast<std::int64_t>(json.size()) != shape[dimension]) return false;
    for (const auto& each : json)
      if (!gather(each, shape, dimension + 1, out)) return false;
    return true;
  }
  if (out.numbers.size() + out.texts.size() > mostValues) return false;
  if (json.is_string())
    out.texts.push_back(json.get<std::string>());
  else if (json.is_number())
    out.numbers.push_back(json.get<float>());
  else if (json.is_boolean())
    out.numbers.push_back(json.get<bool>() ? 1.0F : 0.0F);
  else if (json.is_null())
    out.numbers.push_back(std::numeric_limits<float>::quiet_NaN());
  else
    return false;
  return true;
}

/// "NaN" -> null, outside of texts; infinities become numbers that are read as such.
std::string plainJson(const std::string& text) {
  std::string out;
  out.reserve(text.size());
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside) {
      out += c;
      if (c == '\\' && i + 1 < text.size())
        out += text[++i];
      else if (c == '"')
        inside = false;
      continue;
    }
    if (text.compare(i, 3, "NaN") == 0) {
      out += "null";
      i += 2;
    } else if (text.compare(i, 8, "Infinity") == 0) {
      out += "3.5e38";  // beyond float32, so that it becomes infinite there
      i += 7;
    } else {
      inside = c == '"';
      out += c;
    }
  }
  return out;
}

}  // namespace

void appendNumber(std::string& out, double value) {
  if (std::isnan(value))
    out += "NaN";
  else if (std::isinf(value))
    out += value > 0 ? "Infinity" : "-Infinity";
  else
    fmt::format_to(std::back_inserter(out), "{}", static_cast<float>(value));
}

std::string nestedJson(const NamedValues& values) {
  std::string out;
  std::size_t place = 0;
  appendNested(out, values, 0, place);
  return out;
}

Result<NamedValues> valuesFrom(const std::string& name, const Json& json) {
  NamedValues values{name, {}, {}, TensorType::Float, {}};
  for (const auto* level = &json; level->is_array(); level = &level->front()) {
    values.shape.push_back(static_cast<std::int64_t>(level->size()));
    if (level->empty()) break;
    if (values.shape.size() > 16) return badAnswer("", "nested too deep");
  }
  Gathered gathered;
  if (!gather(json, values.shape, 0, gathered) || (!gathered.texts.empty() && !gathered.numbers.empty()))
    return badAnswer("", fmt::format("the output {} is no tensor", name));
  if (gathered.texts.empty()) {
    values.values = std::move(gathered.numbers);
  } else {
    values.values = std::move(gathered.texts);
    values.type = TensorType::Text;
  }
  return values;
}

std::string textAt(const Json& json, const char* name) {
  const auto& value = valueAt(json, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

const Json& valueAt(const Json& json, const char* name) {
  static const Json nothing;
  if (!json.is_object()) return nothing;
  const auto found = json.find(name);
  return found == json.end() ? nothing : *found;
}

Result<void> checkShape(const NamedValues& values) {
  const auto given = std::visit([](const auto& list) { return list.size(); }, values.values);
  const auto most = std::max<std::size_t>(given, 65536);  // [1000000, 0] holds nothing and is large all the same
  std::size_t extent = 1;
  bool empty = false;
  for (const auto size : values.shape) {
    if (size < 0 || static_cast<std::size_t>(size) > most) return badAnswer("", "a tensor has an impossible shape");
    empty = empty || size == 0;
    extent *= static_cast<std::size_t>(std::max<std::int64_t>(1, size));
    if (extent > most) return badAnswer("", "a tensor has an impossible shape");
  }
  if ((empty ? 0 : extent) != given)
    return badAnswer("", fmt::format("the output {} does not fit its shape", values.name));
  return {};
}

tl::unexpected<Error> badAnswer(const std::string& server, const std::string& reason) {
  return fail("deploy.bad_answer", LATHE_TEXT("errors", "{server} gave an answer that cannot be read: {reason}."),
              LATHE_TEXT("errors", "Check that the address is that of the protocol that was chosen."),
              {{"server", server.empty() ? "The server" : server}, {"reason", reason}});
}

Json lenientJson(const std::string& text) {
  auto json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json::parse(plainJson(text), nullptr, false) : json;
}

TensorType tensorType(const std::string& name) {
  if (name == "DT_STRING" || name == "BYTES") return TensorType::Text;
  if (name == "DT_DOUBLE" || name == "FP64") return TensorType::Double;
  if (name == "DT_BOOL" || name == "BOOL") return TensorType::Boolean;
  if (name.find("INT") != std::string::npos) return TensorType::Integer;
  return TensorType::Float;
}

}  // namespace lathe::serving

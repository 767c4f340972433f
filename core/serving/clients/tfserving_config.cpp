// SPDX-License-Identifier: GPL-3.0-or-later
// Model configuration files of TensorFlow Serving: protobuf's text format, of which the messages' library (a lite one)
// reads nothing.
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <optional>
#include <string_view>

#include "core/serving/clients/tensor_service.h"

namespace lathe::serving {
namespace {

constexpr int deepest = 32;

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// A field: a value, or the fields of a message.
struct Field {
  std::string name, value;
  std::vector<Field> fields;

  [[nodiscard]] std::vector<const Field*> all(std::string_view wanted) const {
    std::vector<const Field*> found;
    for (const auto& field : fields)
      if (field.name == wanted) found.push_back(&field);
    return found;
  }
  [[nodiscard]] const Field& part(std::string_view wanted) const {
    static const Field nothing;
    const auto found = all(wanted);
    return found.empty() ? nothing : *found.back();
  }
  [[nodiscard]] std::int64_t number() const { return std::strtoll(value.c_str(), nullptr, 10); }
};

class TextReader {
 public:
  explicit TextReader(std::string_view text) : m_text(text) {}

  std::optional<Field> message() {
    Field root;
    if (!readFields(root, '\0', 0)) return std::nullopt;
    return root;
  }

 private:
  char next() {
    while (!m_text.empty()) {
      if (m_text.front() == '#')
        m_text.remove_prefix(std::min(m_text.size(), m_text.find('\n')));
      else if (std::string_view(" \t\r\n,;").find(m_text.front()) != std::string_view::npos)
        m_text.remove_prefix(1);
      else
        return m_text.front();
    }
    return '\0';
  }
  bool take(char c) {
    if (m_text.empty() || next() != c) return false;
    m_text.remove_prefix(1);
    return true;
  }
  std::string word() {
    const auto end = m_text.find_first_of(" \t\r\n,;:{}<>[]#\"'");
    std::string found(m_text.substr(0, end));
    m_text.remove_prefix(found.size());
    return found;
  }
  bool readText(std::string& out) {
    const char quote = m_text.front();
    for (m_text.remove_prefix(1); !m_text.empty(); m_text.remove_prefix(1)) {
      if (m_text.front() == quote) {
        m_text.remove_prefix(1);
        return true;
      }
      if (m_text.front() == '\\' && m_text.size() > 1) m_text.remove_prefix(1);
      out += m_text.front();
    }
    return false;
  }
  bool readValue(Field& field) {
    const char c = next();
    if (c != '"' && c != '\'') return !(field.value = word()).empty();
    // Texts beside each other are one.
    for (char quote = c; quote == '"' || quote == '\''; quote = next())
      if (!readText(field.value)) return false;
    return true;
  }
  bool readField(Field& parent, int depth) {
    Field field;
    field.name = word();
    if (field.name.empty()) return false;
    const bool colon = take(':');
    if (take('[')) {
      while (!take(']')) {
        Field each{field.name, {}, {}};
        if (!readBody(each, depth)) return false;
        parent.fields.push_back(std::move(each));
      }
      return true;
    }
    if (!colon && next() != '{' && next() != '<') return false;
    if (!readBody(field, depth)) return false;
    parent.fields.push_back(std::move(field));
    return true;
  }
  bool readBody(Field& field, int depth) {
    if (take('{')) return readFields(field, '}', depth + 1);
    if (take('<')) return readFields(field, '>', depth + 1);
    return readValue(field);
  }
  bool readFields(Field& parent, char end, int depth) {
    if (depth > deepest) return false;
    for (;;) {
      const char c = next();
      if (m_text.empty()) return end == '\0';
      if (c == end) return take(end);
      if (!readField(parent, depth)) return false;
    }
  }

  std::string_view m_text;
};

}  // namespace

std::string tfServingConfig(const std::vector<ConfiguredModel>& models) {
  std::string text = "model_config_list {\n";
  for (const auto& model : models) {
    text += fmt::format("  config {{\n    name: {}\n    base_path: {}\n    model_platform: \"tensorflow\"\n",
                        quoted(model.name), quoted(model.folder));
    if (model.versions.empty()) text += "    model_version_policy { latest { num_versions: 1 } }\n";
    if (!model.versions.empty())
      text += fmt::format("    model_version_policy {{ specific {{ versions: {} }} }}\n",
                          fmt::join(model.versions, " versions: "));
    for (const auto& [label, version] : model.labels)
      text += fmt::format("    version_labels {{ key: {} value: {} }}\n", quoted(label), version);
    text += "  }\n";
  }
  return text + "}\n";
}

std::vector<ConfiguredModel> tfServingModels(const std::string& config) {
  std::vector<ConfiguredModel> models;
  const auto root = TextReader(config).message();
  if (!root) return models;
  for (const auto* list : root->all("model_config_list"))
    for (const auto* entry : list->all("config")) {
      ConfiguredModel model{entry->part("name").value, entry->part("base_path").value, {}, {}};
      for (const auto* version : entry->part("model_version_policy").part("specific").all("versions"))
        model.versions.push_back(version->number());
      for (const auto* label : entry->all("version_labels"))
        model.labels.emplace_back(label->part("key").value, label->part("value").number());
      if (!model.name.empty() && !model.folder.empty()) models.push_back(std::move(model));
    }
  return models;
}

}  // namespace lathe::serving

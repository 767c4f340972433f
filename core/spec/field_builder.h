// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/spec/field_binding.h"

namespace lathe::spec {

/// Writes one row of the table of fields. For this folder only.
class FieldBuilder {
 public:
  FieldBuilder(std::string path, std::string type, std::string label, std::string help) {
    m_info.path = std::move(path);
    m_info.type = std::move(type);
    m_info.label = std::move(label);
    m_info.help = std::move(help);
  }
  FieldBuilder& choices(std::vector<std::string> choices) {
    m_info.choices = std::move(choices);
    return *this;
  }
  FieldBuilder& onlyWhen(std::string path, std::vector<std::string> values) {
    m_info.onlyWhenPath = std::move(path);
    m_info.onlyWhenValues = std::move(values);
    return *this;
  }
  FieldBuilder& range(double low, double high) {
    m_info.low = low;
    m_info.high = high;
    return *this;
  }
  /// From 0, which is also written auto, up to `high`.
  FieldBuilder& automaticUpTo(double high) {
    m_info.automatic = true;
    return range(0, high);
  }
  FieldBuilder& unit(std::string unit) {
    m_info.unit = std::move(unit);
    return *this;
  }
  template <class At>
  void into(std::vector<FieldBinding>& out, At at) {
    auto binding = bind(std::move(m_info), at);
    binding.info.defaultJson = defaultOf(binding);
    out.push_back(std::move(binding));
  }

 private:
  FieldInfo m_info;
};

inline FieldBuilder field(std::string path, std::string type, std::string label, std::string help) {
  return {std::move(path), std::move(type), std::move(label), std::move(help)};
}

}  // namespace lathe::spec

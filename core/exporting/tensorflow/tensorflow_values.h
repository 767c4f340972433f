// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/spec/graph.h"

/// What nodes of TensorFlow graphs are made of. For the files of this folder only.
namespace lathe::exporting {

/// TensorFlow's numbers of element types.
enum class TfType {
  Float = 1,
  Int32 = 3,
  Int8 = 6,
  String = 7,
  Int64 = 9,
  Bool = 10,
  BFloat16 = 14,
  Half = 19,
  Resource = 20
};

/// An output of a node, as others name it.
struct TfValue {
  std::string name;
  TfType type = TfType::Float;
  [[nodiscard]] bool known() const { return !name.empty(); }
};
using TfValues = std::vector<TfValue>;

/// A shape as an attribute.
struct TfShape {
  spec::Shape sizes;
  /// -1 rows of it.
  [[nodiscard]] static TfShape ofRows(spec::Shape row) {
    row.insert(row.begin(), -1);
    return {std::move(row)};
  }
};

using TfAttribute =
    std::pair<const char*, std::variant<TfType, bool, std::int64_t, float, std::string, std::vector<std::int64_t>,
                                        std::vector<TfType>, TfShape, std::vector<TfShape>>>;
using TfAttributes = std::vector<TfAttribute>;

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/serving/fault.h"
#include "core/spec/schema.h"

/// How cells of requests become the numbers of a model's raw input.
namespace lathe::serving {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// A column of a table model: how its cells are written into a raw row. All functions are pure.
class InputColumn {
 public:
  explicit InputColumn(const spec::FeatureSchema& feature);

  [[nodiscard]] const std::string& name() const { return m_feature.name; }
  [[nodiscard]] const spec::FeatureSchema& feature() const { return m_feature; }
  /// Its cells are words: categories, booleans, dates and texts. In numeric interfaces they come as text.
  [[nodiscard]] bool isText() const;

  /// Each writes into the row that holds this column at feature().offset; a cell that cannot be one is a fault that
  /// names the column.
  void writeMissing(float* row) const;
  Answer<void> writeNumber(double value, float* row) const;
  Answer<void> writeText(std::string_view text, float* row) const;
  Answer<void> writeBoolean(bool value, float* row) const;

 private:
  [[nodiscard]] std::int32_t codeOf(std::string_view word) const;
  void writeTime(std::int64_t micros, float* row) const;

  spec::FeatureSchema m_feature;
  TextMap<std::int32_t> m_codes;                       ///< of the vocabulary
  std::unordered_map<double, std::int32_t> m_numbers;  ///< of its words that are numbers
};

/// The raw input of a model. Immutable.
class InputLayout {
 public:
  explicit InputLayout(const spec::DataSchema& schema);

  [[nodiscard]] const std::vector<InputColumn>& columns() const { return m_columns; }
  [[nodiscard]] const InputColumn* column(std::string_view name) const;
  [[nodiscard]] std::size_t columnIndex(std::string_view name) const;  ///< columns().size() when there is none
  [[nodiscard]] bool hasText() const { return m_hasText; }
  [[nodiscard]] bool image() const { return m_image; }
  [[nodiscard]] bool table() const { return !m_columns.empty(); }
  [[nodiscard]] const spec::Shape& inputShape() const { return m_shape; }  ///< of one row
  [[nodiscard]] std::size_t inputSize() const { return m_size; }           ///< numbers of one whole input
  [[nodiscard]] std::size_t window() const { return m_window; }            ///< rows of an input; 1 without windows
  [[nodiscard]] std::size_t rowSize() const { return m_size / m_window; }  ///< numbers of one row of a window
  [[nodiscard]] std::string columnNames() const;                           ///< "a, b, c"
  /// Names that come close, for a sentence about an unknown one.
  [[nodiscard]] std::string nearest(std::string_view name) const;

 private:
  std::vector<InputColumn> m_columns;
  TextMap<std::size_t> m_index;
  spec::Shape m_shape;
  std::size_t m_size = 0, m_window = 1;
  bool m_hasText = false, m_image = false;
};

}  // namespace lathe::serving

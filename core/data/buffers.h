// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/spec/schema.h"

namespace lathe::data {

/// Row numbers of each part.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> test;
  bool operator==(const Split&) const = default;
};

/// How the rows of a table follow each other, for windows that end at each of them. Row numbers stay the file's.
struct Windows {
  std::vector<std::uint32_t> order;   ///< rows, one series after the other, each in time
  std::vector<std::uint32_t> place;   ///< of each row in `order`
  std::vector<std::uint32_t> before;  ///< rows of its series before each row
  std::vector<std::uint32_t> behind;  ///< rows of its series after each row
  std::vector<double> time;           ///< of each row: what orders and splits them
};

/// The codes of a column of text (core/spec/text_codes.h), as long as each text needs; equal texts may share theirs.
struct TextColumn {
  std::vector<std::uint32_t> place;         ///< of each row: which of the texts it has; 0 is the one without codes
  std::vector<std::uint64_t> starts{0, 0};  ///< of each text in `codes`, then the end of the last
  std::vector<std::uint16_t> codes;         ///< below the column's buckets
  [[nodiscard]] std::span<const std::uint16_t> of(std::size_t row) const {
    const auto text = place[row];
    return {codes.data() + starts[text], codes.data() + starts[text + 1]};
  }
};

/// Clips of sound one after the other, as they lie in files of 16 bits: 32768 is full scale.
using Samples = std::vector<std::int16_t>;
constexpr float fullScale = 32768;
/// The nearest of a value from -1 to 1; what is louder is cut there, what is no number is silence.
[[nodiscard]] std::int16_t sampleOf(float value);

/// Rows ready for an engine: raw inputs as plain numbers, targets, weights and the split. Immutable once built; shared
/// between threads by shared_ptr<const Dataset>.
struct Dataset {
  spec::DataSchema schema;
  std::size_t rows = 0;
  std::vector<float> table;          ///< tables: rows x F without text, raw units, NaN = missing, category codes; of
                                     ///< windows without an order: rows x W x F
  std::vector<TextColumn> texts;     ///< one for each text feature of the schema
  Windows windows;                   ///< schema.sequence.window: the window that ends at each row; may be empty
  std::vector<std::uint8_t> pixels;  ///< images: rows x C x H x W
  std::shared_ptr<const Samples> samples;  ///< sound: rows x L; shared with the source, which decodes clips once
  std::vector<std::int32_t> classes;       ///< classification: index into schema.target.classes, -1 where unlabelled;
                                           ///< anomaly: empty, or 1 for an anomaly, 0 for none, -1 where unlabelled
  std::vector<float> targets;       ///< numbers: rows x targets (x each row ahead), raw unit, NaN where unlabelled
  std::vector<std::int8_t> labels;  ///< multilabel: rows x labels, 1 or 0, all -1 where unlabelled
  std::vector<float> weights;       ///< empty: all 1
  Split split;                      ///< rows without a target are in none
};

/// Whether a row says everything that its task is to learn: for anomalies any row. Rows beyond the data are not.
[[nodiscard]] bool isLabelled(const Dataset& dataset, std::size_t row);
/// As many classes, targets or labels as the rows of its task need.
[[nodiscard]] bool labelsFitRows(const Dataset& dataset);

/// Places of the raw row that hold codes of text, which are its last ones.
[[nodiscard]] std::size_t textWidth(const spec::DataSchema& schema);
/// Numbers of a row of the table: F without the places of text.
[[nodiscard]] std::size_t rowWidth(const spec::DataSchema& schema);
/// Rows of a window; 1 where each row stands for itself.
[[nodiscard]] std::size_t windowLength(const spec::DataSchema& schema);
/// Rows of the table, which are more than the dataset's where it holds each window whole.
[[nodiscard]] std::size_t tableRows(const Dataset& dataset);
/// Where in time the last row of a row's window stands, and which row of the table stands there. A window is the W
/// places up to its last one.
[[nodiscard]] std::size_t lastPlace(const Dataset& dataset, std::size_t row);
[[nodiscard]] std::size_t rowAtPlace(const Dataset& dataset, std::size_t place);
/// Whether a row is there, and of windows its whole window.
[[nodiscard]] bool hasInput(const Dataset& dataset, std::size_t row);
/// Table, pixels, samples and windows hold what `rows` rows of the schema need.
[[nodiscard]] bool inputsFitRows(const Dataset& dataset);
/// The raw input of a row into `out`: of a table F numbers, of windows W x F, of sound L from -1 to 1. The row has its
/// input; images have theirs in `pixels`.
void copyInput(const Dataset& dataset, std::size_t row, float* out);
/// Adds a row of a table from its raw input of F or W x F numbers; codes that are none of the column end its text.
void appendInput(Dataset& dataset, std::span<const float> input);
/// The same texts of some rows alone.
[[nodiscard]] TextColumn textOf(const TextColumn& texts, std::span<const std::uint32_t> rows);

}  // namespace lathe::data

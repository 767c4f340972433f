// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
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
  std::vector<float> table;                ///< tables: rows x F, raw units, NaN = missing, category codes; of windows
                                           ///< without an order: rows x W x F
  Windows windows;                         ///< schema.sequence.window: the window that ends at each row; may be empty
  std::vector<std::uint8_t> pixels;        ///< images: rows x C x H x W
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

/// Numbers of a row of the table: F.
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

}  // namespace lathe::data

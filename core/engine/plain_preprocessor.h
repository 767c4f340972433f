// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/data/buffers.h"
#include "core/spec/program.h"

namespace lathe::engine {

/// The preprocess section of a program in plain C++: one row after another, no tensors; windows row by row. Immutable,
/// thread-safe.
class PlainPreprocessor {
 public:
  explicit PlainPreprocessor(spec::Program program);

  /// Numbers a prepared row has: first, for each column of text, its codes modulo 256, counted and divided by the root
  /// of their number; then all other prepared inputs side by side, category codes one-hot.
  [[nodiscard]] std::size_t width() const { return m_width; }
  /// Prepares one row of the data into out[0 .. width()).
  void row(const data::Dataset& data, std::size_t row, std::span<float> out) const;

 private:
  using Values = std::vector<std::vector<float>>;
  /// All values of a raw row, or of one row of a window.
  [[nodiscard]] Values prepare(std::vector<float> raw) const;
  void apply(const spec::Operation& operation, Values& values) const;

  spec::Program m_program;  ///< of windows: that of their rows
  static constexpr std::size_t placesOfText = 256;
  std::size_t m_texts = 0;       ///< columns of text
  std::size_t m_steps = 1;       ///< rows of a window
  std::vector<bool> m_windowed;  ///< of each prepared input: it is of all rows, else of the last one
  std::size_t m_width = 0;
  /// For each prepared input: the cardinalities when it holds codes, else empty.
  std::vector<std::vector<std::int64_t>> m_codes;
};

/// Days since 2000-01-01 and seconds of the day as the four parts that a clock and a calendar show: (year - 2000) / 50,
/// then sine and cosine of month, weekday and hour. Zeros when either is NaN. The civil calendar by Hinnant,
/// "chrono-compatible low-level date algorithms".
[[nodiscard]] std::array<float, 7> calendarParts(double days, double seconds);

}  // namespace lathe::engine

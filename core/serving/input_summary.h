// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include "core/data/buffers.h"
#include "core/spec/schema.h"

namespace lathe::serving {

/// What a model saw of one column.
struct ColumnSummary {
  std::string name;
  spec::ColumnKind kind = spec::ColumnKind::Real;
  std::uint64_t count = 0;  ///< cells, missing ones included
  std::uint64_t missing = 0;
  double mean = 0, variance = 0;  ///< of the numbers (dates: days since 2000-01-01; images: brightness, 0 to 255)
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  std::vector<double> edges;          ///< numbers: of the bins; the first and the last bin are open
  std::vector<std::string> words;     ///< categories: the vocabulary
  std::vector<std::uint64_t> counts;  ///< of the bins (one more than edges), or of the words and then unknown ones
};

/// Summary of the inputs that a model has answered, to compare with its training data. Thread-safe.
class InputSummary {
 public:
  explicit InputSummary(const spec::ModelDescription& model);
  void add(const data::Dataset& rows);
  [[nodiscard]] std::vector<ColumnSummary> columns() const;

 private:
  struct Running {
    ColumnSummary summary;
    std::size_t offset = 0;
    double squares = 0;  ///< sum of squared differences from the mean (Welford)
  };
  static void addNumber(Running& column, double value);
  static void addCode(Running& column, float code);
  mutable std::mutex m_mutex;
  std::vector<Running> m_columns;
  std::size_t m_texts = 0;
};

}  // namespace lathe::serving

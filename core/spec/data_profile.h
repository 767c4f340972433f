// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/spec/experiment.h"

namespace lathe::spec {

/// A small histogram of a numeric or date column (equal bins), or the counts of its most frequent values.
struct Histogram {
  double low = 0;
  double high = 0;
  std::vector<std::int64_t> counts;
  std::vector<std::string> labels;  ///< categories: the value of each bar; empty for numbers
};

/// What was seen in one column.
struct ColumnProfile {
  std::string name;
  ColumnKind inferredKind = ColumnKind::Text;
  ColumnKind kind = ColumnKind::Text;  ///< after a person's override
  ColumnRole inferredRole = ColumnRole::Feature;
  ColumnRole role = ColumnRole::Feature;
  std::int64_t missing = 0;
  std::int64_t distinct = 0;  ///< exact up to a million, then estimated (distinctExact false)
  bool distinctExact = true;
  double min = 0, max = 0, mean = 0, standardDeviation = 0;  ///< NaN for text; date-times in seconds since 1970
  Histogram histogram;
};

/// What Lathe sees in a data file or folder.
struct DataProfile {
  std::string path;
  std::string format;   ///< csv, tsv, npy, npz, idx, image_folder, audio_folder
  std::string summary;  ///< "comma, UTF-8", "28 x 28 grey"
  std::string encoding, delimiter, decimal;
  bool header = true;
  std::int64_t rows = 0;
  std::int64_t testRows = 0;  ///< rows of a test split that the data brings (not within rows)
  std::uintmax_t bytes = 0;
  double seconds = 0;  ///< how long reading took
  std::string sha256;
  bool image = false;
  bool audio = false;
  Shape imageShape;        ///< [C, H, W]; sound: of the pictures of clips
  int sampleRate = 0;      ///< sound: Hz of a row
  double clipSeconds = 0;  ///< sound: length of a row
  std::vector<ColumnProfile> columns;
  Task task = Task::Classification;
  std::string target;                ///< of several: their names with ", " between
  std::vector<std::string> targets;  ///< column names
  std::vector<std::string> classes;  ///< classification, in stored order; multilabel: the labels
  std::vector<std::int64_t> classCounts;
  std::int64_t trainRows = 0, validationRows = 0, heldOutRows = 0;  ///< as the split would make them
  std::vector<Warning> warnings;
};

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/data/buffers.h"
#include "core/spec/data_profile.h"

/// The data layer's front door: open a file or folder once, then ask for its profile, its cells and its dataset.
namespace lathe::data {

/// An opened data file or folder, parsed into memory (tables as columns, images lazily). Immutable, thread-safe.
class DataSource {
 public:
  virtual ~DataSource() = default;
  /// Kinds, roles, statistics, histograms, task, class balance, warnings (leakage suspects, constant and id-like
  /// columns, imbalance, duplicates across splits), under the overrides of `spec`.
  virtual Result<spec::DataProfile> profile(const spec::DataSpec& spec, const JobContext& job = {}) const = 0;

  /// All rows; those of a test split that the data brings come last.
  [[nodiscard]] virtual std::int64_t rows() const = 0;
  [[nodiscard]] virtual std::vector<std::string> columnNames() const = 0;
  /// The cell as it stands in the file, for previews; "" where missing.
  [[nodiscard]] virtual std::string cell(std::int64_t row, int column) const = 0;
  /// Images: the pixels of one row as C x H x W bytes; sound: a picture of it; empty for tables.
  virtual Result<std::vector<std::uint8_t>> image(std::int64_t row) const = 0;

  /// Schema from the data (vocabularies and classes from the training rows, plus classes seen elsewhere), rows encoded,
  /// split made. Errors: missing, constant or all-distinct text target, one column, no rows, too few rows.
  virtual Result<Dataset> dataset(const spec::DataSpec& spec, const JobContext& job = {}) const = 0;

  /// dataset() without its inputs: schema, targets, split. Images are not decoded for it.
  virtual Result<Dataset> outline(const spec::DataSpec& spec, const JobContext& job = {}) const {
    return dataset(spec, job);
  }

  /// dataset() without the codes of its texts, which take longest: for looking at what a model would read.
  virtual Result<Dataset> datasetWithoutText(const spec::DataSpec& spec, const JobContext& job = {}) const {
    return dataset(spec, job);
  }

  /// Rows encoded against a schema learnt elsewhere, columns matched by name, extra ones and the target ignored unless
  /// present; a missing feature column is an error that names it. split stays empty but for a test part that the data
  /// brings.
  virtual Result<Dataset> encode(const spec::DataSchema& schema, const spec::DataSpec& spec,
                                 const JobContext& job = {}) const = 0;
};

/// Opens CSV/TSV (.gz too), .npy/.npz, a folder of images or of WAV and FLAC files with one sub-folder a class, or IDX
/// files, by content. The error names the file, what is wrong (with line and column where it applies) and what to do.
Result<std::shared_ptr<const DataSource>> openData(const std::filesystem::path& path, const spec::DataSpec& spec,
                                                   const JobContext& job = {});

/// Fitted on the training rows only.
Result<spec::FittedPreprocessing> fitPreprocessing(const Dataset& dataset,
                                                   const spec::PreprocessingSpec& preprocessing);

}  // namespace lathe::data

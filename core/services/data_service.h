// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/spec/data_profile.h"
#include "core/spec/schema.h"

namespace lathe::services {

/// Cells of an opened data file for a preview table: any row of millions, at once. Thread-safe.
class DataPreview {
 public:
  virtual ~DataPreview() = default;
  [[nodiscard]] virtual std::int64_t rows() const = 0;
  [[nodiscard]] virtual std::vector<std::string> columnNames() const = 0;
  [[nodiscard]] virtual std::string cell(std::int64_t row, int column) const = 0;
  /// Images: C x H x W bytes.
  virtual Result<std::vector<std::uint8_t>> image(std::int64_t row) const = 0;
};

struct InspectedData {
  spec::DataProfile profile;
  std::shared_ptr<const DataPreview> preview;
  spec::GraphContext
      graphContext;  ///< what a model will be offered, from a quick fit (empty inputs when the data cannot train)
  std::optional<Error> cannotTrain;  ///< why the data cannot train as it is (no target ...)
};

/// Reading and looking. Keeps the last few opened files, so that a changed override does not read the file again. All
/// calls block and are meant for worker threads. Thread-safe.
class DataService {
 public:
  virtual ~DataService() = default;
  virtual Result<InspectedData> inspect(const spec::DataSpec& spec, const std::filesystem::path& base,
                                        const JobContext& job = {}) = 0;
};

[[nodiscard]] std::unique_ptr<DataService> makeDataService();

}  // namespace lathe::services

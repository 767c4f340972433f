// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/data/data_source.h"
#include "tests/support/gzip.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

namespace lathe::tests {

void writeBytes(const std::filesystem::path& path, std::string_view bytes);

/// A folder with one file in it, opened with default settings unless said.
struct OpenedText {
  explicit OpenedText(std::string_view bytes, const std::string& name = "data.csv", spec::DataSpec dataSpec = {});
  TempFolder folder;
  std::filesystem::path path;
  spec::DataSpec spec;
  Result<std::shared_ptr<const data::DataSource>> source;

  /// The error's code and sentence, "" where there is none.
  [[nodiscard]] std::string openCode() const;
  [[nodiscard]] std::string datasetCode() const;
  [[nodiscard]] std::string openSentence() const;
};

[[nodiscard]] const spec::ColumnProfile& column(const spec::DataProfile& profile, std::string_view name);
[[nodiscard]] bool warns(const spec::DataProfile& profile, const std::string& code, const std::string& about = {});

}  // namespace lathe::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace lathe::services {

/// How scikit-learn keeps one of its data sets, and the names that its files leave out. Names follow its descr pages.
struct SampleTable {
  enum class Form {
    Counted,    ///< first line "rows,columns,class0,class1 ...", then values with the class's index last
    Separated,  ///< values separated by commas, the target last
    TwoFiles,   ///< features and targets in files of their own, separated by spaces
  };
  std::string id;
  Form form = Form::Counted;
  std::string file;
  std::string targetFile;  ///< TwoFiles
  std::vector<std::string> columns;
  std::string target;
};

[[nodiscard]] const std::vector<SampleTable>& sampleTables();
[[nodiscard]] const SampleTable* findSampleTable(const std::string& id);

/// The table as plain CSV with a header line, from the files in `folder` (.gz or not). Checks every count before it is
/// believed.
Result<std::string> convertSample(const SampleTable& table, const std::filesystem::path& folder);

}  // namespace lathe::services

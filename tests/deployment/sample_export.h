// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/services/deployment/deploy.h"
#include "tests/support/temp_folder.h"

namespace lathe::tests {

/// An export of every format whose model says b with the probability (x + y) / 100 and a with the rest. Its files hold
/// their names only: what they predict is the servers' to say.
class SampleExport {
 public:
  explicit SampleExport(const std::vector<std::string>& formats = {"torchscript", "savedmodel", "triton"});
  [[nodiscard]] services::DeployRequest request(services::DeployTarget target, const std::string& url) const;
  [[nodiscard]] std::filesystem::path folder() const { return m_folder.path(); }

 private:
  TempFolder m_folder;
};

[[nodiscard]] float ofSecondClass(float x, float y);

/// Every file and folder below a folder, hidden ones too, with its content.
[[nodiscard]] std::map<std::string, std::string> contentsOf(const std::filesystem::path& folder);

}  // namespace lathe::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace lathe::layering {

/// One folder of the tree: what its files may include directly of ours, and which third parties.
struct Rule {
  std::set<std::string> own;      ///< folders, itself not listed
  std::set<std::string> parties;  ///< names of ThirdParty
  bool everything = false;        ///< app and tests
};

/// A third party as it shows in a path of a header.
struct ThirdParty {
  std::string name;
  std::vector<std::string> pathParts;
};

/// The table of ARCHITECTURE.md, by folder ("core/spec"); a file belongs to the longest folder that fits.
const std::map<std::string, Rule>& rules();
const std::vector<ThirdParty>& thirdParties();

/// "core/store/sqlite" for core/store/sqlite/x.cpp; "" for files outside the table.
std::string folderOf(const std::string& relativePath);

/// Name of the third party that a system header belongs to; "" for the C++ library and everything unlisted.
std::string thirdPartyOf(const std::string& headerPath);

}  // namespace lathe::layering

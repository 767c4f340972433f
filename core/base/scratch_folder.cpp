// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/scratch_folder.h"

#include <cerrno>
#include <cstdlib>

#include "core/base/files.h"

namespace lathe {

Result<ScratchFolder> ScratchFolder::make(const std::filesystem::path& parent) {
  std::error_code ignored;
  const auto below = parent.empty() ? std::filesystem::temp_directory_path(ignored) : parent;
  std::string name = (below / "lathe-scratch-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return fileError(errno, below);
  return ScratchFolder(name);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
}

}  // namespace lathe

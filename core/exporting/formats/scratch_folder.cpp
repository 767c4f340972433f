// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <cstdlib>

#include "core/base/files.h"
#include "core/exporting/formats/format_writers.h"

namespace lathe::exporting {

Result<ScratchFolder> ScratchFolder::make(const std::filesystem::path& parent) {
  std::string name = (parent / "lathe-scratch-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return fileError(errno, parent);
  return ScratchFolder(name);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
}

}  // namespace lathe::exporting

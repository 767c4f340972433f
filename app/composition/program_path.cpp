// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/program_path.h"

#include <string>

namespace lathe::app {

std::filesystem::path programPath() {
  std::error_code error;
  auto path = std::filesystem::read_symlink("/proc/self/exe", error).string();
  // What the kernel appends once an update has replaced the file of a running program.
  const std::string deleted = " (deleted)";
  if (path.size() > deleted.size() && path.compare(path.size() - deleted.size(), deleted.size(), deleted) == 0)
    path.resize(path.size() - deleted.size());
  return path;
}

}  // namespace lathe::app

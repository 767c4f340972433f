// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/plain_user.h"

#include <unistd.h>

namespace lathe::tests {
namespace {

constexpr unsigned nobody = 65534;

bool handOver(const std::filesystem::path& path) {
  if (lchown(path.c_str(), nobody, nobody) != 0) return false;
  if (std::filesystem::is_directory(path))
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
      if (lchown(entry.path().c_str(), nobody, nobody) != 0) return false;
  return true;
}

}  // namespace

PlainUser::PlainUser(const std::vector<std::filesystem::path>& own) : m_wasRoot(geteuid() == 0) {
  if (!m_wasRoot) return;
  for (const auto& path : own) m_limited = m_limited && handOver(path);
  m_limited = m_limited && setegid(nobody) == 0 && seteuid(nobody) == 0;
}

PlainUser::~PlainUser() {
  if (!m_wasRoot) return;
  // What cannot be taken back leaves the rest of the tests with fewer rights, which they would say.
  [[maybe_unused]] const bool user = seteuid(0) == 0;
  [[maybe_unused]] const bool group = setegid(0) == 0;
}

}  // namespace lathe::tests

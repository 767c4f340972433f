// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

namespace lathe::tests {

/// While it lives, this whole process has the rights of a plain user: root becomes nobody, anybody else stays. What is
/// in `own` is handed over to that user. limited() is false where rights cannot be dropped.
class PlainUser {
 public:
  explicit PlainUser(const std::vector<std::filesystem::path>& own = {});
  ~PlainUser();
  PlainUser(const PlainUser&) = delete;
  PlainUser& operator=(const PlainUser&) = delete;
  [[nodiscard]] bool limited() const { return m_limited; }

 private:
  bool m_wasRoot = false;
  bool m_limited = true;
};

}  // namespace lathe::tests

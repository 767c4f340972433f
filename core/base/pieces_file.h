// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "core/base/result.h"

namespace lathe {

/// As writeFileAtomically(), from pieces that need not be gathered first. With `previous`, a name in the same folder,
/// what `path` held until now is kept there. Killed at any moment, `path` is whole; on file systems without hard links
/// it may be missing for a moment, and is then found as `previous`. Unless it is `lasting`, the system writes it to the
/// disk when it likes: a killed process loses nothing, a power cut may lose all of it.
Result<void> writePiecesAtomically(const std::filesystem::path& path, std::span<const std::string_view> pieces,
                                   const std::filesystem::path& previous = {}, bool lasting = true);

/// Deletes the temporary files that killed processes left beside `path`. Only where nobody else writes it.
void removeUnfinished(const std::filesystem::path& path);

}  // namespace lathe

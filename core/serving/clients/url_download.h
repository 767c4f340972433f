// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>

#include "core/base/result.h"
#include "core/serving/clients/allowed_urls.h"

namespace lathe::serving {

struct DownloadLimits {
  std::uintmax_t bytes = std::uintmax_t{4} << 30U;
  std::chrono::milliseconds time{300'000};    ///< for all of it
  std::chrono::milliseconds silence{10'000};  ///< without a byte
  int redirects = 5;
};

/// Writes what a URL answers into a new file, which may be there in part after an error. Blocks. Every redirect must
/// lead to an allowed URL, and no address is connected to but one that AllowedUrls::allowsAddress() has let pass: the
/// name is looked up once for both. Errors: "serving.url_not_allowed", "serving.download_failed".
Result<void> downloadUrl(const WebAddress& url, const AllowedUrls& allowed, const DownloadLimits& limits,
                         const std::filesystem::path& file, const std::stop_token& stop = {});

/// What is answered to a URL that is not allowed.
[[nodiscard]] tl::unexpected<Error> urlNotAllowed(const std::string& url);

}  // namespace lathe::serving

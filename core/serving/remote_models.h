// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/scratch_folder.h"
#include "core/serving/clients/url_download.h"
#include "core/serving/fault.h"

namespace lathe::serving {

/// Model archives that clients register by a URL of the allowed ones. They lie in temporary folders until they are
/// forgotten, at the latest until this object goes. Thread-safe.
class RemoteModels {
 public:
  RemoteModels(AllowedUrls allowed, const DownloadLimits& limits) : m_allowed(std::move(allowed)), m_limits(limits) {}

  /// Whether a registration means the web: http:// or https://, in any case.
  [[nodiscard]] static bool isUrl(std::string_view url);
  /// What may be fetched. NoModel: what is not allowed. BadInput: what is no .mar.
  Answer<WebAddress> check(const std::string& url) const;
  /// The archive's file. Blocks. One at a time, Busy meanwhile, since it may take minutes; NoDownload with the reason.
  Answer<std::filesystem::path> fetch(const WebAddress& url);
  /// Removes a file that fetch() gave; any other path is left alone.
  void forget(const std::filesystem::path& file);
  /// Ends a fetch() that is at work, and all to come.
  void stop() { m_stop.request_stop(); }

 private:
  const AllowedUrls m_allowed;
  const DownloadLimits m_limits;
  std::stop_source m_stop;
  std::mutex m_fetching, m_mutex;
  std::map<std::filesystem::path, ScratchFolder> m_files;
};

}  // namespace lathe::serving

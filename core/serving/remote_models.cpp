// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/remote_models.h"

#include <fmt/format.h>

#include "core/serving/http/http_message.h"

namespace lathe::serving {
namespace {

constexpr std::string_view extension = ".mar";

/// The name that the archive has at home, where it is harmless as the name of a file.
std::string plainName(const WebAddress& url) {
  constexpr auto plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  const auto name = url.fileName();
  if (name.size() > 200 || name.front() == '.' || name.find_first_not_of(plain) != std::string_view::npos)
    return "model" + std::string(extension);
  return std::string(name);
}

}  // namespace

bool RemoteModels::isUrl(std::string_view url) {
  const auto scheme = url.substr(0, url.find("://"));
  return scheme.size() < url.size() && (sameText(scheme, "http") || sameText(scheme, "https"));
}

Answer<WebAddress> RemoteModels::check(const std::string& url) const {
  auto address = webAddress(url);
  // Kind and words are TorchServe's.
  if (!address || !m_allowed.allows(*address))
    return refuse(FaultKind::NoModel, fmt::format("Given URL {} does not match any allowed URL(s)", url));
  if (!address->fileName().ends_with(extension))
    return refuse(FaultKind::BadInput,
                  fmt::format("Only model archives are taken from a URL, and {} is no {}.", url, extension));
  return std::move(*address);
}

Answer<std::filesystem::path> RemoteModels::fetch(const WebAddress& url) {
  const std::unique_lock only(m_fetching, std::try_to_lock);
  if (!only) return refuse(FaultKind::Busy, "Another model archive is being downloaded; try again when it is there.");
  const auto failed = [&url](const Error& error) {
    return refuse(FaultKind::NoDownload,
                  fmt::format("Failed to download archive from: {}. {}", url.text(), error.sentence()));
  };
  auto folder = ScratchFolder::make();
  if (!folder) return failed(folder.error());
  auto file = folder->path() / plainName(url);
  if (const auto done = downloadUrl(url, m_allowed, m_limits, file, m_stop.get_token()); !done)
    return failed(done.error());
  const std::lock_guard lock(m_mutex);
  m_files.emplace(file, std::move(*folder));
  return file;
}

void RemoteModels::forget(const std::filesystem::path& file) {
  const std::lock_guard lock(m_mutex);
  m_files.erase(file);
}

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/access.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file_descriptor.h"
#include "core/base/files.h"

namespace lathe::serving {
namespace {

constexpr const char* wrongToken =
    "Token Authorization failed. Token either incorrect, expired, or not provided correctly";

/// The host of "host:port" or "[::1]:port".
std::string_view hostOf(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    return end == std::string_view::npos ? text : text.substr(1, end - 1);
  }
  return text.substr(0, text.find(':'));
}

bool isNumericAddress(std::string_view host) {
  return !host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Takes as long for a wrong first character as for a wrong last one.
bool sameSecret(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^
                                        static_cast<unsigned char>(b[b.empty() ? 0 : i % b.size()]));
  return difference == 0;
}

}  // namespace

bool isLoopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1" ||
         (host.starts_with("127.") && isNumericAddress(host));
}

AccessRules::AccessRules(std::string host, std::string token, bool withoutToken)
    : m_host(std::move(host)),
      m_token(std::move(token)),
      m_loopback(isLoopback(m_host)),
      m_withoutToken(withoutToken && m_loopback) {}

bool AccessRules::holdsToken(std::string_view authorization) const {
  constexpr std::string_view scheme = "Bearer ";
  return !m_token.empty() && authorization.size() > scheme.size() &&
         sameText(authorization.substr(0, scheme.size()), scheme) &&
         sameSecret(authorization.substr(scheme.size()), m_token);
}

bool AccessRules::knownHost(std::string_view hostHeader) const {
  const auto host = hostOf(hostHeader);
  if (isLoopback(host) || host == m_host) return true;
  // Elsewhere people come by whatever name the machine has, and everything needs the token.
  return !m_loopback;
}

std::optional<Fault> AccessRules::mayAsk(const HttpRequest& request) const {
  const auto host = request.header("Host");
  if (!host.empty() && !knownHost(host))
    return Fault{FaultKind::Forbidden, fmt::format("This server is not known as {}.", hostOf(host))};
  const auto origin = request.header("Origin");
  const auto site = request.header("Sec-Fetch-Site");
  const bool navigation = request.method == "GET" && request.header("Sec-Fetch-Mode") == "navigate";
  const bool foreignOrigin = !origin.empty() && origin != fmt::format("http://{}", host);
  const bool foreignSite = (site == "cross-site" || site == "same-site") && !navigation;
  if (foreignOrigin || foreignSite)
    return Fault{FaultKind::Forbidden, "Web pages of other sites may not ask this server."};
  return mayAsk(request.header("Authorization"));
}

std::optional<Fault> AccessRules::mayAsk(std::string_view authorization) const {
  if (m_loopback || holdsToken(authorization)) return std::nullopt;
  return Fault{FaultKind::Unauthorized, wrongToken};
}

std::optional<Fault> AccessRules::mayChange(std::string_view authorization) const {
  if (m_withoutToken || holdsToken(authorization)) return std::nullopt;
  return Fault{FaultKind::Unauthorized, wrongToken};
}

std::optional<Fault> AccessRules::mayChange(const HttpRequest& request) const {
  return mayChange(request.header("Authorization"));
}

Result<TokenFile> TokenFile::make(const std::filesystem::path& folder) {
  std::array<unsigned char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return fileError(errno, "/dev/urandom");
  std::string token;
  for (const auto byte : bytes) token += fmt::format("{:02x}", byte);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  // Processes may have the same number after a restart of the machine: a left-over file is replaced.
  static std::atomic<int> count{0};
  const int number = count++;
  const auto path = folder / (number == 0 ? fmt::format("serve-{}.token", ::getpid())
                                          : fmt::format("serve-{}-{}.token", ::getpid(), number));
  std::filesystem::remove(path, error);
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0) return fileError(errno, path);
  if (::fchmod(file.get(), 0600) != 0 ||
      ::write(file.get(), token.data(), token.size()) != static_cast<ssize_t>(token.size()))
    return fileError(errno, path);
  return TokenFile(std::move(token), path);
}

TokenFile::TokenFile(TokenFile&& other) noexcept
    : m_token(std::move(other.m_token)), m_path(std::exchange(other.m_path, {})) {}

TokenFile::~TokenFile() {
  std::error_code ignored;
  if (!m_path.empty()) std::filesystem::remove(m_path, ignored);
}

}  // namespace lathe::serving

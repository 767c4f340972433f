// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/serving/fault.h"
#include "core/serving/http/http_message.h"

namespace lathe::serving {

/// Who may ask for what. On loopback everybody reads and whoever changes what is served needs the token; bound
/// elsewhere everything needs it. A web page of another site reaches nothing: its Host or Origin gives it away.
class AccessRules {
 public:
  AccessRules(std::string host, std::string token, bool withoutToken);

  /// Before anything else of a request: Host, Origin, and the token where everything needs it.
  [[nodiscard]] std::optional<Fault> mayAsk(const HttpRequest& request) const;
  [[nodiscard]] std::optional<Fault> mayChange(const HttpRequest& request) const;
  /// The same for a bearer token by itself ("Bearer ..."), as gRPC has it.
  [[nodiscard]] std::optional<Fault> mayAsk(std::string_view authorization) const;
  [[nodiscard]] std::optional<Fault> mayChange(std::string_view authorization) const;

 private:
  [[nodiscard]] bool holdsToken(std::string_view authorization) const;
  [[nodiscard]] bool knownHost(std::string_view hostHeader) const;
  const std::string m_host, m_token;
  const bool m_loopback, m_withoutToken;
};

[[nodiscard]] bool isLoopback(std::string_view host);

/// A new secret in a file that only its owner reads; removed with this object.
class TokenFile {
 public:
  static Result<TokenFile> make(const std::filesystem::path& folder);
  TokenFile(TokenFile&& other) noexcept;
  TokenFile& operator=(TokenFile&&) = delete;
  TokenFile(const TokenFile&) = delete;
  TokenFile& operator=(const TokenFile&) = delete;
  ~TokenFile();
  [[nodiscard]] const std::string& token() const { return m_token; }
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

 private:
  TokenFile(std::string token, std::filesystem::path path) : m_token(std::move(token)), m_path(std::move(path)) {}
  std::string m_token;
  std::filesystem::path m_path;
};

}  // namespace lathe::serving

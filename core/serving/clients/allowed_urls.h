// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lathe::serving {

/// An address of http or https, in parts that can be compared.
struct WebAddress {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; an IPv6 address in its shortest form, without brackets
  int port = 0;
  std::string path;   ///< from '/' on; %XX only where it is needed, in upper case
  std::string query;  ///< with its '?'; or empty

  [[nodiscard]] std::string text() const;
  /// The part of the path behind its last slash.
  [[nodiscard]] std::string_view fileName() const;
};

/// Nothing where the text is no such address, or one that servers read in different ways: user information, "..", a
/// backslash, an encoded slash or dot, a fragment, characters that are not allowed in a URL.
[[nodiscard]] std::optional<WebAddress> webAddress(std::string_view text);
/// Where a redirect leads; nothing as above.
[[nodiscard]] std::optional<WebAddress> redirected(const WebAddress& from, std::string_view location);

/// Whether a numeric address is of this machine or of a network that is not the internet; true when it is no address.
[[nodiscard]] bool isPrivateAddress(const std::string& numeric);

/// The URLs that a person allowed. Immutable.
class AllowedUrls {
 public:
  AllowedUrls() = default;  ///< none
  /// Each "http://HOST[:PORT]/PATH" or https: it allows itself and what is below it. Errors: "serving.bad_url_prefix".
  static Result<AllowedUrls> of(const std::vector<std::string>& prefixes);

  /// Scheme, host and port are those of a prefix, and the path is its path or below it.
  [[nodiscard]] bool allows(const WebAddress& address) const;
  /// Whether a host that has that numeric address may be connected to there. One of this machine or of a private
  /// network must be listed as itself, since the name of a stranger may lead to it: 127.0.0.1 also as localhost.
  [[nodiscard]] bool allowsAddress(const std::string& host, const std::string& numeric) const;

 private:
  std::vector<WebAddress> m_prefixes;
};

}  // namespace lathe::serving

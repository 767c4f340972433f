// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/allowed_urls.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <netinet/in.h>

#include "core/serving/clients/http_client.h"

namespace lathe::serving {
namespace {

constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
constexpr std::string_view alsoInPaths = "!$&'()*+,;=:@/";
constexpr std::string_view alsoInQueries = "!$&'()*+,;=:@/?%";

bool among(char c, std::string_view first, std::string_view second) {
  return first.find(c) != std::string_view::npos || second.find(c) != std::string_view::npos;
}

/// The byte that %XX stands for; nothing when it is none, or one that changes what a path means.
std::optional<unsigned char> encodedByte(std::string_view text) {
  unsigned value = 0;
  if (text.size() < 2) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + 2, value, 16);
  if (read.ec != std::errc() || read.ptr != text.data() + 2) return std::nullopt;
  const auto byte = static_cast<unsigned char>(value);
  constexpr std::string_view changing = "/\\.%";
  if (byte < 0x20 || byte == 0x7F || changing.find(static_cast<char>(byte)) != std::string_view::npos)
    return std::nullopt;
  return byte;
}

std::optional<std::string> plainPath(std::string_view text) {
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!among(text[i], unreserved, alsoInPaths)) return std::nullopt;
      path += text[i];
      continue;
    }
    const auto byte = encodedByte(text.substr(i + 1));
    if (!byte) return std::nullopt;
    if (const char c = static_cast<char>(*byte); unreserved.find(c) != std::string_view::npos)
      path += c;
    else
      path += fmt::format("%{:02X}", *byte);
    i += 2;
  }
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at + 1), path.size());
    const auto part = std::string_view(path).substr(at, end - at);
    if (part == "/." || part == "/..") return std::nullopt;
    at = end;
  }
  return path;
}

std::optional<std::string> plainHost(std::string_view text) {
  if (text.starts_with('[')) {
    if (text.size() < 4 || text.back() != ']') return std::nullopt;
    const std::string inside(text.substr(1, text.size() - 2));
    in6_addr address{};
    std::array<char, INET6_ADDRSTRLEN> shown{};
    if (::inet_pton(AF_INET6, inside.c_str(), &address) != 1 ||
        ::inet_ntop(AF_INET6, &address, shown.data(), shown.size()) == nullptr)
      return std::nullopt;
    return std::string(shown.data());
  }
  auto host = lowerCase(std::string(text));
  if (!host.empty() && host.back() == '.') host.pop_back();
  const bool plain = !host.empty() && host.size() < 254 && host.front() != '.' && host.front() != '-' &&
                     host.back() != '.' && host.find("..") == std::string::npos &&
                     host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") == std::string::npos;
  if (!plain) return std::nullopt;
  return host;
}

/// Host and port of an authority into the address.
bool readAuthority(std::string_view authority, WebAddress& address) {
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  address.port = address.scheme == "https" ? 443 : 80;
  if (colon != std::string_view::npos) {
    const auto digits = authority.substr(colon + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (digits.empty() || digits.size() > 5 || read.ec != std::errc() || read.ptr != digits.data() + digits.size() ||
        address.port < 1 || address.port > 65535)
      return false;
    authority = authority.substr(0, colon);
  }
  const auto host = plainHost(authority);
  if (host) address.host = *host;
  return host.has_value();
}

/// 10.0.0.0/8 and its like, as RFC 6890 lists them.
bool isPrivateV4(std::uint32_t address) {
  struct Network {
    std::uint32_t first;
    unsigned bits;
  };
  static constexpr std::array<Network, 15> networks{{{0x00000000, 8},
                                                     {0x0A000000, 8},
                                                     {0x64400000, 10},
                                                     {0x7F000000, 8},
                                                     {0xA9FE0000, 16},
                                                     {0xAC100000, 12},
                                                     {0xC0000000, 24},
                                                     {0xC0000200, 24},
                                                     {0xC0586300, 24},
                                                     {0xC0A80000, 16},
                                                     {0xC6120000, 15},
                                                     {0xC6336400, 24},
                                                     {0xCB007100, 24},
                                                     {0xE0000000, 4},
                                                     {0xF0000000, 4}}};
  return std::any_of(networks.begin(), networks.end(),
                     [&](const auto& each) { return (address ^ each.first) >> (32U - each.bits) == 0; });
}

std::uint32_t v4At(const in6_addr& address, std::size_t byte) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | address.s6_addr[byte + i];
  return value;
}

bool isPrivateV6(const in6_addr& address) {
  const auto* bytes = address.s6_addr;
  const auto begins = [bytes](std::initializer_list<unsigned> wanted) {
    return std::equal(wanted.begin(), wanted.end(), bytes, [](unsigned a, std::uint8_t b) { return a == b; });
  };
  if (IN6_IS_ADDR_V4MAPPED(&address)) return isPrivateV4(v4At(address, 12));
  if (begins({0, 0x64, 0xFF, 0x9B})) return isPrivateV4(v4At(address, 12));  // translated to IPv4
  if (begins({0x20, 0x02})) return isPrivateV4(v4At(address, 2));            // 6to4
  // What is routed in the internet is 2000::/3; 2001::/23 is for special uses, 2001:db8::/32 for documents.
  const bool global = (bytes[0] & 0xE0U) == 0x20U;
  const bool special = begins({0x20, 0x01}) && (bytes[2] < 2 || (bytes[2] == 0x0D && bytes[3] == 0xB8));
  return !global || special;
}

}  // namespace

std::string WebAddress::text() const {
  const bool six = host.find(':') != std::string::npos;
  const bool usual = port == (scheme == "https" ? 443 : 80);
  return fmt::format("{}://{}{}{}{}{}{}", scheme, six ? "[" : "", host, six ? "]" : "",
                     usual ? std::string() : fmt::format(":{}", port), path, query);
}

std::string_view WebAddress::fileName() const {
  const auto slash = path.rfind('/');
  return std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
}

std::optional<WebAddress> webAddress(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos || text.size() > 8192) return std::nullopt;
  WebAddress address;
  address.scheme = lowerCase(std::string(text.substr(0, scheme)));
  if (address.scheme != "http" && address.scheme != "https") return std::nullopt;
  auto rest = text.substr(scheme + 3);
  // Beyond the host '@' is harmless; a '#' is for browsers alone.
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  if (!readAuthority(rest.substr(0, end), address)) return std::nullopt;
  rest.remove_prefix(end);
  const auto question = std::min(rest.find('?'), rest.size());
  address.query = std::string(rest.substr(question));
  if (!std::all_of(address.query.begin(), address.query.end(),
                   [](char c) { return among(c, unreserved, alsoInQueries); }))
    return std::nullopt;
  auto path = plainPath(rest.substr(0, question));
  if (!path) return std::nullopt;
  address.path = path->empty() ? "/" : std::move(*path);
  return address;
}

std::optional<WebAddress> redirected(const WebAddress& from, std::string_view location) {
  const auto scheme = location.find("://");
  if (scheme != std::string_view::npos && location.find_first_of("/?") == scheme + 1) return webAddress(location);
  if (location.starts_with("//")) return webAddress(fmt::format("{}:{}", from.scheme, location));
  auto base = from;
  base.query.clear();
  if (location.starts_with('/'))
    base.path.clear();
  else
    base.path.erase(base.path.rfind('/') + 1);
  return webAddress(base.text() + std::string(location));
}

bool isPrivateAddress(const std::string& numeric) {
  in_addr v4{};
  if (::inet_pton(AF_INET, numeric.c_str(), &v4) == 1) return isPrivateV4(ntohl(v4.s_addr));
  in6_addr v6{};
  return ::inet_pton(AF_INET6, numeric.c_str(), &v6) != 1 || isPrivateV6(v6);
}

Result<AllowedUrls> AllowedUrls::of(const std::vector<std::string>& prefixes) {
  AllowedUrls urls;
  for (const auto& each : prefixes) {
    auto address = webAddress(each);
    if (!address || !address->query.empty())
      return fail("serving.bad_url_prefix", LATHE_TEXT("errors", "\"{url}\" is not the beginning of a model's URL."),
                  LATHE_TEXT("errors", "Give it as https://HOST/FOLDER/ or http://HOST:PORT/FOLDER/."),
                  {{"url", each}});
    urls.m_prefixes.push_back(std::move(*address));
  }
  return urls;
}

bool AllowedUrls::allows(const WebAddress& address) const {
  return std::any_of(m_prefixes.begin(), m_prefixes.end(), [&](const auto& prefix) {
    if (address.scheme != prefix.scheme || address.host != prefix.host || address.port != prefix.port) return false;
    // "/models" allows "/models/a.mar" and not "/models-of-others/a.mar".
    return address.path.starts_with(prefix.path) &&
           (prefix.path.back() == '/' || address.path.size() == prefix.path.size() ||
            address.path[prefix.path.size()] == '/');
  });
}

bool AllowedUrls::allowsAddress(const std::string& host, const std::string& numeric) const {
  if (!isPrivateAddress(numeric)) return true;
  const bool loopback = numeric == "::1" || numeric.starts_with("127.");
  return (loopback && host == "localhost") ||
         std::any_of(m_prefixes.begin(), m_prefixes.end(), [&](const auto& prefix) { return prefix.host == numeric; });
}

}  // namespace lathe::serving

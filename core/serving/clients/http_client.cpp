// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/http_client.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <httplib.h>

namespace lathe::serving {

struct Address {
  std::string scheme = "http", host, prefix;
  int port = 0;
};

namespace {

Result<Address> parsed(const std::string& text) {
  const auto wrong = [&] {
    return fail("deploy.bad_address", LATHE_TEXT("errors", "\"{address}\" is not the address of a server."),
                LATHE_TEXT("errors", "Give it as HOST:PORT or http://HOST:PORT."), {{"address", text}});
  };
  Address address;
  std::string rest = text;
  if (const auto scheme = rest.find("://"); scheme != std::string::npos) {
    address.scheme = lowerCase(rest.substr(0, scheme));
    rest.erase(0, scheme + 3);
  }
  if (address.scheme != "http" && address.scheme != "https") return wrong();
  if (const auto slash = rest.find('/'); slash != std::string::npos) {
    address.prefix = rest.substr(slash);
    rest.erase(slash);
    while (!address.prefix.empty() && address.prefix.back() == '/') address.prefix.pop_back();
  }
  address.port = address.scheme == "https" ? 443 : 80;
  const auto bracket = rest.find(']');
  const auto colon = rest.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon != std::string::npos) {
    const auto* first = rest.data() + colon + 1;
    const auto* last = rest.data() + rest.size();
    const auto [end, error] = std::from_chars(first, last, address.port);
    if (error != std::errc() || end != last || address.port < 1 || address.port > 65535) return wrong();
    rest.erase(colon);
  }
  if (rest.size() > 2 && rest.front() == '[' && rest.back() == ']') rest = rest.substr(1, rest.size() - 2);
  if (rest.empty() || rest.find_first_of(" \t\r\n@?#\"<>[]") != std::string::npos) return wrong();
  if (address.prefix.find_first_of(" \t\r\n?#\"<>") != std::string::npos) return wrong();
  address.host = rest;
  return address;
}

}  // namespace

struct HttpClient::Parts {
  Address to;
  std::string address;
  std::unique_ptr<httplib::ClientImpl> client;

  Parts(Address where, const std::string& token, double timeoutSeconds)
      : to(std::move(where)), address(told(to)), client(clientOf(to)) {
    const auto seconds = std::chrono::milliseconds(static_cast<std::int64_t>(timeoutSeconds * 1e3));
    client->set_connection_timeout(std::min(seconds, std::chrono::milliseconds(10'000)));
    client->set_read_timeout(seconds);
    client->set_write_timeout(seconds);
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    if (!token.empty()) client->set_default_headers({{"Authorization", "Bearer " + token}});
  }

  // By host and port: from a text httplib 0.11 reads no IPv6 address with letters.
  static std::unique_ptr<httplib::ClientImpl> clientOf(const Address& to) {
    if (to.scheme == "https") return std::make_unique<httplib::SSLClient>(to.host, to.port);
    return std::make_unique<httplib::ClientImpl>(to.host, to.port);
  }

  static std::string told(const Address& to) {
    const bool six = to.host.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}", to.scheme, six ? "[" : "", to.host, six ? "]" : "", to.port);
  }

  template <class Call>
  Result<HttpAnswer> ask(const Call& call) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = call();
    if (!result)
      return fail("deploy.unreachable", LATHE_TEXT("errors", "{address} does not answer: {reason}."),
                  LATHE_TEXT("errors", "Check that the server runs and that the address is right."),
                  {{"address", address}, {"reason", lowerCase(httplib::to_string(result.error()))}});
    HttpAnswer answer;
    answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    answer.status = result->status;
    answer.body = result->body;
    for (const auto& [name, value] : result->headers) answer.headers.emplace(lowerCase(name), value);
    return answer;
  }

  [[nodiscard]] static httplib::Headers headersOf(const HttpBody& body) {
    httplib::Headers headers;
    for (const auto& [name, value] : body.headers) headers.emplace(name, value);
    return headers;
  }
};

HttpClient::HttpClient(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::to(const std::string& address, const std::string& token, double timeoutSeconds) {
  LATHE_ASSIGN(where, parsed(address));
  if (token.find_first_of("\r\n") != std::string::npos)
    return fail("deploy.bad_token", LATHE_TEXT("errors", "The token holds a line break."),
                LATHE_TEXT("errors", "Give the token alone."));
  return HttpClient(std::make_unique<Parts>(std::move(where), token, timeoutSeconds));
}

Result<HttpAnswer> HttpClient::get(const std::string& path) {
  return m_parts->ask([&] { return m_parts->client->Get(m_parts->to.prefix + path); });
}

Result<HttpAnswer> HttpClient::post(const std::string& path, const HttpBody& body) {
  return m_parts->ask([&] {
    return m_parts->client->Post(m_parts->to.prefix + path, Parts::headersOf(body), body.content,
                                 body.type.empty() ? "application/octet-stream" : body.type);
  });
}

Result<HttpAnswer> HttpClient::put(const std::string& path, const HttpBody& body) {
  return m_parts->ask([&] {
    return m_parts->client->Put(m_parts->to.prefix + path, Parts::headersOf(body), body.content,
                                body.type.empty() ? "application/octet-stream" : body.type);
  });
}

Result<HttpAnswer> HttpClient::remove(const std::string& path) {
  return m_parts->ask([&] { return m_parts->client->Delete(m_parts->to.prefix + path); });
}

const std::string& HttpClient::address() const { return m_parts->address; }
const std::string& HttpClient::host() const { return m_parts->to.host; }
int HttpClient::port() const { return m_parts->to.port; }

std::string lowerCase(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string percentEncoded(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain)
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace lathe::serving

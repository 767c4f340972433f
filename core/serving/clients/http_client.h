// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace lathe::serving {

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::map<std::string, std::string> headers;  ///< names in lower case
  double seconds = 0;                          ///< from the first byte sent to the last one received
  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};

struct HttpBody {
  std::string content;
  std::string type;  ///< empty: application/octet-stream
  std::map<std::string, std::string> headers = {};
};

/// HTTP to one server over a connection that stays open. One thread at a time.
class HttpClient {
 public:
  /// "http://127.0.0.1:8081", "127.0.0.1:8081" or "https://host/prefix"; a wrong one is "deploy.bad_address". `token`
  /// goes with each request as a bearer token where it is not empty.
  static Result<HttpClient> to(const std::string& address, const std::string& token = {}, double timeoutSeconds = 60);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// Any status is an answer. A server that does not answer is "deploy.unreachable".
  Result<HttpAnswer> get(const std::string& path);
  Result<HttpAnswer> post(const std::string& path, const HttpBody& body = {});
  Result<HttpAnswer> put(const std::string& path, const HttpBody& body = {});
  Result<HttpAnswer> remove(const std::string& path);

  /// http://HOST:PORT, without what follows.
  [[nodiscard]] const std::string& address() const;
  [[nodiscard]] const std::string& host() const;
  [[nodiscard]] int port() const;

 private:
  struct Parts;
  explicit HttpClient(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> m_parts;
};

/// ASCII alone, as in hosts and in names of headers.
[[nodiscard]] std::string lowerCase(std::string text);
/// What may stand in a part of a path or of a query; everything else as %XX.
[[nodiscard]] std::string percentEncoded(const std::string& text);

}  // namespace lathe::serving

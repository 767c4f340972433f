// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lathe::serving {

struct HttpRequest {
  std::string method;
  std::string target;  ///< as sent
  std::string path;    ///< its part before '?', percent-decoded
  std::map<std::string, std::string, std::less<>> query;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The value of a header by its name in any case; "" without.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  /// Content-Type without its parameters, in lower case.
  [[nodiscard]] std::string contentType() const;
};

struct HttpResponse {
  int status = 200;
  std::string contentType = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// Sends the answer; once, from any thread.
using Respond = std::function<void(HttpResponse)>;
/// Answers a request, at once or later; called on the server's thread, must not block.
using HttpHandler = std::function<void(HttpRequest&&, Respond)>;

[[nodiscard]] std::string_view reasonPhrase(int status);
/// "%20" and, in queries, "+" as what they stand for.
[[nodiscard]] std::string percentDecoded(std::string_view text, bool query);
/// Fills path and query from the target.
void splitTarget(HttpRequest& request);
/// "a/b" of "/a/b": its parts between slashes.
[[nodiscard]] std::vector<std::string_view> pathParts(std::string_view path);
/// Case-insensitive for ASCII.
[[nodiscard]] bool sameText(std::string_view a, std::string_view b);

/// The parts of a multipart/form-data body: names and contents. Empty when it is none.
[[nodiscard]] std::vector<std::pair<std::string, std::string_view>> multipartParts(const HttpRequest& request);

}  // namespace lathe::serving

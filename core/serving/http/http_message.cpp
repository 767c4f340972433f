// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/http/http_message.h"

#include <algorithm>
#include <cctype>

namespace lathe::serving {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// The value of `key=...` among the parameters of a header, without quotes.
std::string parameterOf(std::string_view header, std::string_view key) {
  for (std::size_t at = header.find(';'); at != std::string_view::npos; at = header.find(';', at)) {
    ++at;
    while (at < header.size() && header[at] == ' ') ++at;
    const auto equals = header.find('=', at);
    if (equals == std::string_view::npos) return {};
    if (!sameText(header.substr(at, equals - at), key)) continue;
    auto value = header.substr(equals + 1);
    if (!value.empty() && value.front() == '"') {
      value.remove_prefix(1);
      return std::string(value.substr(0, value.find('"')));
    }
    return std::string(value.substr(0, value.find(';')));
  }
  return {};
}

}  // namespace

bool sameText(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (sameText(key, name)) return value;
  return {};
}

std::string_view HttpRequest::parameter(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string_view() : std::string_view(found->second);
}

std::string HttpRequest::contentType() const {
  auto type = header("Content-Type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  std::string text(type);
  std::transform(text.begin(), text.end(), text.begin(), lower);
  return text;
}

std::string_view reasonPhrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Payload Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

std::string percentDecoded(std::string_view text, bool query) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
      out += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
      i += 2;
    } else {
      out += query && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

void splitTarget(HttpRequest& request) {
  std::string_view target = request.target;
  // An absolute form names the host as well.
  if (target.starts_with("http://")) {
    const auto slash = target.find('/', 7);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  const auto question = target.find('?');
  const auto path = target.substr(0, question);
  request.path = path.find('%') == std::string_view::npos ? std::string(path) : percentDecoded(path, false);
  if (question == std::string_view::npos) return;
  auto rest = target.substr(question + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      request.query.insert_or_assign(percentDecoded(pair.substr(0, equals), true),
                                     percentDecoded(pair.substr(std::min(equals + 1, pair.size())), true));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

std::vector<std::string_view> pathParts(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    if (path.front() == '/') path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return parts;
}

std::vector<std::pair<std::string, std::string_view>> multipartParts(const HttpRequest& request) {
  std::vector<std::pair<std::string, std::string_view>> parts;
  if (request.contentType() != "multipart/form-data") return parts;
  const auto boundary = parameterOf(request.header("Content-Type"), "boundary");
  if (boundary.empty()) return parts;
  const std::string delimiter = "--" + boundary;
  const std::string_view body = request.body;
  auto at = body.find(delimiter);
  while (at != std::string_view::npos) {
    at += delimiter.size();
    if (body.substr(at, 2) == "--") break;
    const auto head = body.find("\r\n\r\n", at);
    if (head == std::string_view::npos) break;
    const auto end = body.find("\r\n" + delimiter, head + 2);
    if (end == std::string_view::npos) break;
    std::string name;
    auto lines = body.substr(at, head - at);
    while (!lines.empty()) {
      const auto line = lines.substr(0, lines.find("\r\n"));
      if (line.size() > 20 && sameText(line.substr(0, 20), "Content-Disposition:")) name = parameterOf(line, "name");
      lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    }
    const auto first = std::min(head + 4, end);
    parts.emplace_back(std::move(name), body.substr(first, end - first));
    at = end + 2;
  }
  return parts;
}

}  // namespace lathe::serving

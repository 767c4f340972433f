// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/http/http_session.h"

#include <array>
#include <fmt/format.h>
#include <iterator>
#include <thread>

namespace lathe::serving {
namespace {

namespace http = beast::http;
constexpr std::size_t readSize = 8 * 1024;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// What of the request's connection header was asked for, and how long a body may take.
std::chrono::milliseconds timeFor(const HttpLimits& limits, std::uint64_t bytes) {
  const auto parts = limits.slowestBytes == 0 ? 0 : bytes / limits.slowestBytes;
  return limits.bodyTime * static_cast<std::int64_t>(1 + std::min<std::uint64_t>(parts, 1'000'000));
}

}  // namespace

HttpSession::HttpSession(HttpShared& shared, Tcp::socket socket, std::shared_ptr<HttpHandler> handler)
    : m_shared(shared), m_socket(std::move(socket)), m_handler(std::move(handler)) {
  m_place = m_shared.sessions.insert(m_shared.sessions.end(), this);
  ++m_shared.connectionCount;
}

HttpSession::~HttpSession() {
  m_shared.sessions.erase(m_place);
  --m_shared.connectionCount;
}

void HttpSession::allow(Phase phase, std::chrono::milliseconds time) {
  m_phase = phase;
  m_deadline = std::chrono::steady_clock::now() + time;
}

void HttpSession::close() {
  beast::error_code ignored;
  m_socket.shutdown(Tcp::socket::shutdown_both, ignored);
  m_socket.close(ignored);
}

void HttpSession::closeIfIdle() {
  if (m_phase == Phase::Idle || m_phase == Phase::Header) close();
  m_closeAfter = true;
}

void HttpSession::closeIfLate(std::chrono::steady_clock::time_point now) {
  if (m_phase != Phase::Working && now > m_deadline) close();
}

void HttpSession::waitForRequest() {
  m_parser.emplace();
  m_parser->header_limit(static_cast<std::uint32_t>(m_shared.limits.headerBytes));
  m_parser->body_limit(m_shared.limits.bodyBytes);
  if (m_buffer.size() > 0) {
    readHeader();
    return;
  }
  allow(Phase::Idle, m_shared.limits.idleTime);
  m_socket.async_read_some(m_buffer.prepare(readSize),
                           [self = shared_from_this()](const beast::error_code& error, std::size_t bytes) {
                             if (error) return;
                             self->m_buffer.commit(bytes);
                             self->readHeader();
                           });
}

void HttpSession::readHeader() {
  allow(Phase::Header, m_shared.limits.headerTime);
  http::async_read_header(
      m_socket, m_buffer, *m_parser, [self = shared_from_this()](const beast::error_code& error, std::size_t) {
        if (error == http::error::header_limit)
          self->refuseRequest(431, "The header is too large.");
        else if (error == http::error::body_limit)
          self->refuseRequest(413, {});
        else if (error && error.category() == http::make_error_code(http::error::bad_method).category() &&
                 error != http::error::end_of_stream && error != http::error::partial_message)
          self->refuseRequest(400, "This is no HTTP request.");
        else if (!error)
          self->readBody();
      });
}

void HttpSession::readBody() {
  if (m_parser->is_done()) {
    handle();
    return;
  }
  const auto length = m_parser->content_length();
  if (length && *length > m_shared.limits.bodyBytes) {
    refuseRequest(413, {});
    return;
  }
  allow(Phase::Body, timeFor(m_shared.limits, length ? *length : m_shared.limits.bodyBytes));
  const auto expects = m_parser->get()[http::field::expect];
  if (sameText(view(expects), "100-continue")) {
    static constexpr std::string_view goOn = "HTTP/1.1 100 Continue\r\n\r\n";
    beast::error_code ignored;
    (void)m_socket.write_some(asio::buffer(goOn), ignored);
  }
  http::async_read(m_socket, m_buffer, *m_parser,
                   [self = shared_from_this()](const beast::error_code& error, std::size_t) {
                     if (error == http::error::body_limit)
                       self->refuseRequest(413, {});
                     else if (error && error != http::error::partial_message && error != http::error::end_of_stream &&
                              error.category() == http::make_error_code(http::error::bad_method).category())
                       self->refuseRequest(400, "The body is not what the header says.");
                     else if (!error)
                       self->handle();
                   });
}

void HttpSession::handle() {
  const auto& message = m_parser->get();
  HttpRequest request;
  request.method = std::string(view(message.method_string()));
  request.target = std::string(view(message.target()));
  for (const auto& field : message) request.headers.emplace_back(view(field.name_string()), view(field.value()));
  m_headOnly = request.method == "HEAD";
  if (m_headOnly) request.method = "GET";
  m_closeAfter = m_closeAfter || m_shared.stopping || !message.keep_alive();
  request.body = std::move(m_parser->get().body());
  splitTarget(request);
  m_phase = Phase::Working;
  if (m_shared.requestCount >= m_shared.limits.requests) {
    respond(
        {503,
         "application/json",
         R"({"code":503,"type":"ServiceUnavailableException","message":"Too many requests at once.","error":"Too many requests at once."})",
         {{"Retry-After", "1"}}},
        m_closeAfter);
    return;
  }
  ++m_shared.requestCount;
  const auto thread = std::this_thread::get_id();
  (*m_handler)(std::move(request), [self = shared_from_this(), thread](HttpResponse response) mutable {
    if (std::this_thread::get_id() == thread) {
      --self->m_shared.requestCount;
      self->respond(std::move(response), self->m_closeAfter);
      return;
    }
    auto& context = self->m_shared.context;
    asio::post(context, [self = std::move(self), answer = std::move(response)]() mutable {
      --self->m_shared.requestCount;
      self->respond(std::move(answer), self->m_closeAfter);
    });
  });
}

void HttpSession::refuseRequest(int status, std::string_view text) {
  HttpResponse response;
  response.status = status;
  if (!text.empty())
    response.body =
        fmt::format(R"({{"code":{},"type":"BadRequestException","message":"{}","error":"{}"}})", status, text, text);
  m_headOnly = false;
  respond(std::move(response), true);
}

void HttpSession::respond(HttpResponse&& response, bool close) {
  m_closeAfter = close;
  m_head.clear();
  fmt::format_to(std::back_inserter(m_head), "HTTP/1.1 {} {}\r\n", response.status, reasonPhrase(response.status));
  if (!response.contentType.empty() && !response.body.empty())
    m_head.append("Content-Type: ").append(response.contentType).append("\r\n");
  for (const auto& [name, value] : response.headers) m_head.append(name).append(": ").append(value).append("\r\n");
  if (m_closeAfter) m_head += "Connection: close\r\n";
  fmt::format_to(std::back_inserter(m_head), "Content-Length: {}\r\n\r\n", response.body.size());
  m_body = m_headOnly ? std::string() : std::move(response.body);
  write();
}

void HttpSession::write() {
  allow(Phase::Writing, timeFor(m_shared.limits, m_body.size()));
  const auto written = [self = shared_from_this()](const beast::error_code& error, std::size_t) {
    if (error) return;
    if (self->m_closeAfter) {
      beast::error_code ignored;
      self->m_socket.shutdown(Tcp::socket::shutdown_send, ignored);
      // What is still on its way would make the system discard the answer; it is read and dropped for a moment.
      self->allow(Phase::Idle, std::chrono::milliseconds(500));
      self->m_buffer.clear();
      self->m_socket.async_read_some(self->m_buffer.prepare(readSize),
                                     [keep = self](const beast::error_code&, std::size_t) {});
      return;
    }
    self->waitForRequest();
  };
  if (m_body.size() < 64 * 1024) {
    m_head += m_body;
    asio::async_write(m_socket, asio::buffer(m_head), written);
    return;
  }
  asio::async_write(m_socket, std::array{asio::buffer(m_head), asio::buffer(m_body)}, written);
}

}  // namespace lathe::serving

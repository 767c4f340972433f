// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <utility>  // Boost 1.74's awaitable.hpp needs it and does not include it

#include "core/serving/http/http_server.h"

/// One connection. For http_server.cpp alone; everything runs on the server's thread.
namespace lathe::serving {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;

class HttpSession;

/// What all sessions share.
struct HttpShared {
  asio::io_context& context;
  const HttpLimits limits;
  std::list<HttpSession*> sessions = {};
  bool stopping = false;
  std::atomic<std::size_t> connectionCount{0}, requestCount{0};
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(HttpShared& shared, Tcp::socket socket, std::shared_ptr<HttpHandler> handler);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  void start() { waitForRequest(); }
  void closeIfIdle();
  void closeIfLate(std::chrono::steady_clock::time_point now);

 private:
  using Parser = beast::http::request_parser<beast::http::string_body>;
  enum class Phase { Idle, Header, Body, Working, Writing };

  void waitForRequest();
  void readHeader();
  void readBody();
  void handle();
  void respond(HttpResponse&& response, bool close);
  void refuseRequest(int status, std::string_view text);
  void write();
  void close();
  void allow(Phase phase, std::chrono::milliseconds time);

  HttpShared& m_shared;
  Tcp::socket m_socket;
  const std::shared_ptr<HttpHandler> m_handler;  // of the port, shared by its sessions
  std::list<HttpSession*>::iterator m_place;
  beast::flat_buffer m_buffer;
  std::optional<Parser> m_parser;
  Phase m_phase = Phase::Idle;
  std::chrono::steady_clock::time_point m_deadline;
  bool m_headOnly = false, m_closeAfter = false;
  std::string m_head, m_body;
};

}  // namespace lathe::serving

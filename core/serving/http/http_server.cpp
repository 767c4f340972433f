// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/http/http_server.h"

#include <atomic>
#include <fmt/format.h>
#include <list>
#include <thread>

#include "core/base/log.h"
#include "core/serving/http/http_session.h"

namespace lathe::serving {

/// The acceptors, the clock that ends slow connections, and the thread.
class HttpServer::Implementation {
 public:
  explicit Implementation(const HttpLimits& limits) : m_shared{m_context, limits}, m_context(1), m_tick(m_context) {}

  Result<std::uint16_t> listen(const std::string& host, std::uint16_t port, HttpHandler handler) {
    beast::error_code error;
    const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error)
      return fail("serving.bad_address", LATHE_TEXT("errors", "{host} is no address to listen on."),
                  LATHE_TEXT("errors", "Give an IP address of this machine: 127.0.0.1, or 0.0.0.0 for all."),
                  {{"host", host}});
    const Tcp::endpoint endpoint(address, port);
    Listener listener{Tcp::acceptor(m_context), std::make_shared<HttpHandler>(std::move(handler))};
    listener.acceptor.open(endpoint.protocol(), error);
    if (!error) listener.acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) listener.acceptor.bind(endpoint, error);
    if (!error) listener.acceptor.listen(1024, error);
    if (error) return cannotListen(error, host, port);
    const auto bound = listener.acceptor.local_endpoint(error).port();
    m_listeners.push_back(std::move(listener));
    return bound;
  }

  void start() {
    for (auto& listener : m_listeners) accept(listener);
    tick();
    m_thread = std::jthread([this] { run(); });
  }

  void stop(std::chrono::milliseconds grace) {
    if (!m_thread.joinable()) return;
    asio::post(m_context, [this] {
      m_shared.stopping = true;
      for (auto& listener : m_listeners) {
        beast::error_code ignored;
        listener.acceptor.close(ignored);
      }
      for (auto* session : m_shared.sessions) session->closeIfIdle();
    });
    const auto until = std::chrono::steady_clock::now() + grace;
    while (m_shared.connectionCount > 0 && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    m_context.stop();
    m_thread.join();
  }

  [[nodiscard]] Load load() const { return {m_shared.connectionCount, m_shared.requestCount}; }

 private:
  struct Listener {
    Tcp::acceptor acceptor;
    std::shared_ptr<HttpHandler> handler;  ///< of all its sessions
  };

  static tl::unexpected<Error> cannotListen(const beast::error_code& error, const std::string& host,
                                            std::uint16_t port) {
    const TextArgs args{{"host", host}, {"port", std::to_string(port)}, {"reason", error.message()}};
    if (error == asio::error::address_in_use)
      return fail("serving.port_in_use", LATHE_TEXT("errors", "Port {port} on {host} is in use by another program."),
                  LATHE_TEXT("errors", "End that program, or choose another port; 0 picks a free one."), args);
    return fail("serving.cannot_listen", LATHE_TEXT("errors", "{host}:{port} cannot be listened on: {reason}."),
                LATHE_TEXT("errors", "Choose an address of this machine and a port above 1023."), args);
  }

  void run() {
    for (;;) try {
        m_context.run();
        return;
      } catch (const std::exception& error) {
        log(LogLevel::Failure, fmt::format("serving: {}", error.what()));
      }
  }

  void accept(Listener& listener) {
    listener.acceptor.async_accept([this, &listener](const beast::error_code& error, Tcp::socket socket) {
      if (m_shared.stopping || error == asio::error::operation_aborted) return;
      if (!error && m_shared.connectionCount < m_shared.limits.connections) {
        beast::error_code ignored;
        socket.set_option(Tcp::no_delay(true), ignored);
        std::make_shared<HttpSession>(m_shared, std::move(socket), listener.handler)->start();
      }
      // Out of file descriptors: wait for the clock instead of trying at once.
      if (error)
        m_paused.push_back(&listener);
      else
        accept(listener);
    });
  }

  void tick() {
    m_tick.expires_after(std::chrono::milliseconds(100));
    m_tick.async_wait([this](const beast::error_code& error) {
      if (error) return;
      const auto now = std::chrono::steady_clock::now();
      for (auto each = m_shared.sessions.begin(); each != m_shared.sessions.end();) (*each++)->closeIfLate(now);
      for (auto* listener : std::exchange(m_paused, {}))
        if (!m_shared.stopping) accept(*listener);
      tick();
    });
  }

  HttpShared m_shared;  // first: sessions that the context still holds use it
  asio::io_context m_context;
  std::list<Listener> m_listeners;
  std::vector<Listener*> m_paused;
  asio::steady_timer m_tick;
  std::jthread m_thread;
};

HttpServer::HttpServer(const HttpLimits& limits) : m_implementation(std::make_unique<Implementation>(limits)) {}
HttpServer::~HttpServer() { stop(std::chrono::milliseconds(0)); }
Result<std::uint16_t> HttpServer::listen(const std::string& host, std::uint16_t port, HttpHandler handler) {
  return m_implementation->listen(host, port, std::move(handler));
}
void HttpServer::start() { m_implementation->start(); }
void HttpServer::stop(std::chrono::milliseconds grace) { m_implementation->stop(grace); }
HttpServer::Load HttpServer::load() const { return m_implementation->load(); }

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/serving/http/http_message.h"

namespace lathe::serving {

struct HttpLimits {
  std::size_t bodyBytes = std::size_t{6'553'500};  ///< what TorchServe allows
  std::size_t headerBytes = 16 * 1024;
  std::size_t connections = 4000;
  std::size_t requests = 2000;                   ///< in work at the same time; more are answered 503
  std::chrono::milliseconds headerTime{10'000};  ///< from a request's first byte to the end of its header
  std::chrono::milliseconds idleTime{75'000};    ///< between two requests of a connection
  /// For a body, and as long again for each `slowestBytes` of it.
  std::chrono::milliseconds bodyTime{10'000};
  std::size_t slowestBytes = 100'000;
};

/// HTTP/1.1 on one thread for any number of ports. Keep-alive; pipelined requests are answered in turn.
class HttpServer {
 public:
  explicit HttpServer(const HttpLimits& limits);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Binds before start(); port 0 picks one. Gives the port. Errors: "serving.port_in_use", "serving.bad_address",
  /// "serving.cannot_listen".
  Result<std::uint16_t> listen(const std::string& host, std::uint16_t port, HttpHandler handler);
  void start();
  /// Takes no more connections and requests, lets those in work finish for at most `grace`, then closes. Blocks.
  void stop(std::chrono::milliseconds grace);

  struct Load {
    std::size_t connections = 0, requests = 0;
  };
  [[nodiscard]] Load load() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> m_implementation;
};

}  // namespace lathe::serving

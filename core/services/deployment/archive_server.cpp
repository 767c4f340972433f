// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/archive_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <httplib.h>
#include <netdb.h>
#include <random>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "core/base/files.h"
#include "core/serving/clients/http_client.h"

namespace lathe::services {
namespace {

/// Our own address on the way to a host; nothing is sent. Empty: there is no way.
std::string addressTowards(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), "9", &hints, &found) != 0) return {};
  std::string address;
  for (const auto* at = found; at != nullptr && address.empty(); at = at->ai_next) {
    const int socket = ::socket(at->ai_family, at->ai_socktype, 0);
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    std::array<char, NI_MAXHOST> name{};
    if (socket >= 0 && ::connect(socket, at->ai_addr, at->ai_addrlen) == 0 &&
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size) == 0 &&
        ::getnameinfo(reinterpret_cast<sockaddr*>(&own), size, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST) ==
            0)
      address = name.data();
    if (socket >= 0) ::close(socket);
  }
  ::freeaddrinfo(found);
  return address;
}

std::string secretName() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

class OneFile final : public ArchiveServer {
 public:
  OneFile(const std::filesystem::path& file, const std::string& address) {
    const auto secret = "/" + secretName() + "/";
    const auto path = secret + file.filename().string();
    // By comparison: as a pattern a name may mean others.
    const auto answer = [file, path](const httplib::Request& request, httplib::Response& response) {
      if (request.path != path) {
        response.status = 404;
        return;
      }
      auto content = readFile(file);
      if (content)
        response.set_content(*content, "application/octet-stream");
      else
        response.status = 500;
    };
    m_server.Get(".*", answer);
    m_server.set_keep_alive_timeout(1);
    m_port = m_server.bind_to_any_port(address);
    if (m_port <= 0) return;
    const bool six = address.find(':') != std::string::npos;
    m_url = fmt::format("http://{}{}{}:{}{}{}", six ? "[" : "", address, six ? "]" : "", m_port, secret,
                        serving::percentEncoded(file.filename().string()));
    m_thread = std::thread([this] { m_server.listen_after_bind(); });
    while (!m_server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~OneFile() override {
    m_server.stop();
    if (m_thread.joinable()) m_thread.join();
  }
  OneFile(const OneFile&) = delete;
  OneFile& operator=(const OneFile&) = delete;
  [[nodiscard]] const std::string& url() const override { return m_url; }

 private:
  httplib::Server m_server;
  std::thread m_thread;
  std::string m_url;
  int m_port = 0;
};

}  // namespace

Result<std::unique_ptr<ArchiveServer>> ArchiveServer::start(const std::filesystem::path& file,
                                                            const std::string& peer) {
  const auto address = addressTowards(peer);
  auto server = address.empty() ? nullptr : std::make_unique<OneFile>(file, address);
  if (!server || server->url().empty())
    return fail("deploy.no_way", LATHE_TEXT("errors", "The archive cannot be lent to {host} over HTTP."),
                LATHE_TEXT("errors", "Give the server's model store with --model-store."), {{"host", peer}});
  return std::unique_ptr<ArchiveServer>(std::move(server));
}

}  // namespace lathe::services

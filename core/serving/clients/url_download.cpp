// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/url_download.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <fmt/format.h>
#include <fstream>
#include <httplib.h>
#include <mutex>
#include <netdb.h>
#include <thread>

#include "core/base/files.h"

namespace lathe::serving {
namespace {

namespace fs = std::filesystem;
using Time = std::chrono::steady_clock::time_point;

tl::unexpected<Error> failed(const WebAddress& url, std::string reason) {
  return fail("serving.download_failed", LATHE_TEXT("errors", "{url} could not be downloaded: {reason}."),
              LATHE_TEXT("errors", "Check the address, and the server that it names."),
              {{"url", url.text()}, {"reason", std::move(reason)}});
}

/// The numeric addresses of a host, each once.
Result<std::vector<std::string>> addressesOf(const WebAddress& url) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(url.host.c_str(), nullptr, &wanted, &found); error != 0)
    return failed(url, fmt::format("{} has no address ({})", url.host, ::gai_strerror(error)));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const auto* each = found; each != nullptr; each = each->ai_next) {
    std::array<char, NI_MAXHOST> shown{};
    if (::getnameinfo(each->ai_addr, each->ai_addrlen, shown.data(), shown.size(), nullptr, 0, NI_NUMERICHOST) == 0 &&
        std::find(addresses.begin(), addresses.end(), shown.data()) == addresses.end())
      addresses.emplace_back(shown.data());
  }
  return addresses;
}

/// Ends a transfer that takes too long or that nobody wants any more, wherever it hangs.
class Watch {
 public:
  Watch(httplib::ClientImpl& client, Time until, const std::stop_token& stop)
      : m_thread([this, &client, until, stop](const std::stop_token& finished) {
          std::unique_lock lock(m_mutex);
          while (!finished.stop_requested()) {
            m_wake.wait_for(lock, finished, std::chrono::milliseconds(50), [] { return false; });
            if (finished.stop_requested()) return;
            m_stopped = stop.stop_requested();
            m_late = std::chrono::steady_clock::now() > until;
            if (m_stopped || m_late) client.stop();
          }
        }) {}
  [[nodiscard]] bool late() const { return m_late; }
  [[nodiscard]] bool stopped() const { return m_stopped; }

 private:
  std::atomic<bool> m_late{false}, m_stopped{false};
  std::mutex m_mutex;
  std::condition_variable_any m_wake;
  std::jthread m_thread;  // last: it uses what is above
};

/// One answer of one server, with its body in a file where there is one to have.
class Transfer {
 public:
  Transfer(const WebAddress& url, const DownloadLimits& limits, const fs::path& file)
      : m_url(url), m_limits(limits), m_path(file) {}

  /// Asks at that numeric address. False: nobody is there.
  Result<bool> ask(const std::string& address, Time until, const std::stop_token& stop) {
    std::unique_ptr<httplib::ClientImpl> client;
    if (m_url.scheme == "https")
      client = std::make_unique<httplib::SSLClient>(m_url.host, m_url.port);
    else
      client = std::make_unique<httplib::ClientImpl>(m_url.host, m_url.port);
    client->set_hostname_addr_map({{m_url.host, address}});
    client->set_connection_timeout(m_limits.silence);
    client->set_read_timeout(m_limits.silence);
    client->set_write_timeout(m_limits.silence);
    client->set_url_encode(false);
    client->set_decompress(false);
    Watch watch(*client, until, stop);
    const auto result = client->Get(
        m_url.path + m_url.query, {{"Accept-Encoding", "identity"}},
        [this](const httplib::Response& response) { return begin(response); },
        [&](const char* bytes, std::size_t count) { return !watch.late() && !watch.stopped() && add(bytes, count); });
    if (watch.stopped()) return failed(m_url, "the server is stopping");
    if (watch.late()) return failed(m_url, fmt::format("it takes longer than {} s", m_limits.time.count() / 1000));
    if (!m_refused.empty()) return failed(m_url, m_refused);
    if (m_status != 0 && m_status != 200) return true;
    if (!result && m_status == 0 && result.error() == httplib::Error::Connection) return false;
    if (!result) return failed(m_url, m_status == 0 ? reasonOf(result.error()) : "it was cut off");
    return end();
  }

  [[nodiscard]] int status() const { return m_status; }
  [[nodiscard]] const std::string& location() const { return m_location; }

 private:
  static std::string reasonOf(httplib::Error error) {
    if (error == httplib::Error::SSLServerVerification) return "its certificate is not trusted";
    if (error == httplib::Error::Read) return "the server does not answer as HTTP does, or not in time";
    return fmt::format("{} error", httplib::to_string(error));
  }

  bool begin(const httplib::Response& response) {
    m_status = response.status;
    m_location = response.get_header_value("Location");
    if (m_status != 200) return false;
    const auto length = response.get_header_value("Content-Length");
    if (!length.empty()) {
      std::uintmax_t bytes = 0;
      if (std::from_chars(length.data(), length.data() + length.size(), bytes).ec != std::errc()) return false;
      if (bytes > m_limits.bytes) return tooLarge();
      if (bytes > freeBytes(m_path.parent_path())) return refuse("there is not enough room for it on the disk");
      m_announced = bytes;
    }
    m_file.open(m_path, std::ios::binary | std::ios::trunc);
    return m_file.is_open() || refuse("its temporary file cannot be written");
  }

  bool add(const char* bytes, std::size_t count) {
    m_bytes += count;
    if (m_bytes > m_limits.bytes) return tooLarge();
    return static_cast<bool>(m_file.write(bytes, static_cast<std::streamsize>(count))) ||
           refuse("its temporary file cannot be written");
  }

  Result<bool> end() {
    m_file.close();
    if (!m_file) return failed(m_url, "its temporary file cannot be written");
    if (m_announced && *m_announced != m_bytes) return failed(m_url, "it was cut off");
    return true;
  }

  bool refuse(std::string reason) {
    m_refused = std::move(reason);
    return false;
  }
  bool tooLarge() { return refuse(fmt::format("it is larger than {} bytes", m_limits.bytes)); }

  const WebAddress& m_url;
  const DownloadLimits& m_limits;
  const fs::path& m_path;
  std::ofstream m_file;
  int m_status = 0;
  std::uintmax_t m_bytes = 0;
  std::optional<std::uintmax_t> m_announced;
  std::string m_location, m_refused;
};

/// One URL; gives where it redirects to, if it does.
Result<std::optional<WebAddress>> fetchOne(const WebAddress& url, const AllowedUrls& allowed,
                                           const DownloadLimits& limits, const fs::path& file, Time until,
                                           const std::stop_token& stop) {
  LATHE_ASSIGN(addresses, addressesOf(url));
  const auto outside = [&](const auto& address) { return !allowed.allowsAddress(url.host, address); };
  const auto first = addresses.empty() ? std::string() : addresses.front();
  std::erase_if(addresses, outside);
  if (addresses.empty())
    return fail("serving.url_not_allowed",
                LATHE_TEXT("errors", "{host} is at {address}, which is not an address of the internet."),
                LATHE_TEXT("errors", "Allow that address itself, with --allow-url, if it is meant."),
                {{"host", url.host}, {"address", first}});
  for (const auto& address : addresses) {
    Transfer transfer(url, limits, file);
    LATHE_ASSIGN(answered, transfer.ask(address, until, stop));
    if (!answered) continue;
    const auto status = transfer.status();
    if (status == 200) return std::optional<WebAddress>();
    if (status < 300 || status > 399 || transfer.location().empty())
      return failed(url, fmt::format("its server answers {}", status));
    auto next = redirected(url, transfer.location());
    if (!next || !allowed.allows(*next)) return urlNotAllowed(transfer.location());
    return next;
  }
  return failed(url, fmt::format("nobody answers at {}:{}", url.host, url.port));
}

}  // namespace

tl::unexpected<Error> urlNotAllowed(const std::string& url) {
  return fail("serving.url_not_allowed", LATHE_TEXT("errors", "Given URL {url} does not match any allowed URL(s)."),
              LATHE_TEXT("errors", "Allow it with --allow-url when the server is started, if it is meant."),
              {{"url", url}});
}

Result<void> downloadUrl(const WebAddress& url, const AllowedUrls& allowed, const DownloadLimits& limits,
                         const fs::path& file, const std::stop_token& stop) {
  if (!allowed.allows(url)) return urlNotAllowed(url.text());
  const auto until = std::chrono::steady_clock::now() + limits.time;
  auto at = url;
  for (int redirects = 0; redirects <= limits.redirects; ++redirects) {
    LATHE_ASSIGN(next, fetchOne(at, allowed, limits, file, until, stop));
    if (!next) return {};
    at = std::move(*next);
  }
  return failed(url, fmt::format("it redirects more than {} times", limits.redirects));
}

}  // namespace lathe::serving

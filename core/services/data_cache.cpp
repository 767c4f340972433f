// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/data_cache.h"

#include <fmt/format.h>
#include <future>
#include <map>
#include <mutex>

#include "core/base/files.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

// Changes whenever a file, or any file of a folder, was written, added or taken away.
std::string fingerprint(const fs::path& path) {
  if (path.empty()) return {};
  std::error_code error;
  if (!fs::is_directory(path, error))
    return fmt::format("{}/{}", fs::file_size(path, error),
                       fs::last_write_time(path, error).time_since_epoch().count());
  std::uintmax_t files = 0;
  std::uintmax_t bytes = 0;
  std::uint64_t times = 0;
  for (auto it = fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    std::error_code ignored;
    ++files;
    if (it->is_regular_file(ignored)) bytes += it->file_size(ignored);
    times += static_cast<std::uint64_t>(it->last_write_time(ignored).time_since_epoch().count());
  }
  return fmt::format("{}/{}/{}", files, bytes, times);
}

std::string keyOf(const spec::DataSpec& spec) {
  const auto& reading = spec.reading;
  std::string key =
      fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}", spec.path, fingerprint(spec.path),
                  spec.testPath, fingerprint(spec.testPath), reading.delimiter, reading.decimal, reading.encoding,
                  reading.header ? (*reading.header ? "1" : "0") : "", spec.preprocessing.imageSize,
                  spec.preprocessing.sampleRate, spec.preprocessing.clipSeconds);
  for (const auto& missing : reading.missing) key += '\x1f' + missing;
  return key;
}

using Source = std::shared_ptr<const data::DataSource>;

class Opened {
 public:
  void promise(const std::string& key, std::shared_future<Result<Source>> ahead) {
    const std::lock_guard lock(m_mutex);
    m_ahead[key] = std::move(ahead);
  }
  /// Invalid where nobody opens it ahead.
  std::shared_future<Result<Source>> take(const std::string& key) {
    const std::lock_guard lock(m_mutex);
    const auto it = m_ahead.find(key);
    if (it == m_ahead.end()) return {};
    auto ahead = std::move(it->second);
    m_ahead.erase(it);
    return ahead;
  }
  std::shared_ptr<const data::DataSource> find(const std::string& key) {
    const std::lock_guard lock(m_mutex);
    const auto it = m_sources.find(key);
    return it == m_sources.end() ? nullptr : it->second.lock();
  }
  void add(const std::string& key, const std::shared_ptr<const data::DataSource>& source) {
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_sources, [](const auto& entry) { return entry.second.expired(); });
    m_sources[key] = source;
  }

 private:
  std::mutex m_mutex;
  std::map<std::string, std::weak_ptr<const data::DataSource>> m_sources;
  std::map<std::string, std::shared_future<Result<Source>>> m_ahead;
};

Opened& opened() {
  static Opened instance;
  return instance;
}

}  // namespace

spec::DataSpec located(const spec::DataSpec& spec, const fs::path& base) {
  auto result = spec;
  for (auto* path : {&result.path, &result.testPath})
    if (!path->empty() && fs::path(*path).is_relative()) *path = (base / *path).lexically_normal().string();
  return result;
}

Result<std::shared_ptr<const data::DataSource>> openShared(const spec::DataSpec& spec, const JobContext& job) {
  const auto key = keyOf(spec);
  if (auto source = opened().find(key)) return source;
  const auto ahead = opened().take(key);
  auto source = ahead.valid() ? ahead.get() : data::openData(spec.path, spec, job);
  if (source) opened().add(key, *source);
  return source;
}

OpeningAhead::OpeningAhead(const spec::DataSpec& spec, const JobContext& job) : m_key(keyOf(spec)) {
  std::packaged_task<Result<Source>()> task([spec, job] { return data::openData(spec.path, spec, job); });
  opened().promise(m_key, task.get_future().share());
  m_thread = std::jthread([task = std::move(task)]() mutable { task(); });
}

OpeningAhead::~OpeningAhead() { opened().take(m_key); }

}  // namespace lathe::services

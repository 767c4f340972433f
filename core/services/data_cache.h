// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "core/data/data_source.h"

namespace lathe::services {

/// The data spec with its paths made absolute against `base`.
[[nodiscard]] spec::DataSpec located(const spec::DataSpec& spec, const std::filesystem::path& base);

/// Opens the data of a located spec. What somebody in this process still holds open is given again, so that a page, a
/// preview and a training read a file once; the key is path, time of change, size and how it is read. Only weak
/// references are kept: nothing stays in memory for the cache's sake. Blocks; thread-safe.
Result<std::shared_ptr<const data::DataSource>> openShared(const spec::DataSpec& spec, const JobContext& job);

/// Opens the data of a located spec on a thread of its own, while the caller does something else: the next openShared()
/// of the same data, on any thread, waits for it and takes it over, with its error if it has one. What nobody took is
/// dropped by the destructor, which waits for the thread.
class OpeningAhead {
 public:
  OpeningAhead(const spec::DataSpec& spec, const JobContext& job);
  ~OpeningAhead();
  OpeningAhead(const OpeningAhead&) = delete;
  OpeningAhead& operator=(const OpeningAhead&) = delete;

 private:
  std::string m_key;
  std::jthread m_thread;
};

}  // namespace lathe::services

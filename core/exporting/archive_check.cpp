// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/archive_check.h"

#include <memory>
#include <vector>
#include <zip.h>

namespace lathe::exporting {
namespace {

constexpr const char* cutOff = "it is cut off or damaged";
constexpr std::size_t bytesAtOnce = std::size_t{1} << 20;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

/// Reads a part to its end: the library compares the checksum there.
bool holds(zip_t* archive, zip_uint64_t index, std::vector<char>& buffer) {
  const std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive, index, 0));
  if (!file) return false;
  zip_int64_t read = 0;
  do read = zip_fread(file.get(), buffer.data(), buffer.size());
  while (read > 0);
  return read == 0;
}

}  // namespace

std::string problemOfArchive(std::string_view content) {
  if (content.empty()) return cutOff;  // to the library an archive without parts
  zip_source_t* source = zip_source_buffer_create(content.data(), content.size(), 0, nullptr);
  if (source == nullptr) return cutOff;
  const std::unique_ptr<zip_t, Discard> archive(zip_open_from_source(source, ZIP_RDONLY, nullptr));
  if (!archive) {
    zip_source_free(source);  // only an opened archive takes it over
    return cutOff;
  }
  std::vector<char> buffer(bytesAtOnce);
  const auto parts = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < parts; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    if (holds(archive.get(), index, buffer)) continue;
    const char* name = zip_get_name(archive.get(), index, 0);
    return name == nullptr ? cutOff : std::string("its part ") + name + " has changed since it was written";
  }
  return {};
}

}  // namespace lathe::exporting

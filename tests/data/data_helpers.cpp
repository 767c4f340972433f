// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/data/data_helpers.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <zlib.h>

namespace lathe::tests {

void writeBytes(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 64, '\0');
  std::string input(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

OpenedText::OpenedText(std::string_view bytes, const std::string& name, spec::DataSpec dataSpec)
    : path(folder / name), spec(std::move(dataSpec)), source((writeBytes(path, bytes), data::openData(path, spec))) {}

std::string OpenedText::openCode() const { return source ? "" : source.error().code; }
std::string OpenedText::openSentence() const { return source ? "" : source.error().sentence(); }

std::string OpenedText::datasetCode() const {
  if (!source) return source.error().code;
  const auto dataset = (*source)->dataset(spec);
  return dataset ? "" : dataset.error().code;
}

const spec::ColumnProfile& column(const spec::DataProfile& profile, const std::string& name) {
  for (const auto& column : profile.columns)
    if (column.name == name) return column;
  throw std::runtime_error("no column " + name);
}

bool warns(const spec::DataProfile& profile, const std::string& code, const std::string& about) {
  return std::any_of(profile.warnings.begin(), profile.warnings.end(), [&](const Warning& warning) {
    return warning.code == code && warning.sentence().find(about) != std::string::npos;
  });
}

}  // namespace lathe::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/data/data_helpers.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace lathe::tests {

void writeBytes(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
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

const spec::ColumnProfile& column(const spec::DataProfile& profile, std::string_view name) {
  for (const auto& column : profile.columns)
    if (column.name == name) return column;
  throw std::runtime_error("no column " + std::string(name));
}

bool warns(const spec::DataProfile& profile, const std::string& code, const std::string& about) {
  return std::any_of(profile.warnings.begin(), profile.warnings.end(), [&](const Warning& warning) {
    return warning.code == code && warning.sentence().find(about) != std::string::npos;
  });
}

}  // namespace lathe::tests

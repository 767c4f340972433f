// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/layering/dependency_reader.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

namespace lathe::layering {
namespace fs = std::filesystem;
namespace {

std::string outputOf(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  std::string out;
  if (!pipe) return out;
  std::array<char, 1 << 16> buffer{};
  while (const auto got = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) out.append(buffer.data(), got);
  return out;
}

std::string absolute(const std::string& file, const fs::path& base) {
  const fs::path path(file);
  return (path.is_absolute() ? path : base / path).lexically_normal().string();
}

std::vector<Unit> fromNinja(const fs::path& build) {
  std::vector<Unit> units;
  std::istringstream in(outputOf("ninja -C '" + build.string() + "' -t deps 2>/dev/null"));
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("    ", 0) == 0) {
      if (!units.empty()) units.back().files.push_back(absolute(line.substr(4), build));
    } else if (const auto colon = line.find(": #deps"); colon != std::string::npos) {
      units.push_back({line.substr(0, colon), {}});
    }
  }
  return units;
}

std::vector<Unit> fromDependencyFiles(const fs::path& build) {
  std::vector<Unit> units;
  for (const auto& entry : fs::recursive_directory_iterator(build)) {
    if (entry.path().extension() != ".d") continue;
    std::ifstream in(entry.path());
    Unit unit;
    for (std::string word; in >> word;) {
      if (word == "\\") continue;
      if (word.back() == ':')
        unit.object = word.substr(0, word.size() - 1);
      else
        unit.files.push_back(absolute(word, build));
    }
    units.push_back(std::move(unit));
  }
  return units;
}

}  // namespace

std::vector<Unit> readUnits(const fs::path& buildFolder) {
  auto units = fromNinja(buildFolder);
  return units.empty() ? fromDependencyFiles(buildFolder) : units;
}

std::vector<std::string> quotedIncludes(const fs::path& source) {
  std::vector<std::string> out;
  std::ifstream in(source);
  for (std::string line; std::getline(in, line);) {
    const auto start = line.find("#include \"");
    if (start != 0) continue;
    const auto end = line.find('"', 10);
    if (end != std::string::npos) out.push_back(line.substr(10, end - 10));
  }
  return out;
}

}  // namespace lathe::layering

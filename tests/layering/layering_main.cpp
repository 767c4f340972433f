// SPDX-License-Identifier: GPL-3.0-or-later
// Who includes what, against the table in layer_rules.cpp:
//  - of our own folders, by the #include lines: only what the table lists;
//  - of third parties, by the compiler's dependency files, so that nothing slips in through another header;
//  - no translation unit of core sees Qt, only engine_torch sees torch, only ui/plots sees qcustomplot.h, only
//    store/sqlite sees SQLite.
#include <cstdio>
#include <fmt/format.h>
#include <set>

#include "tests/layering/dependency_reader.h"
#include "tests/layering/layer_rules.h"

using namespace lathe::layering;
namespace fs = std::filesystem;

namespace {

std::set<std::string> checkOwnIncludes(const fs::path& root) {
  std::set<std::string> faults;
  for (const char* top : {"core", "ui"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".h") continue;
      const auto file = entry.path().lexically_relative(root).generic_string();
      const auto folder = folderOf(file);
      if (folder.empty()) {
        faults.insert(fmt::format("{} lies in a folder that the table does not know", file));
        continue;
      }
      const auto& rule = rules().at(folder);
      for (const auto& include : quotedIncludes(entry.path())) {
        const auto target = folderOf(include);
        if (target.empty()) {
          if (include.find('/') != std::string::npos)
            faults.insert(fmt::format("{} includes {}, which no rule knows", file, include));
        } else if (target != folder && !rule.everything && rule.own.count(target) == 0) {
          faults.insert(fmt::format("{} includes {}: {} may not use {}", file, include, folder, target));
        }
      }
    }
  }
  return faults;
}

std::set<std::string> checkUnits(const std::vector<Unit>& units, const fs::path& root, const fs::path& build,
                                 int& checked) {
  std::set<std::string> faults;
  const auto prefix = root.string() + "/";
  const auto buildPrefix = build.string() + "/";
  for (const auto& unit : units) {
    // Objects lie in core/spec/CMakeFiles/core_spec.dir/...: also generated and unity sources find their folder so.
    auto object = unit.object;
    if (object.rfind(buildPrefix, 0) == 0) object = object.substr(buildPrefix.size());
    const auto folder = folderOf(object);
    if (folder.empty()) continue;
    ++checked;
    const auto& rule = rules().at(folder);
    if (rule.everything) {
      if (folder != "tests")
        for (const auto& file : unit.files)
          if (thirdPartyOf(file) == "torch" && file.rfind(prefix, 0) != 0)
            faults.insert(fmt::format("{} sees torch ({})", object, file));
      continue;
    }
    for (const auto& file : unit.files) {
      if (file.rfind(prefix, 0) == 0) continue;
      const auto party = thirdPartyOf(file);
      if (party.empty() || rule.parties.count(party) != 0) continue;
      faults.insert(fmt::format("{}: {} may not use {} ({})", object, folder, party, file));
    }
  }
  return faults;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: test_layering SOURCE_FOLDER BUILD_FOLDER\n");
    return 2;
  }
  const fs::path root = fs::canonical(argv[1]);
  const fs::path build = fs::canonical(argv[2]);
  const auto units = readUnits(build);
  int checked = 0;
  auto faults = checkOwnIncludes(root);
  faults.merge(checkUnits(units, root, build, checked));
  for (const auto& fault : faults) std::printf("%s\n", fault.c_str());
  std::printf("%d translation units checked, %zu faults\n", checked, faults.size());
  if (checked < 20) {
    std::printf("too few dependency records in %s: build everything first\n", build.c_str());
    return 1;
  }
  return faults.empty() ? 0 : 1;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/exporting/compiled_c.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>

#include "core/base/files.h"

namespace lathe::tests {

std::string outputOfFailure(const std::string& command, const TempFolder& folder) {
  const auto log = folder / "log.txt";
  if (std::system((command + " >'" + log.string() + "' 2>&1").c_str()) == 0) return {};
  const auto text = readFile(log);
  return text && !text->empty() ? text->substr(0, 4000) : command + " failed";
}

bool CompiledC::possible() {
  static const bool found = [] {
    const TempFolder folder;
    const bool works = outputOfFailure("cc --version", folder).empty();
    if (!works) std::fprintf(stderr, "SKIPPED: there is no C compiler on PATH, generated C is not compiled\n");
    return works;
  }();
  return found;
}

CompiledC::CompiledC(const std::vector<std::string>& sources, const std::string& options) {
  std::string files;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto file = m_folder / ("model" + std::to_string(i) + ".c");
    std::ofstream(file, std::ios::binary) << sources[i];
    files += " '" + file.string() + "'";
  }
  const auto library = (m_folder / "models.so").string();
  m_problem = outputOfFailure(
      "cc -std=c99 -Wall -Wextra -Werror -pedantic -fPIC -shared " + options + files + " -o '" + library + "' -lm",
      m_folder);
  if (!m_problem.empty()) return;
  m_library = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (m_library == nullptr) m_problem = dlerror();
}

CompiledC::~CompiledC() {
  if (m_library != nullptr) dlclose(m_library);
}

void* CompiledC::symbol(const std::string& name) const {
  return m_library == nullptr ? nullptr : dlsym(m_library, name.c_str());
}

std::vector<float> CompiledC::predict(const std::string& name, const std::vector<float>& row,
                                      std::size_t outputs) const {
  using Predict = int (*)(const float*, float*);
  const auto function = reinterpret_cast<Predict>(symbol(name + "_predict"));
  std::vector<float> result(outputs);
  if (function == nullptr || function(row.data(), result.data()) != 0) result.clear();
  return result;
}

}  // namespace lathe::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <dlfcn.h>
#include <initializer_list>

/// For the files of this folder only.
namespace lathe::exporting {

/// The file that an environment variable names, else the first of the usual names; null when there is none. Stays open:
/// such libraries start threads.
inline void* openLibrary(const char* variable, std::initializer_list<const char*> names) {
  if (const char* named = std::getenv(variable); named != nullptr && *named != '\0')
    return ::dlopen(named, RTLD_NOW | RTLD_LOCAL);
  for (const char* name : names)
    if (void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return library;
  return nullptr;
}

/// A function by its name; false when there is none.
template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace lathe::exporting

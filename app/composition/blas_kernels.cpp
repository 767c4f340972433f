// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

#include "app/composition/composition.h"

namespace lathe::app {

void useFastBlas() {
#if defined(__x86_64__)
  constexpr const char* choice = "OPENBLAS_CORETYPE";
  if (std::getenv(choice) != nullptr || !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
  const auto name = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  const auto forget = reinterpret_cast<void (*)()>(dlsym(RTLD_DEFAULT, "gotoblas_dynamic_quit"));
  const auto choose = reinterpret_cast<void (*)()>(dlsym(RTLD_DEFAULT, "gotoblas_dynamic_init"));
  if (name == nullptr || forget == nullptr || choose == nullptr || std::strcmp(name(), "Prescott") != 0) return;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  setenv(choice, wide ? "SkylakeX" : "Haswell", 1);
  forget();
  choose();
#endif
}

}  // namespace lathe::app

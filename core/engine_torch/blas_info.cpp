// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/blas_info.h"

#include <dlfcn.h>
#include <filesystem>
#include <string>
#include <system_error>

namespace lathe::engine {
namespace {

constexpr const char* openblasHint = "apt install libopenblas0-openmp";

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::string libraryOf(const char* symbol) {
  void* address = dlsym(RTLD_DEFAULT, symbol);
  Dl_info found{};
  if (address == nullptr || dladdr(address, &found) == 0 || found.dli_fname == nullptr) return {};
  std::error_code error;
  const auto resolved = std::filesystem::canonical(found.dli_fname, error);
  return error ? found.dli_fname : resolved.string();
}

void describeOpenblas(EngineInfo& info, const std::string& library) {
  // 0: sequential, 1: its own threads, 2: OpenMP.
  const auto parallel = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
  const int kind = parallel != nullptr ? parallel() : contains(library, "openmp") ? 2 : 1;
  info.blas = kind == 2 ? "OpenBLAS (OpenMP)" : kind == 1 ? "OpenBLAS (pthread)" : "OpenBLAS (serial)";
  info.blasIsSlow = kind != 2;
  if (info.blasIsSlow) info.blasHint = openblasHint;
  const auto kernels = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  if (kernels == nullptr || std::string(kernels()) != "Prescott") return;
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2")) return;
  // An OpenBLAS that is older than the processor; the programs choose others unless somebody has chosen these.
  info.blas.insert(info.blas.size() - 1, ", Prescott");
  info.blasIsSlow = true;
  info.blasHint = "export OPENBLAS_CORETYPE=Haswell";
#endif
}

}  // namespace

void describeBlas(EngineInfo& info) {
  const std::string library = libraryOf("sgemm_");
  const bool openblas = contains(library, "openblas") || dlsym(RTLD_DEFAULT, "openblas_get_config") != nullptr;
  if (openblas) {
    describeOpenblas(info, library);
  } else if (contains(library, "mkl") || contains(library, "libtorch")) {
    info.blas = "MKL";
  } else if (contains(library, "blis")) {
    info.blas = contains(library, "openmp") ? "BLIS (OpenMP)" : "BLIS";
    info.blasIsSlow = true;
    info.blasHint = openblasHint;
  } else if (library.empty()) {
    info.blas = "built into LibTorch";
  } else {
    info.blas = contains(library, "atlas") ? "ATLAS" : "reference BLAS";
    info.blasIsSlow = true;
    info.blasHint = openblasHint;
  }
}

}  // namespace lathe::engine

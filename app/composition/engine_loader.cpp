// SPDX-License-Identifier: GPL-3.0-or-later
#include <mutex>

#include "app/composition/composition.h"
#include "app/composition/program_path.h"
#include "core/base/machine.h"

#ifdef LATHE_WITH_TORCH
#include <dlfcn.h>

#include "app/composition/engine_module.h"
#else
#include "core/engine/fake_engine.h"
#endif

namespace lathe::app {
namespace {

#ifdef LATHE_WITH_TORCH

Result<std::shared_ptr<engine::Engine>> create() {
  const auto module = programPath().parent_path().parent_path() / "lib" / "lathe" / "liblathe_engine_torch.so";
  void* handle = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = handle == nullptr ? nullptr : dlsym(handle, latheCreateEngineSymbol);
  if (symbol == nullptr) {
    const char* reason = dlerror();
    return fail(
        "engine.missing", LATHE_TEXT("errors", "The LibTorch engine could not be loaded: {reason}."),
        LATHE_TEXT("errors", "Install Lathe again so that {file} and LibTorch (package libtorch1.13) are there."),
        {{"reason", reason == nullptr ? "" : reason}, {"file", module.string()}});
  }
  std::shared_ptr<engine::Engine> made(reinterpret_cast<LatheCreateEngine*>(symbol)(latheVersion()));
  if (!made)
    return fail("engine.other_version", LATHE_TEXT("errors", "{file} belongs to another version of Lathe."),
                LATHE_TEXT("errors", "Install Lathe again as a whole."), {{"file", module.string()}});
  return made;
}

#else

Result<std::shared_ptr<engine::Engine>> create() { return std::shared_ptr<engine::Engine>(engine::makeFakeEngine()); }

#endif

}  // namespace

Result<std::shared_ptr<engine::Engine>> loadEngine() {
  // Shared by everyone in the process: LibTorch's thread pools and allocators exist once anyway.
  static std::mutex mutex;
  static std::shared_ptr<engine::Engine> engine;
  const std::lock_guard lock(mutex);
  if (!engine) {
    auto made = create();
    if (!made) return made;
    engine = std::move(*made);
  }
  return engine;
}

}  // namespace lathe::app

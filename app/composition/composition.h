// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "core/engine/engine.h"
#include "core/services/deployment/deployment_service.h"
#include "core/services/model_service.h"
#include "core/services/project.h"

/// Where the two programs join what core keeps apart: the engine, the SQLite store, and a second process of their own
/// for checks. No Qt, no torch headers.
namespace lathe::app {

/// OpenBLAS chooses its kernels when a program is loaded, and for processors that are newer than it takes those of
/// 2004, a fifth as fast as they could be. Lets it choose again, with kernels that fit, where that is so and nobody has
/// chosen (OPENBLAS_CORETYPE). First in main(): before anything was multiplied.
void useFastBlas();

/// The LibTorch engine, or the FakeEngine in a build without LibTorch. LibTorch sits in a module of its own
/// (lib/lathe/liblathe_engine_torch.so beside the program's bin/), opened by the first call, so that nobody waits for
/// it who does not need it. Takes some 0.3 s the first time; later calls give the same engine. Thread-safe.
/// Errors: "engine.missing", "engine.other_version".
[[nodiscard]] Result<std::shared_ptr<engine::Engine>> loadEngine();

/// Opens SQLite stores.
[[nodiscard]] services::StoreOpener storeOpener();

/// Predicts in a fresh process by starting this program again with a hidden argument: main() must ask
/// runWorkerIfAsked() before anything else.
[[nodiscard]] std::shared_ptr<services::FreshProcess> selfProcess();

/// The inference server inside this program; it starts when something is served.
[[nodiscard]] std::shared_ptr<services::BuiltInServer> builtInServer(std::shared_ptr<engine::Engine> engine);

/// When the program was started as a worker by selfProcess(), does its work and gives the exit code; else nothing.
[[nodiscard]] std::optional<int> runWorkerIfAsked(int argc, char** argv);

}  // namespace lathe::app

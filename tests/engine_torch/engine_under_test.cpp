// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/torch_engine.h"
#include "tests/engine/engine_conformance.h"

std::unique_ptr<lathe::engine::Engine> lathe::tests::makeEngineUnderTest() { return lathe::engine::makeTorchEngine(); }

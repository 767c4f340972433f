// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/engine/engine.h"

namespace lathe::tests {

/// Given by each test program that contains engine_conformance*.cpp: the engine that the suite is run against.
[[nodiscard]] std::unique_ptr<engine::Engine> makeEngineUnderTest();

}  // namespace lathe::tests

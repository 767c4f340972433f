// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::engine {
class Engine;
}

/// The one symbol of the engine's module. Program and module are two images with hidden symbols; they share nothing but
/// the virtual interface of engine::Engine, so both must come from the same build: `version` is the caller's, a
/// different one gives null. The caller owns the engine; the module is never unloaded.
extern "C" {
using LatheCreateEngine = lathe::engine::Engine*(const char* version);
}

inline constexpr const char* latheCreateEngineSymbol = "latheCreateEngine";

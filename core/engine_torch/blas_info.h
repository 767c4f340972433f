// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

namespace lathe::engine {

/// Which BLAS this process uses, found by where its sgemm_ lies: fills blas, blasIsSlow and blasHint.
void describeBlas(EngineInfo& info);

}  // namespace lathe::engine

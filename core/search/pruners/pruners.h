// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/search/pruner.h"

/// One maker a pruner; makePruner() chooses by name.
namespace lathe::search {

[[nodiscard]] std::unique_ptr<Pruner> makeNoPruner(const PrunerSetup& setup);

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/search/pruner.h"

/// One maker a pruner; makePruner() chooses by name.
namespace lathe::search {

[[nodiscard]] std::unique_ptr<Pruner> makeNoPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makeMedianPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makePercentilePruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makePatientPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makeThresholdPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makeHalvingPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makeAshaPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makeHyperbandPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makeBohbPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makeDehbPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makeWilcoxonPruner(const PrunerSetup& setup);
[[nodiscard]] std::unique_ptr<Pruner> makePbtPruner(const PrunerSetup& setup);

}  // namespace lathe::search

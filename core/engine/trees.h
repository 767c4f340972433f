// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/engine/predictor.h"

namespace lathe::engine {

/// Boosted trees, which networks on tables have to be measured against. They are no models of Lathe: they predict rows
/// and are gone.
class BoostedTrees {
 public:
  struct Settings {
    std::uint64_t seed = 0;
    int threads = 1;
    double seconds = 60;  ///< after which no more trees are grown
    std::function<bool()> stopped = {};
  };
  virtual ~BoostedTrees() = default;
  [[nodiscard]] virtual std::string name() const = 0;  ///< "XGBoost 1.7"
  /// Whether they take such data: tables without windows, classes or one number.
  [[nodiscard]] virtual bool takes(const data::Dataset& data) const = 0;
  /// Grown on `train` until they predict `judged` no better, and what they predict for these then: probabilities, or
  /// values in the target's unit. Blocks.
  virtual Result<Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>& train,
                                      const std::vector<std::uint32_t>& judged, const Settings& settings) = 0;
};

}  // namespace lathe::engine

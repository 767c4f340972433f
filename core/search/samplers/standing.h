// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <vector>

#include "core/search/pareto.h"
#include "core/search/trial.h"

/// How evolutionary samplers compare trials: complete ones before pruned ones before failed ones.
namespace lathe::search {

struct Told {
  enum Standing : std::uint8_t { Complete, Pruned, Failed };

  std::int64_t trial = -1;
  Configuration configuration;
  Standing standing = Failed;
  Goals values = {};           ///< Complete: one a goal, at most 1e100; Pruned: the last report
  std::int64_t lastStep = -1;  ///< Pruned: of the last report. Who came further is better
};

/// A result of an earlier study is one from outside, whatever its number was there.
[[nodiscard]] TrialResult fromOutside(const TrialResult& result);
[[nodiscard]] Told toldOf(const TrialResult& result, int goals);
/// The result that one of `all` stands for if it was told before; null when it was not, or came from outside.
template <class Many>
[[nodiscard]] Told* toldBefore(Many& all, std::int64_t trial) {
  if (trial < 0) return nullptr;
  const auto found = std::find_if(all.begin(), all.end(), [trial](const Told& each) { return each.trial == trial; });
  return found == all.end() ? nullptr : &*found;
}
/// With one goal.
[[nodiscard]] bool better(const Told& a, const Told& b);

/// Fronts: complete trials by the nondominated rank, each kind of the others behind them.
[[nodiscard]] std::vector<int> frontsOf(const std::vector<const Told*>& all);
/// Indices, the best first: by value with one goal; by front and crowding distance with several. Ties in their order.
[[nodiscard]] std::vector<std::size_t> bestFirst(const std::vector<const Told*>& all);

}  // namespace lathe::search

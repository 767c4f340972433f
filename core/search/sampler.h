// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/search/trial.h"

namespace lathe::search {

/// What a sampler is made for.
struct SamplerSetup {
  SearchSpace space;
  int goals = 1;
  std::uint64_t seed = 0;
  /// Trials that the study is going to have, as far as it knows; 0: unknown. Only a hint.
  std::int64_t budget = 0;
  /// Size of a generation (cmaes, nsga2, nsga3, de, evolution); 0: the sampler's usual one.
  int population = 0;
  /// What earlier studies found, configurations of this very space: cmaes starts around the best of them, the others
  /// see them as results from outside.
  std::vector<TrialResult> before = {};
};

/// Proposes configurations, ask-and-tell. A proposal is a function of setup, the trial's number and everything begun
/// and told until then, in this order; asking changes nothing but caches. So a study goes on exactly by telling a fresh
/// sampler its log, and any proposal can be repeated. All goals are minimised. One thread at a time.
class Sampler {
 public:
  virtual ~Sampler() = default;
  /// A configuration that fulfils the space's conditions and constraints; nothing when there is none left (grid).
  [[nodiscard]] virtual std::optional<Configuration> propose(std::int64_t trial) = 0;
  /// The trial that the newest proposal is a child of, whose weights it may start from; -1: of none.
  [[nodiscard]] virtual std::int64_t parentOfProposal() const { return -1; }
  /// The trial runs from now on with this configuration, which need not be the proposed one.
  virtual void begin(std::int64_t trial, const Configuration& configuration) = 0;
  /// How a trial ended: one that was begun, or (trial < 0) a point from outside. A trial that paused at a rung is told
  /// as Pruned with its reports so far, and again whenever it has come further: the last one counts.
  virtual void tell(const TrialResult& result) = 0;
  /// What it does at the moment and why, for a person; empty when its name says all. `auto` tells what it picked.
  [[nodiscard]] virtual std::optional<Message> remark() const { return std::nullopt; }
};

/// The generator for a proposal of `trial`.
[[nodiscard]] inline Random randomFor(const SamplerSetup& setup, std::int64_t trial, const char* purpose = "propose") {
  return {setup.seed * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(trial), purpose};
}

/// random grid qmc tpe gp cmaes nsga2 nsga3 motpe ehvi de evolution annealing auto, in the order in which they are
/// listed to people. With several goals tpe is motpe and gp is ehvi, with one the other way round.
[[nodiscard]] const std::vector<std::string>& samplerNames();
/// By name (case and - _ do not matter). Fixed parameters and those with one value are taken out of the space before a
/// sampler sees it, and put back into what it proposes; a proposal that breaks a constraint is mended. Errors:
/// "search.sampler" for an unknown name, "space.impossible" when no configuration fulfils the constraints.
Result<std::unique_ptr<Sampler>> makeSampler(const std::string& name, const SamplerSetup& setup);

}  // namespace lathe::search

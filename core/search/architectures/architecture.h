// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/search/trial.h"
#include "core/spec/templates.h"

/// Spaces of architectures. An architecture is a configuration of an ordinary search space whose parameters are called
/// architecture.NAME, so that every sampler and pruner works on it; build() makes the model graph of any configuration,
/// and each one is valid. Pure, any thread.
namespace lathe::search {

/// mlp, resmlp, cells, free.
[[nodiscard]] const std::vector<std::string>& architectureSpaces();
/// cells for images, resmlp for tables and sequences.
[[nodiscard]] std::string usualArchitectureSpace(const spec::TemplateContext& context);

/// - mlp: a chain of up to six linear layers, each with a width, and one activation, normalisation and dropout for all.
/// - resmlp: up to six residual blocks on one width, each with an expansion.
/// - cells: two or three stages of one cell, a graph of four nodes with an operation on each of its six edges (as in
///   NAS-Bench-201, Dong and Yang 2020), and what surrounds them: channels, cells a stage, growth, head.
/// - free: a list of up to eight nodes, each with an operation, size, kernel, activation, halving and a shortcut from
///   any earlier one.
/// Errors: "nas.space" for an unknown name, "nas.space_data" for data that it cannot take.
Result<SearchSpace> architectureSpace(const std::string& name, const spec::TemplateContext& context);

/// The graph of a configuration of such a space. Layers of node i are called ni_ROLE, those of the edge from node a to
/// node b of cell c of stage s ssccab_ROLE, so that what is the same in two architectures has the same name.
Result<spec::ModelGraph> buildArchitecture(const std::string& name, const SearchSpace& space,
                                           const Configuration& configuration, const spec::TemplateContext& context);

/// Equal for configurations of such a space that build the same network, whatever its layers are called: genes that do
/// not matter (edges of a cell that lead nowhere, a halving where nothing is left to halve) make no difference.
[[nodiscard]] std::uint64_t networkCode(const std::string& name, const SearchSpace& space,
                                        const Configuration& configuration, const spec::TemplateContext& context);

/// Whether a parameter is one of the architecture, not of its training.
[[nodiscard]] bool isArchitectureParameter(const std::string& name);
/// "architecture.node3.width": node 3, gene "width"; node 0 for what concerns the whole.
struct GenePlace {
  int node = 0;
  std::string gene;
};
[[nodiscard]] GenePlace genePlace(const std::string& parameter);

/// What an architecture may cost; 0: anything.
struct ArchitectureLimits {
  double parameters = 0;
  double flops = 0;      ///< of one row, forward
  double latencyMs = 0;  ///< of one row through the exported model, measured
  bool operator==(const ArchitectureLimits&) const = default;
};

struct ArchitectureCost {
  std::int64_t parameters = 0;
  std::int64_t flops = 0;
};

/// What a study of architectures has beside a study of settings.
struct ArchitectureStudy {
  std::string space;   ///< empty: it searches settings
  std::string method;  ///< random evolution tpe bohb spos darts
  spec::TemplateContext context;
  ArchitectureLimits limits;
  bool inherits = true;                    ///< a child starts from the weights of its parent that fit
  int finalEpochs = 0;                     ///< of the trainings from scratch at the end
  std::int64_t superEpochs = 0;            ///< spos, darts: of the shared network
  bool proxies = true;                     ///< zero-cost scores beside each trial
  bool ranks = false;                      ///< spos, darts: `ranked` is there
  std::vector<Configuration> ranked = {};  ///< what the shared network thinks best, the best first
  std::string supernet = {};               ///< what is to be told of it, as JSON
  [[nodiscard]] bool active() const { return !space.empty(); }
  bool operator==(const ArchitectureStudy&) const = default;
};

/// random evolution tpe bohb spos darts
[[nodiscard]] const std::vector<std::string>& architectureMethods();

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/predictor.h"
#include "core/spec/schema.h"

namespace lathe::engine {

/// Weights that many networks share by the names of their layers: a parameter that two of them call the same is the
/// same, a smaller one being the first rows and columns of a larger one. One thread at a time. Paths differ in their
/// graph only; all have the model of the request that it was made from.
///
/// A mixture is a path with layers of the kind add whose name ends in mixEnding or edgesEnding: what they add is
/// weighted by the softmax of architecture weights, one a summand. Their key is what stands between the first '_' of
/// the name and the ending, so that cells can have the same ones. Of a mix (Xu et al. 2020, PC-DARTS) the first summand
/// is what came in, of which the operations see a part of the channels only, the rest passing by; what belongs to it
/// are the layers whose name begins as its own does, up to "__"; one weight more than summands stands for nothing at
/// all. Edges are weighed as they are.
class Supernet {
 public:
  static constexpr const char* mixEnding = "__mix";
  static constexpr const char* edgesEnding = "__edges";

  virtual ~Supernet() = default;
  /// One step of the optimiser (Adam) on these rows; the loss before it. A non-finite loss changes nothing.
  virtual Result<double> step(const spec::ModelGraph& path, std::span<const std::uint32_t> rows, double rate) = 0;
  /// The same for the architecture weights of a mixture alone (first order, Liu et al. 2019).
  virtual Result<double> architectureStep(const spec::ModelGraph& mixture, std::span<const std::uint32_t> rows,
                                          double rate) = 0;
  /// How sharply the loss on these rows bends along the architecture weights of a mixture: the eigenvalue of largest
  /// size of its second derivatives (Zela et al. 2020), by power iteration over differences of gradients. Without
  /// dropout; changes nothing. NaN where the loss is not finite, 0 for a path without such weights.
  virtual Result<double> architectureCurvature(const spec::ModelGraph& mixture,
                                               std::span<const std::uint32_t> rows) = 0;
  /// Predictions for rows with the shared weights; normalisations use the statistics of the rows given, some hundred at
  /// a time, since those of training belong to all paths together.
  virtual Result<Predictions> predict(const spec::ModelGraph& path, const std::vector<std::uint32_t>& rows) = 0;
  /// Softmax of the architecture weights, by key.
  [[nodiscard]] virtual std::map<std::string, std::vector<double>> architectureWeights() const = 0;
  /// Everything to go on from, with a text of the caller's; atomic.
  virtual Result<void> save(const std::filesystem::path& file, const std::string& text) const = 0;
  /// Gives the text.
  virtual Result<std::string> restore(const std::filesystem::path& file) = 0;
};

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/weight_file.h"
#include "core/engine/checkpoint.h"
#include "core/spec/program.h"

/// Weights from elsewhere, matched to a program's parameters by names and shapes.
namespace lathe::engine {

struct WeightMatch {
  std::shared_ptr<const std::vector<NamedTensor>> loaded;  ///< under the program's names
  std::vector<std::string> fresh;                          ///< parameters that no tensor of the file is called like
  std::vector<std::string>
      otherShape;  ///< parameters whose tensor has another shape, as the last layer's with other classes
  std::vector<std::string> unused;  ///< tensors of the file that nothing is called like
};

/// Names are compared with _ for every dot, so that torchvision's layer1.0.conv1.weight is layer1_0_conv1.weight here.
/// Prefixes that all of the fitting names share (module., model., state_dict. ...) are taken away; of several the one
/// under which most fit. Counters of batches and the state of an optimiser are not mentioned as unused. Running
/// statistics count as parameters, adapters (lora.h) do not. Errors: "weights.no_match" when nothing fits,
/// "weights.not_finite".
Result<WeightMatch> matchWeights(const spec::Program& program, const data::WeightFile& file,
                                 const std::string& fileName);

}  // namespace lathe::engine

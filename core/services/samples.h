// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/spec/experiment.h"

namespace lathe::services {

/// A data set that comes with a Debian package, ready to train in one click.
struct Sample {
  std::string id;     ///< fashion-mnist, digits, wine, breast-cancer, iris, diabetes, few-images
  std::string title;  ///< LATHE_TEXT("samples", ...)
  std::string description;
  std::string package;  ///< Debian package that brings it
  std::string installCommand;
  bool installed = false;
  bool needsWeights = false;  ///< trains from a weights file that a person points at
};

[[nodiscard]] std::vector<Sample> samples();
/// A spec that trains the sample. Converts scikit-learn's files into plain tables with names below `cacheFolder` first.
/// `weights` is for a sample that needs them: the template becomes the one that the file was made with. Without it the
/// spec is whole but for model.weights.
Result<spec::ExperimentSpec> sampleExperiment(const std::string& id, const std::filesystem::path& cacheFolder,
                                              const std::filesystem::path& weights = {});

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/ensemble_file.h"

#include "core/engine/adapters.h"
#include "core/engine/training_loop.h"

namespace lathe::engine {

Result<void> writeEnsemble(const std::vector<EnsemblePart>& parts, const spec::FittedPreprocessing& fitted,
                           const spec::PreprocessingSpec& preprocessing, double threshold,
                           const std::filesystem::path& file) {
  std::vector<spec::WeightedModel> models;
  Checkpoint joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    LATHE_ASSIGN(checkpoint, readCheckpoint(parts[i].checkpoint));
    LATHE_ASSIGN(model, modelOf(checkpoint, checkpoint.meta["engine"], parts[i].checkpoint));
    LATHE_TRY(mergeAdapters(model, checkpoint));
    model.temperature = parts[i].temperature;
    models.push_back({std::move(model), parts[i].weight});
    if (i == 0) {
      auto scoring = scoringOf(checkpoint).value_or(Scoring());
      scoring.threshold = threshold;
      joined.meta = {
          {"format", checkpoint.meta["format"]}, {"engine", checkpoint.meta["engine"]}, {scoringKey, toJson(scoring)}};
    }
    for (auto& tensor : checkpoint.tensors) {
      tensor.name.insert(0, spec::memberPrefix(i));
      joined.tensors.push_back(std::move(tensor));
    }
  }
  LATHE_ASSIGN(ensemble, spec::ensembleOf(models, fitted, preprocessing));
  joined.meta["model"] = spec::toJson(ensemble);
  LATHE_TRY(writeCheckpoint(joined, file));
  return {};
}

Checkpoint memberCheckpoint(const Checkpoint& ensemble, std::size_t member) {
  Checkpoint own;
  const auto prefix = spec::memberPrefix(member);
  for (const auto& tensor : ensemble.tensors)
    if (tensor.name.rfind(prefix, 0) == 0) {
      own.tensors.push_back(tensor);
      own.tensors.back().name.erase(0, prefix.size());
    }
  return own;
}

Predictions combined(const spec::ModelDescription& ensemble, const std::vector<Predictions>& members) {
  Predictions mean{members.at(0).rows, members[0].columns, std::vector<float>(members[0].values.size(), 0.0F)};
  for (std::size_t m = 0; m < members.size(); ++m) {
    const auto weight = static_cast<float>(ensemble.members.at(m).weight);
    for (std::size_t i = 0; i < mean.values.size(); ++i) mean.values[i] += weight * members[m].values[i];
  }
  return mean;
}

}  // namespace lathe::engine

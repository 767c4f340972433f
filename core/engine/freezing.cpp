// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/freezing.h"

#include <algorithm>

#include "core/spec/lora.h"

namespace lathe::engine {
namespace {

constexpr const char* freezeKey = "freeze.backbone";

}  // namespace

std::vector<bool> frozenParameters(const spec::Program& program, bool backbone) {
  std::vector<bool> frozen(program.parameters.size());
  for (std::size_t i = 0; i < frozen.size(); ++i)
    frozen[i] = !program.parameters[i].trainable || program.parameters[i].lrFactor == 0 || backbone;
  if (!backbone) return frozen;
  const auto output = spec::outputLayer(program.model, program.parameters);
  for (const auto& operation : program.model) {
    if (operation.layer != output) continue;
    for (const int index : operation.parameters) {
      const auto& parameter = program.parameters[static_cast<std::size_t>(index)];
      frozen[static_cast<std::size_t>(index)] = !parameter.trainable || parameter.lrFactor == 0;
    }
  }
  return frozen;
}

int thawingEpochs(const spec::TrainingSpec& training) {
  return training.freeze == "backbone_then_all" ? training.freezeEpochs : 0;
}

bool backboneFrozen(const spec::TrainingSpec& training, int epoch) {
  return training.freeze == "backbone" || epoch <= thawingEpochs(training);
}

Result<void> checkFreezing(const spec::Program& program, const spec::TrainingSpec& training) {
  const auto frozen = frozenParameters(program, backboneFrozen(training, 1));
  if (std::find(frozen.begin(), frozen.end(), false) != frozen.end()) return {};
  return fail("engine.all_frozen", LATHE_TEXT("errors", "Every layer of the model is frozen, so nothing could learn."),
              LATHE_TEXT("errors", "Let at least the output layer learn: set its frozen to false."));
}

void saveFreezing(Checkpoint& checkpoint, const spec::TrainingSpec& training, bool backbone) {
  if (training.freeze == "none") return;
  checkpoint.tensors.push_back({freezeKey, "U8", {1}, {static_cast<std::uint8_t>(backbone ? 1 : 0)}});
}

bool savedFreezing(const Checkpoint& checkpoint, bool otherwise) {
  const auto* tensor = checkpoint.find(freezeKey);
  return tensor == nullptr || tensor->bytes.size() != 1 ? otherwise : tensor->bytes[0] != 0;
}

}  // namespace lathe::engine

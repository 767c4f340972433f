// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/engine/training_loop.h"
#include "core/engine_torch/saved_model_runner.h"
#include "core/engine_torch/torch_learner.h"
#include "core/engine_torch/torch_predictor.h"
#include "core/exporting/tensorflow/saved_model.h"

namespace lathe::engine {
namespace {

constexpr std::uintmax_t largestSavedModel = std::uintmax_t{1} << 31;

tl::unexpected<Error> foreignSavedModel(const std::filesystem::path& file, std::string reason) {
  return fail("engine.foreign_model", LATHE_TEXT("errors", "{file} is not a SavedModel made by Lathe: {reason}."),
              LATHE_TEXT("errors", "Choose the saved_model.pb of an export, or export the run again."),
              {{"file", file.string()}, {"reason", std::move(reason)}});
}

}  // namespace

Result<void> writeSavedModelFile(const std::filesystem::path& checkpoint, const std::filesystem::path& file) {
  LATHE_ASSIGN(source, exporting::modelSourceOf(checkpoint, file.stem().string()));
  LATHE_ASSIGN(bytes, exporting::writeSavedModel(source, latheVersion()));
  return writeFileAtomically(file, bytes);
}

Result<std::unique_ptr<Predictor>> loadSavedModelPredictor(const std::filesystem::path& file) {
  return guarded([&]() -> Result<std::unique_ptr<Predictor>> {
    LATHE_ASSIGN(bytes, readFile(file, largestSavedModel));
    std::string problem;
    const auto runner = SavedModelRunner::read(bytes, problem);
    if (!runner) return foreignSavedModel(file, problem);
    const auto& texts = runner->texts();
    const auto text = texts.find(exporting::savedModelDescription);
    if (text == texts.end()) return foreignSavedModel(file, "it carries no model description");
    auto model = spec::modelDescriptionFromJson(text->second);
    if (!model) return passOn(model);
    DescribedModel described{std::move(*model), std::nullopt};
    if (const auto scoring = texts.find(exporting::savedModelScoring);
        scoring != texts.end() && !scoring->second.empty())
      described.scoring = scoringFromJson(scoring->second);
    return std::make_unique<ExportedPredictor>(std::move(described), [runner](const torch::Tensor& rows) {
      const auto numbers = rows.to(torch::kFloat32);
      return runner->run(numbers.dim() == 4 ? numbers.permute({0, 2, 3, 1}).contiguous() : numbers);
    });
  });
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/engine/adapters.h"
#include "core/engine/linear_model.h"
#include "core/engine/training_loop.h"
#include "core/engine_torch/calibration.h"
#include "core/engine_torch/onnx_runner.h"
#include "core/engine_torch/torch_learner.h"
#include "core/engine_torch/torch_predictor.h"
#include "core/exporting/onnx/onnx_model.h"
#include "core/exporting/table_columns.h"

namespace lathe::engine {
namespace {

constexpr const char *modelEntry = "lathe.model", *scoringEntry = "lathe.scoring";
constexpr std::uintmax_t largestOnnxFile = std::uintmax_t{1} << 31;

tl::unexpected<Error> foreignOnnx(const std::filesystem::path& file, std::string reason) {
  return fail("engine.foreign_model", LATHE_TEXT("errors", "{file} is not an ONNX file made by Lathe: {reason}."),
              LATHE_TEXT("errors", "Choose the .onnx file of an export, or export the run again."),
              {{"file", file.string()}, {"reason", std::move(reason)}});
}

}  // namespace

Result<void> writeOnnxFile(const std::filesystem::path& checkpointFile, const std::filesystem::path& file) {
  LATHE_ASSIGN(checkpoint, readCheckpoint(checkpointFile));
  LATHE_ASSIGN(model, modelOf(checkpoint, torchEngineName, checkpointFile));
  LATHE_TRY(mergeAdapters(model, checkpoint));
  LATHE_ASSIGN(program, spec::lower(model));
  LATHE_ASSIGN(weights, weightsOf(program, checkpoint));
  const auto description = nlohmann::ordered_json::parse(spec::toJson(model));
  exporting::OnnxDescription about{file.stem().string(), latheVersion(), {}};
  about.metadata = {{"schema", description.at("schema").dump()},
                    {"classes", nlohmann::json(model.schema.target.classes).dump()},
                    {modelEntry, description.dump()},
                    {scoringEntry, checkpoint.meta[scoringKey]}};
  if (exporting::isColumnsFile(file.filename().string()) && exporting::hasNamedColumns(model.schema)) {
    about.columns = &model.schema;
    about.metadata["lathe.inputs"] = exporting::columnInputsJson(model.schema);
  }
  exporting::OnnxStorage storage{exporting::precisionOf(checkpoint)};
  if (storage.precision == exporting::Precision::Int8Static) {
    LATHE_ASSIGN(ranges, inputRanges(program, checkpoint));
    storage.ranges = std::move(ranges);
  }
  LATHE_ASSIGN(bytes, exporting::writeOnnx(program, weights, about, storage));
  return writeFileAtomically(file, bytes);
}

Result<std::unique_ptr<Predictor>> loadOnnxPredictor(const std::filesystem::path& file) {
  return guarded([&]() -> Result<std::unique_ptr<Predictor>> {
    LATHE_ASSIGN(bytes, readFile(file, largestOnnxFile));
    std::string problem;
    const auto runner = OnnxRunner::read(bytes, problem);
    if (!runner) return foreignOnnx(file, problem);
    const auto& metadata = runner->metadata();
    const auto text = metadata.find(modelEntry);
    if (text == metadata.end()) return foreignOnnx(file, "it carries no model description");
    auto model = spec::modelDescriptionFromJson(text->second);
    if (!model) return passOn(model);
    DescribedModel described{std::move(*model), std::nullopt};
    if (const auto scoring = metadata.find(scoringEntry); scoring != metadata.end() && !scoring->second.empty())
      described.scoring = scoringFromJson(scoring->second);
    if (!runner->byColumn())
      return std::make_unique<ExportedPredictor>(
          std::move(described), [runner](const torch::Tensor& rows) { return runner->run(rows.to(torch::kFloat32)); });
    auto schema = described.model.schema;
    if (runner->inputs() != exporting::columnInputs(schema)) return foreignOnnx(file, "its inputs are not its columns");
    return std::make_unique<ExportedPredictor>(std::move(described),
                                               [runner, schema = std::move(schema)](const torch::Tensor& rows) {
                                                 return runner->run(columnTensors(schema, rows));
                                               });
  });
}

}  // namespace lathe::engine

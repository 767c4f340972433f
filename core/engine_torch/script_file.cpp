// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <caffe2/serialize/inline_container.h>
#include <cstring>
#include <nlohmann/json.hpp>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include "core/base/files.h"
#include "core/engine/adapters.h"
#include "core/engine/linear_model.h"
#include "core/engine/training_loop.h"
#include "core/engine_torch/torch_learner.h"
#include "core/engine_torch/torch_predictor.h"
#include "core/exporting/archive_check.h"
#include "core/exporting/folding.h"
#include "core/exporting/quantization.h"
#include "core/exporting/torchscript_source.h"

namespace lathe::engine {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* modelRecord = "extra/model.json";
constexpr const char* scoringRecord = "extra/scoring.json";
constexpr std::uintmax_t largestModelFile = std::uintmax_t{1} << 32;

torch::jit::ExtraFilesMap extraFiles(const spec::ModelDescription& model, const std::string& scoring) {
  const Json description = Json::parse(spec::toJson(model));
  Json vocabulary = Json::object();
  for (const auto& feature : model.schema.features)
    if (!feature.vocabulary.empty()) vocabulary[feature.name] = feature.vocabulary;
  torch::jit::ExtraFilesMap files;
  files["schema.json"] = description.at("schema").dump(2);
  files["classes.json"] = Json(model.schema.target.classes).dump();
  files["vocabulary.json"] = vocabulary.dump(2);
  files["model.json"] = description.dump();
  if (!scoring.empty()) files["scoring.json"] = scoring;
  return files;
}

/// A quantised parameter as it is kept, and the scales of its channels where it has some.
void addQuantized(torch::jit::Module& module, const std::string& name, const std::string& scaleName,
                  const torch::Tensor& values, int axis, exporting::Precision precision) {
  if (!exporting::isInt8(precision)) {
    const bool brain = precision == exporting::Precision::BFloat16;
    const auto bits = torch::empty(values.sizes(), torch::kInt16);
    const auto halves =
        exporting::halfNumbers({values.data_ptr<float>(), static_cast<std::size_t>(values.numel())}, precision);
    std::memcpy(bits.data_ptr(), halves.data(), halves.size() * sizeof(std::uint16_t));
    module.register_buffer(name, bits.view(brain ? torch::kBFloat16 : torch::kFloat16));
    return;
  }
  const auto [codes, scales] =
      exporting::int8Weights({values.data_ptr<float>(), static_cast<std::size_t>(values.numel())}, values.sizes().vec(),
                             static_cast<std::size_t>(axis));
  module.register_buffer(name, torch::tensor(codes, torch::kInt8).view(values.sizes()));
  std::vector<std::int64_t> beside(static_cast<std::size_t>(values.dim()), 1);
  beside[static_cast<std::size_t>(axis)] = values.size(axis);
  module.register_buffer(scaleName, torch::tensor(scales, torch::kFloat32).view(beside));
}

torch::jit::Module buildModule(const spec::Program& program, const exporting::Weights& weights,
                               exporting::Precision precision) {
  const auto source = exporting::writeTorchScriptSource(program, precision);
  const auto axes = exporting::channelAxes(program);
  torch::jit::Module module("LatheModel");
  module.register_attribute("training", c10::BoolType::get(), false);
  for (std::size_t i = 0; i < source.parameterNames.size(); ++i) {
    auto tensor = torch::empty(program.parameters[i].shape, torch::kFloat32);
    std::copy(weights[i].begin(), weights[i].end(), tensor.data_ptr<float>());
    if (precision != exporting::Precision::Float32 && axes[i] >= 0)
      addQuantized(module, source.parameterNames[i], source.scaleNames[i], tensor, axes[i], precision);
    else if (program.parameters[i].trainable)
      module.register_parameter(source.parameterNames[i], tensor, false);
    else
      module.register_buffer(source.parameterNames[i], tensor);
  }
  for (std::size_t i = 0; i < source.constantNames.size(); ++i) {
    const auto& constant = program.constants[i];
    auto tensor = torch::empty(constant.shape, torch::kFloat32);
    std::copy(constant.data.begin(), constant.data.end(), tensor.data_ptr<float>());
    module.register_buffer(source.constantNames[i], tensor);
  }
  // An image's centre and scale stand before height and width.
  for (const auto& operation : program.preprocess) {
    const bool image = operation.primitive == spec::Primitive::Standardize &&
                       program.values[static_cast<std::size_t>(operation.output)].size() == 3;
    for (const int id : image ? operation.constants : std::vector<int>{}) {
      const auto& name = source.constantNames[static_cast<std::size_t>(id)];
      module.setattr(name, module.attr(name).toTensor().view({-1, 1, 1}).clone());
    }
  }
  for (const auto& [name, values] : source.indices) module.register_buffer(name, torch::tensor(values, torch::kInt64));
  module.define(source.code);
  return module;
}

tl::unexpected<Error> foreign(const std::filesystem::path& file, std::string reason) {
  return fail("engine.foreign_model", LATHE_TEXT("errors", "{file} is not a TorchScript file made by Lathe: {reason}."),
              LATHE_TEXT("errors", "Choose the .pt file of an export, or export the run again."),
              {{"file", file.string()}, {"reason", std::move(reason)}});
}

/// Reads the description without unpickling anything, and refuses code that would run while loading, and files whose
/// bytes have changed: LibTorch's own reader does not look at the checksums.
Result<DescribedModel> describe(const std::filesystem::path& file) {
  LATHE_ASSIGN(content, readFile(file, largestModelFile));
  if (content.compare(0, 4, std::string("PK\x03\x04", 4)) != 0) return foreign(file, "it is not a zip archive");
  if (const auto problem = exporting::problemOfArchive(content); !problem.empty()) return foreign(file, problem);
  caffe2::serialize::PyTorchStreamReader reader(file.string());
  if (!reader.hasRecord(modelRecord)) return foreign(file, "it carries no model description");
  for (const auto& record : reader.getAllRecords()) {
    const bool code = record.rfind("code/", 0) == 0 && record.size() > 3 && record.substr(record.size() - 3) == ".py";
    if (!code) continue;
    const auto [bytes, size] = reader.getRecord(record);
    const std::string_view text(static_cast<const char*>(bytes.get()), size);
    if (text.find("__setstate__") != std::string_view::npos) return foreign(file, "it holds code of its own");
  }
  const auto textOf = [&reader](const char* record) {
    const auto [bytes, size] = reader.getRecord(record);
    return std::string(static_cast<const char*>(bytes.get()), size);
  };
  auto model = spec::modelDescriptionFromJson(textOf(modelRecord));
  if (!model) return passOn(model);
  DescribedModel described{std::move(*model), std::nullopt};
  if (reader.hasRecord(scoringRecord)) described.scoring = scoringFromJson(textOf(scoringRecord));
  return described;
}

/// "" when the module is straight-line code of known operations, else what is wrong.
std::string problemOf(const torch::jit::Module& module) {
  if (module.children().size() > 0) return "it holds other modules";
  const auto methods = module.get_methods();
  if (methods.size() != 1 || methods[0].name() != "forward") return "it holds other methods";
  const auto graph = methods[0].graph();
  if (graph->inputs().size() != 2 || graph->outputs().size() != 1) return "it takes other inputs";
  for (const auto* node : graph->nodes()) {
    const std::string kind = node->kind().toQualString();
    if (exporting::torchScriptOperations().count(kind) == 0 || !node->blocks().empty())
      return "it holds the operation " + kind;
  }
  return {};
}

bool isQuantized(const torch::jit::Module& module) {
  for (const auto& buffer : module.buffers())
    if (const auto type = buffer.scalar_type();
        type == torch::kFloat16 || type == torch::kBFloat16 || type == torch::kInt8)
      return true;
  return false;
}

/// Weights become float32 once and not for every batch, and those of convolutions lie as these are fastest with.
torch::jit::Module widened(const torch::jit::Module& module) {
  auto frozen = torch::jit::freeze(module, {}, false);
  for (auto* node : frozen.get_method("forward").graph()->nodes()) {
    const auto value = c10::attr::value;
    if (node->kind() != c10::prim::Constant || !node->hasAttribute(value) ||
        node->kindOf(value) != torch::jit::AttributeKind::t)
      continue;
    if (const auto& numbers = node->t(value); numbers.defined() && numbers.dim() == 4)
      node->t_(value, channelsLast(numbers));
  }
  return frozen;
}

}  // namespace

Result<void> writeTorchScript(const std::filesystem::path& checkpointFile, const std::filesystem::path& file) {
  return guarded([&]() -> Result<void> {
    const torch::NoGradGuard noGrad;
    LATHE_ASSIGN(checkpoint, readCheckpoint(checkpointFile));
    LATHE_ASSIGN(model, modelOf(checkpoint, torchEngineName, checkpointFile));
    LATHE_TRY(mergeAdapters(model, checkpoint));
    LATHE_ASSIGN(program, spec::lower(model));
    LATHE_ASSIGN(weights, weightsOf(program, checkpoint));
    const auto precision = exporting::precisionOf(checkpoint);
    // What is folded into weights of half precision these cannot hold.
    const auto fold = exporting::isHalf(precision) ? exporting::FoldedModel{program, std::move(weights)}
                                                   : exporting::folded(program, weights);
    const auto module = buildModule(fold.program, fold.weights, precision);
    try {
      module.save(file.string(), extraFiles(model, checkpoint.meta[scoringKey]));
    } catch (const std::exception&) {
      return fail("file.write_failed", LATHE_TEXT("errors", "{file} could not be written."),
                  LATHE_TEXT("errors", "Check that the folder exists, is writable and has room."),
                  {{"file", file.string()}});
    }
    return {};
  });
}

Result<std::unique_ptr<Predictor>> loadScriptPredictor(const std::filesystem::path& file) {
  try {
    LATHE_ASSIGN(described, describe(file));
    auto module = torch::jit::load(file.string(), torch::Device(torch::kCPU));
    const auto problem = problemOf(module);
    if (!problem.empty()) return foreign(file, problem);
    if (isQuantized(module)) module = widened(module);
    return std::make_unique<ExportedPredictor>(std::move(described), [module](const torch::Tensor& rows) {
      // Without it the first calls record and recompile, which costs more than a batch.
      const torch::jit::GraphOptimizerEnabledGuard plainly(false);
      const auto given = module.get_method("forward")({rows});
      TORCH_CHECK(given.isTensor(), "the model gave no tensor");
      return given.toTensor();
    });
  } catch (const std::exception& exception) {
    const auto error = errorFrom(exception);
    return foreign(file, error.code == "engine.out_of_memory" ? "it asks for too much memory" : "it is damaged");
  }
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
// Loads a file of weights that torchvision's model was saved to and predicts images with it, for check_torchvision.py:
// TEMPLATE WEIGHTS IMAGES CHANNELS HEIGHT WIDTH OUTPUTS FOLDER. Writes the outputs as floats to FOLDER/engine.out, and
// FOLDER/model.pt, the same as TorchScript.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/files.h"
#include "core/data/weight_file.h"
#include "core/engine/initial_weights.h"
#include "core/engine_torch/torch_engine.h"
#include "core/spec/targets.h"
#include "core/spec/templates.h"

namespace {

using namespace lathe;

struct Wanted {
  std::string templateName, weights, images;
  spec::Shape shape;
  std::int64_t outputs = 0;
  std::filesystem::path folder;
};

// Several plain numbers to predict: what the last layer gives is the output.
spec::ModelDescription describe(const Wanted& wanted) {
  spec::ModelDescription model;
  model.schema.image = true;
  model.schema.inputShape = wanted.shape;
  model.schema.task = spec::Task::Regression;
  for (std::int64_t i = 0; i < wanted.outputs; ++i) model.schema.target.columns.push_back("y" + std::to_string(i));
  model.schema.target.name = "y";
  model.fitted.channelMean.assign(static_cast<std::size_t>(wanted.shape[0]), 1.0F);
  model.fitted.channelStd.assign(static_cast<std::size_t>(wanted.shape[0]), 1.0F);
  model.preprocessing.scaleTarget = false;
  model.preprocessing.imageScaling = "imagenet";
  return model;
}

Result<void> work(const Wanted& wanted) {
  auto model = describe(wanted);
  const spec::TemplateContext context{spec::graphContext(model.schema, model.fitted, model.preprocessing),
                                      model.schema.task, 100};
  LATHE_ASSIGN(graph, spec::buildTemplate(wanted.templateName, {}, context));
  model.graph = std::move(graph);
  LATHE_ASSIGN(program, spec::lower(model));
  LATHE_ASSIGN(weights, data::readWeightFile(wanted.weights));
  LATHE_ASSIGN(match, engine::matchWeights(program, weights, wanted.weights));
  std::printf("%zu tensors, %zu fresh, %zu of another shape, %zu unused\n", match.loaded->size(), match.fresh.size(),
              match.otherShape.size(), match.unused.size());
  if (match.loaded->size() != program.parameters.size() || !match.unused.empty())
    return fail("test.match", "The file does not fit.", "");
  engine::Checkpoint checkpoint;
  checkpoint.meta["format"] = "lathe-checkpoint-1";
  checkpoint.meta["engine"] = "torch";
  checkpoint.meta["model"] = spec::toJson(model);
  checkpoint.tensors = *match.loaded;
  const auto file = wanted.folder / "loaded.ckpt";
  LATHE_TRY(engine::writeCheckpoint(checkpoint, file));

  const auto engine = engine::makeTorchEngine();
  LATHE_ASSIGN(predictor, engine->load(file));
  data::Dataset images;
  images.schema = model.schema;
  LATHE_ASSIGN(bytes, readFile(wanted.images));
  images.pixels.assign(bytes.begin(), bytes.end());
  images.rows = images.pixels.size() / static_cast<std::size_t>(spec::elementCount(wanted.shape));
  LATHE_ASSIGN(predictions, predictor->predict(images, {}));
  std::ofstream(wanted.folder / "engine.out", std::ios::binary)
      .write(reinterpret_cast<const char*>(predictions.values.data()),
             static_cast<std::streamsize>(predictions.values.size() * sizeof(float)));
  return engine->exportTorchScript(file, wanted.folder / "model.pt");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) return 2;
  const Wanted wanted{
      argv[1], argv[2], argv[3], {std::stol(argv[4]), std::stol(argv[5]), std::stol(argv[6])}, std::stol(argv[7]),
      argv[8]};
  const auto done = work(wanted);
  if (done) return 0;
  std::fprintf(stderr, "%s\n", done.error().sentence().c_str());
  return 1;
}

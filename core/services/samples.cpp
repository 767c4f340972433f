// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/samples.h"

#include "core/base/files.h"
#include "core/services/sample_images.h"
#include "core/services/sample_tables.h"
#include "core/services/start_weights.h"
#include "core/spec/customary.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

// Where Debian's packages put their files.
constexpr const char* fashionFolder = "/usr/share/datasets/fashion-mnist";
constexpr const char* sklearnFolder = "/usr/lib/python3/dist-packages/sklearn/datasets/data";
constexpr const char* fashionPackage = "dataset-fashion-mnist";
constexpr const char* sklearnPackage = "python3-sklearn";

constexpr const char* fewImages = "few-images";

struct Plan {
  Sample sample;
  std::string templateName;
  int epochs = 20;
  double lr = 1e-3;
};

bool present(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool isInstalled(const std::string& id) {
  if (id == "fashion-mnist" || id == fewImages) return present(fs::path(fashionFolder) / "train-images-idx3-ubyte.gz");
  const auto* table = findSampleTable(id);
  return table != nullptr && present(fs::path(sklearnFolder) / table->file);
}

Plan plan(const char* id, std::string title, std::string description, const char* package, const char* model,
          int epochs, double lr) {
  Plan result{{}, model, epochs, lr};
  result.sample = {id,
                   std::move(title),
                   std::move(description),
                   package,
                   std::string("sudo apt install ") + package,
                   isInstalled(id)};
  return result;
}

std::vector<Plan> plans() {
  return {
      plan("fashion-mnist", LATHE_TEXT("samples", "Fashion-MNIST"),
           LATHE_TEXT("samples", "70 000 grey pictures of clothes, 28 x 28 pixels, in ten classes."), fashionPackage,
           "cnn", 10, 1e-3),
      plan("digits", LATHE_TEXT("samples", "Handwritten digits"),
           LATHE_TEXT("samples", "1797 digits as 8 x 8 pixel columns of a table, in ten classes."), sklearnPackage,
           "mlp", 60, 1e-3),
      plan("wine", LATHE_TEXT("samples", "Wine"),
           LATHE_TEXT("samples", "13 measurements of 178 wines from three cultivars."), sklearnPackage, "mlp", 100,
           1e-3),
      plan("breast-cancer", LATHE_TEXT("samples", "Breast cancer"),
           LATHE_TEXT("samples", "30 measurements of 569 tumours, malignant or benign."), sklearnPackage, "mlp", 60,
           1e-3),
      plan("iris", LATHE_TEXT("samples", "Iris"),
           LATHE_TEXT("samples", "Petals and sepals of 150 flowers from three species."), sklearnPackage, "mlp", 150,
           1e-3),
      plan("diabetes", LATHE_TEXT("samples", "Diabetes"),
           LATHE_TEXT("samples", "How far the disease of 442 patients went in a year: a number to predict."),
           sklearnPackage, "mlp", 100, 1e-3),
      plan(fewImages, LATHE_TEXT("samples", "200 images, ready weights"),
           LATHE_TEXT("samples",
                      "A folder of 200 pictures of clothes. Too few to learn from alone: point at a .pth or "
                      ".safetensors file of torchvision's resnet18, resnet34, resnet50 or mobilenet_v2, and it is "
                      "fine-tuned."),
           fashionPackage, "resnet18", 12, 1e-3),
  };
}

// The output layer first, then everything, the early layers gently (Howard and Ruder 2018).
Result<spec::ExperimentSpec> fewImagesExperiment(spec::ExperimentSpec experiment, const fs::path& cacheFolder,
                                                 const fs::path& weights) {
  LATHE_ASSIGN(folder, writeFewImages(fashionFolder, cacheFolder));
  std::error_code error;
  experiment.data.path = fs::absolute(folder, error).string();
  experiment.training.freeze = "backbone_then_all";
  experiment.training.freezeEpochs = 6;
  experiment.training.layerLrDecay = 0.9;
  if (weights.empty()) return experiment;
  LATHE_ASSIGN(name, templateForWeights(weights));
  experiment.model.templateName = name;
  experiment.model.weights = fs::absolute(weights, error).string();
  return experiment;
}

// Written only when it differs, so that the file keeps its time and what is open of it stays valid.
Result<fs::path> tableFile(const SampleTable& table, const fs::path& cacheFolder) {
  LATHE_ASSIGN(csv, convertSample(table, sklearnFolder));
  std::error_code error;
  fs::create_directories(cacheFolder, error);
  if (error) return fileError(error.value(), cacheFolder);
  const auto file = cacheFolder / (table.id + ".csv");
  const auto old = readFile(file);
  if (old && *old == csv) return file;
  LATHE_TRY(writeFileAtomically(file, csv));
  return file;
}

}  // namespace

std::vector<Sample> samples() {
  std::vector<Sample> result;
  for (auto& each : plans()) {
    each.sample.needsWeights = each.sample.id == fewImages;
    result.push_back(std::move(each.sample));
  }
  return result;
}

Result<spec::ExperimentSpec> sampleExperiment(const std::string& id, const fs::path& cacheFolder,
                                              const fs::path& weights) {
  for (const auto& each : plans()) {
    if (each.sample.id != id) continue;
    if (!each.sample.installed)
      return fail("samples.not_installed",
                  LATHE_TEXT("errors", "The sample {sample} is not installed on this machine."),
                  LATHE_TEXT("errors", "Install it with: {command}"),
                  {{"sample", id}, {"command", each.sample.installCommand}});
    spec::ExperimentSpec experiment;
    experiment.name = id;
    experiment.model.templateName = each.templateName;
    experiment.training.epochs = each.epochs;
    // Known good: the first curve shall not wait for a choice.
    experiment.training.optimizer = spec::customaryOptimizer("adamw");
    experiment.training.optimizer.lr = each.lr;
    if (id == fewImages) return fewImagesExperiment(std::move(experiment), cacheFolder, weights);
    const auto* table = findSampleTable(id);
    if (table == nullptr) {
      experiment.data.path = fashionFolder;
      return experiment;
    }
    LATHE_ASSIGN(file, tableFile(*table, cacheFolder));
    std::error_code error;
    experiment.data.path = fs::absolute(file, error).string();
    experiment.data.target = table->target;
    return experiment;
  }
  std::string known;
  for (const auto& each : plans()) known += (known.empty() ? "" : ", ") + each.sample.id;
  return fail("samples.unknown", LATHE_TEXT("errors", "There is no sample {sample}."),
              LATHE_TEXT("errors", "Choose one of: {known}."), {{"sample", id}, {"known", known}});
}

}  // namespace lathe::services

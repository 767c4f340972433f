// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/customary.h"

namespace lathe::spec {
namespace {

// RealMLP-TD (Holzmueller et al. 2024, table A.1) but for two things. Label smoothing stays off, since log loss is what
// is scored; and the rate is smaller than their 0.04 and 0.2, which without smoothing and with few rows make networks
// that are certain and wrong (tests/benchmarks/tables: log loss of breast_cancer 0.226 with 0.04, 0.08 with 0.005).
TrainingSpec realmlpTraining() {
  TrainingSpec training;
  training.optimizer.lr = 0.005;
  training.optimizer.beta2 = 0.95;
  training.optimizer.weightDecay = 0.02;
  training.optimizer.weightDecaySchedule = "flat_cos";
  training.schedule = customarySchedule("coslog4");
  training.dropoutSchedule = "flat_cos";
  training.batchSize = 256;
  return training;
}

// TabM's defaults (Gorishniy et al. 2024); their constant rate waits for early stopping, a cosine does not have to.
TrainingSpec tabmTraining() {
  TrainingSpec training;
  training.optimizer.lr = 2e-3;
  training.optimizer.weightDecay = 3e-4;
  return training;
}

// FT-Transformer's defaults (Gorishniy et al. 2021, table of the default configuration); what decay spares stands in
// the layers.
TrainingSpec ftTransformerTraining() {
  TrainingSpec training;
  training.optimizer.lr = 1e-4;
  training.optimizer.weightDecay = 1e-5;
  return training;
}

}  // namespace

std::optional<TrainingSpec> customaryTraining(const std::string& templateName) {
  if (templateName == "realmlp") return realmlpTraining();
  if (templateName == "tabm") return tabmTraining();
  if (templateName == "ft-transformer") return ftTransformerTraining();
  return std::nullopt;
}

bool isUnchanged(const TrainingSpec& training) {
  const auto usual = automaticTraining();
  return training.optimizer == usual.optimizer && training.schedule == usual.schedule &&
         training.dropoutSchedule == usual.dropoutSchedule;
}

}  // namespace lathe::spec

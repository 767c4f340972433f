// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/outlook.h"

#include <algorithm>

#include "core/services/automatic_candidates.h"
#include "core/services/resolve_rules.h"
#include "core/services/trials.h"
#include "core/spec/customary.h"

namespace lathe::services {
namespace {

void foreseeOptimizer(Outlook& out, const spec::TrainingSpec& training) {
  const auto& given = training.optimizer;
  out.optimizerName = given.name;
  out.rateValue = given.lr;
  if (given.name == "auto") {
    out.optimizer = given.lr == 0 ? Outlook::Optimizer::Tried : Outlook::Optimizer::ForRate;
    out.optimizerName = given.lr == 0 ? "" : "adamw";
  }
  if (given.lr != 0) return;
  if (spec::findsItsRate(given.name)) {
    out.rate = Outlook::Rate::FoundInTraining;
    out.rateValue = spec::customaryOptimizer(given.name).lr;
    return;
  }
  out.rate = Outlook::Rate::Tried;
  const auto candidates = candidatesFor(training, true);
  if (given.name != "auto") out.rateValue = spec::customaryOptimizer(given.name).lr;
  out.momentumIsTried = std::any_of(candidates.begin(), candidates.end(), [&](const auto& each) {
    return each.momentum != candidates.front().momentum || each.beta2 != candidates.front().beta2;
  });
}

// As foldsFit() will see it once the rows are dealt out.
bool folds(const spec::DataSpec& data, std::int64_t trainRows) {
  const auto& split = data.split;
  if (split.validation <= 0 || trainRows < static_cast<std::int64_t>(leastRowsForFolds) || data.sequence.window > 0)
    return false;
  if (split.method != "auto" && split.method != "random" && split.method != "stratified") return false;
  for (const auto& [column, role] : data.roles)
    if (split.method == "auto" && (role == spec::ColumnRole::Group || role == spec::ColumnRole::Time)) return false;
  return static_cast<double>(trainRows) * (1 + split.validation / split.train) <= mostRowsForFolds;
}

void foreseeDuration(Outlook& out, const spec::TrainingSpec& training, const std::string& templateName,
                     std::int64_t trainRows) {
  if (training.autoEpochs) {
    out.epochs = Outlook::Epochs::Found;
    out.epochCount = training.epochs > 0 ? training.epochs : mostEpochsToFind;
    return;
  }
  out.epochCount = training.epochs;
  if (training.epochs != 0) return;
  out.epochs = Outlook::Epochs::Usual;
  if (trainRows > 0)
    out.epochCount = epochsFor(
        templateName, stepsFor(trainRows, out.batchSize > 0 ? out.batchSize : batchSizeFor(trainRows), training));
}

}  // namespace

Outlook outlook(const spec::ExperimentSpec& spec, std::int64_t trainRows) {
  Outlook out;
  const auto& training = spec.training;
  out.batchSize = std::max(0, training.batchSize);
  const auto custom = spec::customaryTraining(spec.model.templateName);
  if (custom && spec::isUnchanged(training)) {
    out.optimizer = Outlook::Optimizer::OfTemplate;
    out.optimizerName = custom->optimizer.name;
    out.rate = Outlook::Rate::OfTemplate;
    out.rateValue = custom->optimizer.lr;
    if (training.batchSize == 0 && custom->batchSize > 0) {
      out.batch = Outlook::Batch::OfTemplate;
      out.batchSize = custom->batchSize;
    }
  } else {
    foreseeOptimizer(out, training);
  }
  if (training.batchSize == spec::findBatchSize) out.batch = Outlook::Batch::Measured;
  if (training.batchSize == 0 && out.batch == Outlook::Batch::AsSet) {
    out.batch = Outlook::Batch::ByRows;
    if (trainRows > 0) out.batchSize = batchSizeFor(trainRows);
  }
  foreseeDuration(out, training, spec.model.templateName, trainRows);
  if (out.rate == Outlook::Rate::OfTemplate && out.epochs == Outlook::Epochs::Usual &&
      findsItsLength(spec.model.templateName) && folds(spec.data, trainRows))
    out.epochs = Outlook::Epochs::Found;
  if (out.rate == Outlook::Rate::OfTemplate && out.epochs == Outlook::Epochs::Found)
    out.rate = Outlook::Rate::AroundTemplates;
  return out;
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/baselines.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/clock.h"
#include "core/data/dataset_part.h"
#include "core/engine/checkpoint.h"
#include "core/engine/training_loop.h"

namespace lathe::services {
namespace {

constexpr double leastShare = 1e-6;

// What the last layer gives for every row: logits of the shares; scaled values, whose mean is nought.
std::vector<float> constants(const spec::ModelDescription& model, std::size_t count) {
  std::vector<float> values(count, 0.0F);
  const auto& shares = model.fitted.classFrequencies;
  for (std::size_t i = 0; i < std::min(count, shares.size()); ++i) {
    const double share = std::clamp(shares[i], leastShare, 1 - leastShare);
    values[i] =
        static_cast<float>(std::log(share) - (model.schema.task == spec::Task::Multilabel ? std::log(1 - share) : 0.0));
  }
  return values;
}

}  // namespace

Result<std::optional<FoldFit>> constantFit(const AutopilotGround& ground, const FoldFit& linear, int fold,
                                           const std::filesystem::path& folder) {
  const auto task = ground.base.model.schema.task;
  const bool classes = task == spec::Task::Classification || task == spec::Task::Multilabel;
  if (!classes && (task != spec::Task::Regression || !ground.base.model.preprocessing.scaleTarget))
    return std::optional<FoldFit>();
  LATHE_ASSIGN(checkpoint, engine::readCheckpoint(linear.checkpoint));
  LATHE_ASSIGN(model, engine::modelOf(checkpoint, checkpoint.meta["engine"], linear.checkpoint));
  for (auto& tensor : checkpoint.tensors) {
    if (tensor.dtype != "F32") continue;
    std::vector<float> values(tensor.bytes.size() / sizeof(float), 0.0F);
    if (tensor.shape.size() == 1 && classes) values = constants(model, values.size());
    std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  FoldFit fit;
  fit.checkpoint = folder / "best.ckpt";
  fit.epochs = fit.bestEpoch = 1;
  LATHE_TRY(engine::writeCheckpoint(checkpoint, fit.checkpoint));
  LATHE_ASSIGN(predictor, ground.engine->load(fit.checkpoint));
  const auto& where = ground.places[static_cast<std::size_t>(fold)];
  std::vector<std::uint32_t> rows;
  for (const auto place : where) rows.push_back(ground.heldOut->rows()[place]);
  LATHE_ASSIGN(predictions, predictor->predict(*ground.base.data, rows));
  fit.values = std::move(predictions.values);
  return std::optional(std::move(fit));
}

FitResult treesFit(const AutopilotGround& ground, engine::BoostedTrees& trees, int fold, double seconds,
                   const std::function<bool()>& stopped) {
  FitResult result;
  const double began = systemClock().steadySeconds();
  const auto& data = *ground.base.data;
  const auto seed = ground.request.spec.training.seed;
  const auto train = ground.dealt < 2 ? data.split.train : data::foldOf(data, ground.dealt, fold, seed).train;
  std::vector<std::uint32_t> judged;
  for (const auto place : ground.places[static_cast<std::size_t>(fold)])
    judged.push_back(ground.heldOut->rows()[place]);
  auto predictions = trees.predict(data, train, judged, {seed, ground.threads, seconds, stopped});
  result.stopped = stopped();
  if (!predictions) {
    result.error = predictions.error();
    return result;
  }
  result.noTime = predictions->rows != judged.size();
  if (result.stopped || result.noTime) return result;
  FoldFit fit;
  fit.values = std::move(predictions->values);
  fit.seconds = systemClock().steadySeconds() - began;
  fit.epochs = fit.bestEpoch = 1;
  result.fit = std::move(fit);
  return result;
}

}  // namespace lathe::services

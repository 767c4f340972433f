// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/nas_costs.h"

#include <cmath>
#include <fmt/format.h>

#include "core/engine/checkpoint.h"
#include "core/engine/zero_cost.h"
#include "core/search/architectures/architecture_sampler.h"
#include "core/search/architectures/mutation.h"
#include "core/spec/schema.h"

namespace lathe::services {
namespace {

/// Hears nothing.
class Deaf final : public engine::TrainingObserver {
 public:
  int series(const std::string& /*name*/) override { return 0; }
  void point(int /*series*/, std::int64_t /*step*/, double /*value*/) override {}
  void progress(const engine::TrainingProgress& /*progress*/) override {}
  void event(const std::string& /*kind*/, const Message& /*message*/) override {}
  void checkpoint(const engine::CheckpointInfo& /*info*/) override {}
};

Result<double> latencyOf(const TrialGround& ground, const ResolvedTraining& resolved, engine::TrainingRequest request) {
  const auto folder = request.checkpointFolder / "probe";
  request.checkpointFolder = folder;
  engine::TrainingControl control;
  control.request(engine::TrainingControl::Request::Pause);
  Deaf observer;
  const auto begun = ground.engine->train(request, observer, control);
  auto latency = begun ? costOf("latency_ms", *ground.engine, resolved, folder / "last.ckpt", folder)
                       : Result<double>(passOn(begun));
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  return latency;
}

}  // namespace

Result<void> checkLimits(const TrialGround& ground, const ResolvedTraining& resolved,
                         const engine::TrainingRequest& request) {
  const auto& limits = ground.settings.architecture.limits;
  const search::ArchitectureCost cost{resolved.report.parameters, resolved.report.flops};
  if (!search::within(limits, cost))
    return fail("nas.too_large",
                LATHE_TEXT("errors", "The architecture has {parameters} parameters and needs {flops} FLOPs a row."),
                LATHE_TEXT("errors", "That is beyond --max-parameters or --max-flops."),
                {{"parameters", std::to_string(cost.parameters)}, {"flops", std::to_string(cost.flops)}});
  if (limits.latencyMs <= 0) return {};
  LATHE_ASSIGN(latency, latencyOf(ground, resolved, request));
  if (latency <= limits.latencyMs) return {};
  return fail("nas.too_slow",
              LATHE_TEXT("errors", "One row takes {latency} ms in the exported model, more than the {limit} allowed."),
              LATHE_TEXT("errors", "Allow more (--max-latency), or choose a space of smaller architectures."),
              {{"latency", fmt::format("{:.3g}", latency)}, {"limit", fmt::format("{:.3g}", limits.latencyMs)}});
}

std::shared_ptr<const std::vector<engine::NamedTensor>> weightsOfParent(const ResolvedTraining& resolved,
                                                                        const std::filesystem::path& checkpoint,
                                                                        const std::vector<int>& aligned) {
  const auto parent = engine::readCheckpoint(checkpoint);
  const auto program = spec::lower(resolved.model);
  if (!parent || !program) return nullptr;
  auto weights = std::make_shared<std::vector<engine::NamedTensor>>();
  for (const auto& parameter : program->parameters) {
    const auto dot = parameter.name.find('.');
    if (dot == std::string::npos) continue;
    const auto layer = search::layerInParent(parameter.name.substr(0, dot), aligned);
    if (layer.empty()) continue;
    const auto* tensor = parent->find(layer + parameter.name.substr(dot));
    if (tensor == nullptr || tensor->dtype != "F32" || tensor->shape != parameter.shape) continue;
    weights->push_back(*tensor);
    weights->back().name = parameter.name;
  }
  if (weights->empty()) return nullptr;
  return weights;
}

std::map<std::string, double> proxiesOf(const TrialGround& ground, const engine::TrainingRequest& request) {
  std::map<std::string, double> proxies;
  const auto scores = ground.engine->zeroCost(request);
  if (!scores) return proxies;
  for (const auto& [name, value] : {std::pair{"proxy/synflow", scores->synflow},
                                    {"proxy/naswot", scores->naswot},
                                    {"proxy/grad_norm", scores->gradientNorm}})
    if (std::isfinite(value)) proxies[name] = value;
  return proxies;
}

}  // namespace lathe::services

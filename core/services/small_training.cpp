// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/small_training.h"

#include <atomic>
#include <cmath>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/progress.h"

namespace lathe::services {
namespace {

using Request = engine::TrainingControl::Request;

class SmallObserver final : public engine::TrainingObserver {
 public:
  SmallObserver(SmallResult& result, engine::TrainingControl& outer, const std::string& monitor, bool curves,
                const std::function<bool(double)>& seen)
      : m_result(result), m_outer(outer), m_monitor(monitor), m_curves(curves), m_seen(seen) {}

  int series(const std::string& name) override {
    if (name == "train/loss") return 1;
    if (name == m_monitor) return 3;
    return name == "optim/lr" ? 2 : 0;
  }
  void point(int series, std::int64_t, double value) override {
    if (series == 1) {
      if (m_outer.requested() != Request::None) control.request(m_outer.requested());
      if (m_seen && !m_seen(value)) control.request(Request::Cancel);
    }
    if (series == 3) lastMonitored = value;
    if (!m_curves) return;
    if (series == 1) m_result.losses.push_back(value);
    if (series == 2) m_result.rates.push_back(value);
  }
  void progress(const engine::TrainingProgress&) override {}
  void event(const std::string&, const Message&) override {}
  void checkpoint(const engine::CheckpointInfo&) override {}

  engine::TrainingControl control;
  std::optional<double> lastMonitored;

 private:
  SmallResult& m_result;
  engine::TrainingControl& m_outer;
  const std::string& m_monitor;
  const bool m_curves;
  const std::function<bool(double)>& m_seen;
};

}  // namespace

Result<SmallResult> trainSmall(engine::Engine& engine, const ResolvedTraining& resolved, const SmallTraining& small,
                               engine::TrainingControl& control, bool curves, const std::function<bool(double)>& seen) {
  SmallResult result;
  auto training = small.training;
  training.histograms = "off";  // nobody looks
  SmallObserver observer(result, control, training.monitor, curves, seen);
  engine::TrainingRequest request{resolved.model, training, small.data, {}, std::nullopt, ""};
  request.initialWeights = resolved.initialWeights;
  const auto summary = engine.train(request, observer, observer.control);
  if (control.requested() != Request::None)
    return fail(cancelledCode, LATHE_TEXT("errors", "Choosing was cancelled."), "");
  if (!summary) {
    if (summary.error().code == "engine.diverged") return result;
    return passOn(summary);
  }
  result.samplesPerSecond = summary->samplesPerSecond;
  result.bestEpoch = summary->bestEpoch;
  const auto found = summary->metrics.find(training.monitor);
  if (found == summary->metrics.end() || !found->second.isNumber()) return result;
  const double value = found->second.toReal();
  const double sign = training.monitorDirection == "maximize" ? -1 : 1;
  if (std::isfinite(value)) result.score = sign * value;
  result.lastScore = observer.lastMonitored ? sign * *observer.lastMonitored : result.score;
  return result;
}

Result<std::vector<SmallResult>> trainAll(engine::Engine& engine, const ResolvedTraining& resolved,
                                          const std::vector<SmallTraining>& trainings, unsigned threads,
                                          engine::TrainingControl& control,
                                          const std::function<void(std::size_t, const SmallResult&)>& finished) {
  std::vector<SmallResult> results(trainings.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::optional<Error> error;
  const auto work = [&] {
    for (auto i = next.fetch_add(1); i < trainings.size(); i = next.fetch_add(1)) {
      auto result = trainSmall(engine, resolved, trainings[i], control);
      const std::lock_guard lock(mutex);
      if (result) {
        results[i] = std::move(*result);
        if (finished) finished(i, results[i]);
        continue;
      }
      if (!error) error = result.error();
      next = trainings.size();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < std::min<std::size_t>(threads, trainings.size()); ++i) helpers.emplace_back(work);
    work();
  }
  if (error) return tl::unexpected<Error>(std::move(*error));
  return results;
}

}  // namespace lathe::services

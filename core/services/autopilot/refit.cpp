// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/refit.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <mutex>
#include <thread>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/data/dataset_part.h"
#include "core/services/autopilot/fold_fit.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

constexpr double leastCourse = 0.5;   ///< of the schedule, that the best epoch has to have come to
constexpr double mostWorse = 1.02;    ///< times the loss on the validation rows, that a sound refit stays below
constexpr double leastWeight = 0.02;  ///< of a member, for which it is worth the time
constexpr double slack = 1.1;         ///< times the time that a training is expected to take

/// Training and validation rows to train on; the validation rows once more, to see that it went well.
std::shared_ptr<const data::Dataset> allRows(const data::Dataset& whole) {
  auto train = whole.split.train;
  train.insert(train.end(), whole.split.validation.begin(), whole.split.validation.end());
  return data::partOf(whole, train, whole.split.validation);
}

class Refitting {
 public:
  Refitting(const AutopilotGround& ground, const std::vector<Tried>& tried, const Budget& budget, FinalModel& model,
            const std::function<void(const std::string&)>& tell, std::stop_token stop)
      : m_ground(ground),
        m_tried(tried),
        m_budget(budget),
        m_model(model),
        m_tell(tell),
        m_stop(std::move(stop)),
        m_kept(ground.whole, allRows) {
    const auto& split = ground.base.data->split;
    m_more = static_cast<double>(split.train.size() + split.validation.size()) /
             static_cast<double>(std::max<std::size_t>(1, split.train.size()));
    for (std::size_t i = 0; i < tried.size(); ++i)
      if (model.weights[i] > 0) m_open.push_back(i);
    std::stable_sort(m_open.begin(), m_open.end(),
                     [&](std::size_t a, std::size_t b) { return model.weights[a] > model.weights[b]; });
  }

  void run() {
    const auto workers = std::min<std::size_t>(m_open.size(), static_cast<std::size_t>(std::max(1, m_ground.workers)));
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers; ++i) threads.emplace_back([this] { work(); });
  }

 private:
  void work() {
    for (;;) {
      std::size_t member = 0;
      {
        const std::lock_guard lock(m_mutex);
        if (m_next == m_open.size()) return;
        member = m_open[m_next++];
      }
      auto refit = again(member);
      const std::lock_guard lock(m_mutex);
      m_model.refits.push_back(std::move(refit));
    }
  }

  MemberRefit again(std::size_t member) {
    const auto& tried = m_tried[member];
    MemberRefit refit{member, tried.candidate.title, {}, MemberRefit::End::Kept, 0, 0};
    const auto& fit = *tried.folds.front();
    auto spec = spec::fromJson(tried.specJson);
    if (!spec || tried.constant || m_model.weights[member] < leastWeight) return refit;
    if (!canBeRefitted(fit)) {
      refit.end = MemberRefit::End::Early;
      return refit;
    }
    if (refitSeconds(fit, m_more) > m_budget.refitLeft() || m_stop.stop_requested()) {
      refit.end = MemberRefit::End::NoTime;
      return refit;
    }
    {
      const std::lock_guard lock(m_mutex);
      m_tell(tried.candidate.title);
    }
    auto result = train(member, *spec, fit);
    if (result.error) log(LogLevel::Warn, result.error->sentence());
    if (!result.fit) {
      refit.end = result.error ? MemberRefit::End::Worse : MemberRefit::End::NoTime;
      return refit;
    }
    refit.seconds = result.fit->seconds;
    refit.epochs = result.fit->epochs;
    const double loss = m_ground.heldOut->loss(result.fit->values);
    const bool sound =
        std::isfinite(loss) && result.fit->bestEpoch > 0 && loss <= fit.loss + (mostWorse - 1) * std::abs(fit.loss);
    refit.end = sound ? MemberRefit::End::Taken : MemberRefit::End::Worse;
    if (sound) refit.checkpoint = result.fit->checkpoint;
    return refit;
  }

  FitResult train(std::size_t member, spec::ExperimentSpec& spec, const FoldFit& fit) {
    spec.training.earlyStopping.patience = 0;
    const auto run = m_model.run;
    const FitRequest request{
        *m_ground.project, *m_ground.engine, m_kept, &spec, [run] { return Result<store::RunNumber>(run); },
        [this, member](store::RunNumber number) {
          return m_ground.project->runFolder(number) / ("refit-" + std::to_string(member));
        },
        "refit " + m_tried[member].candidate.key + "/", m_ground.threads,
        // The length of its schedule is given; that its last epochs may be left out is in lastEpoch.
        std::max(1.0, m_budget.refitLeft()) * spec.training.epochs / fit.bestEpoch, 1,
        systemClock().steadySeconds() + m_budget.refitLeft(), fit.secondsPerEpoch * m_more,
        [this] { return m_stop.stop_requested(); }, fit.bestEpoch};
    return fitFold(request);
  }

  const AutopilotGround& m_ground;
  const std::vector<Tried>& m_tried;
  const Budget& m_budget;
  FinalModel& m_model;
  const std::function<void(const std::string&)>& m_tell;
  const std::stop_token m_stop;
  KeptData m_kept;
  double m_more = 1;  ///< rows to train on, of those before
  std::vector<std::size_t> m_open;

  std::mutex m_mutex;
  std::size_t m_next = 0;
};

}  // namespace

bool canBeRefitted(const FoldFit& fit) { return fit.bestEpoch >= leastCourse * fit.planned; }

double refitSeconds(const FoldFit& fit, double more) { return slack * fit.bestEpoch * fit.secondsPerEpoch * more; }

std::string sentenceOf(const MemberRefit& refit) {
  switch (refit.end) {
    case MemberRefit::End::Taken:
      return fmt::format("{} was trained again on training and validation rows together, {} epochs in {:.1f} s.",
                         refit.title, refit.epochs, refit.seconds);
    case MemberRefit::End::Early:
      return fmt::format(
          "{} was not trained again: its best epoch came early in its schedule, so that a second training is luck.",
          refit.title);
    case MemberRefit::End::NoTime:
      return fmt::format("{} was not trained again on all rows: there was no time for it.", refit.title);
    case MemberRefit::End::Worse:
      return fmt::format("{} was trained again, but did not become better by it, so it stays as it was.", refit.title);
    case MemberRefit::End::Kept:
      break;
  }
  return fmt::format("{} was not trained again: it has little weight.", refit.title);
}

Result<void> refitMembers(const AutopilotGround& ground, const std::vector<Tried>& tried, const Budget& budget,
                          FinalModel& model, const std::function<void(const std::string& title)>& tell,
                          std::stop_token stop) {
  if (ground.dealt > 1 || ground.base.data->split.validation.empty() || stop.stop_requested()) return {};
  Refitting(ground, tried, budget, model, tell, std::move(stop)).run();
  const auto taken = [](const MemberRefit& refit) { return refit.end == MemberRefit::End::Taken; };
  if (std::none_of(model.refits.begin(), model.refits.end(), taken)) return {};
  return writeFinalModel(ground, tried, model);
}

}  // namespace lathe::services

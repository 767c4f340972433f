// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/trials.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/base/random.h"
#include "core/data/dataset_part.h"

namespace lathe::services {
namespace {

using Rows = std::vector<std::uint32_t>;

constexpr std::size_t mostValidationRows = 4000;
constexpr int foldsOfRound = 5;

// Evenly spread, so that the same rows come whatever else happens.
Rows thinned(const Rows& rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  Rows out(most);
  for (std::size_t i = 0; i < most; ++i) out[i] = rows[i * rows.size() / most];
  return out;
}

std::size_t countOf(const Rows& rows, double share) {
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::llround(share * static_cast<double>(rows.size()))), 2,
                                 std::max<std::size_t>(2, rows.size()));
}

std::string keyOf(const spec::TrainingSpec& training, double fidelity, int fold) {
  const auto& o = training.optimizer;
  return fmt::format("{} {} {} {} {} {} {} {} {}", o.name, o.lr, o.momentum, o.beta1, o.beta2, o.weightDecay,
                     training.epochs, fidelity, fold);
}

}  // namespace

bool foldsFit(const data::Split& split, const std::string& method) {
  return (method == "random" || method == "stratified") && !split.validation.empty() &&
         split.train.size() + split.validation.size() <= mostRowsForFolds && split.train.size() >= leastRowsForFolds;
}

Trials::Trials(const ResolvedTraining& resolved, engine::Engine& engine, engine::TrainingControl& control,
               unsigned threads)
    : m_resolved(resolved), m_engine(engine), m_control(control), m_threads(threads) {
  m_folds = foldsFit(resolved.data->split, resolved.spec.data.split.method);
}

Result<std::vector<double>> Trials::scores(const std::vector<spec::TrainingSpec>& trainings, const Way& way,
                                           const Hear& hear) {
  struct Place {
    std::size_t training;
    int fold;
  };
  std::vector<SmallTraining> todo;
  std::vector<Place> places;
  for (std::size_t i = 0; i < trainings.size(); ++i)
    for (int fold = 0; fold < way.folds; ++fold)
      if (!m_known.contains(keyOf(trainings[i], way.fidelity, fold))) {
        todo.push_back(smallOf(trainings[i], way.fidelity, fold));
        places.push_back({i, fold});
      }
  std::vector<int> open(trainings.size(), 0);
  for (const auto& place : places) ++open[place.training];
  const auto meanOf = [&](std::size_t i) {
    double sum = 0;
    for (int fold = 0; fold < way.folds; ++fold) {
      const auto& known = m_known[keyOf(trainings[i], way.fidelity, fold)];
      sum += way.lastEpoch ? known.lastScore : known.score;
    }
    return sum / way.folds;
  };
  for (std::size_t i = 0; i < trainings.size(); ++i)
    if (open[i] == 0) hear.judged(i, meanOf(i));
  const auto finished = [&](std::size_t i, const SmallResult& result) {
    const auto& place = places[i];
    m_known[keyOf(trainings[place.training], way.fidelity, place.fold)] = result;
    hear.ended();
    if (--open[place.training] == 0) hear.judged(place.training, meanOf(place.training));
  };
  LATHE_ASSIGN(results, trainAll(m_engine, m_resolved, todo, m_threads, m_control, finished));
  m_count += static_cast<int>(results.size());
  std::vector<double> out;
  for (std::size_t i = 0; i < trainings.size(); ++i) out.push_back(meanOf(i));
  return out;
}

// Full rows for fewer epochs, then fewer rows of one epoch.
SmallTraining Trials::smallOf(spec::TrainingSpec training, double fidelity, int fold) {
  training.spikeGuard = false;
  training.checkpointSeconds = 86400;
  training.threads = m_threads > 1 ? 1 : std::max(1, training.threads);
  const double epochs = training.epochs * fidelity;
  training.epochs = std::max(1, static_cast<int>(epochs + 1e-9));
  const double share = std::min(1.0, epochs / training.epochs);
  auto& part = m_parts[fmt::format("{} {}", share, fold)];
  if (!part) part = makePart(share, fold);
  return {training, part};
}

std::shared_ptr<const data::Dataset> Trials::makePart(double share, int fold) const {
  const auto& data = *m_resolved.data;
  const auto seed = m_resolved.spec.training.seed;
  if (m_folds) {
    const auto f =
        data::foldOf(data, foldsOfRound, fold % foldsOfRound, seed + static_cast<std::uint64_t>(fold / foldsOfRound));
    return data::partOf(data, thinned(f.train, countOf(f.train, share)), f.heldOut);
  }
  auto train = data.split.train;
  if (share < 1) Random(seed, "part").shuffle(train);
  train.resize(countOf(train, share));
  std::sort(train.begin(), train.end());
  return data::partOf(data, train, thinned(data.split.validation, mostValidationRows));
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "core/search/sampler.h"
#include "core/search/samplers/gp_search.h"
#include "core/search/samplers/gp_success.h"

namespace lathe::search {

/// What a study knows so far and the Gaussian processes that follow from it, one a goal; for `gp` and `ehvi`. Failed
/// trials have no output in these: they have a process of their own.
///
/// Hyperparameters are fitted anew at counts of told results that lie ever further apart, each time from where the last
/// fit ended; between these counts the processes only take in the new points. So everything is a function of the log.
/// Beyond `mostModelled` results the processes see the best, the newest and some of the others.
class GpStudy {
 public:
  static constexpr std::size_t mostModelled = 400;

  GpStudy(const SamplerSetup& setup, bool warped);

  void begin(std::int64_t trial, const Configuration& configuration);
  void tell(const TrialResult& result);

  [[nodiscard]] const GpSpace& features() const { return m_features; }
  /// Results with values.
  [[nodiscard]] std::size_t complete() const { return m_complete; }
  /// Whether this is evaluated or runs.
  [[nodiscard]] bool isTaken(const Configuration& configuration) const;
  [[nodiscard]] std::unordered_set<std::uint64_t> taken() const;
  /// Whether there is enough for a model. `startup`: ended trials, most of which may have failed.
  [[nodiscard]] bool isReady(std::size_t startup) const {
    return m_complete >= startup || (m_complete > 1 && m_complete + m_success.failures() >= startup);
  }
  /// Trial's point of a sequence that is spread evenly, or one drawn where that is taken or breaks constraints. While
  /// nothing has succeeded for long, every other one has numbers near the ends of their ranges, on all scales.
  [[nodiscard]] std::optional<Configuration> spread(std::int64_t trial, Random& random) const;

  /// The processes at the moment, with outputs that have mean 0 and deviation 1.
  struct View {
    std::vector<const GpModel*> models;    ///< one a goal
    std::vector<std::size_t> entries;      ///< the results they are made of, in their order
    std::vector<Eigen::VectorXd> outputs;  ///< of each goal
    GpSuccess::View success = {};
  };
  [[nodiscard]] View view();
  /// The same with length scales half as long and without the sum of functions of one parameter: less sure of what it
  /// has not seen. Valid until the next one.
  [[nodiscard]] View doubting();
  struct Entry {
    Configuration configuration;
    TrialState state = TrialState::Complete;
    std::vector<double> values = {};
    std::optional<double> report = {};  ///< the last one of a pruned trial
    [[nodiscard]] bool failed() const { return values.empty() && state != TrialState::Pruned; }
  };
  [[nodiscard]] const Entry& entry(std::size_t i) const { return m_entries[i]; }

 private:
  struct Fit {
    GpHyper hyper;
    double power = 1;
  };
  [[nodiscard]] std::optional<Configuration> nearEnds(Random& random) const;
  [[nodiscard]] Eigen::VectorXd imputed(std::size_t goal, std::size_t count) const;
  [[nodiscard]] std::vector<std::size_t> chosen(std::size_t count, std::size_t most) const;
  [[nodiscard]] Eigen::MatrixXd embedded(const std::vector<std::size_t>& entries) const;
  void setBase(std::size_t count);
  void refit();
  void rebuild();
  void appendRunning(std::vector<std::unique_ptr<GpModel>>& models) const;

  const SamplerSetup m_setup;
  const GpSpace m_features;
  const bool m_warped;
  std::vector<Entry> m_entries;
  std::map<std::int64_t, Configuration> m_running;
  std::unordered_set<std::uint64_t> m_told;                ///< hashes
  std::unordered_map<std::int64_t, std::size_t> m_places;  ///< of trials' entries
  std::size_t m_complete = 0, m_heard = 0;
  std::size_t m_nextFit = 1, m_fits = 0, m_bases = 0, m_lastBase = 0;
  std::vector<std::size_t> m_base;  ///< entries that the processes were last built of
  std::vector<Fit> m_fit;           ///< of each goal
  GpSuccess m_success;
  // Caches.
  std::size_t m_builtBase = 0, m_builtFit = 0;
  std::size_t m_seen = 0;               ///< entries that the models know
  std::vector<std::size_t> m_modelled;  ///< entries of the models' rows
  std::vector<std::unique_ptr<GpModel>> m_models;
  std::vector<std::unique_ptr<GpModel>> m_doubting;
};

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "core/search/samplers/cma.h"
#include "core/search/samplers/cma_start.h"
#include "core/search/samplers/genetic.h"
#include "core/search/samplers/samplers.h"
#include "core/search/samplers/standing.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

/// Draws for a proposal that is allowed and new.
constexpr int mostTries = 10;

// CMA-ES over numbers and ordinals, learnt probabilities for categories. A generation ends when as many of its trials
// have ended as it has members; those that are late join the next one.
class CmaesSampler final : public Sampler {
 public:
  explicit CmaesSampler(const SamplerSetup& setup) : m_setup(setup), m_coding(setup.space) {
    for (const auto& result : setup.before) {
      m_outside.push_back(toldOf(result, setup.goals));
      note(m_outside.back());
    }
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    start();
    auto random = randomFor(m_setup, trial);
    Draw draw;
    Configuration configuration;
    for (int i = 0; i < mostTries; ++i) {
      draw = drawn(random);
      configuration = decoded(draw);
      if (acceptable(configuration)) return configuration;
    }
    // The distribution hardly leaves what is known or breaks constraints: something near it.
    double width = 0.05;
    return firstNew(m_setup.space, m_known, [&] {
      auto near = configuration;
      step(m_setup.space, near, 1 / static_cast<double>(near.size()), width, random);
      width = std::min(1.2 * width, 1.0);
      return near;
    });
  }

  void begin(std::int64_t trial, const Configuration& configuration) override {
    start();
    m_started = true;
    // What was proposed is known to more than a configuration tells: where in their cells numbers lie, and what is
    // inactive.
    auto random = randomFor(m_setup, trial);
    bool found = false;
    Draw draw;
    for (int i = 0; i < mostTries && !found; ++i) {
      draw = drawn(random);
      found = spec::same(decoded(draw), configuration);
    }
    if (!found) draw = encoded(configuration);
    m_running[trial] = {std::move(draw), found, m_generation, m_run};
    m_known.insert(hashOf(configuration));
  }

  void tell(const TrialResult& result) override {
    m_known.insert(hashOf(result.configuration));
    auto told = toldOf(result, m_setup.goals);
    const auto running = m_running.find(result.trial);
    if (m_told.contains(result.trial)) {
      toldAgain(std::move(told));
      return;
    }
    if (result.trial < 0 || running == m_running.end()) {
      if (!m_started) {
        note(told);
        m_outside.push_back(std::move(told));
        m_provisional = true;
      } else if (told.values.size() == 1 && (!m_best || better(told, *m_best))) {
        note(told);
        m_guest = std::move(told);
      }
      return;
    }
    Member member{std::move(told), std::move(running->second.draw),
                  !running->second.own || running->second.generation != m_generation};
    const bool old = running->second.run != m_run;
    m_running.erase(running);
    m_told.insert(result.trial);
    note(member.told);
    if (!old) join(std::move(member));
  }

  [[nodiscard]] std::optional<Message> remark() const override {
    if (m_coding.categories.empty()) return std::nullopt;
    return Message{
        LATHE_TEXT("search", "Categories are drawn with probabilities that are learnt from the best trials."), {}};
  }

 private:
  struct Draw {
    Eigen::VectorXd point;
    std::vector<std::size_t> categories;
  };
  struct Running {
    Draw draw;
    bool own = false;  ///< drawn by this sampler
    int generation = 0, run = 0;
  };
  struct Member {
    Told told;
    Draw draw;
    bool foreign = false;
  };

  void start() {
    if (m_started || (m_cma && !m_provisional)) return;
    m_provisional = false;
    const auto start = firstStart(m_coding, m_setup, m_outside);
    if (!m_coding.axes.empty()) m_cma.emplace(start.numbers, m_coding.cells);
    m_probabilities = start.probabilities;
  }

  [[nodiscard]] Draw drawn(Random& random) const {
    Draw draw;
    if (m_cma) {
      // Once more when outside: otherwise most points would lie in the corners; but not until inside, for then the mean
      // would never come near a bound.
      for (int i = 0; i < 2; ++i) {
        Eigen::VectorXd normal(m_cma->mean().size());
        for (double& each : normal) each = random.normal();
        draw.point = m_cma->point(normal);
        if (draw.point.minCoeff() >= 0 && draw.point.maxCoeff() <= 1) break;
      }
    }
    for (const auto& probabilities : m_probabilities) {
      double left = random.uniform();
      std::size_t chosen = 0;
      while (chosen + 1 < probabilities.size() && left >= probabilities[chosen]) left -= probabilities[chosen++];
      draw.categories.push_back(chosen);
    }
    return draw;
  }
  [[nodiscard]] Configuration decoded(const Draw& draw) const { return m_coding.decoded(draw.point, draw.categories); }
  [[nodiscard]] Draw encoded(const Configuration& configuration) const {
    Draw draw;
    if (m_cma) draw.point = m_coding.point(configuration, m_cma->mean());
    draw.categories = m_coding.choices(configuration);
    return draw;
  }
  [[nodiscard]] bool acceptable(const Configuration& configuration) const {
    return spec::fulfils(m_setup.space, configuration) && !m_known.contains(hashOf(configuration));
  }
  void note(const Told& told) {
    if (!m_best || (told.values.size() == 1 && better(told, *m_best))) m_best = told;
  }
  [[nodiscard]] std::size_t members() const { return static_cast<std::size_t>(m_cma ? m_cma->population() : m_size); }

  // A trial that went on: within its generation its last result counts; after it, it is a member of the next one.
  void toldAgain(Told told) {
    note(told);
    const auto same =
        std::find_if(m_pool.begin(), m_pool.end(), [&](const Member& each) { return each.told.trial == told.trial; });
    if (same != m_pool.end()) {
      same->told = std::move(told);
      return;
    }
    auto draw = encoded(told.configuration);
    if (told.standing != Told::Failed) join({std::move(told), std::move(draw), true});
  }

  void join(Member member) {
    if (m_guest && !better(*m_guest, member.told)) m_guest.reset();
    m_pool.push_back(std::move(member));
    if (m_pool.size() + (m_guest ? 1 : 0) < members()) return;
    if (m_guest && m_pool.size() < members()) m_pool.push_back({*m_guest, encoded(m_guest->configuration), true});
    std::vector<const Told*> all;
    for (const auto& each : m_pool) all.push_back(&each.told);
    std::vector<Cma::Ranked> ranked;
    std::vector<const std::vector<std::size_t>*> categories;
    for (const auto i : bestFirst(all)) {
      ranked.push_back({m_pool[i].draw.point, m_pool[i].foreign});
      categories.push_back(&m_pool[i].draw.categories);
      if (ranked.size() == 1 && m_pool[i].told.standing == Told::Complete) m_bests.push_back(m_pool[i].told.values[0]);
    }
    if (!m_range) {
      m_range = 0;
      for (const auto& each : m_pool)
        if (each.told.standing == Told::Complete && !m_bests.empty())
          m_range = std::max(*m_range, each.told.values[0] - m_bests.back());
    }
    learn(m_probabilities, categories);
    ++m_generation;
    m_pool.clear();
    if (!m_cma) return;
    m_cma->update(ranked);
    if (m_cma->exhausted() || stagnant()) restart();
  }

  // No difference worth the name among the best of the last generations.
  [[nodiscard]] bool stagnant() {
    const auto length = 10 + 30 * m_coding.axes.size() / members();
    if (m_bests.size() > length) m_bests.pop_front();
    if (m_bests.size() < length) return false;
    const auto [least, most] = std::minmax_element(m_bests.begin(), m_bests.end());
    return *most - *least <= 1e-9 * *m_range;
  }

  void restart() {
    ++m_run;
    m_bests.clear();
    m_range.reset();
    m_guest.reset();
    auto random = randomFor(m_setup, m_run, "restart");
    auto start = laterStart(m_coding, m_setup, m_run, random);
    m_cma.emplace(start.numbers, m_coding.cells);
    m_probabilities = start.probabilities;
  }

  const SamplerSetup m_setup;
  const CmaCoding m_coding;
  const int m_size = m_setup.population > 0 ? std::max(m_setup.population, 4) : 8;  ///< without numbers
  std::optional<Cma> m_cma;
  Probabilities m_probabilities;
  std::vector<Told> m_outside;  ///< known before the first trial
  bool m_started = false, m_provisional = true;
  int m_generation = 0, m_run = 0;
  std::unordered_map<std::int64_t, Running> m_running;
  std::unordered_set<std::uint64_t> m_known;
  std::unordered_set<std::int64_t> m_told;  ///< trials
  std::vector<Member> m_pool;
  std::deque<double> m_bests;     ///< of the last generations
  std::optional<double> m_range;  ///< of the first generation's values
  std::optional<Told> m_best;
  std::optional<Told> m_guest;  ///< from outside, a member of each generation until another is better
};

}  // namespace

std::unique_ptr<Sampler> makeCmaesSampler(const SamplerSetup& setup) { return std::make_unique<CmaesSampler>(setup); }

}  // namespace lathe::search

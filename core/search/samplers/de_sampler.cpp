// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <numbers>
#include <unordered_map>

#include "core/search/samplers/genetic.h"
#include "core/search/samplers/samplers.h"
#include "core/search/samplers/standing.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t leastMembers = 4, successesToLearn = 5;
/// Beyond so many members who dominates whom decides alone when there are several goals.
constexpr std::size_t mostRanked = 200;
/// The share of members that lead, and of categories that are drawn.
constexpr double leaders = 0.3, anyCategory = 0.1;

// Differential evolution (Storn and Price 1997) that learns its rates and has an archive, as SHADE (Tanabe and Fukunaga
// 2013); members are taken in turn and compared with their trial as soon as it has ended. The population becomes
// smaller with the budget (L-SHADE, 2014). Parameters without an order take their value from one of the members.
class DeSampler final : public Sampler {
 public:
  explicit DeSampler(const SamplerSetup& setup) : m_setup(setup), m_size(sizeFor(setup)) {
    for (const auto& result : setup.before) tell(fromOutside(result));
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    const auto& space = m_setup.space;
    if (m_seen < m_size || m_members.size() < leastMembers) return newSpreadPoint(space, m_known, trial, m_setup.seed);
    if (m_order.empty()) m_order = ordered();
    const auto rates = ratesFor(trial);
    int tries = 0;
    return firstNew(space, m_known, [&] {
      auto child = childOf(target(), rates, random);
      if (++tries > 5) mutate(space, child, 0, 5, random);  // a population of equal members
      return child;
    });
  }
  void begin(std::int64_t trial, const Configuration& configuration) override {
    m_known.insert(hashOf(configuration));
    const bool first = m_seen < m_size || m_members.size() < leastMembers;
    m_running[trial] = {first ? -1 : m_members[target()].serial, ratesFor(trial)};
    ++m_seen;
  }
  void tell(const TrialResult& result) override {
    m_known.insert(hashOf(result.configuration));
    m_order.clear();
    Member member{toldOf(result, m_setup.goals), m_serial++};
    const auto running = m_running.find(result.trial);
    const auto origin = running == m_running.end() ? Running{} : running->second;
    if (running != m_running.end()) {
      // One that pauses may be told again.
      running->second.told = true;
      if (result.state != TrialState::Pruned) m_running.erase(running);
    }
    if (!origin.told) ++(result.trial < 0 ? m_seen : m_told);
    const auto before = std::find_if(m_members.begin(), m_members.end(), [&](const Member& each) {
      return result.trial >= 0 && each.told.trial == result.trial;
    });
    if (before != m_members.end()) {
      before->told = std::move(member.told);
      return;
    }
    if (m_members.size() < m_size && origin.target < 0) {
      m_members.push_back(std::move(member));
    } else {
      compete(std::move(member), origin);
    }
    shrink();
  }

 private:
  struct Member {
    Told told;
    std::int64_t serial = 0;
  };
  struct Rates {
    double weight = 0.5, crossover = 0.5;
  };
  struct Running {
    std::int64_t target = -1;  ///< serial of the member it competes with
    Rates rates;
    bool told = false;
  };
  struct Success {
    Rates rates;
    double gain = 0;
  };

  static std::size_t sizeFor(const SamplerSetup& setup) {
    if (setup.population > 0) return static_cast<std::size_t>(std::max<int>(setup.population, leastMembers));
    if (setup.budget <= 0) return 15;
    return static_cast<std::size_t>(5.5 + 0.25 * std::sqrt(static_cast<double>(setup.budget)));
  }
  [[nodiscard]] std::size_t target() const { return m_seen % m_members.size(); }

  [[nodiscard]] Rates ratesFor(std::int64_t trial) const {
    auto random = randomFor(m_setup, trial, "rates");
    const auto& memory = m_memory[random.below(m_memory.size())];
    Rates rates;
    do rates.weight = memory.weight + 0.1 * std::tan(std::numbers::pi * (random.uniform() - 0.5));
    while (rates.weight <= 0);
    rates.weight = std::min(rates.weight, 1.0);
    rates.crossover = std::clamp(memory.crossover + 0.1 * random.normal(), 0.0, 1.0);
    return rates;
  }

  [[nodiscard]] std::vector<std::size_t> ordered() const {
    std::vector<const Told*> all;
    for (const auto& each : m_members) all.push_back(&each.told);
    return bestFirst(all);
  }

  // current-to-pbest/1/bin
  [[nodiscard]] Configuration childOf(std::size_t at, const Rates& rates, Random& random) const {
    const auto& space = m_setup.space;
    const auto best =
        std::max<std::size_t>(2, static_cast<std::size_t>(leaders * static_cast<double>(m_members.size())));
    const auto& base = m_members[at].told.configuration;
    const auto& leader = m_members[m_order[random.below(std::min(best, m_order.size()))]].told.configuration;
    std::size_t one = 0, two = 0;
    do one = random.below(m_members.size());
    while (one == at);
    do two = random.below(m_members.size() + m_archive.size());
    while (two == at || two == one);
    const auto& plus = m_members[one].told.configuration;
    const auto& minus = two < m_members.size() ? m_members[two].told.configuration : m_archive[two - m_members.size()];
    const auto forced = random.below(space.size());
    Configuration child(space.size(), none);
    settle(space, child, [&](std::size_t i) {
      const auto& parameter = space.parameters[i];
      const bool crossed = i == forced || random.uniform() < rates.crossover;
      const auto valueOf = [&](const Configuration& of) {
        return std::isnan(of[i]) ? drawValue(parameter, random) : of[i];
      };
      if (!crossed) return valueOf(base);
      if (parameter.type == spec::ParameterType::Categorical) {
        const double chance = random.uniform();
        if (chance < anyCategory) return drawValue(parameter, random);
        return valueOf(chance < 0.5 ? leader : plus);
      }
      const double from = toUnit(parameter, valueOf(base));
      double unit = from + rates.weight * (toUnit(parameter, valueOf(leader)) - from) +
                    rates.weight * (toUnit(parameter, valueOf(plus)) - toUnit(parameter, valueOf(minus)));
      if (unit < 0) unit = from / 2;
      if (unit > 1) unit = (from + 1) / 2;
      return fromUnit(parameter, unit);
    });
    return child;
  }

  [[nodiscard]] bool wins(const Told& challenger, const Told& member) const {
    if (m_setup.goals == 1 || m_members.size() > mostRanked) {
      const bool both = challenger.standing == Told::Complete && member.standing == Told::Complete;
      return both && m_setup.goals > 1 ? !dominates(member.values, challenger.values) : !better(member, challenger);
    }
    std::vector<const Told*> all{&challenger};
    std::size_t at = 0;
    for (const auto& each : m_members) {
      if (&each.told == &member) at = all.size();
      all.push_back(&each.told);
    }
    const auto order = bestFirst(all);
    return std::find(order.begin(), order.end(), 0) < std::find(order.begin(), order.end(), at);
  }

  void compete(Member challenger, const Running& origin) {
    auto member = std::find_if(m_members.begin(), m_members.end(),
                               [&](const Member& each) { return each.serial == origin.target; });
    const bool own = member != m_members.end();
    // Its member is gone, or it came from outside: it stands for the worst one's place.
    if (!own) member = m_members.begin() + static_cast<std::ptrdiff_t>(ordered().back());
    if (!wins(challenger.told, member->told)) return;
    if (own) {
      const auto& before = member->told;
      const bool measured = before.standing == Told::Complete && challenger.told.standing == Told::Complete;
      const double gain = measured ? before.values[0] - challenger.told.values[0] : 0;
      if (better(challenger.told, before)) m_successes.push_back({origin.rates, std::max(gain, 0.0)});
      m_archive.push_back(before.configuration);
      if (m_archive.size() > m_size) m_archive.pop_front();
      if (m_successes.size() >= successesToLearn) learn();
    }
    *member = std::move(challenger);
  }

  // Means of what was successful, weighted by the gains: the Lehmer mean for weights.
  void learn() {
    double gains = 0, largest = 0;
    for (const auto& each : m_successes) largest = std::max(largest, each.gain);
    double first = 0, second = 0, crossover = 0;
    for (const auto& each : m_successes) {
      const double gain = largest > 0 ? each.gain / largest : 1;
      gains += gain;
      first += gain * each.rates.weight;
      second += gain * each.rates.weight * each.rates.weight;
      crossover += gain * each.rates.crossover;
    }
    m_memory[m_next] = {second / first, crossover / gains};
    m_next = (m_next + 1) % m_memory.size();
    m_successes.clear();
  }

  void shrink() {
    if (m_setup.population > 0 || m_setup.budget <= 0) return;
    const double share = std::min(1.0, static_cast<double>(m_told) / static_cast<double>(m_setup.budget));
    const auto size = static_cast<double>(m_size);
    const auto wanted = static_cast<std::size_t>(std::lround(size + (leastMembers - size) * share));
    if (m_seen < m_size) return;
    while (m_members.size() > std::max(wanted, leastMembers))
      m_members.erase(m_members.begin() + static_cast<std::ptrdiff_t>(ordered().back()));
  }

  const SamplerSetup m_setup;
  const std::size_t m_size;
  std::vector<Member> m_members;
  std::vector<std::size_t> m_order;     ///< of the members, the best first, when it is known
  std::deque<Configuration> m_archive;  ///< members that lost, the newest last
  std::array<Rates, 5> m_memory{};
  std::size_t m_next = 0;
  std::vector<Success> m_successes;
  std::unordered_map<std::int64_t, Running> m_running;
  std::unordered_set<std::uint64_t> m_known;
  std::size_t m_seen = 0;  ///< trials begun and points from outside
  std::size_t m_told = 0;  ///< trials ended
  std::int64_t m_serial = 0;
};

}  // namespace

std::unique_ptr<Sampler> makeDeSampler(const SamplerSetup& setup) { return std::make_unique<DeSampler>(setup); }

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/genetic.h"
#include "core/search/samplers/samplers.h"

namespace lathe::search {
namespace {

/// Points that are passed over in search of one that fulfils the constraints.
constexpr std::uint32_t mostPassed = 2000;

// A scrambled Sobol' sequence, a dimension a parameter. Trial t gets the t-th point that fulfils the constraints, so
// trials that run at the same time or are asked in any order are still the points of one sequence.
class QmcSampler final : public Sampler {
 public:
  explicit QmcSampler(const SamplerSetup& setup) : m_setup(setup) {}

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    return point(indexOf(static_cast<std::size_t>(trial)));
  }
  void begin(std::int64_t /*trial*/, const Configuration& /*configuration*/) override {}
  void tell(const TrialResult& /*result*/) override {}

 private:
  [[nodiscard]] Configuration point(std::uint32_t index) const {
    return spreadPoint(m_setup.space, index, m_setup.seed);
  }

  std::uint32_t indexOf(std::size_t trial) {
    if (m_setup.space.constraints.empty()) return static_cast<std::uint32_t>(trial);
    while (m_indices.size() <= trial) {
      const std::uint32_t first = m_indices.empty() ? 0 : m_indices.back() + 1;
      std::uint32_t index = first;
      while (index - first < mostPassed && !spec::fulfils(m_setup.space, point(index))) ++index;
      // Hardly anything is feasible: the next point is mended.
      m_indices.push_back(index - first < mostPassed ? index : first);
    }
    return m_indices[trial];
  }

  const SamplerSetup m_setup;
  std::vector<std::uint32_t> m_indices;  ///< of the trials' points, when there are constraints
};

}  // namespace

std::unique_ptr<Sampler> makeQmcSampler(const SamplerSetup& setup) { return std::make_unique<QmcSampler>(setup); }

}  // namespace lathe::search

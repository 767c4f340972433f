// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/samplers.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

class RandomSampler final : public Sampler {
 public:
  explicit RandomSampler(SamplerSetup setup) : m_setup(std::move(setup)) {}

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    return drawFeasible(m_setup.space, random);
  }
  void begin(std::int64_t /*trial*/, const Configuration& /*configuration*/) override {}
  void tell(const TrialResult& /*result*/) override {}

 private:
  const SamplerSetup m_setup;
};

}  // namespace

std::unique_ptr<Sampler> makeRandomSampler(const SamplerSetup& setup) { return std::make_unique<RandomSampler>(setup); }

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/pruners/pruners.h"

namespace lathe::search {
namespace {

class NoPruner final : public Pruner {
 public:
  explicit NoPruner(const PrunerSetup& setup) : m_maxSteps(setup.maxSteps) {}

  [[nodiscard]] Work next() override { return {Work::Kind::Fresh, -1, m_maxSteps, {}, -1}; }
  void started(std::int64_t /*trial*/, const Work& /*work*/) override {}
  void continued(std::int64_t /*trial*/, std::int64_t /*target*/) override {}
  [[nodiscard]] bool shouldStop(std::int64_t /*trial*/, std::int64_t /*step*/, double /*value*/,
                                std::uint64_t /*seen*/) override {
    return false;
  }
  void report(std::int64_t /*trial*/, std::int64_t /*step*/, double /*value*/) override { ++m_heard; }
  void reached(std::int64_t /*trial*/, std::int64_t /*step*/) override {}
  void ended(std::int64_t /*trial*/, TrialState /*state*/) override { ++m_heard; }
  [[nodiscard]] std::uint64_t heard() const override { return m_heard; }
  [[nodiscard]] std::vector<std::int64_t> rungs() const override { return {m_maxSteps}; }

 private:
  const std::int64_t m_maxSteps;
  std::uint64_t m_heard = 0;
};

}  // namespace

std::unique_ptr<Pruner> makeNoPruner(const PrunerSetup& setup) { return std::make_unique<NoPruner>(setup); }

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/search/pruner.h"

namespace lathe::search {

/// A pruner without rungs: every trial is begun for the whole length, and some are stopped on the way. Nothing is
/// stopped before minSteps, nor at maxSteps, where a trial is complete anyway.
class FullLengthPruner : public Pruner {
 public:
  explicit FullLengthPruner(const PrunerSetup& setup) : m_setup(setup) {}

  [[nodiscard]] Work next() override { return {Work::Kind::Fresh, -1, m_setup.maxSteps, {}, -1}; }
  void started(std::int64_t /*trial*/, const Work& /*work*/) override {}
  void continued(std::int64_t /*trial*/, std::int64_t /*target*/) override {}
  void reached(std::int64_t /*trial*/, std::int64_t /*step*/) override {}
  void report(std::int64_t trial, std::int64_t step, double value) override {
    hear(trial, step, value);
    ++m_heard;
  }
  void ended(std::int64_t trial, TrialState state) override {
    close(trial, state);
    ++m_heard;
  }
  [[nodiscard]] std::uint64_t heard() const override { return m_heard; }
  [[nodiscard]] std::vector<std::int64_t> rungs() const override { return {m_setup.maxSteps}; }

 protected:
  /// heard() is still the number of what came before, which is this one's place in the order.
  virtual void hear(std::int64_t trial, std::int64_t step, double value) = 0;
  virtual void close(std::int64_t trial, TrialState state) = 0;
  [[nodiscard]] bool mayStopAt(std::int64_t step) const { return step >= m_setup.minSteps && step < m_setup.maxSteps; }

  const PrunerSetup m_setup;

 private:
  std::uint64_t m_heard = 0;
};

}  // namespace lathe::search

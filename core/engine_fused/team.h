// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace lathe::engine::fused {

/// A few threads that share the parts of a piece of work, some ten thousand pieces a second. Whoever comes first takes
/// a part, the caller included: on a busy machine, where the other threads wait for a processor, the caller does all of
/// it instead of waiting for them. What a part does must not depend on who does it. Idle threads spin for some
/// microseconds and then sleep. Used from one thread.
class Team {
 public:
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] int size() const { return m_size; }
  /// Calls work(part) once for each part below size(); returns when all are done. `work` must not throw.
  template <class Work>
  void run(Work&& work) {
    start([](void* context, int part) { (*static_cast<std::remove_reference_t<Work>*>(context))(part); }, &work);
  }

 private:
  using Function = void (*)(void*, int);
  void start(Function function, void* context);
  /// Takes parts of the current round until none is left.
  void takeParts();
  void serve();

  int m_size;
  std::atomic<Function> m_function{nullptr};
  std::atomic<void*> m_context{nullptr};
  std::atomic<std::uint64_t> m_claims{0};  ///< number of the round, and in the lower half the next part
  std::atomic<std::uint32_t> m_round{0};
  std::atomic<std::uint32_t> m_done{0};
  std::atomic<bool> m_ending{false};
  std::vector<std::jthread> m_workers;
};

}  // namespace lathe::engine::fused

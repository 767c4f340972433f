// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace lathe::engine::fused {

/// A few threads that do one thing together, again and again, some ten thousand times a second. Waiting threads spin
/// for some microseconds and then sleep, so that a busy machine is not kept busier. Used from one thread.
class Team {
 public:
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] int size() const { return static_cast<int>(m_workers.size()) + 1; }
  /// Calls work(part) for each part below size(), part 0 on the calling thread; returns when all are done. `work` must
  /// not throw.
  template <class Work>
  void run(Work&& work) {
    start([](void* context, int part) { (*static_cast<std::remove_reference_t<Work>*>(context))(part); }, &work);
  }
  /// Inside run(): waits until every part has come here.
  void barrier();

 private:
  using Function = void (*)(void*, int);
  void start(Function function, void* context);
  void serve(int part);

  std::vector<std::jthread> m_workers;
  Function m_function = nullptr;
  void* m_context = nullptr;
  std::atomic<std::uint32_t> m_round{0};
  std::atomic<int> m_arrived{0};
  std::atomic<std::uint32_t> m_gate{0};
  std::atomic<bool> m_ending{false};
};

}  // namespace lathe::engine::fused

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "core/engine/predictor.h"
#include "core/serving/input_rows.h"
#include "core/serving/statistics.h"

namespace lathe::serving {

struct BatchSettings {
  int workers = 1;
  std::size_t maxBatch = 64;  ///< requests computed together
  /// How long a worker waits for more requests while others are computing; with none at work nobody waits.
  std::chrono::microseconds maxDelay{0};
  std::size_t queueLimit = 1000;
};

/// Predictions of one request's rows.
struct Outputs {
  std::size_t rows = 0, columns = 0;
  std::span<const float> values;
  bool single = false;
};

/// Reads the rows of a request; called on a worker.
using ReadRows = std::function<Answer<InputRows>(const InputLayout&)>;
/// Called once, on a worker; must not throw.
using AnswerRows = std::function<void(Answer<Outputs>)>;

/// Computes requests in batches on threads of its own. A request that comes while a worker is free is begun at once;
/// those that come while all are at work are computed together by the next free one.
class Batcher {
 public:
  Batcher(const engine::Predictor& predictor, const InputLayout& layout, Statistics& statistics,
          std::function<void(const data::Dataset&)> seen, const BatchSettings& settings);
  /// Answers everything that is queued, then ends.
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  /// Busy when the queue is full, Unavailable without workers: then neither function is called.
  Answer<void> post(ReadRows read, AnswerRows answer);
  void setSettings(const BatchSettings& settings);
  [[nodiscard]] BatchSettings settings() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Job {
    ReadRows read;
    AnswerRows answer;
    SteadyTime arrived;
  };
  void work(int index);
  bool take(std::vector<Job>& jobs, int index);
  void compute(std::vector<Job>& jobs);
  void count(const data::Dataset& rows, bool answered);
  void answerAll(std::vector<Job>& jobs, const std::vector<Answer<InputRows>>& inputs,
                 const Result<engine::Predictions>& result, SteadyTime begun);

  const engine::Predictor& m_predictor;
  const InputLayout& m_layout;
  Statistics& m_statistics;
  const std::function<void(const data::Dataset&)> m_seen;
  mutable std::mutex m_mutex;
  std::condition_variable m_wake;
  std::deque<Job> m_queue;
  BatchSettings m_settings;
  int m_idle = 0, m_busy = 0;
  bool m_closing = false;
  std::vector<std::jthread> m_threads;
};

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/batcher.h"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <new>
#include <utility>

namespace lathe::serving {
namespace {

Fault faultOf(const Error& error) { return {FaultKind::Internal, error.sentence()}; }

/// What is thrown is a fault of this request alone.
template <class Work>
auto guardedAnswer(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return refuse(FaultKind::Internal, "There is not enough memory for this request.");
  } catch (const std::exception& error) {
    return refuse(FaultKind::Internal, fmt::format("The request failed: {}", error.what()));
  }
}

}  // namespace

Batcher::Batcher(const engine::Predictor& predictor, const InputLayout& layout, Statistics& statistics,
                 std::function<void(const data::Dataset&)> seen, const BatchSettings& settings)
    : m_predictor(predictor), m_layout(layout), m_statistics(statistics), m_seen(std::move(seen)) {
  setSettings(settings);
}

Batcher::~Batcher() {
  {
    const std::lock_guard lock(m_mutex);
    m_closing = true;
    // Without workers nobody would answer what is queued.
    if (m_threads.empty() && !m_queue.empty()) m_threads.emplace_back([this] { work(0); });
    m_settings.workers = std::max(1, m_settings.workers);
  }
  m_wake.notify_all();
  m_threads.clear();
}

Answer<void> Batcher::post(ReadRows read, AnswerRows answer) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_settings.workers == 0) return refuse(FaultKind::Unavailable, "no worker");
    if (m_queue.size() >= m_settings.queueLimit) {
      m_statistics.turnedAway();
      return refuse(FaultKind::Busy, "The queue of this model is full.");
    }
    m_queue.push_back({std::move(read), std::move(answer), std::chrono::steady_clock::now()});
    if (m_idle == 0) return {};
  }
  m_wake.notify_one();
  return {};
}

void Batcher::setSettings(const BatchSettings& settings) {
  std::vector<std::jthread> ended;
  {
    const std::lock_guard lock(m_mutex);
    m_settings = settings;
    m_settings.workers = std::clamp(settings.workers, 0, 256);
    m_settings.maxBatch = std::max<std::size_t>(1, settings.maxBatch);
    const auto wanted = static_cast<std::size_t>(m_settings.workers);
    while (m_threads.size() < wanted)
      m_threads.emplace_back([this, index = static_cast<int>(m_threads.size())] { work(index); });
    // The last worker answers what is queued before it ends.
    while (m_threads.size() > wanted) {
      ended.push_back(std::move(m_threads.back()));
      m_threads.pop_back();
    }
  }
  m_wake.notify_all();
}

BatchSettings Batcher::settings() const {
  const std::lock_guard lock(m_mutex);
  return m_settings;
}

std::size_t Batcher::waiting() const {
  const std::lock_guard lock(m_mutex);
  return m_queue.size();
}

bool Batcher::take(std::vector<Job>& jobs, int index) {
  std::unique_lock lock(m_mutex);
  ++m_idle;
  m_wake.wait(lock, [&] { return m_closing || !m_queue.empty() || index >= m_settings.workers; });
  --m_idle;
  if (m_queue.empty() || (index >= m_settings.workers && m_settings.workers > 0)) return false;
  if (m_busy > 0 && m_settings.maxDelay.count() > 0 && m_queue.size() < m_settings.maxBatch && !m_closing) {
    const auto until = m_queue.front().arrived + m_settings.maxDelay;
    m_wake.wait_until(lock, until, [&] { return m_closing || m_queue.size() >= m_settings.maxBatch || m_busy == 0; });
    if (m_queue.empty()) return true;
  }
  const auto count = std::min(m_queue.size(), m_settings.maxBatch);
  for (std::size_t i = 0; i < count; ++i) {
    jobs.push_back(std::move(m_queue.front()));
    m_queue.pop_front();
  }
  ++m_busy;
  return true;
}

void Batcher::work(int index) {
  std::vector<Job> jobs;
  while (take(jobs, index)) {
    if (jobs.empty()) continue;
    compute(jobs);
    jobs.clear();
    const std::lock_guard lock(m_mutex);
    --m_busy;
  }
}

void Batcher::compute(std::vector<Job>& jobs) {
  const auto begun = std::chrono::steady_clock::now();
  std::vector<Answer<InputRows>> inputs;
  inputs.reserve(jobs.size());
  Result<engine::Predictions> result;
  const auto predicted = guardedAnswer([&]() -> Answer<void> {
    RowBatch batch(m_predictor.schema());
    for (const auto& job : jobs) {
      inputs.push_back(guardedAnswer([&] { return job.read(m_layout); }));
      if (inputs.back()) batch.add(*inputs.back());
    }
    const auto& rows = batch.dataset();
    if (rows.rows == 0) return {};
    result = m_predictor.predict(rows, {});
    const auto isCheck = [](const auto& input) { return input && input->check; };
    if (std::none_of(inputs.begin(), inputs.end(), isCheck)) {
      count(rows, bool(result));
      return {};
    }
    RowBatch wanted(m_predictor.schema());
    for (const auto& input : inputs)
      if (input && !input->check) wanted.add(*input);
    if (const auto& some = wanted.dataset(); some.rows > 0) count(some, bool(result));
    return {};
  });
  while (inputs.size() < jobs.size()) inputs.push_back(tl::unexpected<Fault>(predicted ? Fault{} : predicted.error()));
  if (!predicted)
    for (auto& input : inputs)
      if (input) input = tl::unexpected<Fault>(predicted.error());
  answerAll(jobs, inputs, result, begun);
}

void Batcher::count(const data::Dataset& rows, bool answered) {
  m_statistics.computed(rows.rows);
  if (answered) m_seen(rows);
}

void Batcher::answerAll(std::vector<Job>& jobs, const std::vector<Answer<InputRows>>& inputs,
                        const Result<engine::Predictions>& result, SteadyTime begun) {
  std::size_t place = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto& input = inputs[i];
    if (!input || !result) {
      m_statistics.failed();
      jobs[i].answer(tl::unexpected<Fault>(input ? faultOf(result.error()) : input.error()));
      continue;
    }
    const auto size = input->rows * result->columns;
    jobs[i].answer(
        Outputs{input->rows, result->columns, std::span(result->values).subspan(place, size), input->single});
    place += size;
    if (!input->check) m_statistics.answered(jobs[i].arrived, begun, std::chrono::steady_clock::now());
  }
}

}  // namespace lathe::serving

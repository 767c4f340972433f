// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_line.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/cli/output.h"

namespace lathe::cli {
namespace {

using std::chrono::steady_clock;

double secondsOf(steady_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::size_t terminalWidth() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string whatIsChosen(const services::ChoosingProgress& progress) {
  switch (progress.stage) {
    case services::ChoosingStage::Batch:
      return "batch size";
    case services::ChoosingStage::Epochs:
      return "number of epochs";
    case services::ChoosingStage::Optimizer:
      break;
  }
  return progress.optimizer == "auto" ? "optimiser and learning rate" : "learning rate of " + progress.optimizer;
}

std::string amount(double done, const std::string& unit) {
  return unit == "bytes" ? byteText(done) : grouped(static_cast<std::int64_t>(done)) + " " + unit;
}

// "run 3 [#####.....]  52 %  0:41 left, 12 345 samples/s, epoch 5/10": the bar gets what the words leave, and the last
// words go first where there is too little room.
std::string barLine(double fraction, const std::string& head, std::vector<std::string> tail, std::size_t width) {
  constexpr std::size_t longestBar = 24;
  constexpr std::size_t shortestBar = 6;
  const auto percent = fraction < 0 ? std::string() : fmt::format("{:3.0f} %", fraction * 100);
  const std::size_t barRoom = fraction < 0 ? 0 : percent.size() + 4;  // brackets and spaces
  const auto words = [&] { return fmt::format("{}", fmt::join(tail, ", ")); };
  const auto room = [&](std::size_t cells) { return head.size() + barRoom + cells + 1 + words().size() < width; };
  while (tail.size() > 1 && !room(fraction < 0 ? 0 : shortestBar)) tail.pop_back();
  std::string line = head;
  if (fraction >= 0) {
    std::size_t cells = longestBar;
    while (cells > shortestBar && !room(cells)) --cells;
    const auto full = static_cast<std::size_t>(std::lround(fraction * static_cast<double>(cells)));
    line += " [" + std::string(full, '#') + std::string(cells - full, '.') + "] " + percent;
  }
  line += " " + words();
  if (line.size() >= width) line.resize(width - 1);
  return line;
}

}  // namespace

// Short jobs show nothing: the first line comes after a second (a quarter of one on a terminal).
ProgressLine::ProgressLine()
    : m_terminal(isatty(STDERR_FILENO) != 0),
      m_start(steady_clock::now()),
      m_last(steady_clock::now() - (m_terminal ? std::chrono::milliseconds(-150) : std::chrono::milliseconds(0))) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  const std::lock_guard lock(m_mutex);
  if (m_drawn) std::fputs("\r\033[K", stderr);
  m_drawn = false;
}

void ProgressLine::show(const Progress& progress) {
  const std::lock_guard lock(m_mutex);
  const double now = secondsOf(steady_clock::now());
  if (progress.what != m_what) {
    m_what = progress.what;
    m_whatStart = now;
  }
  const double elapsed = now - m_whatStart;
  const double fraction = progress.total > 0 ? std::clamp(progress.done / progress.total, 0.0, 1.0) : -1;
  std::vector<std::string> tail;
  if (fraction > 0.01 && elapsed > 0.2) tail.push_back(durationText(elapsed / fraction * (1 - fraction)) + " left");
  // Some stages cannot say how far they are.
  if (progress.done > 0 && elapsed > 0.2) tail.push_back(amount(progress.done / elapsed, progress.unit) + "/s");
  if (progress.done > 0) tail.push_back(amount(progress.done, progress.unit));
  draw(fraction, progress.what, tail);
}

void ProgressLine::show(const services::LiveRun& live) {
  const auto& p = live.progress;
  const std::lock_guard lock(m_mutex);
  if (live.choosing) {
    const auto& c = *live.choosing;
    // The first short training may take minutes: what goes on is said as it begins.
    if (c.done == 0) m_last = {};
    const auto count = c.total > 0 ? fmt::format("{} of {}", c.done, c.total) : std::to_string(c.done);
    draw(c.total > 0 ? static_cast<double>(c.done) / c.total : -1,
         fmt::format("run {}: choosing the {}", live.run, whatIsChosen(c)), {count + " short trainings"});
    return;
  }
  const double fraction =
      p.totalSteps > 0 ? std::clamp(static_cast<double>(p.step) / static_cast<double>(p.totalSteps), 0.0, 1.0) : -1;
  std::vector<std::string> tail;
  if (p.secondsLeft >= 0) tail.push_back(durationText(p.secondsLeft) + " left");
  if (p.samplesPerSecond > 0)
    tail.push_back(grouped(static_cast<std::int64_t>(std::lround(p.samplesPerSecond))) + " samples/s");
  tail.push_back(fmt::format("epoch {}/{}", p.epoch, p.totalEpochs));
  tail.push_back(fmt::format("step {}/{}", p.step, p.totalSteps));
  draw(fraction, fmt::format("run {}", live.run), tail);
}

void ProgressLine::show(const services::StudyProgress& study) {
  const std::lock_guard lock(m_mutex);
  const auto ended = study.completed + study.pruned + study.failed;
  const auto head = fmt::format("study {}", study.study);
  std::vector<std::string> tail;
  const auto tellBest = [&] {
    if (study.bestTrial >= 0)
      tail.push_back(fmt::format("best {} (trial {})", shortNumber(study.bestValue), study.bestTrial));
  };
  if (study.confirming) {
    // What goes on is said soon, not when the next line of a long search is due; where nothing is trained, not at all.
    const auto now = steady_clock::now();
    if (!m_confirmingFrom) m_confirmingFrom = now;
    if (now - *m_confirmingFrom < std::chrono::seconds(1)) return;
    if (m_last < *m_confirmingFrom) m_last = {};
    const bool trained = study.confirmed >= 1;
    tail.emplace_back(trained ? "comparing the best" : "training the best again");
    tellBest();
    tail.push_back(counted(ended, "trial", "trials") + " ended");
    return draw(trained ? -1 : study.confirmed, head, tail);
  }
  m_confirmingFrom.reset();
  // Nothing is left to be told of the trials.
  if (study.running == 0 && study.secondsLeft == 0) return;
  double fraction = study.planned > 0 ? static_cast<double>(ended) / static_cast<double>(study.planned) : -1;
  if (study.secondsLeft >= 0 && study.seconds > 0)
    fraction = std::max(fraction, study.seconds / (study.seconds + study.secondsLeft));
  if (study.secondsLeft >= 0) tail.push_back(durationText(study.secondsLeft) + " left");
  tellBest();
  tail.push_back(fmt::format("{} done", study.completed));
  if (study.termination)
    tail.push_back(fmt::format("at most {} better to be had", shortNumber(study.termination->regretBound)));
  if (study.pruned > 0) tail.push_back(fmt::format("{} pruned", study.pruned));
  if (study.failed > 0) tail.push_back(fmt::format("{} failed", study.failed));
  if (study.running > 0) tail.push_back(fmt::format("{} running", study.running));  // none just between two
  draw(std::min(fraction, 1.0), head, tail);
}

void ProgressLine::draw(double fraction, const std::string& head, const std::vector<std::string>& tail) {
  const auto now = steady_clock::now();
  // The log of a night holds some hundred lines, not one a second.
  const auto rest = m_terminal ? steady_clock::duration(std::chrono::milliseconds(100))
                               : std::max<steady_clock::duration>(std::chrono::seconds(1), (now - m_start) / 60);
  if (now - m_last < rest) return;
  m_last = now;
  if (!m_terminal) {
    auto parts = tail;
    if (fraction >= 0) parts.insert(parts.begin(), fmt::format("{:.0f} %", fraction * 100));
    writeErr(parts.empty() ? head : fmt::format("{}: {}", head, fmt::join(parts, ", ")));
    return;
  }
  const auto line = barLine(fraction, head, tail, terminalWidth());
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  m_drawn = true;
}

}  // namespace lathe::cli

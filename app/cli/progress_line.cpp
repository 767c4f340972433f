// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_line.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
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

std::string amount(double done, const std::string& unit) {
  return unit == "bytes" ? byteText(done) : grouped(static_cast<std::int64_t>(done)) + " " + unit;
}

}  // namespace

// Short jobs show nothing: the first line comes after a second (a quarter of one on a terminal).
ProgressLine::ProgressLine()
    : m_terminal(isatty(STDERR_FILENO) != 0),
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
  std::string tail = amount(progress.done, progress.unit);
  if (elapsed > 0.2) tail += ", " + amount(progress.done / elapsed, progress.unit) + "/s";
  if (fraction > 0.01 && elapsed > 0.2) tail += ", " + durationText(elapsed / fraction * (1 - fraction)) + " left";
  draw(fraction, progress.what, tail);
}

void ProgressLine::show(const services::LiveRun& live) {
  const auto& p = live.progress;
  const std::lock_guard lock(m_mutex);
  const double fraction =
      p.totalSteps > 0 ? std::clamp(static_cast<double>(p.step) / static_cast<double>(p.totalSteps), 0.0, 1.0) : -1;
  std::string tail = fmt::format("epoch {}/{}, step {}/{}", p.epoch, p.totalEpochs, p.step, p.totalSteps);
  if (p.samplesPerSecond > 0)
    tail += ", " + grouped(static_cast<std::int64_t>(std::lround(p.samplesPerSecond))) + " samples/s";
  if (p.secondsLeft >= 0) tail += ", " + durationText(p.secondsLeft) + " left";
  draw(fraction, fmt::format("run {}", live.run), tail);
}

void ProgressLine::draw(double fraction, const std::string& head, const std::string& tail) {
  const auto now = steady_clock::now();
  if (now - m_last < (m_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1000))) return;
  m_last = now;
  const auto percent = fraction < 0 ? std::string() : fmt::format("{:3.0f} %", fraction * 100);
  if (!m_terminal) {
    writeErr(fmt::format("{}: {}{}{}", head, percent.empty() ? "" : percent.substr(percent.find_first_not_of(' ')),
                         percent.empty() ? "" : ", ", tail));
    return;
  }
  constexpr std::size_t cells = 24;
  std::string bar;
  if (fraction >= 0) {
    const auto full = static_cast<std::size_t>(std::lround(fraction * cells));
    bar = "[" + std::string(full, '#') + std::string(cells - full, '.') + "] ";
  }
  auto line = fmt::format("{} {}{} {}", head, bar, percent, tail);
  const auto width = terminalWidth();
  if (line.size() >= width) line.resize(width - 1);
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  m_drawn = true;
}

}  // namespace lathe::cli

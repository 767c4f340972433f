// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/replot_queue.h"

#include <QCoreApplication>
#include <algorithm>

namespace lathe::ui {

namespace {

constexpr int spacingMs = 1;

}  // namespace

ReplotQueue& ReplotQueue::instance() {
  // Ends with the application: a timer must not outlive its event loop.
  static QPointer<ReplotQueue> queue;
  if (!queue) {
    queue = new ReplotQueue();
    queue->setParent(QCoreApplication::instance());
  }
  return *queue;
}

ReplotQueue::ReplotQueue() {
  m_timer.setSingleShot(true);
  m_timer.setTimerType(Qt::PreciseTimer);
  m_timer.setInterval(spacingMs);
  connect(&m_timer, &QTimer::timeout, this, &ReplotQueue::next);
}

void ReplotQueue::ask(QObject* plot, std::function<void()> draw) {
  const bool waiting =
      std::any_of(m_wishes.begin(), m_wishes.end(), [plot](const auto& wish) { return wish.plot == plot; });
  if (!waiting) m_wishes.push_back({plot, std::move(draw)});
  if (!m_timer.isActive()) m_timer.start();
}

void ReplotQueue::next() {
  std::erase_if(m_wishes, [](const auto& wish) { return wish.plot.isNull(); });
  if (m_wishes.empty()) return;
  const auto wish = std::move(m_wishes.front());
  m_wishes.erase(m_wishes.begin());
  wish.draw();
  if (!m_wishes.empty()) m_timer.start();
}

}  // namespace lathe::ui

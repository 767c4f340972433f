// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/window/watchdog.h"

#include <QCoreApplication>
#include <QMetaObject>
#include <algorithm>
#include <cmath>

namespace lathe::bench {

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto index = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
  return values[std::min(index, values.size() - 1)];
}

Watchdog::Watchdog(QObject& gui) : m_controlObject(std::make_unique<QObject>()) {
  m_controlObject->moveToThread(&m_controlThread);
  m_controlThread.start();
  m_asker = std::thread([this, &gui] {
    while (!m_stop) {
      const auto asked = Clock::now();
      QMetaObject::invokeMethod(
          &gui, [this, asked] { m_gui.push_back(millisecondsSince(asked)); }, Qt::QueuedConnection);
      QMetaObject::invokeMethod(
          m_controlObject.get(), [this, asked] { m_control.push_back(millisecondsSince(asked)); },
          Qt::QueuedConnection);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
}

void Watchdog::stop() {
  if (m_stop.exchange(true)) return;
  m_asker.join();
  QCoreApplication::processEvents();
  m_controlThread.quit();
  m_controlThread.wait();
}

Watchdog::~Watchdog() { stop(); }

}  // namespace lathe::bench

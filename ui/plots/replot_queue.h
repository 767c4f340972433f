// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <functional>
#include <vector>

namespace lathe::ui {

/// Draws at most one plot at a time and each at most once a frame, with the event loop between two of them: several
/// plots on a page never make one long block together. One for the window; GUI thread.
class ReplotQueue : public QObject {
  Q_OBJECT
 public:
  static ReplotQueue& instance();
  /// Asks for one call of `draw` soon; asking again before it came changes nothing.
  void ask(QObject* plot, std::function<void()> draw);

 private:
  ReplotQueue();
  void next();
  struct Wish {
    QPointer<QObject> plot;
    std::function<void()> draw;
  };
  std::vector<Wish> m_wishes;
  QTimer m_timer;
};

}  // namespace lathe::ui

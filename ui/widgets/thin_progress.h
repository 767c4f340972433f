// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

namespace lathe::ui {

/// A thin progress line. A fraction below 0 means that the total is not known: a part wanders.
class ThinProgress : public QWidget {
  Q_OBJECT
 public:
  explicit ThinProgress(QWidget* parent = nullptr);
  void setFraction(double fraction);
  [[nodiscard]] double fraction() const { return m_fraction; }
  [[nodiscard]] QSize sizeHint() const override { return {200, 8}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {40, 8}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  double m_fraction = 0;
  double m_phase = 0;
  QTimer m_timer;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/qcustomplot_include.h"

namespace lathe::ui {

/// Round numbers in the window's language: 0.002, 4k.
class LinearTicks : public QCPAxisTicker {
 public:
  explicit LinearTicks(bool wholeOnly) : m_wholeOnly(wholeOnly) {}

 protected:
  double getTickStep(const QCPRange& range) override;
  QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;

 private:
  bool m_wholeOnly;
  double m_step = 1;
};

/// Powers of ten; over few of them 1, 2 and 5 times each, which stand evenly enough for their labels.
class LogTicks : public QCPAxisTickerLog {
 protected:
  QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
  QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
};

}  // namespace lathe::ui

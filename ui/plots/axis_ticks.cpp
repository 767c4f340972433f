// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/axis_ticks.h"

#include <algorithm>
#include <cmath>

#include "ui/models/format.h"

namespace lathe::ui {

double LinearTicks::getTickStep(const QCPRange& range) {
  m_step = QCPAxisTicker::getTickStep(range);
  if (m_wholeOnly) m_step = std::max(m_step, 1.0);
  return m_step;
}

QString LinearTicks::getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) {
  Q_UNUSED(locale);
  Q_UNUSED(formatChar);
  Q_UNUSED(precision);
  if (std::fabs(tick) < m_step * 1e-9) return format::number(0);
  // As many digits as tell two neighbours apart, the same number of decimals for all.
  const double magnitude = std::floor(std::log10(m_step * 1.0000001));
  const double mantissa = m_step / std::pow(10.0, magnitude);
  const int between = std::fabs(mantissa - std::round(mantissa)) > 1e-6 ? 1 : 0;  // steps of 2.5
  const double size = std::fabs(tick);
  const auto digits = static_cast<int>(std::floor(std::log10(size * 1.0000001)) - magnitude) + 1 + between;
  if (size >= 1000 && size < 1e12 && m_step >= 10) {
    const double unit = size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : 1e3;
    const QChar sign = QLatin1Char(size >= 1e9 ? 'G' : size >= 1e6 ? 'M' : 'k');
    return format::number(tick / unit, std::max(digits, 1)) + sign;
  }
  return format::aligned(tick, std::clamp(digits, 1, 12));
}

QVector<double> LogTicks::createTickVector(double tickStep, const QCPRange& range) {
  constexpr double fewest = 0.7;
  constexpr double enough = 1.6;  // from here on powers of ten are
  if (!(range.lower > 0)) return QCPAxisTickerLog::createTickVector(tickStep, range);
  const double powers = std::log10(range.upper / range.lower);
  if (powers < fewest || powers >= enough) return QCPAxisTickerLog::createTickVector(tickStep, range);
  QVector<double> ticks;
  for (double power = std::floor(std::log10(range.lower)); power <= std::log10(range.upper); ++power)
    for (const double times : {1.0, 2.0, 5.0}) ticks << times * std::pow(10.0, power);
  return ticks;
}

QString LogTicks::getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) {
  Q_UNUSED(locale);
  Q_UNUSED(formatChar);
  Q_UNUSED(precision);
  const double exact = tick * (1 + 1e-12);  // 0.0001 is found by multiplying, and may be a little less
  return std::fabs(exact) >= 1000 ? format::compact(exact) : format::number(exact);
}

}  // namespace lathe::ui

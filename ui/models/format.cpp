// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QLocale>
#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/spec/metrics.h"
#include "ui/bridge/error_text.h"

namespace lathe::ui::format {

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Format)
};

const QChar thinSpace(0x202f);  // narrow and not broken at the end of a line
const QString dash = QStringLiteral("\u2014");

/// From Qt's C notation: the locale's decimal sign, thousands apart, no idle zeros in the exponent.
QString localised(QString text) {
  QString exponent;
  if (const auto e = text.indexOf(QLatin1Char('e')); e >= 0) {
    exponent = QStringLiteral("e%1").arg(text.mid(e + 1).toInt());
    text.truncate(e);
  }
  const auto point = text.indexOf(QLatin1Char('.'));
  QString whole = point < 0 ? text : text.left(point);
  const QString part = point < 0 ? QString() : text.mid(point + 1);
  const int sign = whole.startsWith(QLatin1Char('-')) ? 1 : 0;
  for (auto at = whole.size() - 3; at > sign; at -= 3) whole.insert(at, thinSpace);
  if (sign != 0) whole[0] = QChar(0x2212);
  return part.isEmpty() ? whole + exponent : whole + QLocale().decimalPoint() + part + exponent;
}

QString withoutZeros(QString text) {
  if (!text.contains(QLatin1Char('.'))) return text;
  QString exponent;
  if (const auto e = text.indexOf(QLatin1Char('e')); e >= 0) {
    exponent = text.mid(e);
    text.truncate(e);
  }
  while (text.endsWith(QLatin1Char('0'))) text.chop(1);
  if (text.endsWith(QLatin1Char('.'))) text.chop(1);
  return text + exponent;
}

QString special(double value) {
  if (std::isnan(value)) return dash;
  return value > 0 ? QStringLiteral("\u221e") : QStringLiteral("\u2212\u221e");
}

QString plain(double value, int digits) {
  const double size = std::fabs(value);
  if (value != 0 && (size >= 1e7 || size < 1e-4)) return QString::number(value, 'e', digits - 1);
  const int magnitude = value == 0 ? 0 : static_cast<int>(std::floor(std::log10(size)));
  return QString::number(value, 'f', std::clamp(digits - 1 - magnitude, 0, 12));
}

QString scaled(double value, double base, const std::array<const char*, 6>& units) {
  std::size_t step = 0;
  while (std::fabs(value) >= base * 0.9995 && step + 1 < units.size()) {
    value /= base;
    ++step;
  }
  return number(value, 3) + QLatin1Char(' ') + QLatin1String(units[step]);
}

}  // namespace

QString number(double value, int digits) {
  return std::isfinite(value) ? localised(withoutZeros(plain(value, digits))) : special(value);
}

QString aligned(double value, int digits) {
  return std::isfinite(value) ? localised(plain(value, digits)) : special(value);
}

QString fullNumber(double value) {
  if (!std::isfinite(value)) return special(value);
  return localised(QString::number(value, 'g', QLocale::FloatingPointShortest));
}

QString integer(std::int64_t value) { return localised(QString::number(value)); }

QString percent(double fraction, int digits) {
  return std::isfinite(fraction) ? Words::tr("%1 %", "percent").arg(number(fraction * 100, digits)) : special(fraction);
}

int plural(std::int64_t count) {
  return static_cast<int>(std::clamp<std::int64_t>(count, 0, std::numeric_limits<int>::max()));
}

QString withoutMnemonic(QString text) {
  static const QRegularExpression bracketed(QStringLiteral("\\(&[A-Za-z0-9]\\)"));
  text.remove(bracketed);
  QString plain;
  for (qsizetype i = 0; i < text.size(); ++i) {
    if (text[i] == QLatin1Char('&') && ++i >= text.size()) break;  // "&&" stands for the sign itself
    plain += text[i];
  }
  return plain;
}

QString bytes(double count) {
  if (!std::isfinite(count) || count < 0) return dash;
  return scaled(count, 1000, {"B", "kB", "MB", "GB", "TB", "PB"});
}

QString duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return dash;
  if (seconds < 9.95) return Words::tr("%1 s").arg(number(std::round(seconds * 10) / 10, 2));
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return Words::tr("%1 s").arg(whole);
  if (whole < 3600) return Words::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
  if (whole < 86400) return Words::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
  return Words::tr("%1 d %2 h").arg(integer(whole / 86400)).arg(whole % 86400 / 3600);
}

QString path(const QString& path) {
  const auto home = QDir::homePath();
  const bool below = path == home || path.startsWith(home + QLatin1Char('/'));
  return QDir::toNativeSeparators(below ? QLatin1Char('~') + path.mid(home.size()) : path);
}

QString rate(double perSecond, const QString& unit) {
  if (!std::isfinite(perSecond) || perSecond <= 0) return dash;
  const auto value = perSecond >= 100 ? integer(std::llround(perSecond)) : number(perSecond, 3);
  return Words::tr("%1 %2/s").arg(value, unit);
}

QString flops(double count) {
  if (!std::isfinite(count) || count < 0) return dash;
  return scaled(count, 1000, {"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"});
}

QString compact(double value) {
  if (!std::isfinite(value)) return special(value);
  const double size = std::fabs(value);
  for (const auto& [limit, sign] : {std::pair{1e9, 'G'}, std::pair{1e6, 'M'}, std::pair{1e3, 'k'}})
    if (size >= limit) return number(value / limit, 3) + QLatin1Char(sign);
  return number(value, 3);
}

QString when(std::int64_t micros) {
  if (micros <= 0) return dash;
  const auto time = QDateTime::fromMSecsSinceEpoch(micros / 1000);
  auto clock = QLocale().toString(time.time(), QStringLiteral("HH:mm"));
  const auto today = QDate::currentDate();
  if (time.date() == today) return clock;
  const auto pattern = time.date().year() == today.year() ? Words::tr("d MMM", "day and month, as QLocale reads it")
                                                          : Words::tr("d MMM yyyy", "day, month and year");
  return QLocale().toString(time.date(), pattern) + QLatin1Char(' ') + clock;
}

QString shape(const spec::Shape& sizes) {
  QString text;
  for (const auto size : sizes) text += (text.isEmpty() ? QString() : QStringLiteral(" \u00d7 ")) + integer(size);
  return text.isEmpty() ? dash : text;
}

QString statusWord(spec::RunStatus status) {
  using spec::RunStatus;
  switch (status) {
    case RunStatus::Queued:
      return Words::tr("queued");
    case RunStatus::Running:
      return Words::tr("running");
    case RunStatus::Pausing:
      return Words::tr("pausing");
    case RunStatus::Paused:
      return Words::tr("paused");
    case RunStatus::Completed:
      return Words::tr("completed");
    case RunStatus::Failed:
      return Words::tr("failed");
    case RunStatus::Cancelled:
      return Words::tr("cancelled");
    case RunStatus::Pruned:
      return Words::tr("pruned");
    case RunStatus::Interrupted:
      return Words::tr("interrupted");
  }
  return {};
}

QString statusSign(spec::RunStatus status) {
  using spec::RunStatus;
  switch (status) {
    case RunStatus::Queued:
      return QStringLiteral("\u2026");
    case RunStatus::Running:
      return QStringLiteral("\u25b6");
    case RunStatus::Pausing:
    case RunStatus::Paused:
      return QStringLiteral("\u2759\u2759");
    case RunStatus::Completed:
      return QStringLiteral("\u2713");
    case RunStatus::Failed:
      return QStringLiteral("\u2715");
    case RunStatus::Cancelled:
      return QStringLiteral("\u25a0");
    case RunStatus::Pruned:
      return QStringLiteral("\u2702");
    case RunStatus::Interrupted:
      return QStringLiteral("\u26a0");
  }
  return {};
}

QString kindWord(spec::ColumnKind kind) {
  using spec::ColumnKind;
  switch (kind) {
    case ColumnKind::Integer:
      return Words::tr("integer");
    case ColumnKind::Real:
      return Words::tr("real");
    case ColumnKind::Boolean:
      return Words::tr("boolean");
    case ColumnKind::Category:
      return Words::tr("category");
    case ColumnKind::DateTime:
      return Words::tr("date");
    case ColumnKind::Text:
      return Words::tr("text");
    case ColumnKind::Id:
      return Words::tr("id-like");
    case ColumnKind::Image:
      return Words::tr("image");
    case ColumnKind::Audio:
      return Words::tr("audio");
  }
  return {};
}

QString roleWord(spec::ColumnRole role) {
  using spec::ColumnRole;
  switch (role) {
    case ColumnRole::Feature:
      return Words::tr("feature");
    case ColumnRole::Target:
      return Words::tr("target");
    case ColumnRole::Weight:
      return Words::tr("weight");
    case ColumnRole::Group:
      return Words::tr("group");
    case ColumnRole::Time:
      return Words::tr("time");
    case ColumnRole::Ignore:
      return Words::tr("ignore");
  }
  return {};
}

QString taskWord(spec::Task task) {
  switch (task) {
    case spec::Task::Auto:
      return Words::tr("automatic");
    case spec::Task::Classification:
      return Words::tr("classification");
    case spec::Task::Regression:
      return Words::tr("regression");
    case spec::Task::Multilabel:
      return Words::tr("several labels");
    case spec::Task::Quantile:
      return Words::tr("quantiles");
    case spec::Task::Anomaly:
      return Words::tr("anomalies");
    case spec::Task::Forecast:
      return Words::tr("forecast");
  }
  return {};
}

QString metricWord(const std::string& splitMetric, bool shortForm) {
  const auto slash = splitMetric.find('/');
  const auto split = slash == std::string::npos ? std::string() : splitMetric.substr(0, slash);
  const auto name = slash == std::string::npos ? splitMetric : splitMetric.substr(slash + 1);
  if (shortForm) {
    auto metric = name == "accuracy"            ? Words::tr("acc", "accuracy, short")
                  : name == "balanced_accuracy" ? Words::tr("bal acc", "balanced accuracy, short")
                  : name == "loss"              ? Words::tr("loss", "a metric, short")
                  : name == "log_loss"          ? Words::tr("log loss", "a metric, short")
                                       : QString::fromStdString(name).replace(QLatin1Char('_'), QLatin1Char(' '));
    if (split == "val") return Words::tr("val %1", "a validation metric, short").arg(metric);
    if (split == "train") return Words::tr("train %1", "a training metric, short").arg(metric);
    if (split == "test") return Words::tr("test %1", "a test metric, short").arg(metric);
    return metric;
  }
  const auto* info = spec::findMetric(name);
  auto label = info != nullptr ? translated(info->label, "spec") : QString::fromStdString(name);
  if (split.empty()) return label;
  // ROC AUC and R2 keep their capitals within a sentence.
  if (label.size() > 1 && label[1].isLower()) label[0] = label[0].toLower();
  if (split == "val") return Words::tr("Validation %1").arg(label);
  if (split == "train") return Words::tr("Training %1").arg(label);
  if (split == "test") return Words::tr("Test %1").arg(label);
  return label;
}

}  // namespace lathe::ui::format

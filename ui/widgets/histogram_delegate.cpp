// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/histogram_delegate.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QDateTime>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/models/columns_model.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"

namespace lathe::ui {
namespace {

constexpr int plotWidth = 132;

QString valueText(double value, spec::ColumnKind kind) {
  if (kind == spec::ColumnKind::DateTime)
    return QLocale().toString(QDateTime::fromSecsSinceEpoch(static_cast<qint64>(value), Qt::UTC).date(),
                              QLocale::ShortFormat);
  return format::number(value);
}

}  // namespace

HistogramDelegate::HistogramDelegate(QObject* parent) : QStyledItemDelegate(parent) {}

void HistogramDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto value = index.data(ColumnsModel::HistogramRole);
  const auto histogram = value.value<spec::Histogram>();
  const auto largest =
      histogram.counts.empty() ? 0 : *std::max_element(histogram.counts.begin(), histogram.counts.end());
  if (largest <= 0) {
    QStyledItemDelegate::paint(painter, option, index);
    return;
  }
  QStyleOptionViewItem background = option;
  initStyleOption(&background, index);
  background.text.clear();
  const auto* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
  style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);

  const auto& theme = Theme::current();
  const auto role = static_cast<spec::ColumnRole>(index.data(ColumnsModel::ColumnRoleRole).toInt());
  const bool categories = !histogram.labels.empty();
  QColor colour = theme.curve(categories ? 2 : 0);
  if (role == spec::ColumnRole::Target) colour = theme.curve(1);
  if (role == spec::ColumnRole::Ignore) colour = theme.secondary;
  colour.setAlphaF(0.85F);

  const QRect area = option.rect.adjusted(11, 5, -6, -5);
  const double width = std::min(area.width(), plotWidth);
  const auto bars = static_cast<int>(histogram.counts.size());
  // Bars lie on whole device pixels, else neighbours of equal height look different.
  const double scale = painter->device()->devicePixelRatioF();
  const auto snap = [scale](double v) { return std::round(v * scale) / scale; };
  const double step = categories ? std::min(width / bars, 22.0) : width / bars;
  const double gap = categories ? std::max(1.0, step * 0.22) : (step >= 4 ? 1.0 : 0.0);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing, false);
  painter->setPen(Qt::NoPen);
  painter->setBrush(colour);
  for (int i = 0; i < bars; ++i) {
    const auto count = histogram.counts[static_cast<std::size_t>(i)];
    if (count <= 0) continue;
    const double height = std::max(1.0, area.height() * static_cast<double>(count) / static_cast<double>(largest));
    const double left = snap(area.left() + i * step);
    const double right = snap(area.left() + (i + 1) * step - gap);
    const double top = snap(area.bottom() + 1 - height);
    painter->drawRect(QRectF(left, top, std::max(right - left, 1 / scale), area.bottom() + 1 - top));
  }
  painter->restore();
}

QSize HistogramDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  auto size = QStyledItemDelegate::sizeHint(option, index);
  size.setWidth(std::max(size.width(), plotWidth + 16));
  return size;
}

QString HistogramDelegate::describe(const spec::Histogram& histogram, spec::ColumnKind kind) {
  if (histogram.counts.empty()) return {};
  if (histogram.labels.empty())
    return tr("%1 to %2").arg(valueText(histogram.low, kind), valueText(histogram.high, kind));
  QStringList lines;
  const auto count = std::min<std::size_t>(histogram.labels.size(), 8);
  for (std::size_t i = 0; i < count && i < histogram.counts.size(); ++i)
    lines << tr("%1: %2").arg(QString::fromStdString(histogram.labels[i]).left(60),
                              format::integer(histogram.counts[i]));
  if (histogram.labels.size() > count)
    lines << tr("and %n more", nullptr, static_cast<int>(histogram.labels.size() - count));
  return lines.join(QLatin1Char('\n'));
}

bool HistogramDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                                  const QModelIndex& index) {
  if (event->type() == QEvent::ToolTip) {
    const auto text = describe(index.data(ColumnsModel::HistogramRole).value<spec::Histogram>(),
                               static_cast<spec::ColumnKind>(index.data(ColumnsModel::ColumnKindRole).toInt()));
    if (!text.isEmpty()) {
      QToolTip::showText(event->globalPos(), text, view);
      return true;
    }
  }
  return QStyledItemDelegate::helpEvent(event, view, option, index);
}

}  // namespace lathe::ui

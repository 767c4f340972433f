// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/icons.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

#include "ui/models/theme.h"

// Outside any namespace, as the macro wants it.
static void initialiseIcons() { Q_INIT_RESOURCE(lathe); }

namespace lathe::ui {
namespace {

QByteArray drawing(const QString& name) {
  static const bool once = [] {
    initialiseIcons();
    return true;
  }();
  Q_UNUSED(once);
  QFile file(QLatin1String(":/icons/") + name + QLatin1String(".svg"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  return file.readAll();
}

/// Draws an SVG whose colour is "currentColor" in a colour that is looked up when it is painted.
class TintedEngine final : public QIconEngine {
 public:
  TintedEngine(QByteArray svg, QColor colour) : m_svg(std::move(svg)), m_colour(colour) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    QColor colour = m_colour.isValid() ? m_colour : Theme::current().text;
    if (mode == QIcon::Disabled) {
      colour = Theme::current().secondary;
      colour.setAlphaF(0.5F);
    }
    QByteArray svg = m_svg;
    svg.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(svg);
    painter->save();
    painter->setOpacity(painter->opacity() * colour.alphaF());
    painter->setRenderHint(QPainter::Antialiasing);
    renderer.render(painter, rect);
    painter->restore();
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    return scaledPixmap(size, mode, state, 1.0);
  }
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override {
    QPixmap result(size);
    result.fill(Qt::transparent);
    QPainter painter(&result);
    paint(&painter, QRect(QPoint(0, 0), size), mode, state);
    return result;
  }
  [[nodiscard]] QIconEngine* clone() const override { return new TintedEngine(m_svg, m_colour); }

 private:
  QByteArray m_svg;
  QColor m_colour;
};

}  // namespace

QIcon icon(const QString& name) { return icon(name, QColor()); }

QIcon icon(const QString& name, const QColor& colour) {
  auto svg = drawing(name);
  if (!svg.isEmpty()) return QIcon(new TintedEngine(std::move(svg), colour));
  return QIcon::fromTheme(name);
}

QIcon applicationIcon() {
  QSvgRenderer renderer(drawing(QStringLiteral("lathe")));
  QIcon result;
  if (!renderer.isValid()) return result;
  // Drawn here: Qt's own reader of SVG icons is a plugin in a package of its own from Debian 13 on.
  for (const int size : {16, 24, 32, 48, 64, 128, 256}) {
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter);
    painter.end();
    result.addPixmap(pixmap);
  }
  return result;
}

}  // namespace lathe::ui

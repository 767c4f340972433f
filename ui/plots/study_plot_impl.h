// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <array>

#include "ui/plots/curve_crowd.h"
#include "ui/plots/plot_parts.h"
#include "ui/plots/study_plot.h"

namespace lathe::ui {

class LegendStrip;

/// From the best (0) to the worst (1), for people who see few colours too.
[[nodiscard]] QColor studyShade(double share);
[[nodiscard]] QColor studyTone(StudyScene::Tone tone);

/// What the shades of a picture stand for: two numbers with the shades between them.
class ShadeStrip : public QWidget {
  Q_OBJECT
 public:
  explicit ShadeStrip(QWidget* parent) : QWidget(parent) {}
  void show(const QString& best, const QString& worst);
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_best, m_worst;
};

/// The inside of a StudyPlot.
struct StudyPlot::Impl final : PlotParts {
  Impl(StudyPlot* owner, Workbench& bench);

  /// Draws the scene within the axes.
  class Canvas : public QCPLayerable {
   public:
    Canvas(QCustomPlot* plot, Impl& owner) : QCPLayerable(plot, QStringLiteral("main")), m_owner(owner) {}

   protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }
    void draw(QCPPainter* painter) override { m_owner.paint(*painter); }
    [[nodiscard]] QRect clipRect() const override { return mParentPlot->axisRect()->rect(); }

   private:
    Impl& m_owner;
  };

  void askReplot();
  void applyTheme();
  void updateTexts();
  void draw();
  void chooseRange();
  void setUpAxis(QCPAxis* axis, const StudyScene::Axis& from) const;
  [[nodiscard]] QCPRange rangeOf(bool horizontal, const StudyScene::Axis& axis, bool log) const;
  [[nodiscard]] QCPRange measuredRange(bool horizontal, const StudyScene::Axis& axis, bool log) const;
  [[nodiscard]] QPointF pixel(double x, double y) const;
  [[nodiscard]] bool seen(std::uint32_t trial) const { return !emphasis || emphasis(trial); }

  // study_plot_paint.cpp
  void paint(QCPPainter& painter);
  [[nodiscard]] QImage rasterise(double scale);
  [[nodiscard]] PlotFrame frameNow(double scale) const;
  [[nodiscard]] bool isCrowd() const;
  void goOnWithCrowd(const QString& key, double scale, bool atOnce);
  void drawCache(QPainter& painter) const;
  void paintGrid(QPainter& painter) const;
  void writeCells(QPainter& painter, const QRectF& area, const QImage& image) const;
  void paintSpans(QPainter& painter) const;
  void paintCurves(QImage& image, double scale) const;
  void paintLinks(QImage& image, double scale) const;
  void paintPoints(QImage& image, double scale);
  void paintBars(QPainter& painter) const;
  void paintLines(QPainter& painter) const;
  void paintChosen(QPainter& painter) const;

  struct Hit {
    enum class Kind : std::uint8_t { None, Point, Curve, Span, Bar, Cell } kind = Kind::None;
    std::size_t index = 0;
    double x = 0, y = 0;
    std::optional<std::uint32_t> trial;
  };
  [[nodiscard]] Hit hitAt(const QPoint& position) const;
  [[nodiscard]] QString axisText(const StudyScene::Axis& axis, double value) const;

  void userMoved() override {
    setFollowing(false);
    askReplot();
  }
  void valuesMoved() override { userMoved(); }
  void pressed(const QMouseEvent& event) override { pressedAt = event.pos(); }
  void showCrosshair(const QPoint& position) override;
  [[nodiscard]] bool saveCsv(const QString& file) const;

  StudyPlot* q;
  Workbench& workbench;
  LegendStrip* legend;
  ShadeStrip* shades;
  Canvas* canvas;
  std::shared_ptr<const StudyScene> scene;
  std::function<QString(std::uint32_t)> trialText;
  std::optional<std::uint32_t> chosen;
  Emphasis emphasis;
  bool logY = false;
  QPoint pressedAt;
  QImage cache;
  QString cacheKey;
  PlotFrame cacheFrame;
  std::unique_ptr<CurveCrowd> crowd;  ///< being drawn, and becomes the cache
  QString crowdKey;
  double crowdMs = 0, crowdLongestMs = 0;
  struct Ranges {
    quint64 version = 0;
    bool log = false;
    QCPRange range;
  };
  mutable std::array<std::optional<Ranges>, 2> ranges;  ///< of all data, along x and along y
  quint64 version = 0;                                  ///< of scene, emphasis and theme
  std::vector<QPointF> places;                          ///< of the points in the cache, within the axes
  double drawMs = 0;                                    ///< of the whole cache
  double longestMs = 0;                                 ///< of its pieces, between which the window answers
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "ui/plots/plot_widget.h"
#include "ui/plots/study_scene.h"

namespace lathe::ui {

class Workbench;

/// One picture of a study: any number of trials as points, thin curves, bars, stretches of time or a heat map, fluid at
/// 100 000 of them. A click on a trial chooses it, a double click opens it. What lies far beyond the others is drawn at
/// the edge. Its CSV holds what is drawn, with the trials' numbers.
class StudyPlot : public PlotWidget {
  Q_OBJECT
 public:
  explicit StudyPlot(Workbench& workbench, QWidget* parent = nullptr);
  ~StudyPlot() override;
  StudyPlot(const StudyPlot&) = delete;
  StudyPlot& operator=(const StudyPlot&) = delete;

  /// Null: nothing yet.
  void setScene(std::shared_ptr<const StudyScene> scene);
  [[nodiscard]] const std::shared_ptr<const StudyScene>& scene() const;
  /// What the crosshair says of a trial, as HTML.
  void setTrialText(std::function<QString(std::uint32_t trial)> text);
  /// Marked with a ring wherever it is.
  void setChosen(std::optional<std::uint32_t> trial);
  [[nodiscard]] std::optional<std::uint32_t> chosen() const;
  /// Trials that are drawn as usual, all others faint; empty: all.
  using Emphasis = std::function<bool(std::uint32_t trial)>;
  void setEmphasis(Emphasis emphasis);

  /// The trial at a place in the plot.
  [[nodiscard]] std::optional<std::uint32_t> trialAt(const QPoint& position) const;
  /// Where the n-th point is drawn.
  [[nodiscard]] QPoint placeOf(std::size_t point) const;
  [[nodiscard]] QString readout(const QPoint& position) const;
  /// How long the last drawing of the trials took.
  [[nodiscard]] double drawMs() const;
  /// The longest of its pieces: for so long a window did not answer.
  [[nodiscard]] double longestMs() const;

  void setLogY(bool on) override;
  [[nodiscard]] bool logY() const override;
  void fit() override;
  [[nodiscard]] QString summary() const override;

 Q_SIGNALS:
  void trialClicked(quint32 trial);
  void trialActivated(quint32 trial);

 protected:
  void applyTheme() override;
  void retranslate() override;
  void titleChanged() override;
  void resized() override;
  void paintTo(QPainter& painter, const QSize& size) const override;
  bool saveCsv(const QString& file) override;
  void showEvent(QShowEvent* event) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace lathe::ui

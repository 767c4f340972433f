// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/store/records.h"
#include "ui/bridge/insight_feeds.h"
#include "ui/plots/curve_types.h"

class QMenu;
class QSplitter;

namespace lathe::ui {

class HeatPlot;
class PillButton;
class Workbench;

/// How weights and gradients of one layer of a run are spread over time, side by side. Reads only while it is seen.
class WeightsPanel : public QWidget {
  Q_OBJECT
 public:
  explicit WeightsPanel(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  /// Chooses the layer; whoever lays the page out finds it a place.
  [[nodiscard]] PillButton* layerPill() const { return m_pill; }
  /// As many pixels as the pill may take: a longer name is shortened in its middle.
  void setPillRoom(int width);
  [[nodiscard]] HeatPlot* weights() const { return m_weights; }
  [[nodiscard]] HeatPlot* gradients() const { return m_gradients; }
  [[nodiscard]] HistogramFeed& feed() { return m_feed; }

  /// `item` says of which run, and how its steps become epochs and seconds.
  void setRun(store::RunNumber run, const CurveItem& item, XAxis axis);
  void setLayer(const std::string& layer);
  [[nodiscard]] std::string layer() const { return m_feed.layer(); }
  /// Of the weights; gradients are shown so from the beginning.
  void setLogY(bool on);
  void fit();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void follow();
  void fillMenu();
  void namePill();
  [[nodiscard]] QString emptyText() const;

  Workbench& m_workbench;
  HistogramFeed m_feed;
  PillButton* m_pill;
  int m_pillRoom = 200;
  QMenu* m_menu;
  QSplitter* m_splitter;
  HeatPlot* m_weights;
  HeatPlot* m_gradients;
};

}  // namespace lathe::ui

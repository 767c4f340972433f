// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

class QPainter;

namespace lathe::ui {

/// One entry of a legend.
struct LegendEntry {
  QString label;
  int colourIndex = 0;
  bool operator==(const LegendEntry&) const = default;
};

/// Colours and names of curves in one line outside of the data, at the right; what does not fit is counted ("+3").
void paintLegend(QPainter& painter, const QRectF& area, const std::vector<LegendEntry>& entries,
                 const QString& caption);

class LegendStrip : public QWidget {
  Q_OBJECT
 public:
  explicit LegendStrip(QWidget* parent = nullptr);
  void setEntries(std::vector<LegendEntry> entries);
  /// Shown instead of entries when there are none.
  void setCaption(const QString& caption);
  [[nodiscard]] const std::vector<LegendEntry>& entries() const { return m_entries; }
  [[nodiscard]] const QString& caption() const { return m_caption; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::vector<LegendEntry> m_entries;
  QString m_caption;
};

}  // namespace lathe::ui

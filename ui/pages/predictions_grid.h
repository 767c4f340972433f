// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/services/run_predictions.h"

namespace lathe::ui {

class PredictionsModel;

/// Validation images, each above what the model says of it and how sure it is. Its height follows from its width; the
/// pictures are as large as the height on offer lets them be.
class PredictionsGrid : public QWidget {
  Q_OBJECT
 public:
  /// `words` says what stands beneath the pictures and outlives this.
  explicit PredictionsGrid(const PredictionsModel& words, QWidget* parent = nullptr);
  void setPredictions(const std::optional<services::RunPredictions>& predictions);
  [[nodiscard]] int count() const { return static_cast<int>(m_pictures.size()); }
  /// As it was drawn from, for tests.
  [[nodiscard]] QImage picture(int index) const { return m_pictures[static_cast<std::size_t>(index)].toImage(); }
  /// Height on offer without scrolling.
  void setRoom(int height);

  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override;
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Layout {
    int columns = 1;
    int cellWidth = 1, cellHeight = 1;
    int side = 1;
  };
  [[nodiscard]] Layout layoutFor(int width) const;
  [[nodiscard]] QFont smallFont() const;
  /// "✓ shirt", "✕ shirt ≠ dress"
  [[nodiscard]] QString verdict(int index) const;
  [[nodiscard]] QRect cell(int index, const Layout& layout) const;

  const PredictionsModel& m_words;
  std::vector<QPixmap> m_pictures;
  int m_textWidth = 0;  ///< of the words that most pictures need
  int m_room = 0;
};

}  // namespace lathe::ui

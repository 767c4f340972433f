// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>
#include <vector>

#include "core/services/augment_preview.h"

namespace lathe::ui {

/// Training images at the left, beside each of them what the network sees of it at some steps. Its height follows from
/// its width.
class AugmentGrid : public QWidget {
  Q_OBJECT
 public:
  explicit AugmentGrid(QWidget* parent = nullptr);
  void setPreview(const services::AugmentPreview& preview);
  [[nodiscard]] int rows() const { return static_cast<int>(m_pictures.size()); }
  [[nodiscard]] int columns() const { return m_pictures.empty() ? 0 : static_cast<int>(m_pictures.front().size()); }
  /// As it was drawn from, for tests; column 0 is the original.
  [[nodiscard]] QImage picture(int row, int column) const;

  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override;
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  [[nodiscard]] int side(int width) const;
  [[nodiscard]] int headingHeight() const;
  [[nodiscard]] QRect cell(int row, int column) const;
  [[nodiscard]] QString describe(int row, int column) const;

  std::vector<std::vector<QPixmap>> m_pictures;
  std::vector<std::uint32_t> m_rows;
  std::vector<QString> m_labels;
  std::vector<std::int64_t> m_steps;
};

}  // namespace lathe::ui

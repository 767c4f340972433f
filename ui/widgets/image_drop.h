// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QPixmap>

namespace lathe::ui {

/// A frame that takes one picture: dropped onto it, or chosen after a click, Space or Enter. Shows it.
class ImageDrop : public QAbstractButton {
  Q_OBJECT
 public:
  explicit ImageDrop(QWidget* parent = nullptr);
  /// Empty takes the picture away.
  void setFile(const QString& file);
  [[nodiscard]] const QString& file() const { return m_file; }
  void retranslate();
  [[nodiscard]] QSize sizeHint() const override { return {260, 160}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {140, 90}; }

 Q_SIGNALS:
  void chosen(const QString& file);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void choose();
  void take(const QString& file);
  void setOver(bool over);
  QString m_file;
  QPixmap m_picture;
  bool m_over = false;  ///< a picture is held above it
};

}  // namespace lathe::ui

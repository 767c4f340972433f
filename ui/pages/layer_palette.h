// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;
class QTreeWidget;

namespace lathe::ui {

class PaneHeader;

/// Every kind of layer by category; typing narrows the list, Return or a double click adds the layer.
class LayerPalette : public QWidget {
  Q_OBJECT
 public:
  explicit LayerPalette(QWidget* parent = nullptr);

 Q_SIGNALS:
  void addWanted(const QString& kind);

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void retranslate();
  void fill();
  void filter(const QString& text);
  PaneHeader* m_header;
  QLineEdit* m_search;
  QTreeWidget* m_tree;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/bridge/augment_previewer.h"

class QLabel;
class QPushButton;

namespace lathe::ui {

class AugmentGrid;
class EmptyState;
class SpecFormWidget;
class Workbench;

/// The augmentation of the next training, with a preview of what the network will see. Shown for images only.
class AugmentPanel : public QWidget {
  Q_OBJECT
 public:
  explicit AugmentPanel(Workbench& workbench, QWidget* parent = nullptr);
  [[nodiscard]] const AugmentPreviewer& previewer() const { return m_previewer; }

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void follow();

  AugmentPreviewer m_previewer;
  SpecFormWidget* m_form;
  QLabel* m_title;
  AugmentGrid* m_grid;
  EmptyState* m_empty;
  QLabel* m_note;
  QPushButton* m_others;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QPushButton;

namespace lathe::ui {

class RateFinder;
class RatePlot;
class Workbench;

/// Finds a learning rate while the person watches: the curve, the suggestion marked on it, and a button that writes the
/// chosen rate into the experiment. Stops the test when it is closed.
class RateDialog : public QDialog {
  Q_OBJECT
 public:
  explicit RateDialog(Workbench& workbench, QWidget* parent = nullptr);
  [[nodiscard]] RateFinder* finder() const { return m_finder; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void follow();
  void use();

  Workbench& m_workbench;
  RateFinder* m_finder;
  QLabel* m_title;
  QLabel* m_explanation;
  RatePlot* m_plot;
  QLabel* m_state;
  QPushButton* m_again;
  QPushButton* m_use;
  QPushButton* m_close;
  bool m_moved = false;  ///< the person chose another rate than the suggestion
};

}  // namespace lathe::ui

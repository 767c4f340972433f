// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "core/services/rate_curves.h"

class QLabel;
class QPushButton;

namespace lathe::ui {

class RateFinder;
class RatePlot;
class Workbench;

/// Finds a learning rate while the person watches: the curve, the suggestion marked on it, and a button that writes the
/// chosen rate into the experiment. A curve that was measured before for this experiment is shown with its date instead
/// of measuring again. Stops the test when it is closed.
class RateDialog : public QDialog {
  Q_OBJECT
 public:
  explicit RateDialog(Workbench& workbench, QWidget* parent = nullptr);
  /// The curve that a run's learning rate was found on.
  RateDialog(Workbench& workbench, const services::KeptRateCurve& curve, store::RunNumber run,
             QWidget* parent = nullptr);
  [[nodiscard]] RateFinder* finder() const { return m_finder; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
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
  store::RunNumber m_run = 0;  ///< whose curve it is; 0: the experiment's
  bool m_moved = false;        ///< the person chose another rate than the suggestion
};

}  // namespace lathe::ui

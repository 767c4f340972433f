// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

class QLineEdit;
class QLabel;
class QFrame;

namespace lathe::ui {

/// A table as every page uses it: whole rows selected, thin lines, Ctrl+F finds in the visible columns, Ctrl+C copies
/// the selected rows as tab-separated text.
class TableView : public QTableView {
  Q_OBJECT
 public:
  explicit TableView(QWidget* parent = nullptr);
  /// Selects the next row below the current one whose text contains `text` (at most some 200 000 rows are looked at);
  /// false when there is none.
  bool find(const QString& text, bool backwards = false);
  /// Widths from the header and the first rows, never from a million.
  void fitColumns(int maximumWidth = 260);
  [[nodiscard]] QString selectionAsText() const;

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void openFinder();
  void closeFinder();
  void placeFinder();
  void retranslate();
  QFrame* m_finder;
  QLineEdit* m_findText;
  QLabel* m_findResult;
};

}  // namespace lathe::ui

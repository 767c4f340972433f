// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>
#include <QLabel>
#include <QWidget>
#include <vector>

namespace lathe::ui {

/// A form of two columns with right-aligned labels on one baseline with their fields.
class Form : public QWidget {
  Q_OBJECT
 public:
  explicit Form(QWidget* parent = nullptr);

  /// One label with its field; the field's accessible name and help become the label's and `help`.
  struct Row {
    QLabel* label = nullptr;
    QWidget* field = nullptr;
    void setVisible(bool visible) const;
    void setText(const QString& text, const QString& help = {}) const;
  };
  Row addRow(const QString& label, QWidget* field, const QString& help = {});
  /// A heading above the rows that follow.
  QLabel* addHeading(const QString& text);
  /// A widget over both columns.
  void addWide(QWidget* widget);
  /// Labels take what they need and no more: for forms whose labels are short.
  void setShortLabels() { m_grid->setColumnStretch(0, 0); }
  /// Takes all rows away, with their widgets.
  void clear();
  [[nodiscard]] const std::vector<Row>& rows() const { return m_rows; }

 private:
  QGridLayout* m_grid;
  std::vector<Row> m_rows;
  int m_next = 0;
  int m_lineHeight = 0;
};

}  // namespace lathe::ui

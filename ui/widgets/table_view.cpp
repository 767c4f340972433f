// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <algorithm>

#include "ui/widgets/labels.h"

namespace lathe::ui {

TableView::TableView(QWidget* parent)
    : QTableView(parent),
      m_finder(new QFrame(this)),
      m_findText(new QLineEdit(m_finder)),
      m_findResult(makeLabel(TextRole::Caption, m_finder)) {
  setShowGrid(false);
  setWordWrap(false);
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setTabKeyNavigation(false);  // arrows go from cell to cell; Tab goes on to the next control
  setFrameShape(QFrame::NoFrame);
  setProperty("dataTable", true);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 11);
  verticalHeader()->setMinimumSectionSize(16);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  horizontalHeader()->setMinimumSectionSize(36);
  QFont small = QApplication::font();
  if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.9);
  horizontalHeader()->setFont(small);

  m_finder->setProperty("finder", true);
  m_finder->setAutoFillBackground(true);
  auto* layout = new QHBoxLayout(m_finder);
  layout->setContentsMargins(8, 6, 8, 6);
  layout->addWidget(m_findText);
  layout->addWidget(m_findResult);
  m_findText->installEventFilter(this);
  m_findText->setMinimumWidth(140);
  m_finder->hide();
  connect(m_findText, &QLineEdit::textChanged, this, [this](const QString& text) {
    const bool found = text.isEmpty() || find(text);
    m_findResult->setText(found ? QString() : tr("not found"));
    placeFinder();
  });
  retranslate();
}

bool TableView::find(const QString& text, bool backwards) {
  const auto* rows = model();
  if (rows == nullptr || text.isEmpty() || rows->rowCount() == 0) return false;
  const int count = rows->rowCount();
  const int looked = std::min(count, 200'000);
  // A longer text is first looked for in the row that was found already.
  const bool stays = currentIndex().isValid() && !backwards && m_findText->hasFocus() && !property("findNext").toBool();
  const int start = currentIndex().isValid() ? currentIndex().row() + (stays ? 0 : (backwards ? -1 : 1)) : 0;
  for (int i = 0; i < looked; ++i) {
    const int row = ((backwards ? start - i : start + i) % count + count) % count;
    for (int column = 0; column < rows->columnCount(); ++column) {
      if (isColumnHidden(column)) continue;
      const auto index = rows->index(row, column);
      if (!index.data(Qt::DisplayRole).toString().contains(text, Qt::CaseInsensitive)) continue;
      setCurrentIndex(index);
      scrollTo(index);
      return true;
    }
  }
  return false;
}

void TableView::fitColumns(int maximumWidth) {
  const auto* rows = model();
  if (rows == nullptr) return;
  const int sample = std::min(rows->rowCount(), 50);
  for (int column = 0; column < rows->columnCount(); ++column) {
    // The sorted column's arrow may stand in any of them.
    int width = horizontalHeader()->sectionSizeHint(column) + (isSortingEnabled() ? 12 : 2);
    for (int row = 0; row < sample; ++row) {
      const auto text = rows->index(row, column).data(Qt::DisplayRole).toString();
      width = std::max(width, fontMetrics().horizontalAdvance(text) + 25);
    }
    setColumnWidth(column, std::min(width, maximumWidth));
  }
}

QString TableView::selectionAsText() const {
  QStringList lines;
  auto rows = selectionModel() != nullptr ? selectionModel()->selectedRows() : QModelIndexList();
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.row() < b.row(); });
  for (const auto& index : rows) {
    QStringList cells;
    for (int column = 0; column < model()->columnCount(); ++column)
      if (!isColumnHidden(column)) cells << model()->index(index.row(), column).data(Qt::DisplayRole).toString();
    lines << cells.join(QLatin1Char('\t'));
  }
  return lines.join(QLatin1Char('\n'));
}

void TableView::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Find)) return openFinder();
  if (event->matches(QKeySequence::Copy)) return QApplication::clipboard()->setText(selectionAsText());
  if (event->key() == Qt::Key_Escape && m_finder->isVisible()) return closeFinder();
  QTableView::keyPressEvent(event);
}

bool TableView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_findText && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Escape) {
      closeFinder();
      return true;
    }
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->matches(QKeySequence::FindNext)) {
      setProperty("findNext", true);
      m_findResult->setText(find(m_findText->text(), key->modifiers().testFlag(Qt::ShiftModifier)) ? QString()
                                                                                                   : tr("not found"));
      setProperty("findNext", false);
      placeFinder();
      return true;
    }
  }
  return QTableView::eventFilter(watched, event);
}

void TableView::openFinder() {
  m_finder->show();
  m_finder->raise();
  placeFinder();
  m_findText->setFocus(Qt::ShortcutFocusReason);
  m_findText->selectAll();
}

void TableView::closeFinder() {
  m_finder->hide();
  setFocus(Qt::OtherFocusReason);
}

void TableView::placeFinder() {
  m_finder->adjustSize();
  const int top = horizontalHeader()->isVisible() ? horizontalHeader()->height() : 0;
  m_finder->move(std::max(0, width() - m_finder->width() - 12), top + 4);
}

void TableView::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  if (m_finder->isVisible()) placeFinder();
}

void TableView::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

void TableView::retranslate() {
  m_findText->setPlaceholderText(tr("Find in this table"));
  m_findText->setAccessibleName(tr("Find in this table"));
}

}  // namespace lathe::ui

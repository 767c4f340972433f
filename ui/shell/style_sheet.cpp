// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/style_sheet.h"

#include <QHash>

namespace lathe::ui {
namespace {

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto mix = [share](float x, float y) { return x + (y - x) * static_cast<float>(share); };
  return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

// @name is replaced by the token of that name.
const char* const rules = R"(
QWidget[surface="true"], QScrollArea[surface="true"] > QWidget > QWidget { background: @surface; }
QWidget[page="true"] { background: @background; }
QFrame[paneHeader="true"] { background: @surface; border: none; border-bottom: 1px solid @border; }
QFrame[strip="true"] { background: @raised; border: none; border-top: 1px solid @border; }
QFrame[statusStrip="true"] { background: @surface; border: none; border-top: 1px solid @border; }
QFrame[headerBar="true"] { background: @surface; border: none; border-bottom: 1px solid @border; }
QFrame[card="true"] { background: @surface; border: 1px solid @border; border-radius: 6px; }
QFrame[finder="true"] { background: @surface; border: 1px solid @border; border-radius: 4px; }
QFrame[dropZone="true"] { background: @surface; border: 1px dashed @secondary; border-radius: 8px; }
QFrame[dropZone="true"][over="true"] { background: @selection; border: 1px dashed @accent; }
QFrame[banner="true"] { background: @badTint; border: none; border-bottom: 1px solid @bad; }
QFrame[banner="true"]:focus { border: 1px solid @bad; }
QFrame[note="true"] { background: @raised; border: none; border-radius: 4px; }
QLabel[dropOverlay="true"] { background: @overlay; color: @text; border: 2px dashed @accent; border-radius: 8px; }

QLabel { background: transparent; }
*[textRole="caption"], QLabel[formLabel="true"] { color: @secondary; }
*[textRole="good"] { color: @good; }
*[textRole="warning"] { color: @warning; }
*[textRole="bad"] { color: @bad; }

QPushButton { background: @surface; color: @text; border: 1px solid @border; border-radius: 4px;
  padding: 5px 12px; outline: none; }
QPushButton:hover { background: @raised; }
QPushButton:pressed, QPushButton:checked { background: @selection; border-color: @accent; }
QPushButton:focus { border: 2px solid @accent; padding: 4px 11px; }
QPushButton:disabled { color: @disabled; background: @background; }
QPushButton[primary="true"] { background: @accent; color: @accentText; border-color: @accent; }
QPushButton[primary="true"]:hover { background: @accentHover; border-color: @accentHover; }
QPushButton[primary="true"]:focus { border: 2px solid @text; padding: 4px 11px; }
QPushButton[primary="true"]:disabled { background: @raised; color: @disabled; border-color: @border; }
QPushButton[link="true"] { background: transparent; border: 1px solid transparent; color: @accent; padding: 2px 3px; }
QPushButton[link="true"]:disabled { color: @disabled; }
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border: 1px solid @accent; padding: 2px 3px; }
QPushButton[pill="true"] { border-radius: 9px; padding: 1px 9px; min-height: 16px; color: @secondary; }
QPushButton[pill="true"]:hover { color: @text; }
QPushButton[pill="true"]:checked { background: @selection; color: @text; border-color: @accent; }
QPushButton[pill="true"]:focus { border: 2px solid @accent; padding: 0px 8px; color: @text; }
QPushButton[pill="true"]:disabled { color: @disabled; }
QTabBar { background: transparent; border: none; }
QTabBar::tab { background: transparent; color: @secondary; border: none; border-bottom: 2px solid transparent;
  padding: 3px 8px 3px 8px; margin-right: 4px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { background: @selection; }
QPushButton::menu-indicator { image: url(@images/chevron.svg); subcontrol-origin: padding;
  subcontrol-position: right center; right: 6px; width: 12px; height: 12px; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 3px; }
QToolButton:hover { background: @raised; border-color: @border; }
QToolButton:pressed, QToolButton:checked { background: @selection; }
QToolButton:focus { border-color: @accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit { background: @field; color: @text;
  border: 1px solid @border; border-radius: 4px; padding: 3px 7px; selection-background-color: @accent;
  selection-color: @accentText; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
  border: 1px solid @accent; background: @surface; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: @disabled; }
QLineEdit[invalid="true"], QLineEdit[invalid="true"]:focus { border: 1px solid @bad; background: @badTint; }
QAbstractItemView QLineEdit { border-radius: 0; padding: 1px 5px; }
QComboBox { padding-right: 22px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(@images/chevron.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border; selection-background-color: @selection;
  selection-color: @text; outline: none; padding: 2px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0;
  border: none; }
QCheckBox { spacing: 8px; border: 1px solid transparent; border-radius: 3px; padding: 1px; }
QCheckBox:focus { border-color: @accent; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid @secondary; border-radius: 3px;
  background: @surface; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(@images/check.svg); }
QCheckBox::indicator:disabled { border-color: @border; background: @raised; }

QAbstractItemView { background: @surface; border: none; outline: none; selection-background-color: @selection;
  selection-color: @text; }
QTreeView { border: 1px solid transparent; }
QTreeView:focus { border: 1px solid @accent; }
QTableView[dataTable="true"]::item { border: none; border-bottom: 1px solid @grid; padding: 0px 8px; }
QTableView[dataTable="true"]::item:selected { background: @selection; color: @text; }
QTableView[dataTable="true"]::item:focus { border: 1px solid @accent; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @secondary; border: none; border-bottom: 1px solid @border;
  padding: 5px 11px; }
QHeaderView::section:horizontal { padding-right: 3px; }
QHeaderView::up-arrow, QHeaderView::down-arrow { subcontrol-origin: border; subcontrol-position: center right;
  width: 8px; height: 8px; right: 1px; }
QListView::item, QTreeView::item { padding: 4px 8px; border-radius: 3px; color: @text; }
QListView::item:hover, QTreeView::item:hover { background: @raised; }
QListView::item:selected, QTreeView::item:selected { background: @selection; color: @text; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListView::item:disabled, QTreeView::item:disabled { color: @disabled; }
QTableCornerButton::section { background: @surface; border: none; }

QSplitter::handle { background: @border; }
QSplitter::handle:hover { background: @accent; }
QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 4px; margin: 2px; }
QScrollBar::handle:hover { background: @secondary; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenuBar { background: @surface; border-bottom: 1px solid @border; padding: 1px 4px; }
QMenuBar::item { padding: 3px 8px; border-radius: 3px; background: transparent; }
QMenuBar::item:selected { background: @selection; color: @text; }
QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 3px; }
QMenu::item:selected { background: @selection; color: @text; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }
QMenu::icon { padding-left: 6px; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px 6px; }
QDialog { background: @background; }
)";

}  // namespace

QPalette palette(const Theme& theme) {
  QPalette result;
  const QColor disabled = mixed(theme.secondary, theme.surface, 0.4);
  const auto set = [&](QPalette::ColorRole role, const QColor& colour) {
    result.setColor(QPalette::All, role, colour);
  };
  set(QPalette::Window, theme.background);
  set(QPalette::WindowText, theme.text);
  set(QPalette::Base, theme.surface);
  set(QPalette::AlternateBase, theme.raised);
  set(QPalette::Text, theme.text);
  set(QPalette::Button, theme.raised);
  set(QPalette::ButtonText, theme.text);
  set(QPalette::BrightText, theme.bad);
  set(QPalette::Highlight, theme.selection);
  set(QPalette::HighlightedText, theme.text);
  set(QPalette::Link, theme.accent);
  set(QPalette::LinkVisited, theme.accent);
  set(QPalette::ToolTipBase, theme.raised);
  set(QPalette::ToolTipText, theme.text);
  set(QPalette::PlaceholderText, theme.secondary);
  set(QPalette::Light, theme.surface);
  set(QPalette::Midlight, theme.grid);
  set(QPalette::Mid, theme.border);
  set(QPalette::Dark, theme.border);
  set(QPalette::Shadow, mixed(theme.text, theme.background, theme.dark ? 0.9 : 0.5));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
    result.setColor(QPalette::Disabled, role, disabled);
  return result;
}

QString styleSheet(const Theme& theme, const QString& images) {
  const QHash<QString, QColor> tokens{
      {QStringLiteral("surface"), theme.surface},
      {QStringLiteral("background"), theme.background},
      {QStringLiteral("raised"), theme.raised},
      {QStringLiteral("border"), theme.border},
      {QStringLiteral("grid"), theme.grid},
      {QStringLiteral("text"), theme.text},
      {QStringLiteral("secondary"), theme.secondary},
      {QStringLiteral("accent"), theme.accent},
      {QStringLiteral("accentText"), theme.accentText},
      {QStringLiteral("accentHover"), mixed(theme.accent, theme.text, 0.15)},
      {QStringLiteral("selection"), theme.selection},
      {QStringLiteral("good"), theme.good},
      {QStringLiteral("warning"), theme.warning},
      {QStringLiteral("bad"), theme.bad},
      {QStringLiteral("badTint"), mixed(theme.surface, theme.bad, 0.08)},
      {QStringLiteral("disabled"), mixed(theme.secondary, theme.surface, 0.4)},
      {QStringLiteral("field"), theme.background},
      {QStringLiteral("overlay"), theme.selection},
  };
  const QString source = QString::fromLatin1(rules);
  QString result;
  result.reserve(source.size() * 2);
  for (qsizetype i = 0; i < source.size(); ++i) {
    if (source[i] != QLatin1Char('@')) {
      result += source[i];
      continue;
    }
    qsizetype end = i + 1;
    while (end < source.size() && source[end].isLetter()) ++end;
    const auto name = source.mid(i + 1, end - i - 1);
    result += name == QLatin1String("images") ? images : tokens.value(name).name(QColor::HexRgb);
    i = end - 1;
  }
  return result;
}

}  // namespace lathe::ui

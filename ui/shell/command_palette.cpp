// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_palette.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPointer>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/models/theme.h"
#include "ui/shell/fuzzy.h"
#include "ui/widgets/labels.h"

namespace lathe::ui {
namespace {

constexpr int paletteWidth = 560;
constexpr int shownRows = 12;

/// Group in the secondary colour, text, and the shortcut at the right.
class CommandDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const auto& theme = Theme::current();
    if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, theme.selection);
    QRect area = option.rect.adjusted(12, 0, -12, 0);
    const auto shortcut = index.data(CommandModel::ShortcutRole).toString();
    painter->setFont(option.font);
    painter->setPen(theme.secondary);
    painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, shortcut);
    area.setRight(area.right() - option.fontMetrics.horizontalAdvance(shortcut) - 12);
    const auto group = index.data(CommandModel::GroupRole).toString() + QStringLiteral("  ");
    painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, group);
    area.setLeft(area.left() + std::max(option.fontMetrics.horizontalAdvance(group), 84));
    painter->setPen(index.flags() & Qt::ItemIsEnabled ? theme.text : theme.secondary);
    painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, area.width()));
  }
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
    return {200, option.fontMetrics.height() + 12};
  }
};

}  // namespace

void CommandModel::setCommands(std::vector<Command> commands) {
  m_commands = std::move(commands);
  setPattern({});
}

void CommandModel::setPattern(const QString& pattern) {
  beginResetModel();
  std::vector<std::pair<int, std::size_t>> scored;
  for (std::size_t i = 0; i < m_commands.size(); ++i) {
    const auto& command = m_commands[i];
    const int score = std::max(fuzzyScore(pattern, command.text),
                               fuzzyScore(pattern, command.group + QLatin1Char(' ') + command.text));
    if (score > 0) scored.emplace_back(score + (command.enabled ? 1 : 0), i);
  }
  std::stable_sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  m_shown.clear();
  for (const auto& [score, index] : scored) m_shown.push_back(index);
  endResetModel();
}

int CommandModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

const Command* CommandModel::command(int row) const {
  return row >= 0 && row < rowCount() ? &m_commands[m_shown[static_cast<std::size_t>(row)]] : nullptr;
}

QVariant CommandModel::data(const QModelIndex& index, int role) const {
  const auto* entry = command(index.row());
  if (entry == nullptr) return {};
  switch (role) {
    case Qt::DisplayRole:
      return entry->text;
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1: %2").arg(entry->group, entry->text);
    case GroupRole:
      return entry->group;
    case ShortcutRole:
      return entry->shortcut;
    default:
      return {};
  }
}

CommandPalette::CommandPalette(QWidget* window)
    : QFrame(window),
      m_input(new QLineEdit(this)),
      m_list(new QListView(this)),
      m_nothing(makeLabel(TextRole::Caption, this)),
      m_model(new CommandModel(this)) {
  setObjectName(QStringLiteral("commandPalette"));
  setProperty("finder", true);
  setAutoFillBackground(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 8, 8, 8);
  layout->setSpacing(6);
  layout->addWidget(m_input);
  layout->addWidget(m_nothing);
  layout->addWidget(m_list);
  m_nothing->setContentsMargins(12, 4, 12, 4);
  m_list->setModel(m_model);
  m_list->setItemDelegate(new CommandDelegate(m_list));
  m_list->setUniformItemSizes(true);
  m_list->setFocusPolicy(Qt::NoFocus);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  connect(m_input, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_model->setPattern(text);
    m_list->setCurrentIndex(m_model->index(0));
    place();
  });
  connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) {
    m_list->setCurrentIndex(index);
    runCurrent();
  });
  m_input->installEventFilter(this);
  window->installEventFilter(this);
  hide();
  retranslate();
}

void CommandPalette::open(std::vector<Command> commands) {
  if (!isVisible()) m_focusBefore = QApplication::focusWidget();
  m_model->setCommands(std::move(commands));
  m_input->clear();
  m_list->setCurrentIndex(m_model->index(0));
  place();
  show();
  raise();
  m_input->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::place() {
  const bool nothing = m_model->rowCount() == 0;
  m_nothing->setVisible(nothing);
  m_list->setVisible(!nothing);
  const int row = m_list->sizeHintForRow(0);
  const int rows = std::clamp(m_model->rowCount(), 1, shownRows);
  m_list->setFixedHeight(std::max(row, 20) * rows + 4);
  const auto* window = parentWidget();
  const int width = std::min(paletteWidth, window->width() - 32);
  setFixedWidth(width);
  adjustSize();
  move((window->width() - width) / 2, std::min(72, window->height() / 8));
}

void CommandPalette::close(bool giveFocusBack) {
  hide();
  if (giveFocusBack && m_focusBefore != nullptr && m_focusBefore->isVisible())
    m_focusBefore->setFocus(Qt::OtherFocusReason);
  m_focusBefore = nullptr;
}

void CommandPalette::runCurrent() {
  const auto* command = m_model->command(m_list->currentIndex().row());
  if (command == nullptr || !command->enabled) return;
  const auto run = command->run;
  close(true);
  if (run) run();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget()) {
    if (isVisible() && event->type() == QEvent::Resize) place();
    return false;
  }
  if (event->type() == QEvent::FocusOut && isVisible()) {
    close(false);
    return false;
  }
  if (event->type() != QEvent::KeyPress) return false;
  const auto* key = static_cast<QKeyEvent*>(event);
  const int row = m_list->currentIndex().row();
  const int last = m_model->rowCount() - 1;
  switch (key->key()) {
    case Qt::Key_Escape:
      close(true);
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      runCurrent();
      return true;
    case Qt::Key_Down:
      m_list->setCurrentIndex(m_model->index(row >= last ? 0 : row + 1));
      return true;
    case Qt::Key_Up:
      m_list->setCurrentIndex(m_model->index(row <= 0 ? last : row - 1));
      return true;
    case Qt::Key_PageDown:
      m_list->setCurrentIndex(m_model->index(std::min(last, row + shownRows)));
      return true;
    case Qt::Key_PageUp:
      m_list->setCurrentIndex(m_model->index(std::max(0, row - shownRows)));
      return true;
    default:
      return false;
  }
}

void CommandPalette::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

void CommandPalette::retranslate() {
  m_input->setPlaceholderText(tr("Type a command, a page, a run or a sample"));
  m_input->setAccessibleName(tr("Commands"));
  m_list->setAccessibleName(tr("Commands that fit"));
  m_nothing->setText(tr("Nothing fits. Try fewer letters."));
}

}  // namespace lathe::ui

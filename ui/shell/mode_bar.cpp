// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mode_bar.h"

#include <QAction>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/widgets/icons.h"

namespace lathe::ui {
namespace {

constexpr int barWidth = 66;

class ModeButton : public QAbstractButton {
 public:
  ModeButton(QAction* action, QString iconName, QWidget* parent)
      : QAbstractButton(parent), m_action(action), m_iconName(std::move(iconName)) {
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    QFont small = font();
    if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.9);
    setFont(small);
    connect(this, &QAbstractButton::clicked, action, [this] {
      m_action->trigger();
      follow();
    });
    connect(action, &QAction::changed, this, [this] { follow(); });
    follow();
  }
  [[nodiscard]] QSize sizeHint() const override {
    return {std::max(barWidth, fontMetrics().horizontalAdvance(text()) + 12), fontMetrics().height() + 42};
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    const auto& theme = Theme::current();
    QPainter painter(this);
    if (isChecked()) {
      painter.fillRect(rect(), theme.modeBarActive);
      painter.fillRect(QRect(0, 0, 3, height()), Theme::darkTheme().accent);
    } else if (underMouse()) {
      painter.setOpacity(0.5);
      painter.fillRect(rect(), theme.modeBarActive);
      painter.setOpacity(1);
    }
    const QColor colour = isChecked() ? QColor(Qt::white) : theme.modeBarText;
    const int side = 22;
    const int block = side + 5 + fontMetrics().height();
    const int top = (height() - block) / 2;
    ui::icon(m_iconName, colour).paint(&painter, QRect((width() - side) / 2, top, side, side));
    painter.setPen(colour);
    painter.drawText(QRect(0, top + side + 5, width(), fontMetrics().height()), Qt::AlignCenter, text());
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
      painter.setPen(QPen(Theme::darkTheme().accent, 1));
      painter.setBrush(Qt::NoBrush);
      painter.drawRect(rect().adjusted(4, 1, -2, -2));
    }
  }

 private:
  void follow() {
    setText(format::withoutMnemonic(m_action->text()));
    setAccessibleName(text());
    const auto keys = m_action->shortcut().toString(QKeySequence::NativeText);
    setToolTip(keys.isEmpty() ? text() : QStringLiteral("%1 (%2)").arg(text(), keys));
    setChecked(m_action->isChecked());
    updateGeometry();
    update();
  }
  QAction* m_action;
  QString m_iconName;
};

}  // namespace

ModeBar::ModeBar(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this)) {
  m_layout->setContentsMargins(0, 8, 0, 8);
  m_layout->setSpacing(0);
  m_layout->addStretch(1);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
}

void ModeBar::addMode(QAction* action, const QString& iconName) {
  auto* button = new ModeButton(action, iconName, this);
  m_layout->insertWidget(m_layout->count() - 1, button);
  m_buttons.append(button);
}

void ModeBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), Theme::current().modeBar);
}

void ModeBar::keyPressEvent(QKeyEvent* event) {
  const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
  for (int i = 0; step != 0 && i < m_buttons.size(); ++i) {
    if (!m_buttons[i]->hasFocus()) continue;
    const auto count = static_cast<int>(m_buttons.size());
    m_buttons[(i + step + count) % count]->setFocus(Qt::TabFocusReason);
    return;
  }
  QWidget::keyPressEvent(event);
}

}  // namespace lathe::ui

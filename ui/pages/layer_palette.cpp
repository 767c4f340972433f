// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/layer_palette.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "core/spec/layer_kind.h"
#include "ui/bridge/error_text.h"
#include "ui/pages/pane_header.h"

namespace lathe::ui {
namespace {

constexpr int kindRole = Qt::UserRole;

}  // namespace

LayerPalette::LayerPalette(QWidget* parent)
    : QWidget(parent), m_header(new PaneHeader(this)), m_search(new QLineEdit(this)), m_tree(new QTreeWidget(this)) {
  setProperty("surface", true);
  setAttribute(Qt::WA_StyledBackground);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_header);
  auto* row = new QVBoxLayout;
  row->setContentsMargins(12, 8, 12, 4);
  row->addWidget(m_search);
  layout->addLayout(row);
  layout->addWidget(m_tree, 1);
  m_tree->setHeaderHidden(true);
  m_tree->setRootIsDecorated(false);
  m_tree->setIndentation(12);
  m_tree->setItemsExpandable(false);
  m_tree->setFrameShape(QFrame::NoFrame);
  m_tree->setObjectName(QStringLiteral("layerKinds"));
  m_search->setObjectName(QStringLiteral("layerSearch"));
  m_search->installEventFilter(this);
  connect(m_search, &QLineEdit::textChanged, this, &LayerPalette::filter);
  connect(m_tree, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
    const auto kind = item->data(0, kindRole).toString();
    if (!kind.isEmpty()) Q_EMIT addWanted(kind);
  });
  retranslate();
}

void LayerPalette::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

bool LayerPalette::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_search && event->type() == QEvent::KeyPress) {
    const auto key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
      if (key != Qt::Key_Down && m_tree->currentItem() != nullptr && !m_tree->currentItem()->isHidden())
        Q_EMIT addWanted(m_tree->currentItem()->data(0, kindRole).toString());
      else
        m_tree->setFocus(Qt::TabFocusReason);
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void LayerPalette::retranslate() {
  m_header->setTitle(tr("Layers"));
  m_search->setPlaceholderText(tr("Search layers"));
  m_search->setAccessibleName(tr("Search layers"));
  m_tree->setAccessibleName(tr("Kinds of layers"));
  m_tree->setWhatsThis(tr("Return or a double click adds the layer below the chosen one."));
  fill();
}

void LayerPalette::fill() {
  m_tree->clear();
  QMap<QString, QTreeWidgetItem*> groups;
  for (const auto* kind : spec::layerKinds()) {
    const auto category = QString::fromStdString(kind->category());
    auto*& group = groups[category];
    if (group == nullptr) {
      group = new QTreeWidgetItem(m_tree, {translated(kind->category(), "layers")});
      QFont strong = font();
      strong.setWeight(QFont::DemiBold);
      group->setFont(0, strong);
      group->setFlags(Qt::ItemIsEnabled);
    }
    auto* item = new QTreeWidgetItem(group, {translated(kind->label(), "layers")});
    item->setData(0, kindRole, QString::fromStdString(kind->name()));
    item->setToolTip(0, translated(kind->help(), "layers"));
  }
  m_tree->expandAll();
  filter(m_search->text());
}

void LayerPalette::filter(const QString& text) {
  QTreeWidgetItem* first = nullptr;
  for (int g = 0; g < m_tree->topLevelItemCount(); ++g) {
    auto* group = m_tree->topLevelItem(g);
    bool any = false;
    for (int i = 0; i < group->childCount(); ++i) {
      auto* item = group->child(i);
      const bool fits = text.isEmpty() || item->text(0).contains(text, Qt::CaseInsensitive) ||
                        item->data(0, kindRole).toString().contains(text, Qt::CaseInsensitive) ||
                        group->text(0).contains(text, Qt::CaseInsensitive);
      item->setHidden(!fits);
      any = any || fits;
      if (fits && first == nullptr) first = item;
    }
    group->setHidden(!any);
  }
  m_tree->setCurrentItem(text.isEmpty() ? nullptr : first);
}

}  // namespace lathe::ui

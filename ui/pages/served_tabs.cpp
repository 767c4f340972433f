// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/served_tabs.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include "ui/bridge/error_text.h"
#include "ui/models/format.h"
#include "ui/pages/drift_panel.h"
#include "ui/pages/try_panel.h"
#include "ui/widgets/empty_state.h"

namespace lathe::ui {

ServedTabs::ServedTabs(QWidget* parent)
    : QWidget(parent),
      m_line(new QHBoxLayout),
      m_bar(new QTabBar(this)),
      m_stack(new QStackedWidget(this)),
      m_try(new TryPanel(m_stack)),
      m_drift(new DriftPanel(m_stack)),
      m_historyStates(new QStackedWidget(m_stack)),
      m_noHistory(new EmptyState(m_historyStates)),
      m_history(new QListWidget(m_historyStates)) {
  setProperty("surface", true);
  setAttribute(Qt::WA_StyledBackground);
  m_bar->setObjectName(QStringLiteral("servedTabBar"));
  m_bar->setDrawBase(false);
  m_bar->setExpanding(false);
  m_bar->setElideMode(Qt::ElideNone);
  for (int tab = 0; tab < TabCount; ++tab) m_bar->addTab({});
  m_history->setObjectName(QStringLiteral("deploymentHistory"));
  m_history->setFrameShape(QFrame::NoFrame);
  m_history->setWordWrap(true);
  m_history->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_historyStates->addWidget(m_noHistory);
  m_historyStates->addWidget(m_history);
  for (QWidget* page :
       {static_cast<QWidget*>(m_try), static_cast<QWidget*>(m_drift), static_cast<QWidget*>(m_historyStates)})
    m_stack->addWidget(page);
  m_line->setContentsMargins(12, 6, 12, 0);
  m_line->setSpacing(8);
  m_line->addWidget(m_bar);
  m_line->addStretch(1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(m_line);
  column->addWidget(m_stack, 1);
  connect(m_bar, &QTabBar::currentChanged, this, [this](int tab) {
    m_stack->setCurrentIndex(tab);
    Q_EMIT tabChanged();
  });
  retranslate();
}

ServedTabs::Tab ServedTabs::current() const { return static_cast<Tab>(m_bar->currentIndex()); }

void ServedTabs::addRight(QWidget* widget) { m_line->addWidget(widget); }

void ServedTabs::showTab(Tab tab) { m_bar->setCurrentIndex(tab); }

void ServedTabs::setHistory(const std::vector<services::DeploymentEvent>& history) {
  if (history == m_events) return;  // else the list would lose its place at every look
  m_events = history;
  fillHistory();
}

void ServedTabs::fillHistory() {
  m_history->clear();
  for (auto event = m_events.rbegin(); event != m_events.rend(); ++event)
    m_history->addItem(
        QStringLiteral("%1   %2").arg(format::when(event->micros), translated(event->message, "events")));
  m_historyStates->setCurrentIndex(m_events.empty() ? 0 : 1);
}

void ServedTabs::retranslate() {
  m_bar->setAccessibleName(tr("The chosen deployment"));
  m_bar->setTabText(Try, tr("Try a request"));
  m_bar->setTabText(Inputs, tr("Inputs"));
  m_bar->setTabText(History, tr("History"));
  m_bar->setTabToolTip(Inputs, tr("What the model is asked for, beside its training rows"));
  m_history->setAccessibleName(tr("History"));
  m_noHistory->showEmpty(
      tr("Nothing happened yet"),
      tr("Promotions, trainings on new data and roll-backs of the chosen deployment are listed here."));
  m_try->retranslate();
  m_drift->retranslate();
  fillHistory();
}

}  // namespace lathe::ui

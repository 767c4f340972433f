// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/autopilot_page.h"

#include <QDataStream>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QSplitter>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/autopilot_live.h"
#include "ui/pages/autopilot_ready.h"
#include "ui/pages/autopilot_setup.h"
#include "ui/widgets/labels.h"

namespace lathe::ui {

AutopilotPage::AutopilotPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      m_splitter(new QSplitter(Qt::Horizontal, this)),
      m_setup(new AutopilotSetup(workbench, m_splitter)),
      m_states(new QStackedWidget(m_splitter)),
      m_ready(new AutopilotReady(workbench, m_states)),
      m_live(new AutopilotLive(workbench, m_states)) {
  setAcceptDrops(true);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  m_splitter->setHandleWidth(1);
  m_splitter->setChildrenCollapsible(false);
  outer->addWidget(m_splitter);
  m_states->addWidget(m_ready);
  m_states->addWidget(m_live);
  m_splitter->setStretchFactor(0, 0);
  m_splitter->setStretchFactor(1, 1);
  m_splitter->setSizes({330, 880});
  connect(m_setup, &AutopilotSetup::fileWanted, this, &AutopilotPage::fileWanted);
  connect(m_setup, &AutopilotSetup::folderWanted, this, &AutopilotPage::folderWanted);
  connect(m_setup, &AutopilotSetup::dataChosen, this, &AutopilotPage::openData);
  connect(m_ready, &AutopilotReady::fileWanted, this, &AutopilotPage::fileWanted);
  connect(m_ready, &AutopilotReady::folderWanted, this, &AutopilotPage::folderWanted);
  connect(m_live, &AutopilotLive::runWanted, this, &AutopilotPage::runWanted);
  connect(m_live, &AutopilotLive::deployWanted, this, &AutopilotPage::deployWanted);
  connect(&workbench.autopilot(), &AutopilotController::changed, this, &AutopilotPage::follow);
  connect(&workbench.autopilot(), &AutopilotController::takenOver, this,
          [this] { Q_EMIT this->workbench().pageRequested(QStringLiteral("model")); });
  follow();
}

void AutopilotPage::follow() {
  const bool idle = workbench().autopilot().state() == AutopilotController::State::Idle;
  m_states->setCurrentWidget(idle ? static_cast<QWidget*>(m_ready) : m_live);
}

void AutopilotPage::start() { m_setup->start(); }

QString AutopilotPage::problem() const { return m_setup->problem(); }

void AutopilotPage::openData(const QString& path) { workbench().openData(path, QStringLiteral("autopilot")); }

void AutopilotPage::markZone(bool over) {
  if (auto* zone = findChild<QFrame*>(QStringLiteral("autopilotZone"))) {
    zone->setProperty("over", over);
    repolish(*zone);
  }
}

/// One local file or folder; whatever else is dropped goes to the window, which says what is wrong with it.
void AutopilotPage::dragEnterEvent(QDragEnterEvent* event) {
  const auto urls = event->mimeData()->urls();
  if (urls.size() != 1 || !urls.front().isLocalFile() || workbench().autopilot().active()) return event->ignore();
  event->acceptProposedAction();
  markZone(true);
}

void AutopilotPage::dragLeaveEvent(QDragLeaveEvent* event) {
  markZone(false);
  Page::dragLeaveEvent(event);
}

void AutopilotPage::dropEvent(QDropEvent* event) {
  markZone(false);
  const auto urls = event->mimeData()->urls();
  if (urls.isEmpty()) return;
  event->acceptProposedAction();
  openData(urls.front().toLocalFile());
}

void AutopilotPage::retranslate() {
  m_setup->retranslate();
  m_ready->retranslate();
  m_live->retranslate();
}

QByteArray AutopilotPage::saveState() const {
  QByteArray state;
  QDataStream stream(&state, QIODevice::WriteOnly);
  stream << m_splitter->saveState() << m_live->saveState();
  return state;
}

void AutopilotPage::restoreState(const QByteArray& state) {
  QByteArray own, live;
  QDataStream stream(state);
  stream >> own >> live;
  m_splitter->restoreState(own);
  m_splitter->setHandleWidth(1);
  m_live->restoreState(live);
}

}  // namespace lathe::ui

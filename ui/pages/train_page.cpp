// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_page.h"

#include <QDataStream>
#include <QIODevice>
#include <QSplitter>
#include <QVBoxLayout>

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/train_curves.h"
#include "ui/pages/train_inspector.h"
#include "ui/pages/train_runs.h"

namespace lathe::ui {

struct TrainPage::Parts {
  QSplitter* splitter = nullptr;
  TrainRuns* runs = nullptr;
  TrainCurves* curves = nullptr;
  TrainInspector* inspector = nullptr;
};

TrainPage::TrainPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent), m_parts(std::make_unique<Parts>()) {
  setProperty("page", true);
  auto& p = *m_parts;
  p.splitter = new QSplitter(Qt::Horizontal, this);
  p.splitter->setHandleWidth(1);
  p.splitter->setChildrenCollapsible(false);
  p.runs = new TrainRuns(workbench, p.splitter);
  p.curves = new TrainCurves(workbench, p.splitter);
  p.runs->setMinimumWidth(220);
  p.splitter->setStretchFactor(0, 0);
  p.splitter->setStretchFactor(1, 1);
  p.splitter->setSizes({340, 630});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(p.splitter);
  connect(p.runs, &TrainRuns::exportRequested, this, &TrainPage::exportRequested);
}

TrainPage::~TrainPage() = default;

QWidget* TrainPage::inspector() {
  if (m_parts->inspector == nullptr) m_parts->inspector = new TrainInspector(workbench(), this);
  return m_parts->inspector;
}

void TrainPage::retranslate() {
  m_parts->runs->retranslate();
  m_parts->curves->retranslate();
}

QByteArray TrainPage::saveState() const {
  QByteArray state;
  QDataStream out(&state, QIODevice::WriteOnly);
  out << m_parts->splitter->saveState() << m_parts->runs->saveState() << m_parts->curves->saveState();
  return state;
}

void TrainPage::restoreState(const QByteArray& state) {
  QDataStream in(state);
  QByteArray splitter;
  QByteArray runs;
  QByteArray curves;
  in >> splitter >> runs >> curves;
  if (in.status() != QDataStream::Ok) return;
  m_parts->splitter->restoreState(splitter);
  m_parts->runs->restoreState(runs);
  m_parts->curves->restoreState(curves);
}

}  // namespace lathe::ui

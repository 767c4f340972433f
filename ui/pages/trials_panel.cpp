// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/trials_panel.h"

#include <QDataStream>
#include <QHeaderView>
#include <QIODevice>
#include <QKeyEvent>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/train_runs_delegate.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

TrialsPanel::TrialsPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_model(new StudyTrialsModel(this)),
      m_states(new QStackedWidget(this)),
      m_empty(new EmptyState(m_states)),
      m_table(new TableView(m_states)) {
  m_table->setObjectName(QStringLiteral("trialsTable"));
  m_table->setModel(m_model);
  m_table->setTextElideMode(Qt::ElideRight);
  m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_table->setContextMenuPolicy(Qt::CustomContextMenu);
  m_table->setSortingEnabled(true);
  m_table->sortByColumn(StudyTrialsModel::Number, Qt::AscendingOrder);
  m_table->setItemDelegateForColumn(StudyTrialsModel::State, new TrainRunsDelegate(m_table));
  m_table->installEventFilter(this);
  m_states->addWidget(m_empty);
  m_states->addWidget(m_table);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_states);
  auto& studies = workbench.studies();
  connect(&studies, &StudyController::tableChanged, this, &TrialsPanel::take);
  connect(&studies, &StudyController::currentChanged, this, [this] {
    m_model->setTable(m_workbench.studies().table(), true);
    m_fitted = false;
    follow();
  });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this] { Q_EMIT chosen(current()); });
  connect(m_table, &QWidget::customContextMenuRequested, this,
          [this](const QPoint& at) { openMenu(m_table->viewport()->mapToGlobal(at)); });
  connect(m_table, &QAbstractItemView::doubleClicked, this, [this] {
    if (const auto trial = current()) openRun(*trial);
  });
  retranslate();
}

void TrialsPanel::retranslate() {
  m_table->setAccessibleName(tr("Trials of the study"));
  m_model->retranslate();
  follow();
}

const services::StudyTable* TrialsPanel::tableOf() const { return m_workbench.studies().table().get(); }

void TrialsPanel::take(const services::StudyNews& news) {
  const auto before = current();
  m_model->setTable(news.table, news.anew);
  if (news.anew && before) choose(before);
  if (!m_fitted && m_model->rowCount() > 0) {
    m_fitted = true;
    m_table->fitColumns(180);
  }
  follow();
}

void TrialsPanel::follow() {
  const bool any = m_model->rowCount() > 0 || m_model->filtered();
  m_states->setCurrentWidget(any ? static_cast<QWidget*>(m_table) : m_empty);
  m_empty->showEmpty(tr("No trials yet"), tr("Each training that the search makes becomes a row here."));
}

std::optional<std::size_t> TrialsPanel::current() const { return m_model->trialAt(m_table->currentIndex().row()); }

void TrialsPanel::choose(std::optional<std::size_t> trial) {
  if (!trial) return;
  const int row = m_model->rowOf(*trial);
  if (row < 0 || row == m_table->currentIndex().row()) return;
  m_table->setCurrentIndex(m_model->index(row, 0));
  m_table->scrollTo(m_table->currentIndex());
}

void TrialsPanel::setFilter(StudyTrialsModel::Filter filter) {
  const auto before = current();
  m_model->setFilter(std::move(filter));
  choose(before);
  follow();
}

bool TrialsPanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_table && event->type() == QEvent::KeyPress) {
    const auto key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
      if (const auto trial = current()) openRun(*trial);
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

QByteArray TrialsPanel::saveState() const {
  QByteArray state;
  QDataStream out(&state, QIODevice::WriteOnly);
  out << static_cast<qint32>(m_table->horizontalHeader()->sortIndicatorSection())
      << static_cast<qint32>(m_table->horizontalHeader()->sortIndicatorOrder());
  return state;
}

void TrialsPanel::restoreState(const QByteArray& state) {
  QDataStream in(state);
  qint32 section = 0;
  qint32 order = 0;
  in >> section >> order;
  if (in.status() == QDataStream::Ok && section >= 0 && section <= StudyTrialsModel::FirstValue)
    m_table->sortByColumn(section, order == Qt::DescendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder);
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_runs.h"

#include <QDataStream>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QIODevice>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/runs_model.h"
#include "ui/pages/pane_header.h"
#include "ui/pages/train_runs_delegate.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

namespace {

constexpr int undoMs = 15000;
constexpr int cellSpace = 24;  // left and right of a cell's text

}  // namespace

TrainRuns::TrainRuns(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
  build();
  connectParts();
  retranslate();
  followState();
  followShown();
}

void TrainRuns::build() {
  setProperty("surface", true);
  setAttribute(Qt::WA_StyledBackground);
  m_model = new RunsModel(m_workbench.runs(), this);
  m_filter = new RunsFilter(this);
  m_filter->setSourceModel(m_model);

  m_header = new PaneHeader(this);
  m_filterText = new QLineEdit(m_header);
  m_filterText->setObjectName(QStringLiteral("runsFilter"));
  m_filterText->setClearButtonEnabled(true);
  m_filterText->setMaximumWidth(120);
  m_header->addRight(m_filterText);
  m_columns = new PillButton({}, m_header);
  m_columns->setObjectName(QStringLiteral("columnsPill"));
  m_header->addRight(m_columns);

  m_states = new QStackedWidget(this);
  m_empty = new EmptyState(m_states);
  m_table = new TableView(m_states);
  m_table->setObjectName(QStringLiteral("runsTable"));
  m_table->setModel(m_filter);
  m_table->setTextElideMode(Qt::ElideRight);
  auto* delegate = new TrainRunsDelegate(m_table);
  m_table->setItemDelegateForColumn(RunsModel::Run, delegate);
  m_table->setItemDelegateForColumn(RunsModel::State, delegate);
  m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_table->setContextMenuPolicy(Qt::CustomContextMenu);
  m_table->setEditTriggers(QAbstractItemView::EditKeyPressed);
  m_table->setSortingEnabled(true);
  m_table->sortByColumn(RunsModel::Run, Qt::DescendingOrder);
  auto* header = m_table->horizontalHeader();
  header->setSectionResizeMode(RunsModel::Run, QHeaderView::Stretch);
  header->setContextMenuPolicy(Qt::CustomContextMenu);
  for (const auto column : {RunsModel::Loss, RunsModel::Duration, RunsModel::Created, RunsModel::Tags, RunsModel::Test})
    m_table->setColumnHidden(column, true);
  m_states->setMinimumHeight(120);  // what the empty state would like is no reason for a tall window
  m_states->addWidget(m_empty);
  m_states->addWidget(m_table);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(m_header);
  column->addWidget(m_states, 1);
  buildBox();
  column->addWidget(m_undo);
  column->addWidget(m_box);
}

void TrainRuns::buildBox() {
  m_box = new QFrame(this);
  m_box->setObjectName(QStringLiteral("failureBox"));
  auto* box = new QVBoxLayout(m_box);
  box->setContentsMargins(12, 10, 12, 12);
  box->setSpacing(6);
  m_boxTitle = makeLabel(TextRole::Strong, m_box);
  m_boxText = makeParagraph(TextRole::Body, m_box);
  m_boxText->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_boxButton = makeButton(ButtonKind::Ordinary, m_box);
  m_boxButton->setObjectName(QStringLiteral("failureButton"));
  box->addWidget(m_boxTitle);
  box->addWidget(m_boxText);
  box->addWidget(m_boxButton, 0, Qt::AlignLeft);
  m_box->hide();

  m_undo = new QFrame(this);
  m_undo->setProperty("note", true);
  auto* undo = new QHBoxLayout(m_undo);
  undo->setContentsMargins(12, 4, 8, 4);
  m_undoText = makeLabel(TextRole::Body, m_undo);
  m_undoButton = makeButton(ButtonKind::Link, m_undo);
  m_undoButton->setObjectName(QStringLiteral("undoRemove"));
  undo->addWidget(m_undoText, 1);
  undo->addWidget(m_undoButton);
  m_undo->hide();
  m_undoTimer.setSingleShot(true);
  m_undoTimer.setInterval(undoMs);
}

void TrainRuns::connectParts() {
  auto& runs = m_workbench.runs();
  connect(&runs, &RunsController::shownChanged, this, &TrainRuns::followShown);
  connect(&runs, &RunsController::runsReset, this, [this] {
    followState();
    followShown();
  });
  connect(&runs, &RunsController::runChanged, this, [this](qint64 run) {
    if (run == m_boxRun || run == current() || m_workbench.runs().isShown(run)) followBox();
  });
  connect(&m_workbench, &Workbench::projectOpened, this, &TrainRuns::followState);
  connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          [this](const QItemSelection& now, const QItemSelection& before) {
            // Rows that come or go above a selection announce a change, too, with nothing in it.
            if (!now.isEmpty() || !before.isEmpty()) selectionChanged();
          });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &TrainRuns::followBox);
  connect(m_model, &QAbstractItemModel::dataChanged, this, &TrainRuns::fitColumns);
  connect(m_table->horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column) {
    if (!m_fitting && column != RunsModel::Run && m_table->isVisible()) m_ownWidths = true;
  });
  connect(m_table, &QWidget::customContextMenuRequested, this,
          [this](const QPoint& at) { openMenu(m_table->viewport()->mapToGlobal(at)); });
  connect(m_table->horizontalHeader(), &QWidget::customContextMenuRequested, this,
          [this](const QPoint& at) { openColumnMenu(m_table->horizontalHeader()->mapToGlobal(at)); });
  connect(m_columns, &QPushButton::clicked, this,
          [this] { openColumnMenu(m_columns->mapToGlobal(QPoint(0, m_columns->height() + 2))); });
  m_table->installEventFilter(this);
  connect(m_filterText, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_syncing = true;  // rows that the filter hides stay shown in the plots
    m_filter->setWords(text);
    m_syncing = false;
    followShown();
  });
  connect(m_empty, &EmptyState::clicked, this, [this] {
    if (m_workbench.experiment().spec().data.path.empty())
      Q_EMIT m_workbench.pageRequested(QStringLiteral("data"));
    else
      m_workbench.experiment().train();
  });
  connect(&m_workbench.experiment(), &ExperimentController::specChanged, this, &TrainRuns::followEmpty);
  connect(m_boxButton, &QPushButton::clicked, this, &TrainRuns::tryAgain);
  connect(m_undoButton, &QPushButton::clicked, this, [this] {
    for (const auto run : std::exchange(m_removed, {})) m_workbench.runs().restore(run);
    m_undo->hide();
  });
  connect(&m_undoTimer, &QTimer::timeout, m_undo, &QWidget::hide);
}

void TrainRuns::retranslate() {
  m_header->setTitle(tr("Runs"));
  m_filterText->setPlaceholderText(tr("filter"));
  m_filterText->setAccessibleName(tr("Filter runs by name, state or tag"));
  m_table->setAccessibleName(tr("Runs"));
  m_undoButton->setText(tr("Undo"));
  m_model->retranslate();
  m_columns->setText(tr("columns") + QStringLiteral(" \u25be"));
  m_columns->setAccessibleName(tr("Columns of the table of runs"));
  m_columns->setToolTip(tr("Which columns the table of runs shows"));
  followEmpty();
  fitColumns();
  followBox();
}

void TrainRuns::followEmpty() {
  const bool noData = m_workbench.experiment().spec().data.path.empty();
  m_empty->showEmpty(tr("No runs yet"),
                     noData ? tr("Open some data first: each training then becomes a row here.")
                            : tr("Each training becomes a row here, with its curves at the right."),
                     noData ? tr("Go to the data") : tr("Train"));
}

/// What is shown now decides the widths, and the name gets the rest: it is what tells the runs apart. A person's own
/// widths stay.
void TrainRuns::fitColumns() {
  if (m_ownWidths) return;
  std::set<spec::RunStatus> states;
  int mostEpochs = 0;
  for (const auto& run : m_workbench.runs().runs()) {
    states.insert(run.status);
    mostEpochs = std::max({mostEpochs, run.totalEpochs, run.epochs});
  }
  const QFontMetrics metrics(m_table->font());
  int choosing = 0;
  for (const auto& run : m_workbench.runs().runs())
    if (m_workbench.runs().choosing(run.number) != nullptr)
      choosing = metrics.horizontalAdvance(RunsModel::choosingWord());
  int state = 0;
  for (const auto each : states)
    state = std::max(state,
                     metrics.horizontalAdvance(format::statusSign(each) + QLatin1Char(' ') + format::statusWord(each)));
  const auto epochs = format::integer(mostEpochs);
  const std::pair<int, int> wanted[] = {
      {RunsModel::State, state},
      {RunsModel::Metric, metrics.horizontalAdvance(QStringLiteral("0.0000"))},
      {RunsModel::Epoch, std::max(choosing, metrics.horizontalAdvance(epochs + QLatin1Char('/') + epochs))}};
  const QFontMetrics headings(m_table->horizontalHeader()->font());
  m_fitting = true;
  for (const auto& [column, content] : wanted) {
    const auto heading = m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    const int width = std::max(content, headings.horizontalAdvance(heading)) + cellSpace;
    if (m_table->columnWidth(column) != width) m_table->setColumnWidth(column, width);
  }
  m_fitting = false;
}

void TrainRuns::followState() {
  const bool any = m_model->rowCount() > 0;
  m_states->setCurrentWidget(any ? static_cast<QWidget*>(m_table) : m_empty);
  m_filterText->setVisible(any);
  m_columns->setVisible(any);
  fitColumns();
  followBox();
}

std::vector<store::RunNumber> TrainRuns::selected() const {
  std::vector<store::RunNumber> result;
  for (const auto& index : m_table->selectionModel()->selectedRows())
    result.push_back(index.data(RunsModel::RunNumberRole).toLongLong());
  std::sort(result.rbegin(), result.rend());
  return result;
}

store::RunNumber TrainRuns::current() const {
  const auto index = m_table->currentIndex();
  return index.isValid() ? index.data(RunsModel::RunNumberRole).toLongLong() : 0;
}

void TrainRuns::selectionChanged() {
  if (m_syncing) return;
  m_workbench.runs().setShown(selected());
  followBox();
}

/// The other way round: what is shown becomes selected.
void TrainRuns::followShown() {
  if (m_syncing) return;
  QItemSelection wanted;
  for (const auto run : m_workbench.runs().shown()) {
    const auto index = m_filter->mapFromSource(m_model->indexOf(run));
    if (index.isValid()) wanted.select(index, index.siblingAtColumn(RunsModel::ColumnCount - 1));
  }
  m_syncing = true;
  m_table->selectionModel()->select(wanted, QItemSelectionModel::ClearAndSelect);
  m_syncing = false;
  followBox();
}

void TrainRuns::followBox() {
  const auto& runs = m_workbench.runs();
  auto number = current();
  const auto* record = runs.run(number);
  const auto needsWords = [](const store::RunRecord* run) {
    return run != nullptr && (run->status == spec::RunStatus::Failed || run->status == spec::RunStatus::Interrupted);
  };
  // Without a word about the run under the cursor: about the newest one that is shown.
  if (!needsWords(record)) {
    record = nullptr;
    for (const auto shown : runs.shown()) {
      if (!needsWords(runs.run(shown)) || shown < number) continue;
      record = runs.run(shown);
      break;
    }
  }
  m_box->setVisible(record != nullptr);
  if (record == nullptr) {
    m_boxRun = 0;
    return;
  }
  if (m_boxRun != record->number) m_failedRate.reset();
  m_boxRun = record->number;
  const bool failed = record->status == spec::RunStatus::Failed;
  m_boxTitle->setText(failed ? tr("Run %1 failed").arg(m_boxRun) : tr("Run %1 was interrupted").arg(m_boxRun));
  m_boxText->setText(record->error ? errorText(*record->error)
                                   : tr("Its process ended without a word. Resume goes on from the last checkpoint."));
  const bool diverged = record->error && record->error->code == "engine.diverged";
  if (diverged && !m_failedRate) askLearningRate(m_boxRun);
  const bool again = diverged && m_failedRate.has_value();
  m_boxButton->setText(again ? tr("Try again with %1").arg(format::number(gentlerRate())) : tr("Resume"));
  m_boxButton->setVisible(again || (!diverged && runs.can(spec::RunAction::Resume, m_boxRun)));
}

void TrainRuns::askLearningRate(store::RunNumber run) {
  const auto project = m_workbench.project();
  if (!project) return;
  runAsync(
      m_workbench.readers(), this, [project, run] { return project->store().runParameters(run); },
      [this, run](const Result<std::map<std::string, std::string>>& parameters) {
        if (run != m_boxRun || !parameters) return;
        const auto found = parameters->find("training.optimizer.lr");
        if (found == parameters->end()) return;
        bool ok = false;
        const double rate = QString::fromStdString(found->second).toDouble(&ok);
        if (!ok || !(rate > 0)) return;
        m_failedRate = rate;
        followBox();
      });
}

/// A tenth; of a rate that no network learns with, what an experiment starts with.
double TrainRuns::gentlerRate() const {
  constexpr double largestUsual = 1;
  const double rate = m_failedRate.value_or(0);
  return rate > largestUsual ? spec::OptimizerSpec().lr : rate / 10;
}

void TrainRuns::tryAgain() {
  if (!m_failedRate) {
    m_workbench.runs().resume(m_boxRun);
    return;
  }
  auto& experiment = m_workbench.experiment();
  const auto json = spec::Value(gentlerRate()).json();
  if (experiment.setField("training.optimizer.lr", json, tr("Change the learning rate"))) experiment.train();
}

bool TrainRuns::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_table && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Delete)) {
      removeSelected();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void TrainRuns::removeSelected() {
  std::vector<store::RunNumber> removed;
  auto& runs = m_workbench.runs();
  for (const auto run : selected())
    if (runs.can(spec::RunAction::Remove, run)) removed.push_back(run);
  for (const auto run : removed) runs.remove(run);
  if (!removed.empty()) offerUndo(std::move(removed));
}

void TrainRuns::offerUndo(std::vector<store::RunNumber> removed) {
  m_removed = std::move(removed);
  m_undoText->setText(m_removed.size() == 1 ? tr("Run %1 removed.").arg(m_removed.front())
                                            : tr("%n run(s) removed.", nullptr, static_cast<int>(m_removed.size())));
  m_undo->show();
  m_undoTimer.start();
}

QByteArray TrainRuns::saveState() const {
  QByteArray state;
  QDataStream out(&state, QIODevice::WriteOnly);
  out << m_table->horizontalHeader()->saveState() << m_ownWidths;
  return state;
}

void TrainRuns::restoreState(const QByteArray& state) {
  QDataStream in(state);
  QByteArray header;
  bool ownWidths = false;
  in >> header >> ownWidths;
  if (in.status() != QDataStream::Ok || header.isEmpty()) return;
  m_table->horizontalHeader()->restoreState(header);
  m_ownWidths = ownWidths;
  fitColumns();
}

}  // namespace lathe::ui

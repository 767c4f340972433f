// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <algorithm>

#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/start_models.h"
#include "ui/pages/data_page.h"
#include "ui/pages/deploy_page.h"
#include "ui/pages/home_page.h"
#include "ui/pages/model_page.h"
#include "ui/pages/search_page.h"
#include "ui/pages/train_page.h"
#include "ui/shell/header_bar.h"
#include "ui/shell/jobs_strip.h"
#include "ui/shell/mode_bar.h"
#include "ui/shell/preferences.h"
#include "ui/shell/status_strip.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/icons.h"

namespace lathe::ui {
namespace {

constexpr int inspectorWidth = 292;

/// What Tab stops at below a widget, in reading order: rows from above, each from the left, pane by pane.
void collectStops(QWidget* widget, QList<QWidget*>& stops) {
  constexpr int sameRow = 6;  // pixels that the middles of neighbours may differ by
  if (!widget->isVisible() || widget->isWindow()) return;
  if (widget->isEnabled() && widget->focusProxy() == nullptr && (widget->focusPolicy() & Qt::TabFocus) != 0)
    stops.append(widget);
  auto below = widget->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly);
  const auto place = [](const QWidget* each) {
    const auto area = each->geometry();
    return std::pair(area.center().y() / sameRow, area.x());
  };
  std::stable_sort(below.begin(), below.end(), [&](const auto* a, const auto* b) { return place(a) < place(b); });
  for (auto* each : below) collectStops(each, stops);
}

}  // namespace

MainWindow::MainWindow(Workbench& workbench, Preferences& preferences, QWidget* parent)
    : QMainWindow(parent), m_workbench(workbench), m_preferences(preferences) {
  setObjectName(QStringLiteral("mainWindow"));
  setWindowIcon(applicationIcon());
  setAcceptDrops(true);
  setMinimumSize(820, 560);
  m_slots = {{QStringLiteral("home"), QT_TRANSLATE_NOOP("lathe::ui::MainWindow", "&Home")},
             {QStringLiteral("data"), QT_TRANSLATE_NOOP("lathe::ui::MainWindow", "&Data")},
             {QStringLiteral("model"), QT_TRANSLATE_NOOP("lathe::ui::MainWindow", "&Model")},
             {QStringLiteral("train"), QT_TRANSLATE_NOOP("lathe::ui::MainWindow", "&Train")},
             {QStringLiteral("search"), QT_TRANSLATE_NOOP("lathe::ui::MainWindow", "&Search")},
             {QStringLiteral("deploy"), QT_TRANSLATE_NOOP("lathe::ui::MainWindow", "De&ploy")},
             {QStringLiteral("autopilot"), QT_TRANSLATE_NOOP("lathe::ui::MainWindow", "&Autopilot")}};
  buildMenus();
  buildActions();
  buildWindow();
  connectWorkbench();
  retranslate();
  showPage(QStringLiteral("home"));
  m_pageChosen = false;
  resize(1280, 800);
}

MainWindow::~MainWindow() = default;

void MainWindow::buildWindow() {
  m_modes = new ModeBar(this);
  for (auto& slot : m_slots) m_modes->addMode(slot.action, slot.id);
  m_header = new HeaderBar(
      m_workbench,
      {action(QStringLiteral("commands")), action(QStringLiteral("pause")), action(QStringLiteral("train"))}, this);
  m_banner = new ErrorBanner(this);
  m_splitter = new QSplitter(Qt::Horizontal, this);
  m_splitter->setHandleWidth(1);
  m_splitter->setChildrenCollapsible(false);
  m_pages = new QStackedWidget(m_splitter);
  m_inspectors = new QStackedWidget(m_splitter);
  m_inspectors->setProperty("surface", true);
  m_inspectors->setMinimumWidth(220);
  m_splitter->setStretchFactor(0, 1);
  m_splitter->setStretchFactor(1, 0);
  m_splitter->setSizes({1280 - 66 - inspectorWidth, inspectorWidth});
  m_jobs = new JobsStrip(m_workbench, this);
  m_status = new StatusStrip(m_workbench, this);

  auto* centre = new QWidget(this);
  auto* layout = new QHBoxLayout(centre);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_modes);
  auto* column = new QVBoxLayout;
  column->setSpacing(0);
  column->addWidget(m_header);
  column->addWidget(m_banner);
  column->addWidget(m_splitter, 1);
  column->addWidget(m_jobs);
  column->addWidget(m_status);
  layout->addLayout(column, 1);
  setCentralWidget(centre);

  m_palette = new CommandPalette(this);
  m_dropOverlay = new QLabel(this);
  m_dropOverlay->setAlignment(Qt::AlignCenter);
  m_dropOverlay->setProperty("dropOverlay", true);
  m_dropOverlay->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_dropOverlay->hide();
}

void MainWindow::connectWorkbench() {
  auto& experiment = m_workbench.experiment();
  auto& runs = m_workbench.runs();
  connect(&m_workbench, &Workbench::failed, this, &MainWindow::showError);
  connect(&m_workbench, &Workbench::engineFailed, this, &MainWindow::showError);
  connect(&experiment, &ExperimentController::dataFailed, this, &MainWindow::showError);
  connect(&m_workbench, &Workbench::pageRequested, this, &MainWindow::showPage);
  connect(&m_workbench, &Workbench::projectOpened, this, &MainWindow::followProject);
  connect(&m_workbench, &Workbench::projectClosed, this, &MainWindow::followProject);
  connect(&m_workbench, &Workbench::engineReady, this, &MainWindow::followTraining);
  connect(&experiment, &ExperimentController::specChanged, this, [this] {
    applyDefaultThreads();
    followTraining();
  });
  connect(&experiment, &ExperimentController::dataChanged, this, &MainWindow::followTraining);
  connect(&experiment, &ExperimentController::inspecting, this, &MainWindow::followTraining);
  connect(&experiment, &ExperimentController::graphChanged, this, &MainWindow::followTraining);
  connect(&experiment, &ExperimentController::undoChanged, this, &MainWindow::followUndo);
  connect(&experiment, &ExperimentController::trainingStarted, this, [this](qint64 run) {
    m_watched.insert(run);
    showRun(run);
  });
  for (const auto signal : {&Workbench::projectOpened, &Workbench::projectClosed})
    connect(&m_workbench, signal, this, [this] { m_watched.clear(); });
  connect(&runs, &RunsController::runsReset, this, &MainWindow::followEndings);
  connect(&runs, &RunsController::runChanged, this, &MainWindow::followEndings);
  connect(&runs, &RunsController::runsReset, this, &MainWindow::followRuns);
  connect(&runs, &RunsController::runChanged, this, &MainWindow::followRuns);
  connect(m_jobs, &JobsStrip::runClicked, this, &MainWindow::showRun);
  connectStudies();
  connectAutopilot();
}

MainWindow::Slot* MainWindow::slot(const QString& id) {
  for (auto& slot : m_slots)
    if (slot.id == id) return &slot;
  return nullptr;
}

Page* MainWindow::page(const QString& id) {
  auto* found = slot(id);
  if (found == nullptr) return nullptr;
  return found->page != nullptr ? found->page : makePage(*found);
}

Page* MainWindow::makePage(Slot& slot) {
  if (slot.id == QLatin1String("home")) {
    auto* home = new HomePage(m_workbench);
    wireHome(home);
    slot.page = home;
  } else if (slot.id == QLatin1String("data")) {
    auto* made = new DataPage(m_workbench);
    connect(made, &DataPage::openDataWanted, action(QStringLiteral("openData")), &QAction::trigger);
    slot.page = made;
  } else if (slot.id == QLatin1String("model")) {
    slot.page = new ModelPage(m_workbench);
  } else if (slot.id == QLatin1String("train")) {
    auto* train = new TrainPage(m_workbench);
    connect(train, &TrainPage::exportRequested, this, &MainWindow::showDeploy);
    slot.page = train;
  } else if (slot.id == QLatin1String("search")) {
    auto* search = new SearchPage(m_workbench);
    connect(search, &SearchPage::runOpened, this, [this] { showPage(QStringLiteral("train")); });
    connect(search, &SearchPage::networkMade, this, [this] { showPage(QStringLiteral("model")); });
    slot.page = search;
  } else if (slot.id == QLatin1String("autopilot")) {
    slot.page = makeAutopilot();
  } else {
    slot.page = new DeployPage(m_workbench);
  }
  slot.page->setProperty("page", true);
  slot.page->setAttribute(Qt::WA_StyledBackground);
  slot.page->setAccessibleName(format::withoutMnemonic(tr(slot.title)));
  m_pages->addWidget(slot.page);
  if (auto* inspector = slot.page->inspector()) {
    auto* scroller = new QScrollArea(m_inspectors);
    scroller->setWidgetResizable(true);
    scroller->setFrameShape(QFrame::NoFrame);
    scroller->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroller->setProperty("surface", true);
    scroller->setFocusPolicy(Qt::NoFocus);  // the fields in it take the focus, and scroll to themselves
    scroller->setWidget(inspector);
    scroller->setAccessibleName(tr("Inspector"));
    m_inspectors->addWidget(scroller);
    slot.inspector = scroller;
  }
  const auto state = QSettings().value(QStringLiteral("pages/") + slot.id).toByteArray();
  if (!state.isEmpty()) slot.page->restoreState(state);
  return slot.page;
}

void MainWindow::showPage(const QString& id) {
  auto* wanted = page(id);
  if (wanted == nullptr) return;
  m_pageChosen = true;
  m_pages->setCurrentWidget(wanted);
  auto* shown = slot(id);
  if (shown->inspector != nullptr) m_inspectors->setCurrentWidget(shown->inspector);
  m_inspectors->setVisible(shown->inspector != nullptr && action(QStringLiteral("inspector"))->isChecked());
  for (auto& entry : m_slots) entry.action->setChecked(&entry == shown);
  const bool search = id == QLatin1String("search");
  m_header->setDeeds(action(search ? QStringLiteral("pauseSearch") : QStringLiteral("pause")),
                     action(search ? QStringLiteral("search") : QStringLiteral("train")));
}

QString MainWindow::currentPage() const {
  for (const auto& slot : m_slots)
    if (slot.page != nullptr && slot.page == m_pages->currentWidget()) return slot.id;
  return {};
}

void MainWindow::showRun(qint64 run) {
  auto shown = m_workbench.runs().shown();
  if (std::find(shown.begin(), shown.end(), run) == shown.end()) {
    shown.insert(shown.begin(), run);
    m_workbench.runs().setShown(shown);
  }
  showPage(QStringLiteral("train"));
}

void MainWindow::showError(const Error& error) { m_banner->showError(error); }

/// Says why a run stopped by itself, unless the box below the table of runs is there to say it, with a button.
void MainWindow::followEndings() {
  const auto& runs = m_workbench.runs();
  for (auto at = m_watched.begin(); at != m_watched.end();) {
    const auto* run = runs.run(*at);
    const bool over = run != nullptr && spec::isFinal(run->status);
    if (!over) {
      ++at;
      continue;
    }
    at = m_watched.erase(at);
    if (isVisible() && currentPage() == QLatin1String("train") && runs.isShown(run->number)) continue;
    const auto number = std::to_string(run->number);
    if (run->status == spec::RunStatus::Failed && run->error)
      showError({run->error->code,
                 {LATHE_TEXT("errors", "Run {run} failed. {reason}"),
                  {{"run", number}, {"reason", translated(run->error->message).toStdString()}}},
                 run->error->hint});
    else if (run->status == spec::RunStatus::Interrupted)
      showError({"run.interrupted",
                 {LATHE_TEXT("errors", "The process that trained run {run} ended without a word."), {{"run", number}}},
                 {LATHE_TEXT("errors", "Resume goes on from its last checkpoint."), {}}});
  }
  for (const auto run : runs.active()) m_watched.insert(run);
}

void MainWindow::openPath(const QString& path) {
  m_banner->dismiss();
  const QFileInfo info(path);
  if (info.isFile() && info.fileName() == QLatin1String("store.sqlite3"))
    m_workbench.openProject(info.absolutePath());
  else if (info.isDir() && (info.fileName().endsWith(QLatin1String(".lathe")) ||
                            QFileInfo::exists(QDir(path).filePath(QStringLiteral("store.sqlite3")))))
    m_workbench.openProject(info.absoluteFilePath());
  else
    m_workbench.openData(info.absoluteFilePath());
}

void MainWindow::changeEvent(QEvent* event) {
  QMainWindow::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
  // Whatever floats closer to the focus has taken the key already.
  if (event->key() == Qt::Key_Escape && m_banner->isVisible()) return m_banner->dismiss();
  QMainWindow::keyPressEvent(event);
}

/// As a person reads the window. Qt's own order is that of creation: pages, forms and cards that are made later would
/// come behind everything.
bool MainWindow::focusNextPrevChild(bool next) {
  QList<QWidget*> stops;
  for (QWidget* part :
       {static_cast<QWidget*>(m_modes), static_cast<QWidget*>(m_header), static_cast<QWidget*>(m_banner),
        static_cast<QWidget*>(m_pages), static_cast<QWidget*>(m_inspectors), static_cast<QWidget*>(m_jobs),
        static_cast<QWidget*>(m_status)})
    collectStops(part, stops);
  if (stops.isEmpty()) return false;
  const auto at = stops.indexOf(focusWidget());
  const auto last = stops.size() - 1;
  auto* to = next ? stops[at >= last ? 0 : at + 1] : stops[at <= 0 ? last : at - 1];
  to->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
  for (auto* above = to->parentWidget(); above != nullptr; above = above->parentWidget())
    if (auto* scroller = qobject_cast<QScrollArea*>(above)) scroller->ensureWidgetVisible(to);
  return true;
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  m_dropOverlay->setGeometry(rect().adjusted(66 + 24, 80, -24, -80));
}

void MainWindow::restore(bool project) {
  const QSettings settings;
  restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
  m_splitter->restoreState(settings.value(QStringLiteral("window/splitter")).toByteArray());
  m_splitter->setHandleWidth(1);
  action(QStringLiteral("inspector"))->setChecked(settings.value(QStringLiteral("window/inspector"), true).toBool());
  const auto last = settings.value(QStringLiteral("project/last")).toString();
  const bool reopens = project && !last.isEmpty() && QFileInfo(last).isDir();
  if (reopens) {
    m_workbench.openProject(last);
    showPage(settings.value(QStringLiteral("window/page"), QStringLiteral("home")).toString());
  }
}

void MainWindow::saveWindow() {
  QSettings settings;
  settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
  settings.setValue(QStringLiteral("window/splitter"), m_splitter->saveState());
  settings.setValue(QStringLiteral("window/inspector"), action(QStringLiteral("inspector"))->isChecked());
  settings.setValue(QStringLiteral("window/page"), currentPage());
  for (const auto& slot : m_slots)
    if (slot.page != nullptr) settings.setValue(QStringLiteral("pages/") + slot.id, slot.page->saveState());
}

}  // namespace lathe::ui

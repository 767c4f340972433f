// SPDX-License-Identifier: GPL-3.0-or-later
// Menus and actions of the window, and what follows the state.
#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>

#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/command_text.h"
#include "ui/models/format.h"
#include "ui/models/start_models.h"
#include "ui/pages/autopilot_page.h"
#include "ui/pages/home_page.h"
#include "ui/pages/search_page.h"
#include "ui/shell/jobs_strip.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/icons.h"

namespace lathe::ui {
void MainWindow::buildMenus() {
  for (auto** menu : {&m_fileMenu, &m_editMenu, &m_viewMenu, &m_runMenu, &m_helpMenu})
    *menu = menuBar()->addMenu(QString());
  m_recentMenu = new QMenu(this);
  m_themeMenu = new QMenu(this);
  m_languageMenu = new QMenu(this);
}

QAction* MainWindow::addAction(const QString& name, QMenu* menu, const QKeySequence& keys) {
  auto* made = new QAction(this);
  made->setObjectName(name);
  if (!keys.isEmpty()) made->setShortcut(keys);
  menu->addAction(made);
  QMainWindow::addAction(made);
  return made;
}

QAction* MainWindow::action(const QString& name) const { return findChild<QAction*>(name, Qt::FindDirectChildrenOnly); }

void MainWindow::buildActions() {
  const auto wire = [this](QAction* made, auto deed) { connect(made, &QAction::triggered, this, deed); };
  using W = MainWindow;
  wire(addAction(QStringLiteral("openData"), m_fileMenu, QKeySequence::Open), &W::openDataDialog);
  wire(addAction(QStringLiteral("openFolder"), m_fileMenu, QKeySequence(QStringLiteral("Ctrl+Shift+O"))),
       &W::openFolderDialog);
  m_fileMenu->addSeparator();
  wire(addAction(QStringLiteral("newProject"), m_fileMenu, QKeySequence::New), &W::newProjectDialog);
  wire(addAction(QStringLiteral("openProject"), m_fileMenu, QKeySequence(QStringLiteral("Ctrl+Alt+O"))),
       &W::openProjectDialog);
  m_fileMenu->addMenu(m_recentMenu);
  connect(m_recentMenu, &QMenu::aboutToShow, this, &W::fillRecent);
  wire(addAction(QStringLiteral("closeProject"), m_fileMenu, QKeySequence(QStringLiteral("Ctrl+W"))), [this] {
    m_workbench.closeProject();
    showPage(QStringLiteral("home"));
  });
  m_fileMenu->addSeparator();
  wire(addAction(QStringLiteral("preferences"), m_fileMenu, QKeySequence(QStringLiteral("Ctrl+,"))),
       &W::openPreferences);
  wire(addAction(QStringLiteral("quit"), m_fileMenu, QKeySequence(QStringLiteral("Ctrl+Q"))), &W::close);

  wire(addAction(QStringLiteral("undo"), m_editMenu, QKeySequence::Undo), [this] { m_workbench.experiment().undo(); });
  wire(addAction(QStringLiteral("redo"), m_editMenu, QKeySequence(QStringLiteral("Ctrl+Shift+Z"))),
       [this] { m_workbench.experiment().redo(); });
  m_editMenu->addSeparator();
  wire(addAction(QStringLiteral("copyCommand"), m_editMenu), &W::copyTrainCommand);
  wire(addAction(QStringLiteral("copySearch"), m_editMenu), [this] {
    if (auto* search = qobject_cast<SearchPage*>(page(QStringLiteral("search")))) search->copyCommand();
  });
  wire(addAction(QStringLiteral("copyInspect"), m_editMenu), [this] {
    const auto file = m_workbench.project()->absolute(m_workbench.experiment().spec().data.path).lexically_normal();
    QApplication::clipboard()->setText(inspectCommand(QString::fromStdU16String(file.u16string())));
  });

  auto* pages = new QActionGroup(this);
  int key = 1;
  for (auto& slot : m_slots) {
    slot.action =
        addAction(QStringLiteral("page_") + slot.id, m_viewMenu, QKeySequence(QStringLiteral("Ctrl+%1").arg(key++)));
    slot.action->setCheckable(true);
    pages->addAction(slot.action);
    connect(slot.action, &QAction::triggered, this, [this, id = slot.id] { showPage(id); });
  }
  m_viewMenu->addSeparator();
  auto* inspector = addAction(QStringLiteral("inspector"), m_viewMenu, QKeySequence(QStringLiteral("F9")));
  inspector->setCheckable(true);
  inspector->setChecked(true);
  connect(inspector, &QAction::toggled, this, [this](bool on) {
    const auto* shown = slot(currentPage());
    m_inspectors->setVisible(on && shown != nullptr && shown->inspector != nullptr);
  });
  m_viewMenu->addMenu(m_themeMenu);
  m_viewMenu->addMenu(m_languageMenu);
  auto* themes = new QActionGroup(this);
  for (const auto choice : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark}) {
    auto* made = addAction(QStringLiteral("theme%1").arg(static_cast<int>(choice)), m_themeMenu);
    made->setCheckable(true);
    made->setChecked(m_preferences.theme() == choice);
    themes->addAction(made);
    wire(made, [this, choice] { m_preferences.setTheme(choice); });
    connect(&m_preferences, &Preferences::themeChanged, made,
            [this, made, choice] { made->setChecked(m_preferences.theme() == choice); });
  }
  auto* languages = new QActionGroup(this);
  auto known = LanguageController::languages();
  known.prepend({QString(), QString()});
  for (const auto& language : known) {
    auto* made = addAction(QStringLiteral("language_") + language.code, m_languageMenu);
    made->setText(language.code == QLatin1String("zh_CN") ? language.name + QStringLiteral("(&Z)")
                                                          : QLatin1Char('&') + language.name);
    made->setCheckable(true);
    made->setChecked(m_preferences.language() == language.code);
    languages->addAction(made);
    wire(made, [this, code = language.code] { m_preferences.setLanguage(code); });
    connect(&m_preferences, &Preferences::languageChanged, made,
            [this, made, code = language.code] { made->setChecked(m_preferences.language() == code); });
  }

  wire(addAction(QStringLiteral("train"), m_runMenu, QKeySequence(QStringLiteral("F5"))), [this] {
    m_banner->dismiss();
    m_workbench.experiment().train();
  });
  wire(addAction(QStringLiteral("pause"), m_runMenu, QKeySequence(QStringLiteral("F6"))),
       [this] { m_workbench.runs().pause(m_jobs->run()); });
  wire(addAction(QStringLiteral("resume"), m_runMenu, QKeySequence(QStringLiteral("F7"))), [this] {
    if (const auto run = resumable(); run != 0) m_workbench.runs().resume(run);
  });
  wire(addAction(QStringLiteral("stop"), m_runMenu, QKeySequence(QStringLiteral("Shift+F5"))),
       [this] { m_workbench.runs().cancel(m_jobs->run()); });

  m_runMenu->addSeparator();
  wire(addAction(QStringLiteral("search"), m_runMenu, QKeySequence(QStringLiteral("F8"))), [this] {
    m_banner->dismiss();
    m_workbench.studies().start();
  });
  wire(addAction(QStringLiteral("pauseSearch"), m_runMenu, QKeySequence(QStringLiteral("Shift+F8"))),
       [this] { m_workbench.studies().pause(m_workbench.studies().current()); });
  wire(addAction(QStringLiteral("resumeSearch"), m_runMenu),
       [this] { m_workbench.studies().resume(m_workbench.studies().current()); });
  wire(addAction(QStringLiteral("stopSearch"), m_runMenu),
       [this] { m_workbench.studies().cancel(m_workbench.studies().current()); });
  m_runMenu->addSeparator();
  wire(addAction(QStringLiteral("autopilot"), m_runMenu), [this] {
    m_banner->dismiss();
    showPage(QStringLiteral("autopilot"));
    if (auto* made = qobject_cast<AutopilotPage*>(page(QStringLiteral("autopilot")))) made->start();
  });
  wire(addAction(QStringLiteral("stopAutopilot"), m_runMenu), [this] { m_workbench.autopilot().stop(); });
  wire(addAction(QStringLiteral("commands"), m_helpMenu, QKeySequence(QStringLiteral("Ctrl+K"))),
       [this] { m_palette->open(commands()); });
  wire(addAction(QStringLiteral("help"), m_helpMenu, QKeySequence(QStringLiteral("F1"))), &W::showHelp);
  wire(addAction(QStringLiteral("shortcuts"), m_helpMenu, QKeySequence(QStringLiteral("Ctrl+/"))), &W::openShortcuts);
  m_helpMenu->addSeparator();
  wire(addAction(QStringLiteral("machine"), m_helpMenu), &W::openMachine);
  wire(addAction(QStringLiteral("report"), m_helpMenu), &W::saveReportDialog);
  m_helpMenu->addSeparator();
  wire(addAction(QStringLiteral("about"), m_helpMenu), &W::openAbout);
}

void MainWindow::retranslateMenus() {
  m_fileMenu->setTitle(tr("&File"));
  m_editMenu->setTitle(tr("&Edit"));
  m_viewMenu->setTitle(tr("&View"));
  m_runMenu->setTitle(tr("&Run"));
  m_helpMenu->setTitle(tr("&Help"));
  m_recentMenu->setTitle(tr("&Recent projects"));
  m_themeMenu->setTitle(tr("Them&e"));
  m_languageMenu->setTitle(tr("&Language"));
  const auto set = [this](const char* name, const QString& text, const char* iconName = nullptr) {
    auto* known = action(QLatin1String(name));
    known->setText(text);
    if (iconName != nullptr) known->setIcon(icon(QLatin1String(iconName)));
  };
  set("openData", tr("&Open data…"), "document-open");
  set("openFolder", tr("Open a &folder of data…"), "folder");
  set("newProject", tr("&New empty project…"), "document-new");
  set("openProject", tr("Open &project…"));
  set("closeProject", tr("&Close project"));
  set("preferences", tr("Pr&eferences…"), "configure");
  set("quit", tr("&Quit"), "application-exit");
  set("copyCommand", tr("&Copy the training as a command"), "copy");
  set("copyInspect", tr("Copy the data &inspection as a command"), "copy");
  set("inspector", tr("&Inspector"));
  set("theme0", tr("As the &system"));
  set("theme1", tr("&Light"));
  set("theme2", tr("&Dark"));
  set("language_", tr("As the &system"));
  set("train", tr("&Train"), "play");
  set("pause", tr("&Pause"), "pause");
  set("stop", tr("&Stop"), "stop");
  set("search", tr("S&earch"), "play");
  set("pauseSearch", tr("Pa&use the search"), "pause");
  set("resumeSearch", tr("Resu&me the search"), "resume");
  set("stopSearch", tr("St&op the search"), "stop");
  set("autopilot", tr("Start the &Autopilot"), "play");
  set("stopAutopilot", tr("Stop the Autopilot and &keep the best"), "stop");
  set("copySearch", tr("Copy the s&earch as a command"), "copy");
  set("commands", tr("&Commands"), "search");
  set("help", tr("&Help for the control in focus"), "help-contextual");
  set("machine", tr("&What this machine has…"));
  set("report", tr("&Save a report for a bug…"));
  set("shortcuts", tr("&Keyboard shortcuts…"));
  set("about", tr("&About Lathe"), "help-about");
  for (auto& slot : m_slots) {
    slot.action->setText(tr(slot.title));
    if (slot.page != nullptr) slot.page->setAccessibleName(format::withoutMnemonic(tr(slot.title)));
  }
}

void MainWindow::retranslate() {
  retranslateMenus();
  m_dropOverlay->setText(tr("Drop to open"));
  followUndo();
  followRuns();
  followTraining();
  followStudies();
  followAutopilot();
  followProject();
}

void MainWindow::followUndo() {
  const auto& experiment = m_workbench.experiment();
  const auto set = [this](const char* name, const QString& plain, const QString& with, bool enabled,
                          const QString& what) {
    auto* known = action(QLatin1String(name));
    known->setText(what.isEmpty() ? plain : with.arg(QString(what).replace(QLatin1Char('&'), QLatin1String("&&"))));
    known->setEnabled(enabled);
    known->setIcon(QIcon::fromTheme(QLatin1String("edit-") + QLatin1String(name)));
  };
  set("undo", tr("&Undo"), tr("&Undo: %1"), experiment.canUndo(), experiment.undoText());
  set("redo", tr("&Redo"), tr("&Redo: %1"), experiment.canRedo(), experiment.redoText());
}

void MainWindow::followTraining() {
  auto* train = action(QStringLiteral("train"));
  const auto why = m_workbench.experiment().cannotTrain();
  // While data are read or nothing is open, pressing Train says why in the banner; only without a project is it dead.
  train->setEnabled(m_workbench.project() != nullptr);
  train->setToolTip(why ? errorText(*why) : tr("Start a training with the settings as they are"));
  const bool anyData = m_workbench.project() != nullptr && !m_workbench.experiment().spec().data.path.empty();
  for (const auto* name : {"copyCommand", "copySearch", "copyInspect"})
    action(QLatin1String(name))->setEnabled(anyData);
}

qint64 MainWindow::resumable() const {
  for (const auto& run : m_workbench.runs().runs())
    if ((run.status == spec::RunStatus::Paused || run.status == spec::RunStatus::Interrupted) &&
        m_workbench.runs().can(spec::RunAction::Resume, run.number))
      return run.number;
  return 0;
}

void MainWindow::followRuns() {
  auto& runs = m_workbench.runs();
  const auto current = m_jobs->run();
  auto* pause = action(QStringLiteral("pause"));
  const bool canPause = current != 0 && runs.can(spec::RunAction::Pause, current);
  if (pause->isEnabled() != canPause) pause->setEnabled(canPause);
  pause->setToolTip(canPause ? tr("Pause run %1").arg(current) : tr("Nothing is training"));
  action(QStringLiteral("stop"))->setEnabled(current != 0 && runs.can(spec::RunAction::Cancel, current));
  const auto paused = resumable();
  auto* resume = action(QStringLiteral("resume"));
  resume->setEnabled(paused != 0);
  resume->setText(paused != 0 ? tr("&Resume run %1").arg(paused) : tr("&Resume"));
  resume->setIcon(icon(QStringLiteral("resume")));
}

void MainWindow::followProject() {
  const auto project = m_workbench.project();
  setWindowTitle(project ? tr("%1 – Lathe").arg(QString::fromStdString(project->name())) : tr("Lathe"));
  action(QStringLiteral("closeProject"))->setEnabled(project != nullptr);
  followAutopilot();
  followTraining();
  if (!project) return;
  const auto folder = QString::fromStdString(project->folder().string());
  QSettings().setValue(QStringLiteral("project/last"), folder);
  if (auto* home = qobject_cast<HomePage*>(page(QStringLiteral("home")))) home->recent().add(folder);
}

void MainWindow::applyDefaultThreads() {
  auto& experiment = m_workbench.experiment();
  const int threads = m_preferences.threads();
  if (threads == 0 || experiment.id() != 0 || experiment.spec().data.path.empty()) return;
  // Only the step that gave a new project its data: what a person sets afterwards stays.
  if (experiment.spec().training.threads != 0 || experiment.data() != nullptr || !experiment.canUndo()) return;
  auto spec = experiment.spec();
  spec.training.threads = threads;
  experiment.setSpec(std::move(spec), experiment.undoText());
}

}  // namespace lathe::ui

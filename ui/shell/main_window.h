// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QPointer>
#include <set>
#include <vector>

#include "core/base/result.h"
#include "ui/shell/command_palette.h"

class QAction;
class QLabel;
class QMenu;
class QScrollArea;
class QSplitter;
class QStackedWidget;

namespace lathe::ui {

class ErrorBanner;
class HeaderBar;
class HomePage;
class JobsStrip;
class ModeBar;
class Page;
class Preferences;
class StatusStrip;
class Workbench;

/// The window: mode bar, header, the page with its inspector, jobs strip, status line; menus, the command palette,
/// dropped files, and what happens when it is closed. Pages are made when first shown. GUI thread.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  MainWindow(Workbench& workbench, Preferences& preferences, QWidget* parent = nullptr);
  ~MainWindow() override;
  MainWindow(const MainWindow&) = delete;
  MainWindow& operator=(const MainWindow&) = delete;

  /// "home", "data", "model", "train", "search", "deploy", "autopilot".
  void showPage(const QString& id);
  [[nodiscard]] QString currentPage() const;
  /// The page, made if it was not yet; null for an unknown name.
  Page* page(const QString& id);
  /// An action by its object name ("train", "openData" ...), for tests and the palette.
  [[nodiscard]] QAction* action(const QString& name) const;
  [[nodiscard]] ErrorBanner& banner() const { return *m_banner; }
  [[nodiscard]] CommandPalette& palettePopup() const { return *m_palette; }
  [[nodiscard]] std::vector<Command> commands();

  /// A project folder, a data file or a data folder.
  void openPath(const QString& path);
  /// Size, place, page and panes as they were; with `project`, also the last project.
  void restore(bool project);
  void saveWindow();
  /// Writes a text for a developer: program, machine, runs, log. Says where it is, or why not.
  void saveReport(const QString& file);
  /// Runs of this process stop at their next step with a checkpoint, then the window closes. True: there were any.
  bool pauseAndLeave();

 Q_SIGNALS:
  /// Closed, and nothing trains here any more: the application may end.
  void closed();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool focusNextPrevChild(bool next) override;
  void keyPressEvent(QKeyEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Slot {
    QString id;
    const char* title = nullptr;
    QAction* action = nullptr;
    Page* page = nullptr;
    QWidget* inspector = nullptr;
  };
  Slot* slot(const QString& id);
  void buildActions();
  void buildMenus();
  void buildWindow();
  void connectWorkbench();
  Page* makePage(Slot& slot);
  void wireHome(HomePage* home);
  void connectStudies();
  void connectAutopilot();
  void followAutopilot();
  Page* makeAutopilot();
  void followStudies();
  [[nodiscard]] int workingHere() const;
  void retranslate();
  void retranslateMenus();
  void followRuns();
  void followEndings();
  void followUndo();
  void followTraining();
  void followProject();
  void applyDefaultThreads();
  void showError(const Error& error);

  void openDataDialog();
  void openFolderDialog();
  /// A dialog for data; what is chosen goes to the page, else it is opened.
  void askForData(bool folder, const QString& page = {});
  void openProjectDialog();
  void newProjectDialog();
  void openPreferences();
  void openAbout();
  void openMachine();
  void saveReportDialog();
  void showHelp();
  void openShortcuts();
  void fillRecent();
  void copyTrainCommand();
  void showRun(qint64 run);
  void showDeploy(qint64 run);
  void askBeforeClosing(int runs);
  void leaveWhenIdle(bool hide);
  [[nodiscard]] qint64 resumable() const;

  QAction* addAction(const QString& name, QMenu* menu, const QKeySequence& keys = {});

  Workbench& m_workbench;
  Preferences& m_preferences;
  std::vector<Slot> m_slots;
  ModeBar* m_modes = nullptr;
  HeaderBar* m_header = nullptr;
  ErrorBanner* m_banner = nullptr;
  QSplitter* m_splitter = nullptr;
  QStackedWidget* m_pages = nullptr;
  QStackedWidget* m_inspectors = nullptr;
  JobsStrip* m_jobs = nullptr;
  StatusStrip* m_status = nullptr;
  CommandPalette* m_palette = nullptr;
  QLabel* m_dropOverlay = nullptr;
  QMenu *m_fileMenu = nullptr, *m_editMenu = nullptr, *m_viewMenu = nullptr, *m_runMenu = nullptr;
  QMenu *m_helpMenu = nullptr, *m_recentMenu = nullptr, *m_themeMenu = nullptr, *m_languageMenu = nullptr;
  QPointer<QWidget> m_closeDialog;
  bool m_leaving = false;
  bool m_pageChosen = false;
  std::set<qint64> m_watched;  ///< runs whose end is told: those that were seen training
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogs of the window, its help, and what the command palette offers.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>
#include <QStandardPaths>
#include <QWhatsThis>

#include "core/base/machine.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/command_text.h"
#include "ui/models/format.h"
#include "ui/models/start_models.h"
#include "ui/pages/home_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences_dialog.h"
#include "ui/shell/shortcuts_dialog.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/icons.h"

namespace lathe::ui {
namespace {

QString startFolder() {
  const auto last = QSettings().value(QStringLiteral("dialogs/folder")).toString();
  return !last.isEmpty() && QDir(last).exists() ? last : QStandardPaths::writableLocation(QStandardPaths::HomeLocation);
}

QFileDialog* makeDialog(QWidget* parent, const QString& title, QFileDialog::FileMode mode) {
  auto* dialog = new QFileDialog(parent, title, startFolder());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(mode);
  QObject::connect(dialog, &QDialog::accepted, dialog, [dialog] {
    QSettings().setValue(QStringLiteral("dialogs/folder"), dialog->directory().absolutePath());
  });
  return dialog;
}

}  // namespace

void MainWindow::wireHome(HomePage* home) {
  connect(home, &HomePage::openDataWanted, action(QStringLiteral("openData")), &QAction::trigger);
  connect(home, &HomePage::openFolderWanted, action(QStringLiteral("openFolder")), &QAction::trigger);
  connect(home, &HomePage::newProjectWanted, action(QStringLiteral("newProject")), &QAction::trigger);
  connect(home, &HomePage::autopilotWanted, this, [this] { showPage(QStringLiteral("autopilot")); });
}

void MainWindow::openDataDialog() { askForData(false); }
void MainWindow::openFolderDialog() { askForData(true); }

void MainWindow::askForData(bool folder, const QString& page) {
  auto* dialog = folder
                     ? makeDialog(this, tr("Open a folder of images, of sound or of IDX files"), QFileDialog::Directory)
                     : makeDialog(this, tr("Open data"), QFileDialog::ExistingFile);
  dialog->setOption(QFileDialog::ShowDirsOnly, folder);
  if (!folder)
    dialog->setNameFilters(
        {tr("Tables and arrays (%1)").arg(QStringLiteral("*.csv *.tsv *.txt *.data *.csv.gz *.tsv.gz *.npy *.npz")),
         tr("All files (%1)").arg(QStringLiteral("*"))});
  connect(dialog, &QFileDialog::fileSelected, this, [this, page](const QString& path) {
    if (page.isEmpty()) return openPath(path);
    m_banner->dismiss();
    m_workbench.openData(path, page);
  });
  dialog->open();
}

void MainWindow::openProjectDialog() {
  auto* dialog = makeDialog(this, tr("Open project"), QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
    m_banner->dismiss();
    m_workbench.openProject(folder);
  });
  dialog->open();
}

void MainWindow::newProjectDialog() {
  auto* dialog = makeDialog(this, tr("New empty project"), QFileDialog::AnyFile);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setLabelText(QFileDialog::Accept, tr("Create"));
  dialog->selectFile(tr("experiment") + QStringLiteral(".lathe"));
  connect(dialog, &QFileDialog::fileSelected, this, [this](QString folder) {
    if (!folder.endsWith(QLatin1String(".lathe"))) folder += QLatin1String(".lathe");
    m_workbench.createProject(folder);
    showPage(QStringLiteral("data"));
  });
  dialog->open();
}

void MainWindow::openPreferences() {
  auto* dialog = new PreferencesDialog(m_preferences, machineInfo().threads, this);
  dialog->open();
}

void MainWindow::openAbout() {
  auto* box = new QMessageBox(this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setWindowTitle(tr("About Lathe"));
  box->setIconPixmap(applicationIcon().pixmap(64, 64));
  box->setText(tr("Lathe %1").arg(QLatin1String(latheVersion())));
  box->setInformativeText(
      tr("A workbench for automated training, search and deployment of neural networks.\nFree software under the GNU "
         "General Public License, version 3 or later.\n%1, Qt %2")
          .arg(QString::fromStdString(m_workbench.engineInfo().name), QLatin1String(qVersion())));
  box->addButton(tr("Close"), QMessageBox::AcceptRole);
  box->open();
}

void MainWindow::showHelp() {
  const auto* focus = QApplication::focusWidget();
  QString text;
  for (const auto* widget = focus; widget != nullptr && text.isEmpty() && widget != this;
       widget = widget->parentWidget()) {
    text = widget->whatsThis();
    if (text.isEmpty()) text = widget->toolTip();
    if (text.isEmpty()) text = widget->accessibleDescription();
  }
  if (text.isEmpty())
    text = tr("Move the focus to a field and press F1 for its help. Ctrl+K finds every command by its name.");
  const auto* place = focus != nullptr ? focus : this;
  QWhatsThis::showText(place->mapToGlobal(QPoint(8, place->height())), text, const_cast<QWidget*>(place));
}

void MainWindow::openShortcuts() {
  std::vector<ShortcutsDialog::Group> groups;
  for (const auto* menu : {m_fileMenu, m_editMenu, m_viewMenu, m_runMenu, m_helpMenu}) {
    ShortcutsDialog::Group group{format::withoutMnemonic(menu->title()), {}};
    for (const auto* known : menu->actions())
      if (!known->shortcut().isEmpty())
        group.keys.emplace_back(known->shortcut().toString(QKeySequence::NativeText),
                                format::withoutMnemonic(known->text()));
    groups.push_back(std::move(group));
  }
  auto* dialog = new ShortcutsDialog(std::move(groups), this);
  dialog->open();
}

void MainWindow::fillRecent() {
  m_recentMenu->clear();
  auto* home = qobject_cast<HomePage*>(page(QStringLiteral("home")));
  const auto& recent = home->recent();
  for (int row = 0; row < recent.rowCount(); ++row) {
    const auto index = recent.index(row);
    const auto name = index.data().toString().replace(QLatin1Char('&'), QLatin1String("&&"));
    auto* made = m_recentMenu->addAction(QStringLiteral("&%1  %2").arg((row + 1) % 10).arg(name));
    made->setToolTip(index.data(RecentProjectsModel::FolderRole).toString());
    connect(made, &QAction::triggered, this, [this, folder = made->toolTip()] { m_workbench.openProject(folder); });
  }
  if (m_recentMenu->isEmpty()) m_recentMenu->addAction(tr("None yet"))->setEnabled(false);
}

void MainWindow::copyTrainCommand() {
  const auto project = m_workbench.project();
  const auto folder = project ? QString::fromStdString(project->folder().string()) : QString();
  QApplication::clipboard()->setText(trainCommand(m_workbench.experiment().spec(), folder));
}

std::vector<Command> MainWindow::commands() {
  std::vector<Command> result;
  const auto trigger = [](QAction* known) {
    return [target = QPointer<QAction>(known)] {
      if (target) target->trigger();
    };
  };
  for (const auto* menu : {m_runMenu, m_fileMenu, m_editMenu, m_viewMenu, m_themeMenu, m_languageMenu, m_helpMenu}) {
    const auto group = format::withoutMnemonic(menu->title());
    for (auto* known : menu->actions()) {
      if (known->isSeparator() || known->menu() != nullptr || known == action(QStringLiteral("commands"))) continue;
      const bool isPage = known->objectName().startsWith(QLatin1String("page_"));
      result.push_back({isPage ? tr("Page") : group, format::withoutMnemonic(known->text()),
                        known->shortcut().toString(QKeySequence::NativeText), known->isEnabled(), trigger(known)});
    }
  }
  auto& runs = m_workbench.runs();
  for (const auto& run : runs.runs()) {
    const auto name = tr("Run %1 %2").arg(run.number).arg(QString::fromStdString(run.name)).trimmed();
    result.push_back({tr("Run"), tr("Show %1").arg(name), {}, true, [this, number = run.number] { showRun(number); }});
  }
  if (auto* home = qobject_cast<HomePage*>(page(QStringLiteral("home")))) {
    const auto& samples = home->samples();
    for (int row = 0; row < samples.rowCount(); ++row) {
      const auto index = samples.index(row);
      if (!index.data(SamplesModel::InstalledRole).toBool()) continue;
      result.push_back({tr("Sample"),
                        tr("Train %1 now").arg(index.data().toString()),
                        {},
                        true,
                        [this, home, id = index.data(SamplesModel::IdRole).toString(),
                         asks = index.data(SamplesModel::NeedsWeightsRole).toBool()] {
                          if (asks)
                            home->chooseWeights(id);
                          else
                            m_workbench.openSample(id, true);
                        }});
    }
    const auto& recent = home->recent();
    for (int row = 0; row < recent.rowCount(); ++row) {
      const auto index = recent.index(row);
      result.push_back({tr("Project"),
                        tr("Open %1").arg(index.data().toString()),
                        {},
                        true,
                        [this, folder = index.data(RecentProjectsModel::FolderRole).toString()] {
                          m_workbench.openProject(folder);
                        }});
    }
  }
  return result;
}

}  // namespace lathe::ui

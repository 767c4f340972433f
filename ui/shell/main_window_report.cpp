// SPDX-License-Identifier: GPL-3.0-or-later
// The machine's checks, and the report for a bug.
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLocale>
#include <QMessageBox>
#include <QScreen>
#include <QStandardPaths>
#include <QSysInfo>
#include <QWindow>

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/services/bug_report.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/theme.h"
#include "ui/shell/machine_dialog.h"
#include "ui/shell/main_window.h"

namespace lathe::ui {

void MainWindow::openMachine() {
  auto* dialog = new MachineDialog(m_workbench, this);
  connect(dialog, &MachineDialog::reportWanted, this, &MainWindow::saveReportDialog);
  dialog->open();
}

void MainWindow::saveReportDialog() {
  const auto name = QStringLiteral("lathe-report-%1.txt").arg(QDate::currentDate().toString(Qt::ISODate));
  const auto folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
  auto* dialog =
      new QFileDialog(this, tr("Save a report for a bug"), QDir(folder).exists() ? folder : QDir::homePath());
  dialog->setObjectName(QStringLiteral("reportDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("txt"));
  dialog->selectFile(name);
  connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::saveReport);
  dialog->open();
}

void MainWindow::saveReport(const QString& file) {
  const auto* screen = windowHandle() != nullptr ? windowHandle()->screen() : QGuiApplication::primaryScreen();
  const auto size = screen != nullptr ? screen->size() : QSize();
  const TextArgs program{
      {"Qt", qVersion()},
      {"platform", QGuiApplication::platformName().toStdString()},
      {"screen",
       QStringLiteral("%1 x %2 at %3").arg(size.width()).arg(size.height()).arg(devicePixelRatioF()).toStdString()},
      {"window", QStringLiteral("%1 x %2, page %3").arg(width()).arg(height()).arg(currentPage()).toStdString()},
      {"theme", Theme::current().dark ? "dark" : "light"},
      {"locale", QLocale().name().toStdString()},
      {"system", QSysInfo::prettyProductName().toStdString() + ", " + QSysInfo::kernelVersion().toStdString()}};
  std::shared_ptr<engine::Engine> engine;
  if (m_workbench.engine() != nullptr) engine = m_workbench.engine()->engine;
  runAsync(
      m_workbench.readers(), this,
      [engine, project = m_workbench.project(), program, path = file.toStdString()]() -> Result<void> {
        const auto text = services::bugReport(engine.get(), project.get(), logFolder() / "lathe.log", program);
        return writeFileAtomically(path, text);
      },
      [this, file](const Result<void>& written) {
        if (!written) return showError(written.error());
        auto* box = new QMessageBox(this);
        box->setObjectName(QStringLiteral("reportSaved"));
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setWindowTitle(tr("Report saved"));
        box->setText(tr("The report is in %1.").arg(QDir::toNativeSeparators(file)));
        box->setInformativeText(tr(
            "Read it before you send it: it names files, columns and settings, but holds no data. Lathe itself sends "
            "nothing anywhere."));
        box->addButton(tr("Close"), QMessageBox::AcceptRole);
        box->open();
      });
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to files that are dropped on the window.
#include <QDragEnterEvent>
#include <QLabel>
#include <QMimeData>
#include <QUrl>

#include "ui/shell/main_window.h"

namespace lathe::ui {
namespace {

bool holdsFiles(const QMimeData* mime) { return mime != nullptr && mime->hasUrls() && !mime->urls().isEmpty(); }

}  // namespace

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (!holdsFiles(event->mimeData())) return;
  event->acceptProposedAction();
  m_dropOverlay->show();
  m_dropOverlay->raise();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent* event) {
  m_dropOverlay->hide();
  QMainWindow::dragLeaveEvent(event);
}

/// One file or folder is opened; what cannot be opened is said, and what is open stays.
void MainWindow::dropEvent(QDropEvent* event) {
  m_dropOverlay->hide();
  if (!holdsFiles(event->mimeData())) return;
  event->acceptProposedAction();
  const auto urls = event->mimeData()->urls();
  for (const auto& url : urls) {
    if (url.isLocalFile()) continue;
    showError({"window.drop_remote",
               {LATHE_TEXT("errors", "{address} is not a file on this machine."),
                {{"address", url.toDisplayString().toStdString()}}},
               {LATHE_TEXT("errors", "Download it first, then drop the file here."), {}}});
    return;
  }
  if (urls.size() > 1) {
    showError({"window.drop_many",
               {LATHE_TEXT("errors", "{count} files were dropped, but one is opened at a time."),
                {{"count", std::to_string(urls.size())}}},
               {LATHE_TEXT("errors", "Drop one data file, or the folder that holds the images."), {}}});
    return;
  }
  openPath(urls.front().toLocalFile());
}

}  // namespace lathe::ui

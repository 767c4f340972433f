// SPDX-License-Identifier: GPL-3.0-or-later
// What the Deploy page does when a run is exported.
#include <QFileDialog>

#include "ui/bridge/error_text.h"
#include "ui/bridge/export_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/pages/deploy_parts.h"
#include "ui/widgets/labels.h"

namespace lathe::ui {

void DeployPage::forgetResult() {
  m_parts->report.reset();
  m_parts->error.reset();
  showResult();
}

void DeployPage::showResult() {
  auto& p = *m_parts;
  if (p.report) {
    const auto rows = tr("%n row(s)", nullptr, static_cast<int>(p.report->rows));
    const auto sentence =
        p.report->ok ? tr("✓ Same predictions on %1, largest difference %2.") : tr("✕ Differs on %1 by up to %2.");
    setTextRole(*p.result, p.report->ok ? TextRole::Good : TextRole::Bad);
    p.result->setText(sentence.arg(rows, format::number(p.report->maxDiff, 2)) + QLatin1Char('\n') +
                      format::path(p.reportFolder));
  } else if (p.error) {
    setTextRole(*p.result, TextRole::Bad);
    p.result->setText(errorText(*p.error));
  }
  p.result->setVisible(p.report || (p.error && p.error->code != cancelledCode));
}

void DeployPage::chooseFolder() {
  auto* dialog = new QFileDialog(this, tr("Folder for the export"), m_parts->folder->text());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
    m_parts->folderTyped = true;
    m_parts->folder->setText(folder);
    followButtons();
  });
  dialog->open();
}

void DeployPage::startExport() {
  auto& p = *m_parts;
  forgetResult();
  services::ExportRequest request;
  request.run = chosenRun();
  request.folder = std::filesystem::path(p.folder->text().trimmed().toStdU16String());
  request.formats.clear();
  for (const auto& format : chosenFormats()) request.formats.push_back(format.toStdString());
  request.name = p.name->text().trimmed().toStdString();
  p.stage->setText(tr("Starting"));
  p.progress->setFraction(-1);
  workbench().exports().exportRun(request);
  followButtons();
}

}  // namespace lathe::ui

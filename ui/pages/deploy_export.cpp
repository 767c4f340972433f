// SPDX-License-Identifier: GPL-3.0-or-later
// What the Deploy page does when a run is exported.
#include <QFileDialog>

#include "core/exporting/quantization.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/export_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/format_words.h"
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
  if (const auto quantized = p.report ? quantizedResult() : QString(); !quantized.isEmpty()) {
    setTextRole(*p.result, TextRole::Good);
    p.result->setText(quantized + QLatin1Char('\n') + format::path(p.reportFolder));
  } else if (p.report) {
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

QString DeployPage::chosenPrecision() const { return m_parts->precision->currentData().toString(); }

// Formats that are not written with such weights cannot be chosen.
void DeployPage::followPrecision() {
  const auto precision = exporting::precisionNamed(chosenPrecision().toStdString());
  for (const auto& [name, box] : m_parts->formats->boxes())
    box->setEnabled(precision && exporting::checkQuantizable(name.toStdString(), *precision).has_value());
  followButtons();
}

/// Each quantised file beside float32, a line each; empty where there is none.
QString DeployPage::quantizedResult() const {
  QStringList lines;
  const auto milliseconds = [](double value) { return format::number(value, 3); };
  for (const auto& file : workbench().exports().lastFiles()) {
    if (!file.quantization) continue;
    const auto& q = *file.quantization;
    auto line =
        tr("%1 %2: %3 instead of %4, %5 ms instead of %6 ms a row")
            .arg(formatWord(QString::fromStdString(file.format)), QString::fromStdString(q.kind),
                 format::bytes(static_cast<double>(file.bytes)), format::bytes(static_cast<double>(q.floatBytes)),
                 milliseconds(q.latencyMs1), milliseconds(q.floatLatencyMs1));
    if (!q.metric.empty())
      line += tr(", %1 %2 instead of %3")
                  .arg(format::metricWord("val/" + q.metric, true), format::number(q.value, 4),
                       format::number(q.floatValue, 4));
    lines << line;
  }
  return lines.join(QLatin1Char('\n'));
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
  request.quantize = chosenPrecision().toStdString();
  p.stage->setText(tr("Starting"));
  p.progress->setFraction(-1);
  workbench().exports().exportRun(request);
  followButtons();
}

}  // namespace lathe::ui

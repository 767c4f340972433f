// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/drift_panel.h"

#include <QDateTime>
#include <QHeaderView>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/error_text.h"
#include "ui/models/drift_model.h"
#include "ui/models/format.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

namespace {

constexpr std::size_t mostSentences = 3;

/// "14:05" today, from ISO 8601.
QString sinceText(const std::string& iso) {
  const auto time = QDateTime::fromString(QString::fromStdString(iso), Qt::ISODateWithMs);
  return time.isValid() ? format::when(time.toMSecsSinceEpoch() * 1000) : QString::fromStdString(iso);
}

}  // namespace

DriftPanel::DriftPanel(QWidget* parent) : QWidget(parent) {
  m_states = new QStackedWidget(this);
  m_empty = new EmptyState(m_states);
  auto* report = new QWidget(m_states);
  auto* column = new QVBoxLayout(report);
  column->setContentsMargins(12, 8, 12, 8);
  column->setSpacing(4);
  m_sentence = makeParagraph(TextRole::Body, report);
  m_sentence->setObjectName(QStringLiteral("driftSentence"));
  m_caption = makeParagraph(TextRole::Caption, report);
  m_table = new TableView(report);
  m_table->setObjectName(QStringLiteral("driftTable"));
  m_model = new DriftModel(this);
  m_table->setModel(m_model);
  m_table->horizontalHeader()->setSectionResizeMode(DriftModel::What, QHeaderView::Stretch);
  column->addWidget(m_sentence);
  column->addWidget(m_caption);
  column->addWidget(m_table, 1);
  m_states->addWidget(m_empty);
  m_states->addWidget(report);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(m_states);
  retranslate();
}

void DriftPanel::showReport(const services::DriftReport& report) {
  m_report = report;
  m_state = State::Report;
  m_model->setReport(report);
  if (report.enough) m_table->fitColumns(200);
  follow();
}

void DriftPanel::showProblem(const Error& error) {
  m_error = error;
  m_state = State::Problem;
  follow();
}

void DriftPanel::clear() {
  m_state = State::Nothing;
  follow();
}

QString DriftPanel::sentences() const {
  QStringList lines;
  for (const auto& column : m_report.columns)
    if (column.level != services::DriftLevel::Same && lines.size() < static_cast<int>(mostSentences))
      lines << translated(column.sentence, "events");
  if (lines.isEmpty()) return tr("What the model is asked for looks like its training rows.");
  return lines.join(QLatin1Char(' '));
}

void DriftPanel::follow() {
  if (m_state == State::Nothing) {
    m_empty->showEmpty(tr("Nothing deployed yet"),
                       tr("The inputs of a served model are compared with its training rows."));
  } else if (m_state == State::Problem) {
    if (m_error.code == "deploy.no_summary")
      m_empty->showEmpty(translated(m_error.message), translated(m_error.hint));
    else
      m_empty->showError(translated(m_error.message), translated(m_error.hint));
  } else if (!m_report.enough) {
    m_empty->showEmpty(tr("Too few rows yet"),
                       tr("%n row(s) seen since %1; %2 are needed for a comparison. Lathe's own checks do not count.",
                          nullptr, format::plural(static_cast<std::int64_t>(m_report.rows)))
                           .arg(sinceText(m_report.since), format::integer(services::leastDriftRows)));
  }
  const bool table = m_state == State::Report && m_report.enough;
  m_states->setCurrentIndex(table ? 1 : 0);
  if (!table) return;
  const bool drifted = !m_report.columns.empty() && m_report.columns.front().level != services::DriftLevel::Same;
  setTextRole(*m_sentence, drifted ? TextRole::Warning : TextRole::Good);
  m_sentence->setText(sentences());
  m_caption->setText(tr("%n row(s) since %1, beside the training rows", nullptr,
                        format::plural(static_cast<std::int64_t>(m_report.rows)))
                         .arg(sinceText(m_report.since)));
}

void DriftPanel::retranslate() {
  m_table->setAccessibleName(tr("Inputs by column"));
  m_model->retranslate();
  follow();
}

}  // namespace lathe::ui

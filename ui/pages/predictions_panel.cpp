// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/predictions_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "core/spec/run_status.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/predictions_model.h"
#include "ui/pages/predictions_grid.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

PredictionsPanel::PredictionsPanel(Workbench& workbench, QWidget* parent)
    : QFrame(parent),
      m_workbench(workbench),
      m_feed(workbench),
      m_model(new PredictionsModel(this)),
      m_title(makeLabel(TextRole::Strong, this)),
      m_caption(new ElidedLabel(this)),
      m_states(new QStackedWidget(this)),
      m_empty(new QLabel(m_states)),
      m_table(new TableView(m_states)),
      m_scroll(new QScrollArea(m_states)),
      m_grid(new PredictionsGrid(*m_model)) {
  setObjectName(QStringLiteral("predictionsPanel"));
  setProperty("card", true);
  setMinimumSize(200, 120);
  setTextRole(*m_caption, TextRole::Caption);
  m_empty->setProperty("formLabel", true);
  m_empty->setAlignment(Qt::AlignCenter);
  m_empty->setWordWrap(true);
  m_empty->setMargin(16);
  m_table->setObjectName(QStringLiteral("predictionsTable"));
  m_table->setModel(m_model);
  m_table->horizontalHeader()->setStretchLastSection(true);
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setWidgetResizable(true);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setWidget(m_grid);
  m_scroll->viewport()->setAutoFillBackground(false);
  m_grid->setAutoFillBackground(false);
  for (QWidget* each :
       {static_cast<QWidget*>(m_empty), static_cast<QWidget*>(m_table), static_cast<QWidget*>(m_scroll)})
    m_states->addWidget(each);
  auto* header = new QHBoxLayout;
  header->setContentsMargins(12, 6, 12, 4);
  header->setSpacing(8);
  header->addWidget(m_title);
  header->addWidget(m_caption, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(1, 1, 1, 1);
  layout->setSpacing(0);
  layout->addLayout(header);
  auto* inner = new QVBoxLayout;
  inner->setContentsMargins(0, 0, 0, 2);
  inner->addWidget(m_states);
  layout->addLayout(inner, 1);
  connect(&m_feed, &InsightFeed::changed, this, &PredictionsPanel::follow);
  retranslate();
}

void PredictionsPanel::retranslate() {
  m_title->setText(tr("Predictions"));
  m_table->setAccessibleName(tr("Predictions"));
  m_grid->setAccessibleName(tr("Predictions"));
  m_model->retranslate();
  follow();
}

void PredictionsPanel::setRun(store::RunNumber run) {
  m_feed.setRun(run);
  // Called with every step of a run: only while there is nothing the words depend on how far it is.
  if (!m_feed.predictions()) follow();
}

void PredictionsPanel::showEvent(QShowEvent* event) {
  QFrame::showEvent(event);
  m_feed.setPaused(false);
}

void PredictionsPanel::hideEvent(QHideEvent* event) {
  QFrame::hideEvent(event);
  m_feed.setPaused(true);
}

void PredictionsPanel::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  m_grid->setRoom(m_scroll->viewport()->height() - 16);
}

QString PredictionsPanel::emptyText() const {
  const auto* record = m_workbench.runs().run(m_feed.run());
  if (record == nullptr) return tr("What a run says of a few validation rows while it trains: choose a run.");
  if (!spec::isFinal(record->status)) return tr("The first predictions come at the end of the first epoch.");
  return tr("Run %1 kept no predictions: it ended before its first epoch did, or it has no validation rows.")
      .arg(m_feed.run());
}

QString PredictionsPanel::caption() const { return m_caption->text(); }

void PredictionsPanel::follow() {
  const auto& shown = m_feed.predictions();
  const bool rowsChange = !shown || static_cast<int>(shown->rows.size()) != m_model->rowCount();
  m_model->setPredictions(shown);
  m_grid->setPredictions(shown);
  if (!shown || shown->rows.empty()) {
    m_empty->setText(emptyText());
    m_caption->setText({});
    m_states->setCurrentWidget(m_empty);
    return;
  }
  const auto count = static_cast<int>(shown->rows.size());
  auto text = tr("run %1, after epoch %2: %n validation row(s)", nullptr, count)
                  .arg(m_feed.run())
                  .arg(format::integer(shown->epoch));
  if (const auto right = m_model->right())
    text += shown->task == spec::Task::Quantile ? tr(", %1 inside their interval").arg(*right)
                                                : tr(", %1 right").arg(*right);
  m_caption->setText(text);
  m_grid->setAccessibleDescription(text);
  const bool pictures = !shown->pixels.empty();
  m_states->setCurrentWidget(pictures ? static_cast<QWidget*>(m_scroll) : m_table);
  if (!pictures && rowsChange) m_table->fitColumns();
}

}  // namespace lathe::ui

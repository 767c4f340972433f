// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/architecture_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <cmath>

#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/architecture_words.h"
#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/models/theme.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/graph_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/scrolled_column.h"

namespace lathe::ui {

namespace {

constexpr int margin = 12;
constexpr int belowHeight = 176;

}  // namespace

ArchitecturePanel::ArchitecturePanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_title(makeLabel(TextRole::Strong, this)),
      m_note(makeLabel(TextRole::Caption, this)),
      m_take(makeButton(ButtonKind::Link, this)),
      m_graph(new GraphView(this)),
      m_facts(new FactList(this)),
      m_changesTitle(makeLabel(TextRole::Strong, this)),
      m_changes(makeParagraph(TextRole::Body, this)),
      m_below(new ScrolledColumn(this)) {
  setObjectName(QStringLiteral("architecturePanel"));
  setMinimumWidth(260);
  m_take->setObjectName(QStringLiteral("makeArchitecture"));
  m_graph->setObjectName(QStringLiteral("architectureGraph"));
  m_changes->setObjectName(QStringLiteral("architectureChanges"));
  m_changes->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_changes->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(margin, 8, margin, 4);
  head->setSpacing(8);
  head->addWidget(m_title);
  head->addWidget(m_note, 1);
  head->addWidget(m_take);
  auto* changed = new QWidget(m_below);
  auto* right = new QVBoxLayout(changed);
  right->setContentsMargins(0, 0, 0, 0);
  right->setSpacing(4);
  right->addWidget(m_changesTitle);
  right->addWidget(m_changes);
  right->addStretch(1);
  auto* columns = new QHBoxLayout(m_below);
  columns->setContentsMargins(margin, 4, margin, margin);
  columns->setSpacing(16);
  columns->addWidget(m_facts, 1, Qt::AlignTop);
  columns->addWidget(changed, 1);
  auto* scroller = new QScrollArea(this);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  scroller->setFocusPolicy(Qt::NoFocus);
  scroller->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroller->setProperty("surface", true);
  scroller->setFixedHeight(belowHeight);
  scroller->setWidget(m_below);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(1, 1, 1, 1);  // the frame
  column->setSpacing(0);
  column->addLayout(head);
  column->addWidget(m_graph, 1);
  auto* edge = new QFrame(this);
  edge->setProperty("paneHeader", true);
  edge->setFixedHeight(1);
  column->addWidget(edge);
  column->addWidget(scroller);
  connect(m_take, &QPushButton::clicked, this, [this] {
    if (m_trial) Q_EMIT experimentWanted(static_cast<quint32>(*m_trial));
  });
  retranslate();
}

void ArchitecturePanel::retranslate() {
  m_take->setText(tr("Make it the experiment"));
  m_take->setToolTip(
      tr("Writes these layers and the training settings into the experiment; Undo brings the old ones "
         "back"));
  m_graph->setAccessibleName(tr("Network of the trial"));
  m_graph->setEmptyText(tr("The network of the best trial, or of the one that you choose."));
  m_drawn.reset();
  follow();
}

/// The frame that plots have.
void ArchitecturePanel::paintEvent(QPaintEvent*) {
  const auto& theme = Theme::current();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(theme.border, 1));
  painter.setBrush(theme.surface);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
}

QString ArchitecturePanel::changes() const { return m_changes->text(); }

void ArchitecturePanel::choose(std::optional<std::size_t> trial) {
  m_chosen = trial;
  follow();
}

void ArchitecturePanel::setScores(std::shared_ptr<const services::ScoreTable> scores) {
  m_scores = std::move(scores);
  if (m_trial) showFacts();
}

void ArchitecturePanel::showNothing() {
  m_trial.reset();
  m_drawn.reset();
  m_drawing.reset();
  m_title->setText(tr("Architecture"));
  m_note->clear();
  m_graph->setGraph({});
}

void ArchitecturePanel::follow() {
  const auto& studies = m_workbench.studies();
  const auto table = studies.table();
  const bool active = table && table->settings.architecture.active();
  if (!active || (m_chosen && *m_chosen >= table->size())) m_chosen.reset();
  std::optional<std::size_t> trial = m_chosen;
  if (active && !trial) {
    const auto& winner = studies.summary().winner;
    trial = winner && static_cast<std::size_t>(*winner) < table->size()
                ? std::optional(static_cast<std::size_t>(*winner))
                : table->best();
  }
  m_take->setVisible(trial.has_value());
  m_below->setVisible(trial.has_value());
  if (!trial) return showNothing();
  m_trial = trial;
  if (m_drawn != std::pair(qint64{table->study}, *trial)) {
    m_drawn = {table->study, *trial};
    m_drawing.reset();
    if (auto drawing = services::architectureOf(*table, *trial)) {
      m_drawing = std::move(*drawing);
      m_graph->setGraph(graphBoxes(m_drawing->graph, table->settings.architecture.context.graph, m_drawing->report));
    } else {
      m_graph->setGraph({});
    }
    showChanges();
  }
  QStringList notes;
  const auto& metric = table->settings.goals.front().metric;
  if (const double value = table->value(*trial); std::isfinite(value))
    notes << QStringLiteral("%1 %2").arg(goalWord(metric, true), goalText(metric, value));
  else
    notes << format::statusWord(table->status[*trial]);
  if (!m_chosen) notes << (studies.summary().winner ? tr("the winner") : tr("the best so far"));
  m_title->setText(tr("Trial %1").arg(*trial));
  m_note->setText(notes.join(QStringLiteral(" \u00b7 ")));
  showFacts();
}

void ArchitecturePanel::showFacts() {
  const auto table = m_workbench.studies().table();
  if (!table || !m_trial || *m_trial >= table->size()) return;
  std::vector<FactList::Fact> facts;
  if (m_drawing) {
    facts.push_back({tr("Parameters"), format::integer(m_drawing->report.parameters), {}});
    facts.push_back({tr("FLOPs of one row"), format::flops(static_cast<double>(m_drawing->report.flops)), {}});
    facts.push_back({tr("Layers"), format::integer(static_cast<std::int64_t>(m_drawing->graph.layers.size())), {}});
  }
  for (std::size_t goal = 1; goal < table->goals(); ++goal) {
    const auto& metric = table->settings.goals[goal].metric;
    if (const double value = table->value(*m_trial, goal);
        std::isfinite(value) && metric != "parameters" && metric != "flops")
      facts.push_back({goalWord(metric), goalText(metric, value), {}});
  }
  const auto& names = services::architectureScores();
  for (std::size_t i = 0; m_scores && i < names.size(); ++i) {
    if (names[i] == "parameters" || names[i] == "flops") continue;
    if (const double value = m_scores->at(i, *m_trial); std::isfinite(value))
      facts.push_back({scoreWord(names[i]), format::number(value), scoreHelp(names[i])});
  }
  m_facts->setFacts(std::move(facts));
}

void ArchitecturePanel::showChanges() {
  const auto table = m_workbench.studies().table();
  const auto parent = table->parent(*m_trial);
  const bool parents = hasParents(table->settings.architecture.method);
  m_changesTitle->setText(parent ? tr("Changed from trial %1").arg(*parent) : tr("No parent"));
  QStringList lines;
  for (const auto& change : services::changesOf(*table, *m_trial))
    lines << QStringLiteral("\u2022 ") + changeText(change);
  if (!parent)
    lines << (parents ? tr("Drawn at random.")
                      : tr("%1 proposes each architecture anew.")
                            .arg(architectureMethodWord(table->settings.architecture.method)));
  else if (lines.isEmpty())
    lines << tr("Nothing that shows.");
  m_changes->setText(lines.join(QLatin1Char('\n')));
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/choice_panel.h"

#include <QActionGroup>
#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/spec/run_status.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/trials_model.h"
#include "ui/plots/choice_plot.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

using services::ChoosingStage;

namespace {

constexpr int markSize = 9;

QString stageWord(ChoosingStage stage) {
  if (stage == ChoosingStage::Batch) return ChoicePanel::tr("batch size");
  return stage == ChoosingStage::Epochs ? ChoicePanel::tr("epochs") : ChoicePanel::tr("learning rate");
}

}  // namespace

ChoicePanel::ChoicePanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_feed(workbench),
      m_model(new TrialsModel(this)),
      m_pill(new PillButton({}, this)),
      m_menu(new QMenu(this)),
      m_splitter(new QSplitter(Qt::Horizontal, this)),
      m_plot(new ChoicePlot(workbench, m_splitter)) {
  setObjectName(QStringLiteral("choicePanel"));
  m_pill->setObjectName(QStringLiteral("stagePill"));
  m_menu->setObjectName(QStringLiteral("stageMenu"));
  m_plot->setObjectName(QStringLiteral("choicePlot"));
  m_splitter->setChildrenCollapsible(false);
  m_splitter->setHandleWidth(8);
  m_splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
  m_card = new QFrame(m_splitter);
  m_card->setProperty("card", true);
  m_card->setMinimumSize(200, 120);
  m_title = makeLabel(TextRole::Strong, m_card);
  m_caption = new ElidedLabel(m_card);
  setTextRole(*m_caption, TextRole::Caption);
  m_table = new TableView(m_card);
  m_table->setObjectName(QStringLiteral("trialsTable"));
  m_table->setModel(m_model);
  m_table->setIconSize(QSize(markSize, markSize));
  m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_table->horizontalHeader()->setSectionResizeMode(TrialsModel::Setting, QHeaderView::Stretch);
  auto* header = new QHBoxLayout;
  header->setContentsMargins(12, 6, 12, 4);
  header->setSpacing(8);
  header->addWidget(m_title);
  header->addWidget(m_caption, 1);
  auto* column = new QVBoxLayout(m_card);
  column->setContentsMargins(1, 1, 1, 3);
  column->setSpacing(0);
  column->addLayout(header);
  column->addWidget(m_table, 1);
  m_splitter->setStretchFactor(0, 1);
  m_splitter->setStretchFactor(1, 0);
  m_splitter->setSizes({236, 326});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_splitter);
  connect(m_pill, &QPushButton::clicked, this, [this] {
    fillMenu();
    m_menu->popup(m_pill->mapToGlobal(QPoint(0, m_pill->height() + 2)));
  });
  connect(&m_feed, &InsightFeed::changed, this, &ChoicePanel::follow);
  connect(m_plot, &ChoicePlot::failed, this, [this](const QString& sentence) {
    Q_EMIT m_workbench.failed(Error{"plot.save", {sentence.toStdString(), {}}, {}});
  });
  retranslate();
}

void ChoicePanel::retranslate() {
  m_plot->setTitle(tr("Short trainings"));
  m_plot->setToolTip(tr(
      "One mark a setting and round: larger ones are of later rounds, filled ones of the last, and the chosen one has "
      "a ring. Rounds do not compare with each other: later ones train for longer and on more folds."));
  m_title->setText(tr("Tried"));
  m_table->setAccessibleName(tr("Settings that were tried"));
  m_pill->setAccessibleName(tr("What was chosen"));
  m_pill->setToolTip(tr("Which choice is shown"));
  m_model->retranslate();
  m_rowsFitted = -1;
  follow();
}

void ChoicePanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  m_feed.setPaused(false);
}

void ChoicePanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  m_feed.setPaused(true);
}

void ChoicePanel::setRun(store::RunNumber run) {
  m_feed.setRun(run);
  // Called with every step of a run: only while there is nothing the words depend on how far it is.
  if (m_feed.choosing().tried.empty()) follow();
}

void ChoicePanel::setStage(std::optional<ChoosingStage> stage) {
  m_stage = stage;
  follow();
  m_plot->fit();
}

std::vector<ChoosingStage> ChoicePanel::stages() const {
  std::vector<ChoosingStage> result;
  for (const auto& each : m_feed.choosing().tried)
    if (std::find(result.begin(), result.end(), each.stage) == result.end()) result.push_back(each.stage);
  return result;
}

ChoosingStage ChoicePanel::stage() const {
  const auto all = stages();
  if (m_stage && std::find(all.begin(), all.end(), *m_stage) != all.end()) return *m_stage;
  return all.empty() ? ChoosingStage::Optimizer : all.back();
}

QString ChoicePanel::caption() const { return m_caption->text(); }

QString ChoicePanel::emptyText() const {
  const auto* record = m_workbench.runs().run(m_feed.run());
  if (record == nullptr) return tr("What a run tries before its first step: choose a run.");
  if (!spec::isFinal(record->status) && record->totalSteps == 0) return tr("The first short trainings are under way.");
  return tr("Run %1 tried nothing: its settings were given, or it is too short to tell them apart.").arg(m_feed.run());
}

void ChoicePanel::follow() {
  const auto& choosing = m_feed.choosing();
  const auto shown = stage();
  m_model->setTrials(choosing, shown);
  fillPlot();
  m_plot->setEmptyText(emptyText());
  m_table->setColumnHidden(TrialsModel::Round, shown != ChoosingStage::Optimizer);
  m_card->setVisible(m_model->rowCount() > 0);
  if (m_rowsFitted != m_model->rowCount()) {
    m_rowsFitted = m_model->rowCount();
    for (const auto column : {TrialsModel::Number, TrialsModel::Round, TrialsModel::Value})
      m_table->resizeColumnToContents(column);
  }
  auto text = m_rowsFitted == 0 ? QString() : tr("run %1: %n setting(s)", nullptr, m_rowsFitted).arg(m_feed.run());
  const auto& progress = choosing.progress;
  if (m_rowsFitted > 0 && progress && progress->stage == shown && progress->done < progress->total)
    text += tr(", %1 of %2 trainings").arg(progress->done).arg(progress->total);
  m_caption->setText(text);
  m_pill->setText(stageWord(shown) + QStringLiteral(" \u25be"));
  const auto count = stages().size();
  if (std::exchange(m_stagesShown, count) != count) Q_EMIT stagesChanged();
}

void ChoicePanel::fillPlot() {
  const auto shown = stage();
  std::vector<ChoicePlot::Mark> marks;
  const auto words = familiesOf(m_feed.choosing(), shown);
  std::vector<LegendEntry> families;
  for (int i = 0; i < words.size(); ++i) families.push_back({words.at(i), i});
  const services::TriedSetting* first = nullptr;
  for (const auto& tried : m_feed.choosing().tried) {
    if (tried.stage != shown || !(tried.number > 0)) continue;
    if (first == nullptr) first = &tried;
    ChoicePlot::Mark mark{tried.number, tried.value,        tried.candidate, tried.round, 0,
                          tried.chosen, settingWord(tried), valueText(tried)};
    if (shown == ChoosingStage::Optimizer) mark.family = static_cast<int>(words.indexOf(familyWord(tried.optimizer)));
    marks.push_back(std::move(mark));
  }
  if (first != nullptr)
    m_plot->setAxes(stageWord(shown), valueWord(*first, true), largerIsBetter(*first),
                    shown != ChoosingStage::Optimizer);
  m_plot->setMarks(marks, std::move(families));
}

void ChoicePanel::fillMenu() {
  delete m_menu->findChild<QActionGroup*>();
  m_menu->clear();
  auto* group = new QActionGroup(m_menu);
  for (const auto each : stages()) {
    auto* action = m_menu->addAction(stageWord(each));
    action->setCheckable(true);
    action->setChecked(each == stage());
    group->addAction(action);
    connect(action, &QAction::triggered, this, [this, each] { setStage(each); });
  }
}

}  // namespace lathe::ui

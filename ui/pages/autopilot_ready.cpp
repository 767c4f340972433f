// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/autopilot_ready.h"

#include <QDesktopServices>
#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/pages/data_inspector.h"
#include "ui/widgets/card.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/scrolled_column.h"

namespace lathe::ui {

namespace {

constexpr std::size_t mostEarlier = 6;
constexpr int mostFactWidth = 560;

void emptyOut(QVBoxLayout& layout) {
  while (auto* item = layout.takeAt(0)) {
    // Later: this may be called while the style goes through all widgets.
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
}

}  // namespace

AutopilotReady::AutopilotReady(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  auto* scroller = new QScrollArea(this);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  scroller->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroller->setFocusPolicy(Qt::NoFocus);
  auto* content = new ScrolledColumn(scroller);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(24, 20, 24, 24);
  column->setSpacing(12);
  m_title = makeLabel(TextRole::Title, content);
  column->addWidget(m_title);
  buildZone(*column);

  m_found = new Card(content);
  m_foundTitle = makeLabel(TextRole::Section, m_found);
  m_facts = new FactList(m_found);
  m_facts->setMaximumWidth(mostFactWidth);
  m_warningsTitle = makeLabel(TextRole::Strong, m_found);
  m_warnings = new QVBoxLayout;
  m_warnings->setSpacing(8);
  m_found->body().addWidget(m_foundTitle);
  m_found->body().addWidget(m_facts);
  m_found->body().addSpacing(8);
  m_found->body().addWidget(m_warningsTitle);
  m_found->body().addLayout(m_warnings);
  column->addWidget(m_found);

  m_earlier = new Card(content);
  m_earlierTitle = makeLabel(TextRole::Section, m_earlier);
  m_earlierRows = new QVBoxLayout;
  m_earlierRows->setSpacing(4);
  m_earlier->body().addWidget(m_earlierTitle);
  m_earlier->body().addLayout(m_earlierRows);
  column->addWidget(m_earlier);

  m_steps = new Card(content);
  m_stepsTitle = makeLabel(TextRole::Section, m_steps);
  m_stepsText = makeParagraph(TextRole::Body, m_steps);
  m_steps->body().addWidget(m_stepsTitle);
  m_steps->body().addSpacing(4);
  m_steps->body().addWidget(m_stepsText);
  column->addWidget(m_steps);
  column->addStretch(1);
  scroller->setWidget(content);
  outer->addWidget(scroller);

  auto& experiment = workbench.experiment();
  connect(&experiment, &ExperimentController::dataChanged, this, [this] {
    m_unread.reset();
    followData();
  });
  connect(&experiment, &ExperimentController::dataFailed, this, [this](const Error& error) {
    m_unread = error;
    followData();
  });
  connect(&workbench.autopilot(), &AutopilotController::earlierRead, this, &AutopilotReady::followEarlier);
  connect(&workbench.autopilot(), &AutopilotController::changed, this, [this] {
    const bool active = m_workbench.autopilot().active();
    for (auto* button : m_earlier->findChildren<QPushButton*>(QStringLiteral("autopilotGoOn")))
      button->setEnabled(!active);
  });
  retranslate();
}

void AutopilotReady::buildZone(QVBoxLayout& column) {
  m_zone = new QFrame(this);
  m_zone->setObjectName(QStringLiteral("autopilotZone"));
  m_zone->setProperty("dropZone", true);
  auto* layout = new QVBoxLayout(m_zone);
  layout->setContentsMargins(24, 24, 24, 24);
  layout->setSpacing(8);
  m_zoneTitle = makeLabel(TextRole::Section, m_zone);
  m_zoneText = makeLabel(TextRole::Caption, m_zone);
  for (auto* label : {m_zoneTitle, m_zoneText}) {
    label->setAlignment(Qt::AlignCenter);
    layout->addWidget(label);
  }
  m_file = makeButton(ButtonKind::Primary, m_zone);
  m_folder = makeButton(ButtonKind::Ordinary, m_zone);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addStretch(1);
  buttons->addWidget(m_file);
  buttons->addWidget(m_folder);
  buttons->addStretch(1);
  layout->addSpacing(4);
  layout->addLayout(buttons);
  column.addWidget(m_zone);
  connect(m_file, &QPushButton::clicked, this, &AutopilotReady::fileWanted);
  connect(m_folder, &QPushButton::clicked, this, &AutopilotReady::folderWanted);
}

void AutopilotReady::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) followData();
}

void AutopilotReady::followData() {
  const auto* inspected = m_workbench.experiment().data();
  const auto& path = m_workbench.experiment().spec().data.path;
  m_zone->setVisible(inspected == nullptr && path.empty());
  m_found->setVisible(inspected != nullptr || m_unread);
  m_facts->setVisible(inspected != nullptr);
  m_warningsTitle->setVisible(inspected != nullptr);
  emptyOut(*m_warnings);
  const auto& theme = Theme::current();
  const auto add = [this](const char* sign, const QColor& colour, const Error& what) {
    m_warnings->addWidget(
        DataInspector::makeNote(m_found, sign, colour, translated(what.message), translated(what.hint)));
  };
  if (m_unread) add("error", theme.bad, *m_unread);
  if (inspected == nullptr) return;
  const auto& profile = inspected->profile;
  const auto count = [](std::int64_t value) { return format::integer(value); };
  std::vector<FactList::Fact> facts{{tr("Rows"), count(profile.rows + profile.testRows), {}}};
  if (!profile.image && !profile.audio)
    facts.push_back({tr("Columns"), count(static_cast<std::int64_t>(profile.columns.size())), {}});
  if (!profile.classes.empty())
    facts.push_back({tr("Classes"), count(static_cast<std::int64_t>(profile.classes.size())), {}});
  facts.push_back({tr("For training, validation and the test"),
                   QStringLiteral("%1 \u00b7 %2 \u00b7 %3")
                       .arg(count(profile.trainRows), count(profile.validationRows), count(profile.heldOutRows)),
                   {}});
  m_facts->setFacts(std::move(facts));
  if (inspected->cannotTrain) add("error", theme.bad, *inspected->cannotTrain);
  for (const auto& warning : profile.warnings) add("warning", theme.warning, warning);
  if (m_warnings->count() == 0)
    m_warnings->addWidget(DataInspector::makeNote(m_found, "check", theme.good, tr("Nothing stands out"), {}));
}

QWidget* AutopilotReady::earlierRow(std::size_t index) {
  const auto& each = m_workbench.autopilot().earlier()[index];
  auto* row = new QWidget(m_earlier);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  auto* text = new ElidedLabel(row);
  const auto name = tr("Autopilot %1").arg(each.number);
  const auto time = each.state.finished
                        ? tr("done in %1").arg(format::duration(each.state.used))
                        : tr("unfinished, %1 of %2 used")
                              .arg(format::duration(each.state.used), format::duration(each.state.seconds));
  text->setText(QStringLiteral("%1 \u00b7 %2 \u00b7 %3").arg(name, format::when(each.micros), time));
  layout->addWidget(text, 1);
  if (!each.state.finished) {
    auto* more = makeButton(ButtonKind::Ordinary, row, tr("Go on"));
    more->setObjectName(QStringLiteral("autopilotGoOn"));
    more->setAccessibleName(tr("Go on with %1").arg(name));
    more->setEnabled(!m_workbench.autopilot().active());
    connect(more, &QPushButton::clicked, this, [this, number = each.number] {
      auto& autopilot = m_workbench.autopilot();
      const auto& all = autopilot.earlier();
      const auto found =
          std::find_if(all.begin(), all.end(), [number](const auto& known) { return known.number == number; });
      if (found != all.end()) autopilot.resume(static_cast<std::size_t>(found - all.begin()));
    });
    layout->addWidget(more);
  }
  if (each.report) {
    auto* report = makeButton(ButtonKind::Link, row, tr("Open report"));
    report->setAccessibleName(tr("Open the report of %1").arg(name));
    const auto file = QString::fromStdU16String((each.folder / "report.html").u16string());
    connect(report, &QPushButton::clicked, this, [file] { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); });
    layout->addWidget(report);
  }
  return row;
}

void AutopilotReady::followEarlier() {
  emptyOut(*m_earlierRows);
  const auto& all = m_workbench.autopilot().earlier();
  m_earlier->setVisible(!all.empty());
  for (std::size_t i = 0; i < std::min(mostEarlier, all.size()); ++i) m_earlierRows->addWidget(earlierRow(i));
}

void AutopilotReady::retranslate() {
  m_title->setText(tr("From data to a verified model"));
  m_zoneTitle->setText(tr("Drop a data file or a folder of images or sound here"));
  m_zoneText->setText(tr("CSV, TSV, NumPy, IDX, images or sound by folder"));
  m_file->setText(tr("Choose a file…"));
  m_folder->setText(tr("Choose a folder…"));
  for (auto* button : {m_file, m_folder}) button->setAccessibleName(button->text());
  m_foundTitle->setText(tr("What is in the data"));
  m_warningsTitle->setText(tr("Worth a look"));
  m_earlierTitle->setText(tr("Earlier ones of this project"));
  m_stepsTitle->setText(tr("What will happen"));
  const QStringList steps{
      tr("The rows are cleaned and split; where they are few, folds let every one of them judge once."),
      tr("Baselines come first: a constant, a linear model and, where XGBoost is installed, boosted trees. When they "
         "win, that is said."),
      tr("Settings that did well on many tables follow, those first that gain most a second, then a search near the "
         "best; what is hopeless is given up early."),
      tr("The best are joined into one model and calibrated. The test rows are opened once, for this one."),
      tr("It is exported, verified in a fresh process and put where you want it. A report says what was tried, why "
         "this "
         "one, and how sure that is."),
      tr("Every model is a run of the project: look at its curves, or take it over and go on by hand.")};
  QStringList lines;
  for (qsizetype i = 0; i < steps.size(); ++i) lines << QStringLiteral("%1.  %2").arg(i + 1).arg(steps[i]);
  m_stepsText->setText(lines.join(QStringLiteral("\n\n")));
  followData();
  followEarlier();
}

}  // namespace lathe::ui

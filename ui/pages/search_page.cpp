// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/search_page.h"

#include <QApplication>
#include <QClipboard>
#include <QDataStream>
#include <QDir>
#include <QFrame>
#include <QHBoxLayout>
#include <QIODevice>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/command_text.h"
#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/pages/pane_header.h"
#include "ui/pages/search_best.h"
#include "ui/pages/search_head.h"
#include "ui/pages/search_pictures.h"
#include "ui/pages/search_settings.h"
#include "ui/pages/space_panel.h"
#include "ui/pages/trials_panel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/scrolled_column.h"

namespace lathe::ui {

namespace {

constexpr int leftWidth = 340;
constexpr int margin = 12;
constexpr int undoMs = 15000;

}  // namespace

struct SearchPage::Parts {
  QSplitter* splitter = nullptr;
  PaneHeader* header = nullptr;
  PillButton* studies = nullptr;
  SpacePanel* space = nullptr;
  SearchSettings* settings = nullptr;
  SearchBest* best = nullptr;
  QPushButton* copy = nullptr;
  QPushButton* own = nullptr;
  SearchHead* head = nullptr;
  SearchPictures* pictures = nullptr;
  QFrame* undo = nullptr;
  QLabel* undoText = nullptr;
  QPushButton* undoButton = nullptr;
  QTimer undoTimer;
  qint64 removed = 0;
};

SearchPage::SearchPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent), m_parts(std::make_unique<Parts>()) {
  setProperty("page", true);
  build();
  auto& p = *m_parts;
  auto& studies = workbench.studies();
  connect(&studies, &StudyController::studiesChanged, this, &SearchPage::followHeader);
  connect(&studies, &StudyController::currentChanged, this, &SearchPage::followHeader);
  // What is open concerns a search of settings alone.
  connect(&workbench.experiment(), &ExperimentController::searchChanged, this, &SearchPage::followKind);
  connect(p.studies, &QPushButton::clicked, this, &SearchPage::openStudies);
  connect(p.copy, &QPushButton::clicked, this, &SearchPage::copyCommand);
  connect(p.own, &QPushButton::clicked, this, &SearchPage::tryOwn);
  connect(p.head, &SearchHead::wantedChanged, this, [this] { m_parts->pictures->setWanted(m_parts->head->wanted()); });
  auto* trials = p.pictures->trials();
  connect(p.best, &SearchBest::experimentWanted, trials, &TrialsPanel::makeExperiment);
  connect(p.best, &SearchBest::runWanted, trials, &TrialsPanel::openRun);
  connect(trials, &TrialsPanel::runOpened, this, &SearchPage::runOpened);
  connect(trials, &TrialsPanel::networkMade, this, &SearchPage::networkMade);
  connect(p.undoButton, &QPushButton::clicked, this, [this] {
    this->workbench().studies().restore(m_parts->removed);
    m_parts->undo->hide();
  });
  connect(&p.undoTimer, &QTimer::timeout, p.undo, &QWidget::hide);
  retranslate();
}

SearchPage::~SearchPage() = default;

void SearchPage::build() {
  auto& p = *m_parts;
  p.splitter = new QSplitter(Qt::Horizontal, this);
  p.splitter->setHandleWidth(1);
  p.splitter->setChildrenCollapsible(false);
  auto* left = new QWidget(p.splitter);
  left->setProperty("surface", true);
  left->setAttribute(Qt::WA_StyledBackground);
  left->setMinimumWidth(240);
  p.header = new PaneHeader(left);
  p.studies = new PillButton({}, p.header);
  p.studies->setObjectName(QStringLiteral("studiesPill"));
  p.header->addRight(p.studies);
  auto* scroller = new QScrollArea(left);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  scroller->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroller->setProperty("surface", true);
  scroller->setFocusPolicy(Qt::NoFocus);
  auto* inner = new ScrolledColumn(scroller);
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(margin, margin, margin, margin);
  column->setSpacing(16);
  p.best = new SearchBest(workbench(), inner);
  p.space = new SpacePanel(workbench(), inner);
  p.settings = new SearchSettings(workbench(), inner);
  p.copy = makeButton(ButtonKind::Link, inner);
  p.copy->setObjectName(QStringLiteral("copySearch"));
  p.own = makeButton(ButtonKind::Link, inner);
  p.own->setObjectName(QStringLiteral("tryOwn"));
  column->addWidget(p.best);
  column->addWidget(p.space);
  column->addWidget(p.settings);
  auto* links = new QVBoxLayout;
  links->setSpacing(2);
  links->addWidget(p.own, 0, Qt::AlignLeft);
  links->addWidget(p.copy, 0, Qt::AlignLeft);
  column->addLayout(links);
  column->addStretch(1);
  scroller->setWidget(inner);
  p.undo = new QFrame(left);
  p.undo->setProperty("note", true);
  auto* undo = new QHBoxLayout(p.undo);
  undo->setContentsMargins(12, 4, 8, 4);
  p.undoText = makeLabel(TextRole::Body, p.undo);
  p.undoButton = makeButton(ButtonKind::Link, p.undo);
  p.undoButton->setObjectName(QStringLiteral("undoRemoveStudy"));
  undo->addWidget(p.undoText, 1);
  undo->addWidget(p.undoButton);
  p.undo->hide();
  p.undoTimer.setSingleShot(true);
  p.undoTimer.setInterval(undoMs);
  auto* outer = new QVBoxLayout(left);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  outer->addWidget(p.header);
  outer->addWidget(p.undo);
  outer->addWidget(scroller, 1);
  auto* right = new QWidget(p.splitter);
  auto* rightColumn = new QVBoxLayout(right);
  rightColumn->setContentsMargins(0, 0, 0, 0);
  rightColumn->setSpacing(0);
  p.head = new SearchHead(workbench(), right);
  p.pictures = new SearchPictures(workbench(), right);
  auto* edge = new QFrame(right);
  edge->setProperty("paneHeader", true);
  edge->setFixedHeight(1);
  rightColumn->addWidget(p.head);
  rightColumn->addWidget(edge);
  rightColumn->addWidget(p.pictures, 1);
  p.splitter->setStretchFactor(0, 0);
  p.splitter->setStretchFactor(1, 1);
  p.splitter->setSizes({leftWidth, 900});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(p.splitter);
}

SearchPictures* SearchPage::pictures() const { return m_parts->pictures; }
SpacePanel* SearchPage::space() const { return m_parts->space; }

void SearchPage::retranslate() {
  auto& p = *m_parts;
  p.copy->setText(tr("Copy the search as a command"));
  p.copy->setToolTip(tr("The commands for a shell that make the same search"));
  p.own->setText(tr("Try your own configuration…"));
  p.own->setToolTip(tr("The study tries it next"));
  p.undoButton->setText(tr("Undo"));
  p.studies->setAccessibleName(tr("Studies of the project"));
  p.studies->setToolTip(tr("Which study is shown"));
  p.space->retranslate();
  p.settings->retranslate();
  p.best->retranslate();
  p.head->retranslate();
  p.pictures->retranslate();
  followKind();
  followHeader();
}

void SearchPage::followKind() { m_parts->space->setVisible(!workbench().experiment().search().architectures()); }

void SearchPage::followHeader() {
  auto& p = *m_parts;
  const auto& studies = workbench().studies();
  const auto* record = studies.study(studies.current());
  p.header->setTitle(record == nullptr ? tr("Search") : tr("Study %1").arg(record->number));
  p.header->setNote(record == nullptr ? QString() : QString::fromStdString(record->name));
  p.studies->setText(tr("%n studies", nullptr, static_cast<int>(studies.studies().size())) + QStringLiteral(" \u25be"));
  p.studies->setVisible(!studies.studies().empty());
  p.own->setVisible(studies.can(StudyController::Action::Enqueue, studies.current()));
}

void SearchPage::openStudies() {
  auto* menu = new QMenu(this);
  menu->setObjectName(QStringLiteral("studiesMenu"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  auto& studies = workbench().studies();
  for (const auto& record : studies.studies()) {
    const auto text = tr("%1 %2, %3, %n trial(s), %4", "number, name, state, when", format::plural(record.trials))
                          .arg(record.number)
                          .arg(QString::fromStdString(record.name), format::statusWord(record.status),
                               format::when(record.createdMicros));
    const auto kind = record.kind == "nas" ? QStringLiteral(", ") + tr("architectures") : QString();
    auto* action = menu->addAction(QString(text + kind).replace(QLatin1Char('&'), QLatin1String("&&")));
    action->setCheckable(true);
    action->setChecked(record.number == studies.current());
    connect(action, &QAction::triggered, this,
            [this, number = record.number] { workbench().studies().setCurrent(number); });
  }
  menu->addSeparator();
  auto* removing = menu->addAction(tr("&Remove study %1").arg(studies.current()));
  removing->setObjectName(QStringLiteral("removeStudy"));
  removing->setEnabled(studies.can(StudyController::Action::Remove, studies.current()));
  connect(removing, &QAction::triggered, this, [this] { remove(workbench().studies().current()); });
  menu->popup(m_parts->studies->mapToGlobal(QPoint(0, m_parts->studies->height() + 2)));
}

void SearchPage::remove(qint64 study) {
  auto& p = *m_parts;
  workbench().studies().remove(study);
  p.removed = study;
  p.undoText->setText(tr("Study %1 removed.").arg(study));
  p.undo->show();
  p.undoTimer.start();
}

void SearchPage::tryOwn() {
  const auto trial = m_parts->pictures->trials()->current();
  m_parts->pictures->trials()->tryOwn(trial ? trial : m_parts->best->trial());
}

void SearchPage::copyCommand() {
  const auto project = workbench().project();
  if (!project) return;
  const auto& experiment = workbench().experiment();
  const auto folder = QDir::cleanPath(QString::fromStdU16String(project->folder().u16string()));
  QApplication::clipboard()->setText(
      searchCommand(experiment.spec(), experiment.search().space, experiment.search().wanted(), folder));
}

void SearchPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  workbench().studies().setWatched(true);
}

void SearchPage::hideEvent(QHideEvent* event) {
  Page::hideEvent(event);
  workbench().studies().setWatched(false);
}

QByteArray SearchPage::saveState() const {
  QByteArray state;
  QDataStream out(&state, QIODevice::WriteOnly);
  out << m_parts->splitter->saveState() << m_parts->pictures->saveState();
  return state;
}

void SearchPage::restoreState(const QByteArray& state) {
  QDataStream in(state);
  QByteArray splitter;
  QByteArray pictures;
  in >> splitter >> pictures;
  if (in.status() != QDataStream::Ok) return;
  m_parts->splitter->restoreState(splitter);
  m_parts->pictures->restoreState(pictures);
}

}  // namespace lathe::ui

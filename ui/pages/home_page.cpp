// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/home_page.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <utility>

#include "core/base/machine.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/start_models.h"
#include "ui/pages/recent_list.h"
#include "ui/pages/sample_card.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

struct HomePage::Parts {
  RecentProjectsModel* recent = nullptr;
  SamplesModel* samples = nullptr;
  QLabel* title = nullptr;
  QLabel* dropTitle = nullptr;
  QLabel* dropFormats = nullptr;
  QPushButton* open = nullptr;
  QPushButton* folder = nullptr;
  QPushButton* fresh = nullptr;
  QPushButton* autopilot = nullptr;
  QLabel* samplesTitle = nullptr;
  CardGrid* grid = nullptr;
  std::vector<SampleCard*> cards;
  QWidget* inspector = nullptr;
  QLabel* recentTitle = nullptr;
  QLabel* recentEmpty = nullptr;
  RecentList* recentList = nullptr;
  QLabel* machineTitle = nullptr;
  FactList* machine = nullptr;
  std::optional<MachineInfo> seen;
  bool looking = false;
};

HomePage::HomePage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent), m_parts(std::make_unique<Parts>()) {
  m_parts->recent = new RecentProjectsModel(this);
  m_parts->samples = new SamplesModel({}, this);
  build();
  retranslate();
  lookForSamples();
  connect(&workbench, &Workbench::engineReady, this, &HomePage::followMachine);
}

HomePage::~HomePage() = default;

/// Again whenever a person comes back to the window: from installing one, perhaps.
bool HomePage::event(QEvent* event) {
  if (event->type() == QEvent::WindowActivate && isVisible()) lookForSamples();
  return Page::event(event);
}

void HomePage::lookForSamples() {
  if (std::exchange(m_parts->looking, true)) return;
  runAsync(
      *workbench().services().workers, this, [] { return services::samples(); },
      [this](std::vector<services::Sample> samples) {
        m_parts->looking = false;
        m_parts->samples->setSamples(std::move(samples));
        buildCards();
      });
}

RecentProjectsModel& HomePage::recent() const { return *m_parts->recent; }
SamplesModel& HomePage::samples() const { return *m_parts->samples; }

void HomePage::build() {
  auto& p = *m_parts;
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  auto* scroller = new QScrollArea(this);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  scroller->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroller->setFocusPolicy(Qt::NoFocus);
  outer->addWidget(scroller);
  auto* content = new QWidget(scroller);
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(32, 24, 32, 24);
  layout->setSpacing(0);

  p.title = makeLabel(TextRole::Title, content);
  layout->addWidget(p.title);
  layout->addSpacing(16);

  auto* zone = new QFrame(content);
  zone->setProperty("dropZone", true);
  zone->setMinimumHeight(150);
  auto* zoneLayout = new QVBoxLayout(zone);
  zoneLayout->setContentsMargins(24, 20, 24, 20);
  zoneLayout->setSpacing(8);
  p.dropTitle = makeLabel(TextRole::Section, zone);
  p.dropFormats = makeLabel(TextRole::Caption, zone);
  p.open = makeButton(ButtonKind::Primary, zone);
  p.folder = makeButton(ButtonKind::Ordinary, zone);
  p.fresh = makeButton(ButtonKind::Ordinary, zone);
  p.open->setObjectName(QStringLiteral("homeOpenData"));
  p.fresh->setObjectName(QStringLiteral("homeNewProject"));
  p.autopilot = makeButton(ButtonKind::Ordinary, zone);
  p.autopilot->setObjectName(QStringLiteral("homeAutopilot"));
  p.autopilot->setIcon(icon(QStringLiteral("autopilot")));
  zoneLayout->addStretch(1);
  for (auto* label : {p.dropTitle, p.dropFormats}) {
    label->setAlignment(Qt::AlignCenter);
    zoneLayout->addWidget(label);
  }
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addStretch(1);
  for (auto* button : {p.open, p.folder, p.fresh, p.autopilot}) buttons->addWidget(button);
  buttons->addStretch(1);
  zoneLayout->addSpacing(4);
  zoneLayout->addLayout(buttons);
  zoneLayout->addStretch(1);
  layout->addWidget(zone);
  layout->addSpacing(24);

  p.samplesTitle = makeLabel(TextRole::Section, content);
  layout->addWidget(p.samplesTitle);
  layout->addSpacing(12);
  auto* cards = new QWidget(content);
  p.grid = new CardGrid(cards, 216, 3);
  layout->addWidget(cards);
  layout->addStretch(1);
  scroller->setWidget(content);

  connect(p.open, &QPushButton::clicked, this, &HomePage::openDataWanted);
  connect(p.folder, &QPushButton::clicked, this, &HomePage::openFolderWanted);
  connect(p.fresh, &QPushButton::clicked, this, &HomePage::newProjectWanted);
  connect(p.autopilot, &QPushButton::clicked, this, &HomePage::autopilotWanted);
}

void HomePage::buildCards() {
  auto& p = *m_parts;
  const auto count = static_cast<std::size_t>(p.samples->rowCount());
  while (p.cards.size() < count) {
    auto* card = new SampleCard(p.grid->parentWidget());
    connect(card, &SampleCard::wanted, this,
            [this](const QString& id, bool train) { workbench().openSample(id, train); });
    connect(card, &SampleCard::weightsWanted, this, &HomePage::chooseWeights);
    p.grid->addWidget(card);
    p.cards.push_back(card);
  }
  for (std::size_t i = 0; i < p.cards.size(); ++i) {
    p.cards[i]->setVisible(i < count);
    if (i < count) p.cards[i]->show(p.samples->index(static_cast<int>(i)));
  }
}

void HomePage::chooseWeights(const QString& id) {
  auto* dialog = new QFileDialog(this, tr("Choose a weights file"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setNameFilters({tr("Weights (*.pth *.pt *.safetensors)"), tr("All files (*)")});
  connect(dialog, &QFileDialog::fileSelected, this,
          [this, id](const QString& file) { workbench().openSample(id, true, file); });
  dialog->open();
}

QWidget* HomePage::inspector() {
  auto& p = *m_parts;
  if (p.inspector != nullptr) return p.inspector;
  p.inspector = new QWidget;
  auto* layout = new QVBoxLayout(p.inspector);
  layout->setContentsMargins(0, 14, 0, 12);
  layout->setSpacing(4);
  const auto indented = [layout](QWidget* widget) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 12, 0);
    row->addWidget(widget);
    layout->addLayout(row);
  };
  p.recentTitle = makeLabel(TextRole::Strong, p.inspector);
  p.recentEmpty = makeParagraph(TextRole::Caption, p.inspector);
  p.recentList = new RecentList(p.inspector);
  p.recentList->setModel(p.recent);
  p.machineTitle = makeLabel(TextRole::Strong, p.inspector);
  p.machine = new FactList(p.inspector);
  indented(p.recentTitle);
  indented(p.recentEmpty);
  layout->addWidget(p.recentList);
  layout->addSpacing(16);
  indented(p.machineTitle);
  indented(p.machine);
  layout->addStretch(1);
  const auto follow = [this] { m_parts->recentEmpty->setVisible(m_parts->recent->rowCount() == 0); };
  connect(p.recent, &QAbstractItemModel::modelReset, this, follow);
  connect(p.recent, &QAbstractItemModel::rowsInserted, this, follow);
  connect(p.recent, &QAbstractItemModel::rowsRemoved, this, follow);
  connect(p.recentList, &RecentList::openWanted, this,
          [this](const QString& folder) { workbench().openProject(folder); });
  connect(p.recentList, &RecentList::removeWanted, p.recent, &RecentProjectsModel::remove);
  follow();
  retranslate();
  runAsync(
      *workbench().services().workers, this, [] { return machineInfo(); },
      [this](MachineInfo machine) {
        m_parts->seen = std::move(machine);
        followMachine();
      });
  return p.inspector;
}

void HomePage::followMachine() {
  auto& p = *m_parts;
  if (p.machine == nullptr) return;
  std::vector<FactList::Fact> facts;
  if (p.seen) {
    const auto processor = QString::fromStdString(p.seen->processor).simplified();
    if (!processor.isEmpty()) facts.push_back({tr("Processor"), processor, {}});
    facts.push_back({tr("Threads"), format::integer(p.seen->threads), {}});
    facts.push_back({tr("Memory"), format::bytes(static_cast<double>(p.seen->memoryTotal)), {}});
  }
  if (workbench().engine() != nullptr) {
    const auto& info = workbench().engineInfo();
    facts.push_back({tr("Engine"), QString::fromStdString(info.name), {}});
    if (!info.blas.empty() && info.blas != "none") facts.push_back({tr("BLAS"), QString::fromStdString(info.blas), {}});
    QStringList gpus;
    for (const auto& device : info.devices)
      if (device != "cpu") gpus << QString::fromStdString(device);
    facts.push_back({tr("GPU"), gpus.isEmpty() ? tr("none found") : gpus.join(QStringLiteral(", ")), {}});
  }
  p.machine->setFacts(std::move(facts));
}

void HomePage::retranslate() {
  auto& p = *m_parts;
  p.title->setText(tr("What do you want to train?"));
  p.dropTitle->setText(tr("Drop a data file or a folder of images or sound here"));
  p.dropFormats->setText(tr("CSV, TSV, NumPy, IDX, images or sound by folder"));
  p.open->setText(tr("Open data…"));
  p.folder->setText(tr("Open a folder…"));
  p.fresh->setText(tr("New empty project"));
  p.autopilot->setText(tr("Autopilot…"));
  p.autopilot->setToolTip(
      tr("From a data file to a verified model, a report and a server, within a time that you give"));
  p.samplesTitle->setText(tr("Or start from a sample"));
  p.samples->retranslate();
  buildCards();
  if (p.inspector == nullptr) return;
  p.recentTitle->setText(tr("Recent projects"));
  p.recentEmpty->setText(tr("Projects that you open are listed here."));
  p.recentList->setAccessibleName(tr("Recent projects"));
  p.machineTitle->setText(tr("This machine"));
  followMachine();
}

}  // namespace lathe::ui

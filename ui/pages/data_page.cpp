// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/data_page.h"

#include <QDataStream>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QIODevice>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <optional>

#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/columns_model.h"
#include "ui/models/format.h"
#include "ui/models/preview_model.h"
#include "ui/pages/data_inspector.h"
#include "ui/pages/image_grid.h"
#include "ui/pages/pane_header.h"
#include "ui/widgets/choice_delegate.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/histogram_delegate.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/progress_text.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {
namespace {

/// "comma · UTF-8" for text, "28 × 28, grey" for images, "1 s at 16000 Hz" for sound, nothing for arrays.
QString readingText(const spec::DataProfile& profile) {
  if (profile.image) {
    if (profile.imageShape.size() != 3) return {};
    return DataPage::tr("%1 × %2, %3", "height, width, grey or colour")
        .arg(profile.imageShape[1])
        .arg(profile.imageShape[2])
        .arg(profile.imageShape[0] == 1 ? DataPage::tr("grey") : DataPage::tr("colour"));
  }
  if (profile.audio)
    return DataPage::tr("%1 s at %2 Hz", "length of a clip of sound")
        .arg(format::number(profile.clipSeconds, 3))
        .arg(profile.sampleRate);
  QStringList parts;
  if (profile.delimiter == ",") parts << DataPage::tr("comma");
  if (profile.delimiter == ";") parts << DataPage::tr("semicolon");
  if (profile.delimiter == "\t") parts << DataPage::tr("tab");
  if (profile.delimiter == "|") parts << DataPage::tr("bar");
  if (profile.delimiter == " ") parts << DataPage::tr("space");
  if (!profile.encoding.empty()) parts << QString::fromStdString(profile.encoding).toUpper();
  return parts.join(QStringLiteral(" \u00b7 "));
}

}  // namespace

struct DataPage::Parts {
  ColumnsModel* columns = nullptr;
  PreviewModel* preview = nullptr;
  QStackedWidget* states = nullptr;
  EmptyState* empty = nullptr;
  QWidget* content = nullptr;
  PaneHeader* header = nullptr;
  PillButton* showColumns = nullptr;
  PillButton* showRows = nullptr;
  QSplitter* splitter = nullptr;
  TableView* columnTable = nullptr;
  QWidget* lower = nullptr;
  PaneHeader* rowsHeader = nullptr;
  QStackedWidget* rowViews = nullptr;
  TableView* rowTable = nullptr;
  ImageGrid* images = nullptr;
  DataInspector* inspector = nullptr;
  std::optional<Error> error;
  std::optional<Progress> progress;
  QByteArray shownPath;
  bool imageLayout = false;
};

DataPage::DataPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent), m_parts(std::make_unique<Parts>()) {
  build();
  auto& experiment = workbench.experiment();
  connect(&experiment, &ExperimentController::dataChanged, this, [this] {
    m_parts->error.reset();
    m_parts->progress.reset();
    follow();
  });
  connect(&experiment, &ExperimentController::dataFailed, this, [this](const Error& error) {
    m_parts->error = error;
    m_parts->progress.reset();
    followState();
  });
  connect(&experiment, &ExperimentController::inspecting, this, [this](const Progress& progress) {
    m_parts->error.reset();
    m_parts->progress = progress;
    followState();
  });
  connect(&workbench, &Workbench::projectClosed, this, &DataPage::follow);
  retranslate();
}

DataPage::~DataPage() = default;

void DataPage::build() {
  auto& p = *m_parts;
  auto& experiment = workbench().experiment();
  p.columns = new ColumnsModel(experiment, this);
  p.preview = new PreviewModel(experiment, this);
  p.states = new QStackedWidget(this);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(p.states);

  p.empty = new EmptyState(p.states);
  p.empty->setProperty("surface", true);
  p.empty->setAttribute(Qt::WA_StyledBackground);
  connect(p.empty, &EmptyState::clicked, this, &DataPage::openDataWanted);
  p.states->addWidget(p.empty);

  p.content = new QWidget(p.states);
  auto* column = new QVBoxLayout(p.content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  p.header = new PaneHeader(p.content);
  p.showColumns = new PillButton({}, p.header);
  p.showRows = new PillButton({}, p.header);
  for (auto* pill : {p.showColumns, p.showRows}) {
    pill->setCheckable(true);
    pill->setChecked(true);
    p.header->addRight(pill);
  }
  column->addWidget(p.header);
  p.splitter = new QSplitter(Qt::Vertical, p.content);
  p.splitter->setHandleWidth(1);
  p.splitter->setChildrenCollapsible(false);
  column->addWidget(p.splitter, 1);

  p.columnTable = new TableView(p.splitter);
  p.columnTable->setObjectName(QStringLiteral("columnTable"));
  p.columnTable->setModel(p.columns);
  auto* choices = new ChoiceDelegate(ColumnsModel::ChoicesRole, p.columnTable);
  p.columnTable->setItemDelegateForColumn(ColumnsModel::Kind, choices);
  p.columnTable->setItemDelegateForColumn(ColumnsModel::Role, choices);
  p.columnTable->setItemDelegateForColumn(ColumnsModel::Distribution, new HistogramDelegate(p.columnTable));
  p.columnTable->verticalHeader()->setDefaultSectionSize(p.columnTable->fontMetrics().height() + 15);
  p.columnTable->horizontalHeader()->setStretchLastSection(true);
  connect(p.columnTable, &TableView::activated, choices, [table = p.columnTable, choices](const QModelIndex& index) {
    choices->open(table, table->visualRect(index), index);
  });

  p.lower = new QWidget(p.splitter);
  auto* lower = new QVBoxLayout(p.lower);
  lower->setContentsMargins(0, 0, 0, 0);
  lower->setSpacing(0);
  p.rowsHeader = new PaneHeader(p.lower);
  lower->addWidget(p.rowsHeader);
  p.rowViews = new QStackedWidget(p.lower);
  p.rowTable = new TableView(p.rowViews);
  p.rowTable->setObjectName(QStringLiteral("rowTable"));
  p.rowTable->setModel(p.preview);
  p.images = new ImageGrid(workbench().readers(), p.rowViews);
  p.rowViews->addWidget(p.rowTable);
  p.rowViews->addWidget(p.images);
  lower->addWidget(p.rowViews, 1);
  p.splitter->setStretchFactor(0, 3);
  p.splitter->setStretchFactor(1, 2);
  p.splitter->setSizes({330, 260});
  p.states->addWidget(p.content);

  connect(p.showColumns, &QPushButton::toggled, p.columnTable, &QWidget::setVisible);
  connect(p.showRows, &QPushButton::toggled, p.lower, &QWidget::setVisible);
}

QWidget* DataPage::inspector() {
  if (m_parts->inspector == nullptr) m_parts->inspector = new DataInspector(workbench());
  return m_parts->inspector;
}

void DataPage::follow() {
  auto& p = *m_parts;
  followState();
  const auto* inspected = workbench().experiment().data();
  if (inspected == nullptr) return;
  const auto& profile = inspected->profile;
  p.header->setTitle(QFileInfo(QString::fromStdString(profile.path)).fileName());
  QStringList parts;
  const int rows = format::plural(profile.rows);
  const bool pictures = profile.image || profile.audio;
  parts << (profile.image   ? tr("%1 image(s)", nullptr, rows)
            : profile.audio ? tr("%1 clip(s)", nullptr, rows)
                            : tr("%1 row(s)", nullptr, rows))
               .arg(format::integer(profile.rows));
  if (profile.testRows > 0)
    parts << tr("%1 test row(s)", nullptr, format::plural(profile.testRows)).arg(format::integer(profile.testRows));
  if (pictures)
    parts << tr("%n class(es)", nullptr, static_cast<int>(profile.classes.size()));
  else
    parts << tr("%n column(s)", nullptr, static_cast<int>(profile.columns.size()));
  if (const auto reading = readingText(profile); !reading.isEmpty()) parts << reading;
  parts << format::bytes(static_cast<double>(profile.bytes))
        << (profile.seconds < 0.1 ? tr("read in %1 ms").arg(format::number(1000 * profile.seconds, 2))
                                  : tr("read in %1 s").arg(format::number(profile.seconds, 2)));
  p.header->setNote(parts.join(QStringLiteral(" · ")));
  p.rowsHeader->setTitle(profile.image ? tr("Images") : profile.audio ? tr("Clips") : tr("Rows"));
  p.rowViews->setCurrentWidget(pictures ? static_cast<QWidget*>(p.images) : p.rowTable);
  p.images->setPreview(pictures ? inspected->preview : nullptr, profile.imageShape);
  const QByteArray path = QByteArray::fromStdString(profile.path);
  if (path == p.shownPath) return;
  p.shownPath = path;
  p.columnTable->fitColumns(220);
  p.columnTable->setColumnWidth(ColumnsModel::Name, std::max(p.columnTable->columnWidth(ColumnsModel::Name), 150));
  for (const auto wide : {ColumnsModel::Kind, ColumnsModel::Role})
    p.columnTable->setColumnWidth(wide, std::max(p.columnTable->columnWidth(wide) + 14, 110));
  p.rowTable->fitColumns();
  if (pictures == p.imageLayout) return;
  // Two rows of columns are enough above images; a table wants more of them.
  p.imageLayout = pictures;
  const int whole = std::max(p.splitter->height(), 300);
  const int few = p.columnTable->horizontalHeader()->sizeHint().height() + 2 +
                  p.columnTable->verticalHeader()->defaultSectionSize() * std::clamp(p.columns->rowCount(), 1, 4);
  const int above = pictures ? few : whole * 11 / 20;
  p.splitter->setSizes({above, whole - above});
}

void DataPage::followState() {
  auto& p = *m_parts;
  const auto& experiment = workbench().experiment();
  const bool hasData = experiment.data() != nullptr;
  p.states->setCurrentWidget(hasData && !p.error ? p.content : static_cast<QWidget*>(p.empty));
  if (p.error)
    p.empty->showError(translated(p.error->message), translated(p.error->hint), tr("Open other data…"));
  else if (!hasData && p.progress)
    p.empty->showBusy(progressWord(*p.progress), progressFraction(*p.progress));
  else if (!hasData)
    p.empty->showEmpty(tr("No data yet"),
                       tr("Drop a CSV file, NumPy arrays or a folder of images or sound on the window."),
                       tr("Open data…"));
}

void DataPage::retranslate() {
  auto& p = *m_parts;
  p.showColumns->setText(tr("columns"));
  p.showRows->setText(tr("rows"));
  p.showColumns->setToolTip(tr("Show or hide the columns"));
  p.showRows->setToolTip(tr("Show or hide the rows"));
  p.columnTable->setAccessibleName(tr("Columns"));
  p.columnTable->setWhatsThis(tr("Return or a click on a kind or role changes it."));
  p.rowTable->setAccessibleName(tr("Rows"));
  p.images->setAccessibleName(tr("Images and sound"));
  p.columns->retranslate();
  follow();
}

QByteArray DataPage::saveState() const {
  QByteArray state;
  QDataStream stream(&state, QIODevice::WriteOnly);
  stream << m_parts->splitter->saveState() << m_parts->showColumns->isChecked() << m_parts->showRows->isChecked()
         << m_parts->imageLayout;
  return state;
}

void DataPage::restoreState(const QByteArray& state) {
  QDataStream stream(state);
  QByteArray splitter;
  bool columns = true;
  bool rows = true;
  bool imageLayout = false;
  stream >> splitter >> columns >> rows >> imageLayout;
  if (stream.status() != QDataStream::Ok) return;
  m_parts->imageLayout = imageLayout;
  m_parts->splitter->restoreState(splitter);
  m_parts->splitter->setHandleWidth(1);
  m_parts->showColumns->setChecked(columns);
  m_parts->showRows->setChecked(rows);
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/model_page.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <vector>

#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/layers_model.h"
#include "ui/models/theme.h"
#include "ui/pages/layer_palette.h"
#include "ui/pages/model_inspector.h"
#include "ui/pages/pane_header.h"
#include "ui/widgets/choice_delegate.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"

namespace lathe::ui {

struct ModelPage::Parts {
  LayersModel* layers = nullptr;
  QSplitter* splitter = nullptr;
  LayerPalette* palette = nullptr;
  PaneHeader* header = nullptr;
  QToolButton* up = nullptr;
  QToolButton* down = nullptr;
  QToolButton* remove = nullptr;
  QStackedWidget* states = nullptr;
  EmptyState* empty = nullptr;
  TableView* table = nullptr;
  QFrame* verdict = nullptr;
  QLabel* verdictSign = nullptr;
  QLabel* verdictText = nullptr;
  QLabel* verdictRemedy = nullptr;
  ModelInspector* inspector = nullptr;
  bool fitted = false;
};

ModelPage::ModelPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent), m_parts(std::make_unique<Parts>()) {
  build();
  connectParts();
  retranslate();
}

ModelPage::~ModelPage() = default;

void ModelPage::build() {
  auto& p = *m_parts;
  p.layers = new LayersModel(workbench().experiment(), this);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  p.splitter = new QSplitter(Qt::Horizontal, this);
  p.splitter->setHandleWidth(1);
  p.splitter->setChildrenCollapsible(false);
  outer->addWidget(p.splitter);
  p.palette = new LayerPalette(p.splitter);
  p.palette->setMinimumWidth(140);

  auto* middle = new QWidget(p.splitter);
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  p.header = new PaneHeader(middle);
  p.up = new QToolButton(p.header);
  p.down = new QToolButton(p.header);
  p.remove = new QToolButton(p.header);
  p.up->setObjectName(QStringLiteral("layerUp"));
  p.down->setObjectName(QStringLiteral("layerDown"));
  p.remove->setObjectName(QStringLiteral("layerRemove"));
  const std::pair<QToolButton*, const char*> buttons[] = {
      {p.up, "arrow-up"}, {p.down, "arrow-down"}, {p.remove, "edit-delete"}};
  for (const auto& [button, name] : buttons) {
    button->setIcon(icon(QLatin1String(name)));
    button->setIconSize(QSize(16, 16));
    p.header->addRight(button);
  }
  column->addWidget(p.header);

  p.states = new QStackedWidget(middle);
  p.empty = new EmptyState(p.states);
  p.empty->setProperty("surface", true);
  p.empty->setAttribute(Qt::WA_StyledBackground);
  p.table = new TableView(p.states);
  p.table->setObjectName(QStringLiteral("layerTable"));
  p.table->setModel(p.layers);
  p.table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                           QAbstractItemView::AnyKeyPressed);
  auto* kinds = new ChoiceDelegate(LayersModel::ChoicesRole, p.table);
  p.table->setItemDelegateForColumn(LayersModel::Kind, kinds);
  p.table->horizontalHeader()->setSectionResizeMode(LayersModel::Attributes, QHeaderView::Stretch);
  connect(p.table, &TableView::activated, kinds, [table = p.table, kinds](const QModelIndex& index) {
    if (index.column() == LayersModel::Kind) kinds->open(table, table->visualRect(index), index);
  });
  p.states->addWidget(p.empty);
  p.states->addWidget(p.table);
  column->addWidget(p.states, 1);

  p.verdict = new QFrame(middle);
  p.verdict->setProperty("statusStrip", true);
  auto* verdict = new QHBoxLayout(p.verdict);
  verdict->setContentsMargins(12, 8, 12, 8);
  verdict->setSpacing(8);
  p.verdictSign = new QLabel(p.verdict);
  p.verdictText = makeParagraph(TextRole::Body, p.verdict);
  p.verdictRemedy = makeParagraph(TextRole::Caption, p.verdict);
  p.verdictText->setObjectName(QStringLiteral("modelVerdict"));
  verdict->addWidget(p.verdictSign, 0, Qt::AlignTop);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(0);
  texts->addWidget(p.verdictText);
  texts->addWidget(p.verdictRemedy);
  verdict->addLayout(texts, 1);
  column->addWidget(p.verdict);
  p.splitter->setStretchFactor(0, 0);
  p.splitter->setStretchFactor(1, 1);
  p.splitter->setSizes({180, 740});
}

void ModelPage::connectParts() {
  auto& p = *m_parts;
  connect(p.palette, &LayerPalette::addWanted, this, &ModelPage::addLayer);
  connect(p.up, &QToolButton::clicked, this, [this] { moveLayer(-1); });
  connect(p.down, &QToolButton::clicked, this, [this] { moveLayer(1); });
  connect(p.remove, &QToolButton::clicked, this, &ModelPage::removeLayer);
  const auto shortcut = [this](const QKeySequence& keys, auto slot) {
    auto* action = new QAction(m_parts->table);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    m_parts->table->addAction(action);
    connect(action, &QAction::triggered, this, slot);
  };
  shortcut(QKeySequence::Delete, [this] { removeLayer(); });
  shortcut(QKeySequence(QStringLiteral("Alt+Up")), [this] { moveLayer(-1); });
  shortcut(QKeySequence(QStringLiteral("Alt+Down")), [this] { moveLayer(1); });
  connect(p.layers, &LayersModel::refused, this, [this](const QString& why) {
    auto& parts = *m_parts;
    parts.verdictText->setText(why);
    setTextRole(*parts.verdictText, TextRole::Bad);
    parts.verdictRemedy->hide();
  });
  connect(p.table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
    if (m_parts->inspector != nullptr) m_parts->inspector->setLayer(index.row());
    follow();
  });
  connect(&workbench().experiment(), &ExperimentController::graphChanged, this, &ModelPage::follow);
  connect(&workbench().experiment(), &ExperimentController::dataChanged, this, &ModelPage::follow);
  connect(p.empty, &EmptyState::clicked, this, [this] { Q_EMIT workbench().pageRequested(QStringLiteral("data")); });
}

QWidget* ModelPage::inspector() {
  if (m_parts->inspector == nullptr) {
    m_parts->inspector = new ModelInspector(workbench(), *m_parts->layers);
    m_parts->inspector->setLayer(currentRow());
  }
  return m_parts->inspector;
}

int ModelPage::currentRow() const { return m_parts->table->currentIndex().row(); }

void ModelPage::addLayer(const QString& kind) {
  if (kind.isEmpty()) return;
  // Below the chosen layer; without one, above the last, which makes the outputs.
  const int row = currentRow() >= 0 ? currentRow() : m_parts->layers->rowCount() - 2;
  const int added = m_parts->layers->addLayer(kind, row);
  if (added < 0) return;
  m_parts->table->setCurrentIndex(m_parts->layers->index(added, LayersModel::Name));
  m_parts->table->setFocus(Qt::OtherFocusReason);
}

void ModelPage::removeLayer() {
  const int row = currentRow();
  if (row < 0) return;
  m_parts->layers->removeLayer(row);
  const int left = m_parts->layers->rowCount();
  if (left > 0) m_parts->table->setCurrentIndex(m_parts->layers->index(std::min(row, left - 1), LayersModel::Name));
}

void ModelPage::moveLayer(int by) {
  const int row = currentRow();
  if (row >= 0 && m_parts->layers->moveLayer(row, by))
    m_parts->table->setCurrentIndex(m_parts->layers->index(row + by, m_parts->table->currentIndex().column()));
}

void ModelPage::follow() {
  auto& p = *m_parts;
  const auto& experiment = workbench().experiment();
  const auto& report = experiment.graphReport();
  const auto& layers = experiment.graph().layers;
  const bool known = experiment.hasData();
  p.states->setCurrentWidget(layers.empty() && !known ? static_cast<QWidget*>(p.empty) : p.table);
  p.empty->showEmpty(tr("No network yet"), tr("A template sizes itself to the data: open some first."),
                     tr("Go to the data"));
  p.header->setTitle(tr("Network"));
  p.header->setNote(layers.empty()
                        ? QString()
                        : tr("%n layer(s)", nullptr, static_cast<int>(layers.size())) + QStringLiteral(" · ") +
                              tr("%1 parameter(s)", nullptr, format::plural(report.parameters))
                                  .arg(format::integer(report.parameters)));
  const int row = currentRow();
  p.up->setEnabled(row > 0);
  p.down->setEnabled(row >= 0 && row + 1 < p.layers->rowCount());
  p.remove->setEnabled(row >= 0);
  p.palette->setEnabled(known);

  p.verdict->setVisible(known);
  const auto& theme = Theme::current();
  const bool good = !report.error;
  p.verdictSign->setPixmap(icon(good ? QStringLiteral("check") : QStringLiteral("error"), good ? theme.good : theme.bad)
                               .pixmap(QSize(16, 16), devicePixelRatioF()));
  setTextRole(*p.verdictText, good ? TextRole::Good : TextRole::Bad);
  p.verdictText->setText(good ? tr("Shapes fit from the input to the loss") : translated(report.error->message));
  p.verdictRemedy->setText(good ? QString() : translated(report.error->hint));
  p.verdictRemedy->setVisible(!good);
  const bool anyProblem = std::any_of(report.layers.begin(), report.layers.end(),
                                      [](const auto& layer) { return layer.error.has_value(); });
  p.table->setColumnHidden(LayersModel::Problem, !anyProblem);
  widenColumns();
  if (p.inspector != nullptr) p.inspector->follow();
}

/// Columns grow with their contents and never shrink under the pointer.
void ModelPage::widenColumns() {
  auto* table = m_parts->table;
  if (m_parts->layers->rowCount() == 0) return;
  std::vector<int> before;
  before.reserve(LayersModel::ColumnCount);
  for (int column = 0; column < LayersModel::ColumnCount; ++column) before.push_back(table->columnWidth(column));
  table->fitColumns(240);
  table->setColumnWidth(LayersModel::Kind, table->columnWidth(LayersModel::Kind) + 14);
  if (!m_parts->fitted) {
    m_parts->fitted = true;
    return;
  }
  for (int column = 0; column < LayersModel::ColumnCount; ++column)
    if (column != LayersModel::Attributes)
      table->setColumnWidth(column, std::max(table->columnWidth(column), before[static_cast<std::size_t>(column)]));
}

void ModelPage::retranslate() {
  auto& p = *m_parts;
  const std::pair<QToolButton*, QString> tips[] = {{p.up, tr("Move the layer up (Alt+Up)")},
                                                   {p.down, tr("Move the layer down (Alt+Down)")},
                                                   {p.remove, tr("Remove the layer (Del)")}};
  for (const auto& [button, tip] : tips) {
    button->setToolTip(tip);
    button->setAccessibleName(tip);
  }
  p.table->setAccessibleName(tr("Layers of the network"));
  p.table->setWhatsThis(tr(
      "Double click or F2 changes a name, the attributes or the inputs; Alt with an arrow moves a layer; Del removes "
      "it. Every change can be undone."));
  p.layers->retranslate();
  follow();
}

QByteArray ModelPage::saveState() const { return m_parts->splitter->saveState(); }

void ModelPage::restoreState(const QByteArray& state) {
  m_parts->splitter->restoreState(state);
  m_parts->splitter->setHandleWidth(1);
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/weights_panel.h"

#include <QActionGroup>
#include <QMenu>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "core/spec/run_status.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/plots/heat_plot.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

namespace {

constexpr int shortestName = 40;

}  // namespace

WeightsPanel::WeightsPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_feed(workbench),
      m_pill(new PillButton({}, this)),
      m_menu(new QMenu(this)),
      m_splitter(new QSplitter(Qt::Horizontal, this)),
      m_weights(new HeatPlot(workbench, m_splitter)),
      m_gradients(new HeatPlot(workbench, m_splitter)) {
  setObjectName(QStringLiteral("weightsPanel"));
  m_pill->setObjectName(QStringLiteral("layerPill"));
  m_menu->setObjectName(QStringLiteral("layerMenu"));
  m_weights->setObjectName(QStringLiteral("weightsPlot"));
  m_gradients->setObjectName(QStringLiteral("gradientsPlot"));
  m_splitter->setChildrenCollapsible(false);
  m_splitter->setHandleWidth(8);
  m_splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_splitter);
  connect(m_pill, &QPushButton::clicked, this, [this] {
    fillMenu();
    m_menu->popup(m_pill->mapToGlobal(QPoint(0, m_pill->height() + 2)));
  });
  connect(&m_feed, &InsightFeed::changed, this, &WeightsPanel::follow);
  for (auto* plot : {m_weights, m_gradients})
    connect(plot, &HeatPlot::failed, this, [this](const QString& sentence) {
      Q_EMIT m_workbench.failed(Error{"plot.save", {sentence.toStdString(), {}}, {}});
    });
  // Of gradients the size is what matters: one that explodes or dies moves by powers of ten.
  m_gradients->setLogY(true);
  retranslate();
}

void WeightsPanel::retranslate() {
  m_weights->setTitle(tr("Weights"));
  m_weights->setValueName(tr("weight"));
  m_gradients->setTitle(tr("Gradients"));
  m_gradients->setValueName(tr("gradient"));
  m_pill->setAccessibleName(tr("Layer"));
  m_pill->setToolTip(tr("Which layer's weights and gradients are shown"));
  follow();
}

void WeightsPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  m_feed.setPaused(false);
}

void WeightsPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  m_feed.setPaused(true);
}

void WeightsPanel::setRun(store::RunNumber run, const CurveItem& item, XAxis axis) {
  m_feed.setRun(run);
  for (auto* plot : {m_weights, m_gradients}) plot->setXAxis(axis, item);
  // Called with every step of a run: only while there is nothing the words depend on how far it is.
  if (m_feed.weights().empty()) follow();
}

void WeightsPanel::setLayer(const std::string& layer) {
  m_feed.setLayer(layer);
  fit();
}

void WeightsPanel::setLogY(bool on) { m_weights->setLogY(on); }

void WeightsPanel::fit() {
  for (auto* plot : {m_weights, m_gradients}) plot->fit();
}

QString WeightsPanel::emptyText() const {
  const auto* record = m_workbench.runs().run(m_feed.run());
  if (record == nullptr) return tr("How the values of a layer move while a run trains: choose a run.");
  if (!spec::isFinal(record->status)) return tr("The first histogram comes with the first step.");
  return tr("Run %1 kept no histograms. Choose Histograms: Automatic under Machine before you train.")
      .arg(m_feed.run());
}

void WeightsPanel::follow() {
  m_weights->setFrames(m_feed.weights());
  m_gradients->setFrames(m_feed.gradients());
  const auto layer = QString::fromStdString(m_feed.layer());
  const auto caption = layer.isEmpty() ? QString() : tr("run %1, %2").arg(m_feed.run()).arg(layer);
  for (auto* plot : {m_weights, m_gradients}) {
    plot->setCaption(caption);
    plot->setEmptyText(emptyText());
  }
  namePill();
}

void WeightsPanel::setPillRoom(int width) {
  if (width == m_pillRoom) return;
  m_pillRoom = width;
  namePill();
}

void WeightsPanel::namePill() {
  const auto layer = QString::fromStdString(m_feed.layer());
  const auto sign = QStringLiteral(" \u25be");
  m_pill->setText(sign);
  const int room = std::max(shortestName, m_pillRoom - m_pill->sizeHint().width());
  const auto name = m_pill->fontMetrics().elidedText(layer, Qt::ElideMiddle, room);
  m_pill->setText((layer.isEmpty() ? tr("layer") : name) + sign);
  m_pill->setEnabled(!layer.isEmpty());
}

void WeightsPanel::fillMenu() {
  delete m_menu->findChild<QActionGroup*>();
  m_menu->clear();
  auto* group = new QActionGroup(m_menu);
  for (const auto& layer : m_feed.layers()) {
    auto* action = m_menu->addAction(QString::fromStdString(layer));
    action->setCheckable(true);
    action->setChecked(layer == m_feed.layer());
    group->addAction(action);
    connect(action, &QAction::triggered, this, [this, layer] { setLayer(layer); });
  }
}

}  // namespace lathe::ui

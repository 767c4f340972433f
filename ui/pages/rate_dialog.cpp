// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rate_dialog.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/spec/value.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/rate_finder.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/plots/rate_plot.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

namespace {

constexpr int leastWidth = 620;
constexpr int leastHeight = 440;
constexpr int usualHeight = 500;
constexpr int plotHeight = 280;
constexpr int digits = 2;

QString rateText(double rate) { return QString::number(rate, 'g', digits); }

}  // namespace

RateDialog::RateDialog(Workbench& workbench, QWidget* parent)
    : QDialog(parent),
      m_workbench(workbench),
      m_finder(new RateFinder(workbench, this)),
      m_title(makeLabel(TextRole::Section, this)),
      m_explanation(makeParagraph(TextRole::Caption, this)),
      m_plot(new RatePlot(this)),
      m_state(makeParagraph(TextRole::Body, this)),
      m_again(makeButton(ButtonKind::Ordinary, this)),
      m_use(makeButton(ButtonKind::Primary, this)),
      m_close(makeButton(ButtonKind::Ordinary, this)) {
  build();
  m_finder->open();
}

RateDialog::RateDialog(Workbench& workbench, const services::KeptRateCurve& curve, store::RunNumber run,
                       QWidget* parent)
    : RateDialog(workbench, parent) {
  m_run = run;
  m_again->hide();
  m_finder->show(curve);
  retranslate();
}

void RateDialog::build() {
  setObjectName(QStringLiteral("rateDialog"));
  m_use->setObjectName(QStringLiteral("useRate"));
  m_again->setObjectName(QStringLiteral("runAgain"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 20, 24, 16);
  layout->setSpacing(12);
  layout->addWidget(m_title);
  layout->addWidget(m_explanation);
  m_plot->setMinimumHeight(plotHeight);
  layout->addWidget(m_plot, 1);
  layout->addWidget(m_state);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(m_again);
  buttons->addStretch(1);
  buttons->addWidget(m_close);
  buttons->addWidget(m_use);
  layout->addLayout(buttons);
  // Its own: the layout's would be as if the paragraphs had no width.
  setMinimumSize(leastWidth, leastHeight);
  resize(leastWidth, usualHeight);
  connect(m_finder, &RateFinder::changed, this, &RateDialog::follow);
  connect(m_plot, &RatePlot::rateChosen, this, [this] {
    m_moved = true;
    follow();
  });
  connect(m_again, &QPushButton::clicked, this, [this] {
    m_moved = false;
    m_plot->setRate(0);
    m_finder->start();
  });
  connect(m_use, &QPushButton::clicked, this, &RateDialog::use);
  connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
  retranslate();
}

void RateDialog::retranslate() {
  const auto title = m_run == 0 ? tr("Find a learning rate") : tr("The learning rate of run %1").arg(m_run);
  setWindowTitle(title);
  m_title->setText(title);
  m_explanation->setText(
      tr("One short training in which the learning rate grows with each batch. A good rate lies where the loss falls "
         "fastest, well before it rises. Click the curve to choose another one."));
  m_again->setText(tr("Run again"));
  m_close->setText(tr("Close"));
  follow();
}

void RateDialog::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QDialog::changeEvent(event);
}

void RateDialog::follow() {
  std::vector<RatePlot::Point> points;
  for (const auto& point : m_finder->points()) points.push_back({point.rate, point.loss, point.smoothed});
  m_plot->setPoints(points);
  const auto state = m_finder->state();
  if (state == RateFinder::State::Done && !m_moved)
    m_plot->setRate(m_finder->used() > 0 ? m_finder->used() : m_finder->suggestion());
  const double rate = m_plot->rate();
  QString text;
  if (state == RateFinder::State::Running) text = tr("Measuring: %n batch(es) so far.", nullptr, int(points.size()));
  if (state == RateFinder::State::Failed && m_finder->error()) text = errorText(*m_finder->error());
  if (state == RateFinder::State::Done && m_finder->suggestion() <= 0)
    text = tr("The loss fell at no rate: look at the data, or try another model.");
  else if (state == RateFinder::State::Done)
    text = rateText(rate) != rateText(m_finder->suggestion())
               ? tr("Chosen: %1. The suggestion is %2.").arg(rateText(rate), rateText(m_finder->suggestion()))
               : tr("Suggestion: %1, where the loss falls fastest.").arg(rateText(rate));
  if (state == RateFinder::State::Done)
    text += QLatin1Char(' ') + tr("Measured %1.").arg(format::when(m_finder->measuredMicros()));
  setTextRole(*m_state, state == RateFinder::State::Failed ? TextRole::Bad : TextRole::Body);
  m_state->setText(text);
  m_again->setEnabled(state != RateFinder::State::Running);
  m_use->setEnabled(rate > 0);
  m_use->setText(rate > 0 ? tr("Use %1").arg(rateText(rate)) : tr("Use it"));
}

void RateDialog::use() {
  const double rate = rateText(m_plot->rate()).toDouble();
  if (m_workbench.experiment().setField("training.optimizer.lr", spec::Value(rate).json(), tr("Use a found rate"))) {
    m_finder->use(rate);
    accept();
  }
}

}  // namespace lathe::ui

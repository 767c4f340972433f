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
#include "ui/plots/rate_plot.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

namespace {

constexpr int leastWidth = 620;
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
  setObjectName(QStringLiteral("rateDialog"));
  m_use->setObjectName(QStringLiteral("useRate"));
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
  setMinimumWidth(leastWidth);
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
  m_finder->start();
}

void RateDialog::retranslate() {
  setWindowTitle(tr("Find a learning rate"));
  m_title->setText(tr("Find a learning rate"));
  m_explanation->setText(
      tr("One short training in which the learning rate grows with each batch. A good rate lies where the loss falls "
         "fastest, well before it rises. Click the curve to choose another one."));
  m_again->setText(tr("Measure again"));
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
  if (state == RateFinder::State::Done && !m_moved) m_plot->setRate(m_finder->suggestion());
  const double rate = m_plot->rate();
  QString text;
  if (state == RateFinder::State::Running) text = tr("Measuring: %n batch(es) so far.", nullptr, int(points.size()));
  if (state == RateFinder::State::Failed && m_finder->error()) text = errorText(*m_finder->error());
  if (state == RateFinder::State::Done && m_finder->suggestion() <= 0)
    text = tr("The loss fell at no rate: look at the data, or try another model.");
  else if (state == RateFinder::State::Done)
    text = m_moved ? tr("Chosen: %1. The suggestion is %2.").arg(rateText(rate), rateText(m_finder->suggestion()))
                   : tr("Suggestion: %1, where the loss falls fastest.").arg(rateText(rate));
  setTextRole(*m_state, state == RateFinder::State::Failed ? TextRole::Bad : TextRole::Body);
  m_state->setText(text);
  m_again->setEnabled(state != RateFinder::State::Running);
  m_use->setEnabled(rate > 0);
  m_use->setText(rate > 0 ? tr("Use %1").arg(rateText(rate)) : tr("Use it"));
}

void RateDialog::use() {
  const double rate = rateText(m_plot->rate()).toDouble();
  if (m_workbench.experiment().setField("training.optimizer.lr", spec::Value(rate).json(), tr("Use a found rate")))
    accept();
}

}  // namespace lathe::ui

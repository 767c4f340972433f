// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/insight_feeds.h"

#include <QCollator>
#include <algorithm>
#include <iterator>
#include <string_view>

#include "core/engine/value_histogram.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr int pauseMs = 200;
constexpr std::string_view weightsPrefix = "weights/";
constexpr std::string_view gradientsPrefix = "gradients/";

std::optional<SpreadFrame> frameOf(const store::HistogramRecord& record) {
  const auto histogram = engine::decodeHistogram(record.bytes);
  if (!histogram) return std::nullopt;
  SpreadFrame frame;
  frame.step = record.step;
  const auto total = static_cast<double>(histogram->total());
  for (const auto& bin : histogram->bins)
    frame.bins.push_back({engine::ValueHistogram::low(bin.index), engine::ValueHistogram::high(bin.index),
                          static_cast<double>(bin.count) / total});
  return frame;
}

SpreadFrames framesOf(const store::RunStore& store, store::RunNumber run, const std::string& name, std::int64_t after) {
  SpreadFrames frames;
  for (const auto& record : store.histograms(run, name, after).value_or(std::vector<store::HistogramRecord>()))
    if (auto frame = frameOf(record)) frames.push_back(std::move(*frame));
  return frames;
}

void append(SpreadFrames& to, SpreadFrames&& more) {
  // A resumed run counts some steps again, with the same result.
  while (!to.empty() && !more.empty() && to.back().step >= more.front().step) to.pop_back();
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

/// Weights first, then the rest; within each layer2 before layer10.
std::vector<std::string> inOrder(const std::vector<std::string>& names) {
  std::vector<std::string> layers;
  for (const auto& name : names)
    if (name.rfind(weightsPrefix, 0) == 0) layers.push_back(name.substr(weightsPrefix.size()));
  QCollator collator;
  collator.setNumericMode(true);
  std::sort(layers.begin(), layers.end(), [&](const auto& a, const auto& b) {
    const auto isWeight = [](const std::string& name) { return name.find(".weight") != std::string::npos; };
    if (isWeight(a) != isWeight(b)) return isWeight(a);
    return collator.compare(QString::fromStdString(a), QString::fromStdString(b)) < 0;
  });
  return layers;
}

}  // namespace

InsightFeed::InsightFeed(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {
  m_timer.setSingleShot(true);
  m_timer.setInterval(pauseMs);
  connect(&m_timer, &QTimer::timeout, this, [this] {
    if (m_dirty && !m_paused && !m_busy) refresh();
  });
  connect(&workbench.runs(), &RunsController::storeChanged, this, &InsightFeed::schedule);
  const auto another = [this] {
    ++m_asked;
    forget();
    Q_EMIT changed();
    schedule();
  };
  connect(&workbench, &Workbench::projectOpened, this, another);
  connect(&workbench, &Workbench::projectClosed, this, another);
}

void InsightFeed::setRun(store::RunNumber run) {
  if (run == m_run) return;
  m_run = run;
  ++m_asked;
  forget();
  Q_EMIT changed();
  // What a person chose is read at once, what the training brought when it is due.
  m_timer.stop();
  schedule();
}

void InsightFeed::setPaused(bool paused) {
  if (paused == m_paused) return;
  m_paused = paused;
  if (!paused) schedule();
}

void InsightFeed::schedule() {
  m_dirty = true;
  if (!m_paused && !m_busy && !m_timer.isActive()) refresh();
}

void InsightFeed::refresh() {
  m_dirty = false;
  m_timer.start();
  const auto project = m_workbench.project();
  if (!project || m_run == 0) return;
  m_busy = true;
  runAsync(
      m_workbench.readers(), this, [project, read = reading()] { return read(project); },
      [this, asked = m_asked](const Take& take) {
        m_busy = false;
        if (asked == m_asked && take) {
          take();
          Q_EMIT changed();
        } else if (asked != m_asked) {
          m_dirty = true;
        }
        if (m_dirty && !m_paused && !m_timer.isActive()) refresh();
      });
}

void HistogramFeed::setLayer(const std::string& layer) {
  if (layer == m_wanted) return;
  m_wanted = layer;
  schedule();
}

std::string HistogramFeed::layer() const {
  const bool known = std::find(m_layers.begin(), m_layers.end(), m_wanted) != m_layers.end();
  if (known) return m_wanted;
  return m_layers.empty() ? std::string() : m_layers.front();
}

InsightFeed::Read HistogramFeed::reading() {
  // Only what is new of a layer that is shown already.
  const auto after = m_weights.empty() ? 0 : m_weights.back().step;
  return [this, run = run(), wanted = m_wanted, shown = m_read, after](const auto& project) -> Take {
    const auto& store = project->store();
    auto layers = inOrder(store.histogramNames(run).value_or(std::vector<std::string>()));
    if (layers.empty()) return {};
    const bool known = std::find(layers.begin(), layers.end(), wanted) != layers.end();
    const auto layer = known ? wanted : layers.front();
    const bool whole = layer != shown;
    auto weights = framesOf(store, run, std::string(weightsPrefix) + layer, whole ? 0 : after);
    auto gradients = framesOf(store, run, std::string(gradientsPrefix) + layer, whole ? 0 : after);
    if (!whole && weights.empty() && gradients.empty()) return {};
    return [=, this]() mutable {
      m_layers = std::move(layers);
      if (whole) {
        m_weights.clear();
        m_gradients.clear();
      }
      m_read = layer;
      append(m_weights, std::move(weights));
      append(m_gradients, std::move(gradients));
      // Another layer was chosen meanwhile.
      if (HistogramFeed::layer() != m_read) schedule();
    };
  };
}

void HistogramFeed::forget() {
  m_layers.clear();
  m_read.clear();
  m_weights.clear();
  m_gradients.clear();
}

InsightFeed::Read PredictionFeed::reading() {
  return [this, run = run(), step = m_predictions ? m_predictions->step : -1](const auto& project) -> Take {
    auto read = services::readPredictions(project->store(), run);
    if (!read || !*read || (*read)->step == step) return {};
    return [this, newest = std::move(*read)]() mutable { m_predictions = std::move(newest); };
  };
}

}  // namespace lathe::ui

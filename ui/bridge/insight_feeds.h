// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/services/run_predictions.h"
#include "core/store/records.h"

namespace lathe::services {
class Project;
}

namespace lathe::ui {

class Workbench;

/// How a layer's weights or gradients were spread at one step.
struct SpreadFrame {
  struct Bin {
    double low = 0, high = 0;
    double share = 0;  ///< of all values, 0 to 1
  };
  std::int64_t step = 0;
  std::vector<Bin> bins;  ///< ascending
};
using SpreadFrames = std::vector<SpreadFrame>;

/// Reads on a worker what a run shows beside its curves whenever the store changed, some five times a second at most,
/// while somebody looks. GUI thread.
class InsightFeed : public QObject {
  Q_OBJECT
 public:
  explicit InsightFeed(Workbench& workbench, QObject* parent = nullptr);
  /// 0: none.
  void setRun(store::RunNumber run);
  [[nodiscard]] store::RunNumber run() const { return m_run; }
  /// A panel that nobody sees reads nothing; what it missed is read when it is seen again.
  void setPaused(bool paused);

 Q_SIGNALS:
  void changed();

 protected:
  using Take = std::function<void()>;
  /// Runs on a worker and gives what is then done on the GUI thread.
  using Read = std::function<Take(const std::shared_ptr<services::Project>&)>;
  [[nodiscard]] virtual Read reading() = 0;
  /// Another run, or another project.
  virtual void forget() = 0;
  void schedule();

 private:
  void refresh();
  Workbench& m_workbench;
  QTimer m_timer;
  store::RunNumber m_run = 0;
  quint64 m_asked = 0;
  bool m_busy = false;
  bool m_paused = true;
  bool m_dirty = false;
};

/// Histograms of one layer over time, and the names of all.
class HistogramFeed : public InsightFeed {
  Q_OBJECT
 public:
  using InsightFeed::InsightFeed;
  /// Parameters that have histograms: "hidden1.weight" ...; in an order a person expects.
  [[nodiscard]] const std::vector<std::string>& layers() const { return m_layers; }
  /// Empty, or one that the run does not have: the first one that is a weight.
  void setLayer(const std::string& layer);
  [[nodiscard]] std::string layer() const;
  [[nodiscard]] const SpreadFrames& weights() const { return m_weights; }
  [[nodiscard]] const SpreadFrames& gradients() const { return m_gradients; }

 private:
  Read reading() override;
  void forget() override;
  std::vector<std::string> m_layers;
  std::string m_wanted;
  std::string m_read;  ///< layer of the frames
  SpreadFrames m_weights, m_gradients;
};

/// The newest predictions for a few validation rows.
class PredictionFeed : public InsightFeed {
  Q_OBJECT
 public:
  using InsightFeed::InsightFeed;
  [[nodiscard]] const std::optional<services::RunPredictions>& predictions() const { return m_predictions; }

 private:
  Read reading() override;
  void forget() override { m_predictions.reset(); }
  std::optional<services::RunPredictions> m_predictions;
};

}  // namespace lathe::ui

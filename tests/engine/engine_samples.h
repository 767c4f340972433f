// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/checkpoint.h"
#include "core/engine/engine.h"

/// Small data, models and helpers for the tests of engines.
namespace lathe::tests {

/// Numbers with missing values, categories (few and many values, unknown ones among them), a boolean and a date. Three
/// classes, or a target around 50.
[[nodiscard]] std::shared_ptr<data::Dataset> mixedTable(spec::Task task, std::size_t rows = 400);
/// The columns of mixedTable() and two of text: a remark and a title that some rows lack. Nothing but one word of the
/// remark tells the class, or the size of the target; nothing at all does where `tells` is false.
[[nodiscard]] std::shared_ptr<data::Dataset> textTable(spec::Task task, std::size_t rows = 400, bool tells = true);
/// 8 x 8 grey images with a bright quarter; the class is the quarter.
[[nodiscard]] std::shared_ptr<data::Dataset> quarterImages(std::size_t rows = 240);

/// Schema, preprocessing fitted on the training rows, and a graph with embedding, normalisation and dropout for
/// tables, convolutions for images.
[[nodiscard]] spec::ModelDescription modelFor(const data::Dataset& data, const std::string& scaling = "standard");

/// A short training into `folder`.
[[nodiscard]] engine::TrainingRequest requestFor(std::shared_ptr<const data::Dataset> data,
                                                 const std::filesystem::path& folder, int epochs = 8);

/// Keeps everything that a training reports, and can act at a step or at a checkpoint.
class RecordingObserver final : public engine::TrainingObserver {
 public:
  int series(const std::string& name) override;
  void point(int series, std::int64_t step, double value) override;
  void progress(const engine::TrainingProgress& progress) override { progresses.push_back(progress); }
  void event(const std::string& kind, const Message& message) override { events.emplace_back(kind, message); }
  void checkpoint(const engine::CheckpointInfo& info) override;
  void histograms(std::int64_t step, const engine::ParameterHistograms& counted) override {
    histogramsAt[step] = counted;
  }
  void predictions(const engine::PredictionSnapshot& snapshot) override { snapshots.push_back(snapshot); }

  using Curve = std::vector<std::pair<std::int64_t, double>>;
  [[nodiscard]] const Curve& curve(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const { return curves.count(name) > 0; }

  std::map<std::string, Curve> curves;
  std::vector<engine::TrainingProgress> progresses;
  std::vector<std::pair<std::string, Message>> events;
  std::vector<engine::CheckpointInfo> checkpoints;
  std::map<std::int64_t, engine::ParameterHistograms> histogramsAt;
  std::vector<engine::PredictionSnapshot> snapshots;
  std::function<void(std::int64_t step)> atStep;
  std::function<void(const engine::CheckpointInfo&)> atCheckpoint;

 private:
  std::vector<std::string> m_names;
};

/// Trains without being asked anything of.
Result<engine::TrainingSummary> train(engine::Engine& engine, const engine::TrainingRequest& request,
                                      RecordingObserver& observer);
/// Asks for pause or cancel once `step` is logged.
Result<engine::TrainingSummary> trainUntil(engine::Engine& engine, const engine::TrainingRequest& request,
                                           RecordingObserver& observer, std::int64_t step,
                                           engine::TrainingControl::Request ask);

/// Every tensor of two checkpoints is the same, bit for bit.
[[nodiscard]] bool sameTensors(const std::filesystem::path& a, const std::filesystem::path& b);
/// Exports a checkpoint in each format beside `folder`'s other files, loads them, predicts all rows and gives the
/// largest difference; NaN, with the failure reported, when any of that fails.
[[nodiscard]] double exportDifference(engine::Engine& engine, const std::filesystem::path& checkpoint,
                                      const data::Dataset& data, const std::filesystem::path& folder);
/// The contract's parity measure, before any target scaling: max |a - b| / max(1, |b|).
[[nodiscard]] double largestDifference(const engine::Predictions& a, const engine::Predictions& b);

}  // namespace lathe::tests

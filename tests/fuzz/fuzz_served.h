// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/serving/served_model.h"
#include "core/spec/targets.h"

namespace lathe::fuzz {

/// Predicts nothing: only what comes before is looked at.
class NoPredictor final : public engine::Predictor {
 public:
  explicit NoPredictor(spec::ModelDescription model) : m_model(std::move(model)) {}
  [[nodiscard]] const spec::ModelDescription& model() const override { return m_model; }
  [[nodiscard]] const std::optional<engine::Scoring>& scoring() const override { return m_scoring; }
  Result<engine::Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>&,
                                      const JobContext&) const override {
    return engine::Predictions{data.rows, 1, std::vector<float>(data.rows)};
  }

 private:
  spec::ModelDescription m_model;
  std::optional<engine::Scoring> m_scoring;
};

inline spec::ModelDescription servedDescription(unsigned which) {
  using spec::ColumnKind;
  spec::ModelDescription model;
  auto& schema = model.schema;
  schema.task = spec::Task::Classification;
  schema.target.name = "y";
  schema.target.classes = {"a", "b"};
  switch (which % 4) {
    case 0:
      schema.features = {{"x", ColumnKind::Real, 0, 1, {}}, {"y", ColumnKind::Integer, 1, 1, {}}};
      schema.inputShape = {2};
      break;
    case 1:
      schema.features = {{"size", ColumnKind::Real, 0, 1, {}},
                         {"colour", ColumnKind::Category, 1, 1, {"red", "2", "blue"}},
                         {"day", ColumnKind::DateTime, 2, 2, {}},
                         {"ok", ColumnKind::Boolean, 4, 1, {"no", "yes"}},
                         {"words", ColumnKind::Text, 5, 4, {}, {1024}}};
      schema.inputShape = {9};
      break;
    case 2:
      schema.image = true;
      schema.inputShape = {3, 4, 4};
      break;
    default:
      schema.features = {{"a", ColumnKind::Real, 0, 1, {}}, {"b", ColumnKind::Category, 1, 1, {"u", "v"}}};
      schema.inputShape = {3, 2};
      schema.sequence.window = 3;
  }
  return model;
}

inline const serving::ServedModel& servedModel(unsigned which) {
  static const auto models = [] {
    std::vector<std::unique_ptr<serving::ServedModel>> made;
    for (unsigned i = 0; i < 4; ++i)
      made.push_back(std::make_unique<serving::ServedModel>(serving::ServedModel::Facts{"m", 1, "1.0", "m", 0, false},
                                                            std::make_unique<NoPredictor>(servedDescription(i)),
                                                            serving::BatchSettings{}));
    return made;
  }();
  return *models[which % 4];
}

}  // namespace lathe::fuzz

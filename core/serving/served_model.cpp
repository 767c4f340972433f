// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/served_model.h"

#include <algorithm>
#include <cmath>

#include "core/spec/targets.h"

namespace lathe::serving {

ServedModel::ServedModel(Facts facts, std::unique_ptr<engine::Predictor> predictor, const BatchSettings& settings)
    : m_facts(std::move(facts)),
      m_predictor(std::move(predictor)),
      m_layout(m_predictor->schema()),
      m_outputShape(spec::outputShape(m_predictor->schema())),
      m_answerColumns(spec::predictionColumns(m_predictor->schema())),
      m_threshold(m_predictor->scoring() ? m_predictor->scoring()->threshold : 0.5),
      m_inputs(m_predictor->model()),
      m_batcher(
          *m_predictor, m_layout, m_statistics, [this](const data::Dataset& rows) { m_inputs.add(rows); }, settings) {}

const std::string& decidedClassOf(const ServedModel& model, std::span<const float> row) {
  static const std::string none;
  if (std::any_of(row.begin(), row.end(), [](float value) { return std::isnan(value); })) return none;
  const auto& classes = model.schema().target.classes;
  const auto best = engine::decidedClass(row, model.threshold());
  return best < classes.size() ? classes[best] : none;
}

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <memory>
#include <numbers>

#include "core/base/random.h"
#include "core/data/buffers.h"
#include "core/spec/schema.h"
#include "core/spec/templates.h"

namespace lathe::tests {

/// Clips of two classes, low and high tones with a little noise, as samples at 8000 Hz.
[[nodiscard]] inline std::shared_ptr<data::Dataset> toneClips(std::size_t rows = 120, std::int64_t samples = 2000) {
  auto data = std::make_shared<data::Dataset>();
  Random random(5);
  data->rows = rows;
  data->schema.sampleRate = 8000;
  data->schema.inputShape = {samples};
  data->schema.task = spec::Task::Classification;
  data->schema.target.name = "label";
  data->schema.target.classes = {"high", "low"};
  auto clips = std::make_shared<data::Samples>();
  for (std::size_t row = 0; row < rows; ++row) {
    const bool low = random.below(2) == 1;
    const double hertz = (low ? 300 : 1500) * (1 + 0.4 * random.uniform());
    for (std::int64_t i = 0; i < samples; ++i)
      clips->push_back(data::sampleOf(static_cast<float>(
          0.3 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / 8000) + 0.02 * random.normal())));
    data->classes.push_back(low ? 1 : 0);
    auto& part = row % 10 < 7 ? data->split.train : row % 10 < 9 ? data->split.validation : data->split.test;
    part.push_back(static_cast<std::uint32_t>(row));
  }
  data->samples = std::move(clips);
  return data;
}

/// A template on them.
[[nodiscard]] inline Result<spec::ModelDescription> toneModel(const data::Dataset& data, const std::string& name,
                                                              const spec::ValueMap& settings = {}) {
  spec::ModelDescription model;
  model.schema = data.schema;
  model.fitted.classFrequencies = {0.5, 0.5};
  const auto context = spec::graphContext(model.schema, model.fitted, model.preprocessing);
  auto graph = spec::buildTemplate(name, settings, {context, spec::Task::Classification, 80});
  if (!graph) return tl::unexpected<Error>(graph.error());
  model.graph = std::move(*graph);
  return model;
}

}  // namespace lathe::tests

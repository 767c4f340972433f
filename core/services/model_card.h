// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/engine/predictor.h"
#include "core/exporting/manifest.h"
#include "core/services/parity_rows.h"
#include "core/store/records.h"

/// What a person who gets a model wants to know of it (Mitchell et al. 2019, Model Cards for Model Reporting).
namespace lathe::services {

/// A metric with the interval that resampling the rows gives.
struct MetricInterval {
  std::string name;  ///< test/accuracy
  double value = 0;
  double low = 0, high = 0;  ///< 95 %
};

/// Every metric that fits the task, on the rows that `predictions` are of, with percentile bootstrap intervals (Efron
/// 1979). Empty where the rows carry no labels. Repeats exactly.
[[nodiscard]] std::vector<MetricInterval> metricIntervals(const engine::Predictions& predictions,
                                                          const ParityData& data, const spec::ModelDescription& model,
                                                          const std::optional<engine::Scoring>& scoring);

struct CardFacts {
  store::RunRecord run;
  spec::ExperimentSpec spec;
  spec::ModelDescription model;
  std::int64_t parameters = 0;
  std::vector<MetricInterval> intervals;
  std::int64_t scoredRows = 0;
};

/// Data, metrics, training, files and limits of an export.
[[nodiscard]] std::string cardMarkdown(const exporting::ExportManifest& manifest, const CardFacts& facts);
/// The same as one page without anything outside it.
[[nodiscard]] std::string cardHtml(const exporting::ExportManifest& manifest, const CardFacts& facts);

}  // namespace lathe::services

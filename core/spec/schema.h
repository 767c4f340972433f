// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "core/spec/program.h"
#include "core/spec/text_codes.h"

namespace lathe::spec {

/// One feature of the raw input tensor of a table model: where it sits and how a cell becomes numbers.
struct FeatureSchema {
  std::string name;
  ColumnKind kind = ColumnKind::Real;
  int offset = 0;  ///< first position in the raw row
  int width = 1;   ///< 2 for date-times (days since 2000-01-01, seconds of the day); text: places for codes; else 1
  std::vector<std::string>
      vocabulary;      ///< category and boolean: code i is vocabulary[i]; anything else is NaN-free code -1
  TextRule text = {};  ///< text: what its codes are. Such features come last and have the same width
  bool operator==(const FeatureSchema&) const = default;
};

struct TargetSchema {
  std::string name;                       ///< the column; of several: their names with ", " between; anomaly: may be ""
  std::vector<std::string> classes;       ///< spelled as in the data, in stored order; multilabel: the labels;
                                          ///< anomaly: none, or how the label spells normal, then anomaly
  std::vector<std::string> columns = {};  ///< several columns: one a value or label; empty: `name` alone
  std::string separator = {};             ///< multilabel in one column: what stands between the labels of a cell
  std::vector<double> quantiles = {};     ///< quantile: levels, ascending, each in (0, 1)
  std::string link = {};                  ///< "log": the network gives the logarithm of the value (Poisson); else ""
  bool operator==(const TargetSchema&) const = default;
};

/// Windows of rows in time; window 0: each row for itself.
struct SequenceSchema {
  std::int64_t window = 0;   ///< rows, the newest last
  std::int64_t horizon = 0;  ///< rows ahead that are predicted; 0: what the window's last row says
  std::string time;          ///< the column that orders the rows; "": their order in the file
  std::string group;         ///< the column that tells series apart; "": there is one
  bool operator==(const SequenceSchema&) const = default;
};

/// What a model takes and gives: stored with the run, the checkpoint and every export.
struct DataSchema {
  bool image = false;
  Shape inputShape;                     ///< [F], windows [W, F], [C, H, W] of uint8 or float 0..255, or [samples] of
                                        ///< sound, -1..1
  std::vector<FeatureSchema> features;  ///< tables; of one row, in windows too
  Task task = Task::Classification;
  TargetSchema target;
  SequenceSchema sequence = {};
  int sampleRate = 0;  ///< Hz of clips of sound; 0: the data are no sound
  [[nodiscard]] bool sound() const { return sampleRate > 0; }
  bool operator==(const DataSchema&) const = default;
};

/// Numbers fitted on the training rows: what preprocessing needs to become operations.
struct FittedFeature {
  double fill = 0;         ///< for missing values, raw unit
  bool indicator = false;  ///< had missing values in training
  double shift = 0;        ///< scaled = (x - shift) * scale
  double scale = 1;
  std::vector<float>
      quantiles;  ///< quantile scaling: ascending raw values at equal steps of the normal's probabilities
  std::vector<float> bins = {};  ///< edges of equally full bins, raw, strictly ascending; empty: not asked for, or the
                                 ///< training rows hold fewer than two values
  bool operator==(const FittedFeature&) const = default;
};

struct FittedPreprocessing {
  std::vector<FittedFeature> features;  ///< one a feature of the schema (date-times: of the day count)
  std::vector<float> channelMean;       ///< images, 0..255
  std::vector<float> channelStd;
  double targetMean = 0;            ///< regression and quantile: of the first target
  double targetStd = 1;             ///< of the training rows: also what parity divides by
  std::vector<double> targetMeans;  ///< several targets (in a forecast, of each row ahead): of each; else empty
  std::vector<double> targetStds;
  std::vector<double> classFrequencies;  ///< of the training rows: sums to 1; multilabel: share of rows with each label
  bool operator==(const FittedPreprocessing&) const = default;
};

/// A network of an ensemble. It reads the same raw input as the others, prepared in its own way.
struct EnsembleMember {
  double weight = 1;       ///< of its output; those of all members sum to 1
  double temperature = 1;  ///< as in ModelDescription
  FittedPreprocessing fitted;
  PreprocessingSpec preprocessing;
  ModelGraph graph;
  bool operator==(const EnsembleMember&) const = default;
};

/// Everything needed to rebuild a network around stored weights.
struct ModelDescription {
  DataSchema schema;
  FittedPreprocessing fitted;
  PreprocessingSpec preprocessing;
  ModelGraph graph;
  double temperature = 1;  ///< classes and labels: logits are divided by it (Guo et al. 2017)
  /// Not empty: the prediction is the weighted mean of the members' (ensemble.h). The graph is empty then; what is
  /// fitted to the target is that of the whole.
  std::vector<EnsembleMember> members = {};
  bool operator==(const ModelDescription&) const = default;
};

/// What the preprocessed data will offer a graph.
[[nodiscard]] GraphContext graphContext(const DataSchema& schema, const FittedPreprocessing& fitted,
                                        const PreprocessingSpec& preprocessing);

/// Raw input to output, all three sections. Pure, any thread.
Result<Program> lower(const ModelDescription& description);

std::string toJson(const ModelDescription& description);
/// The same; made once for models that are equal and follow each other, as those of a study's trials. Any thread.
std::shared_ptr<const std::string> sharedJson(const ModelDescription& description);
Result<ModelDescription> modelDescriptionFromJson(std::string_view json);

}  // namespace lathe::spec

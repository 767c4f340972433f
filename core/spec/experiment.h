// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/graph.h"
#include "core/spec/value.h"

/// The experiment spec: data + model + training + export settings, as plain values. JSON in spec_json.h, the list of
/// every field with type, unit, default and help in fields.h. "Resolved" means that nothing is left automatic.
namespace lathe::spec {

enum class ColumnKind { Integer, Real, Boolean, Category, DateTime, Text, Id, Image, Audio };
enum class ColumnRole { Feature, Target, Weight, Group, Time, Ignore };
enum class Task { Auto, Classification, Regression };

/// How rows go to train, validation and test. Fractions sum to 1; where the data brings a test split, `test` is ignored
/// and validation is 10 % of train unless set.
struct SplitSpec {
  std::string method = "auto";  ///< auto, random, stratified, group, time
  double train = 0.70;
  double validation = 0.15;
  double test = 0.15;
  std::uint64_t seed = 0;
  bool operator==(const SplitSpec&) const = default;
};

/// How a file is read; empty means found by looking.
struct ReadingSpec {
  std::string delimiter;  ///< ",", ";", "\t", "|", " "
  std::string decimal;    ///< "." or ","
  std::string encoding;   ///< utf-8, utf-16le, utf-16be, latin-1, gbk
  std::optional<bool> header;
  std::vector<std::string> missing = {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "?"};
  bool operator==(const ReadingSpec&) const = default;
};

/// Fitted on the training rows only, part of the model, exported with it.
struct PreprocessingSpec {
  std::string imputation = "median";  ///< median, mean, zero
  bool missingIndicator = true;       ///< adds a 0/1 input for each column with missing values in training
  std::string scaling = "standard";   ///< none, standard, robust, quantile
  std::string categories = "auto";    ///< onehot, embedding, auto (one-hot up to 16 values)
  bool dateParts = true;              ///< adds year, month, weekday, hour as cyclic inputs
  bool scaleTarget = true;            ///< regression: trains on (y - mean) / sd
  int imageSize = 0;                  ///< pixels of the longer edge after loading; 0 keeps IDX sizes, 64 for folders
  bool operator==(const PreprocessingSpec&) const = default;
};

struct DataSpec {
  std::string path;      ///< relative when below the project, else absolute
  std::string testPath;  ///< a file of test rows of its own
  std::string sha256;    ///< of the content when it was read
  std::string target;    ///< column name; empty: the last column
  Task task = Task::Auto;
  ReadingSpec reading;
  std::map<std::string, ColumnKind> kinds;  ///< a person's overrides
  std::map<std::string, ColumnRole> roles;
  SplitSpec split;
  PreprocessingSpec preprocessing;
  bool operator==(const DataSpec&) const = default;
};

struct ModelSpec {
  std::string templateName;  ///< mlp, resmlp, cnn; empty: by the data; "custom" once layers were edited by hand
  ValueMap settings;         ///< the template's own: hidden, dropout, activation ...
  ModelGraph graph;          ///< the layers; always filled in a resolved spec
  bool operator==(const ModelSpec&) const = default;
};

struct OptimizerSpec {
  std::string name = "adamw";  ///< sgd, adam, adamw
  double lr = 1e-3;
  double weightDecay = 0.01;
  double momentum = 0.9;  ///< sgd
  bool nesterov = false;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool operator==(const OptimizerSpec&) const = default;
};

struct ScheduleSpec {
  std::string name = "cosine";   ///< constant, cosine, step, plateau
  double warmupFraction = 0.05;  ///< of all steps, linear (cosine)
  double finalFraction = 0.0;    ///< of lr at the end (cosine)
  int stepEpochs = 10;           ///< step: every so many epochs
  double gamma = 0.1;            ///< step, plateau: factor
  int patience = 3;              ///< plateau: epochs
  bool operator==(const ScheduleSpec&) const = default;
};

struct LossSpec {
  std::string name = "auto";  ///< cross_entropy, mse, huber
  double labelSmoothing = 0;
  bool classWeights = false;
  double huberDelta = 1.0;  ///< in units of the scaled target
  bool operator==(const LossSpec&) const = default;
};

struct EarlyStoppingSpec {
  int patience = 0;  ///< epochs without improvement; 0: off
  double minDelta = 0;
  bool operator==(const EarlyStoppingSpec&) const = default;
};

struct TrainingSpec {
  int epochs = 20;
  int batchSize = 0;  ///< 0: by a rule from the rows (32..256), resolved before step 1
  std::uint64_t seed = 0;
  int threads = 0;              ///< 0: by a rule from the model's size, resolved before step 1
  std::string device = "auto";  ///< auto, cpu, cuda, cuda:N
  LossSpec loss;
  OptimizerSpec optimizer;
  ScheduleSpec schedule;
  EarlyStoppingSpec earlyStopping;
  double clipNorm = 0;  ///< largest gradient norm; 0: off
  std::string monitor = "val/loss";
  std::string monitorDirection = "minimize";
  double checkpointSeconds = 30;  ///< a checkpoint at least so often, at epoch ends and when pausing too
  bool operator==(const TrainingSpec&) const = default;
};

struct ExportSpec {
  std::vector<std::string> formats = {"torchscript"};
  std::string name;
  bool operator==(const ExportSpec&) const = default;
};

struct ExperimentSpec {
  int schema = 1;
  std::string name;
  DataSpec data;
  ModelSpec model;
  TrainingSpec training;
  ExportSpec exporting;
  bool operator==(const ExperimentSpec&) const = default;
};

/// Names as in JSON and on the command line; reading ignores case, '-' and '_'.
[[nodiscard]] const char* name(ColumnKind kind);
[[nodiscard]] const char* name(ColumnRole role);
[[nodiscard]] const char* name(Task task);
Result<ColumnKind> columnKind(std::string_view name);
Result<ColumnRole> columnRole(std::string_view name);
Result<Task> task(std::string_view name);

}  // namespace lathe::spec

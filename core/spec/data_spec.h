// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

/// The data part of an experiment: where it lies, what its columns are, how rows are split and prepared.
namespace lathe::spec {

enum class ColumnKind { Integer, Real, Boolean, Category, DateTime, Text, Id, Image, Audio };
enum class ColumnRole { Feature, Target, Weight, Group, Time, Ignore };
/// What is predicted: one of several classes, numbers, any number of labels at once, quantiles of numbers, how unusual
/// a row is, or the next values of numbers.
enum class Task { Auto, Classification, Regression, Multilabel, Quantile, Anomaly, Forecast };

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

/// Rows of a table as windows in time: the column with the role time orders them (else the first date column, else the
/// file), the one with the role group tells series apart.
struct SequenceSpec {
  int window = 0;   ///< rows that the model sees at once; 0: each row for itself
  int horizon = 0;  ///< forecast and quantile: how many rows ahead; 0: what the window's last row says
  int stride = 1;   ///< rows from one window of training to the next
  bool operator==(const SequenceSpec&) const = default;
};

/// How a file is read; empty means found by looking.
struct ReadingSpec {
  std::string delimiter;  ///< ",", ";", "\t", "|", " "
  std::string decimal;    ///< "." or ","
  std::string encoding;   ///< utf-8, utf-16le, utf-16be, latin-1, gbk
  std::optional<bool> header;
  std::vector<std::string> missing = {"", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "null", "NULL", "?"};
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
  std::string text = "hashed";        ///< hashed, ignore (text_codes.h)
  int textBuckets = 0;                ///< different codes of a text column; 0: 16384, or 32768 from 50000 rows on
  int textCodes = 0;                  ///< codes that a row may have; 0: as 95 % of the rows need, at most 512
  int numericBins = 0;                ///< quantile bins of each number; 0: none, or 48 where the model wants some
  int imageSize = 0;                  ///< pixels of the longer edge after loading; 0 keeps IDX sizes, 64 for folders
  std::string imageScaling = "auto";  ///< fitted, imagenet (image_scaling.h); auto: by the model, else fitted
  int sampleRate = 0;                 ///< Hz that sound is brought to; 0: what most files have
  double clipSeconds = 0;             ///< length of every clip of sound; 0: what 95 % of them do not exceed, at most 30
  bool operator==(const PreprocessingSpec&) const = default;
};

struct DataSpec {
  std::string path;                  ///< relative when below the project, else absolute
  std::string testPath;              ///< a file of test rows of its own
  std::string sha256;                ///< of the content when it was read
  std::string target;                ///< column name; empty: the last column
  std::vector<std::string> targets;  ///< several columns to predict at once; empty: `target` alone
  Task task = Task::Auto;
  ReadingSpec reading;
  std::map<std::string, ColumnKind> kinds;  ///< a person's overrides
  std::map<std::string, ColumnRole> roles;
  SequenceSpec sequence;
  SplitSpec split;
  PreprocessingSpec preprocessing;
  bool operator==(const DataSpec&) const = default;
};

/// The columns that are named as targets, in order; empty: none is, so the last column is taken.
[[nodiscard]] std::vector<std::string> targetNames(const DataSpec& data);
/// Names one column, several, or none.
void setTargets(DataSpec& data, const std::vector<std::string>& names);

/// Names as in JSON and on the command line; reading ignores case, '-' and '_'.
[[nodiscard]] const char* name(ColumnKind kind);
[[nodiscard]] const char* name(ColumnRole role);
[[nodiscard]] const char* name(Task task);
Result<ColumnKind> columnKind(std::string_view name);
Result<ColumnRole> columnRole(std::string_view name);
Result<Task> task(std::string_view name);

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"

namespace lathe::spec {

void addDataFields(std::vector<FieldBinding>& out) {
  field("schema", "integer", LATHE_TEXT("spec", "Format"),
        LATHE_TEXT("spec", "Version of the layout of this file; Lathe writes it by itself."))
      .into(out, LATHE_AT(schema));
  field("name", "text", LATHE_TEXT("spec", "Name"),
        LATHE_TEXT("spec", "What you call this experiment; runs and exports are named after it."))
      .into(out, LATHE_AT(name));
  field("data.path", "text", LATHE_TEXT("spec", "Data"),
        LATHE_TEXT("spec",
                   "The file or folder with the rows: CSV, TSV, NumPy, a folder with one sub-folder a class, or IDX "
                   "files. Kept relative when it lies below the project."))
      .into(out, LATHE_AT(data.path));
  field("data.test_path", "text", LATHE_TEXT("spec", "Test data"),
        LATHE_TEXT("spec",
                   "A file of its own with rows for the final test. Leave it empty to hold back part of the data."))
      .into(out, LATHE_AT(data.testPath));
  field("data.sha256", "text", LATHE_TEXT("spec", "Hash of the data"),
        LATHE_TEXT("spec",
                   "SHA-256 of the content when it was read, so that a changed file is noticed; Lathe fills it in."))
      .into(out, LATHE_AT(data.sha256));
  field("data.target", "text", LATHE_TEXT("spec", "Target"),
        LATHE_TEXT("spec", "The column to predict; empty takes the last one. Images take the names of their folders."))
      .into(out, LATHE_AT(data.target));
  field("data.targets", "list", LATHE_TEXT("spec", "Targets"),
        LATHE_TEXT("spec",
                   "Several columns to predict at once, instead of data.target: numbers for a regression or for "
                   "quantiles, columns of yes and no for a multilabel task."))
      .into(out, LATHE_AT(data.targets));
  field("data.task", "text", LATHE_TEXT("spec", "Task"),
        LATHE_TEXT("spec",
                   "classification predicts one of several classes, regression numbers, multilabel any number of "
                   "labels at once, quantile an interval that a number will lie in, anomaly how unusual a row is, "
                   "without any target, forecast the next values of a series. auto takes text, booleans and whole "
                   "numbers with at most 20 values as classes."))
      .choices({"auto", "classification", "regression", "multilabel", "quantile", "anomaly", "forecast"})
      .into(out, LATHE_AT(data.task));
  field("data.kinds", "map", LATHE_TEXT("spec", "Kinds of columns"),
        LATHE_TEXT("spec",
                   "What a column holds where Lathe guessed wrong, such as data.kinds.zip=category for numbers that "
                   "only name something."))
      .into(out, LATHE_AT(data.kinds));
  field("data.roles", "map", LATHE_TEXT("spec", "Roles of columns"),
        LATHE_TEXT("spec",
                   "What a column is for where the guess is wrong: feature, target, weight, group, time or ignore. "
                   "Ignore what would not be known when predicting."))
      .into(out, LATHE_AT(data.roles));
  addSequenceFields(out);
  field("data.split.method", "text", LATHE_TEXT("spec", "Split method"),
        LATHE_TEXT(
            "spec",
            "How rows are dealt to train, validation and test: stratified keeps the shares of the classes, group keeps "
            "rows of one group together, time tests on the latest rows. auto is stratified for classes, else random; "
            "windows "
            "are always split in time."))
      .choices({"auto", "random", "stratified", "group", "time"})
      .into(out, LATHE_AT(data.split.method));
  field("data.split.train", "real", LATHE_TEXT("spec", "Train"),
        LATHE_TEXT("spec", "Part of the rows the model learns from. The three parts sum to 1."))
      .range(0, 1)
      .into(out, LATHE_AT(data.split.train));
  field("data.split.validation", "real", LATHE_TEXT("spec", "Validation"),
        LATHE_TEXT("spec",
                   "Part of the rows that chooses the best epoch and compares runs; more makes the choice steadier."))
      .range(0, 1)
      .into(out, LATHE_AT(data.split.validation));
  field("data.split.test", "real", LATHE_TEXT("spec", "Test"),
        LATHE_TEXT("spec",
                   "Part of the rows that is looked at once, at the end, for an honest score. Not used when the data "
                   "brings test rows."))
      .range(0, 1)
      .into(out, LATHE_AT(data.split.test));
  field("data.split.seed", "integer", LATHE_TEXT("spec", "Split seed"),
        LATHE_TEXT("spec", "Start of the random numbers that deal the rows. Keep it to compare runs on the same rows."))
      .into(out, LATHE_AT(data.split.seed));
  field("data.reading.delimiter", "text", LATHE_TEXT("spec", "Delimiter"),
        LATHE_TEXT("spec", "What separates columns in the file; empty finds out by looking."))
      .choices({"", ",", ";", "\t", "|", " "})
      .into(out, LATHE_AT(data.reading.delimiter));
  field("data.reading.decimal", "text", LATHE_TEXT("spec", "Decimal mark"),
        LATHE_TEXT("spec", "Point or comma in numbers; empty finds out by looking."))
      .choices({"", ".", ","})
      .into(out, LATHE_AT(data.reading.decimal));
  field("data.reading.encoding", "text", LATHE_TEXT("spec", "Encoding"),
        LATHE_TEXT("spec",
                   "How letters are stored; empty finds out by looking. Set it when names show wrong characters."))
      .choices({"", "utf-8", "utf-16le", "utf-16be", "latin-1", "gbk"})
      .into(out, LATHE_AT(data.reading.encoding));
  field("data.reading.header", "boolean", LATHE_TEXT("spec", "Header"),
        LATHE_TEXT("spec", "Whether the first line names the columns; null finds out by looking."))
      .into(out, LATHE_AT(data.reading.header));
  field("data.reading.missing", "list", LATHE_TEXT("spec", "Missing values"),
        LATHE_TEXT("spec", "Spellings that mean that a value is not known."))
      .into(out, LATHE_AT(data.reading.missing));
  field("data.preprocessing.imputation", "text", LATHE_TEXT("spec", "Fill missing numbers with"),
        LATHE_TEXT("spec",
                   "The value put where a number is missing: median ignores outliers, mean keeps the average, zero is "
                   "for counts where missing means none."))
      .choices({"median", "mean", "zero"})
      .into(out, LATHE_AT(data.preprocessing.imputation));
  field("data.preprocessing.missing_indicator", "boolean", LATHE_TEXT("spec", "Tell the model what was missing"),
        LATHE_TEXT("spec",
                   "Adds an input that is 1 where a value was missing, since being missing often means something."))
      .into(out, LATHE_AT(data.preprocessing.missingIndicator));
  field("data.preprocessing.scaling", "text", LATHE_TEXT("spec", "Scaling"),
        LATHE_TEXT("spec",
                   "Brings numbers to a common range, which networks need: standard uses mean and deviation, robust "
                   "the middle half (for outliers), quantile makes any shape a bell curve (for very skewed columns)."))
      .choices({"none", "standard", "robust", "quantile"})
      .into(out, LATHE_AT(data.preprocessing.scaling));
  field("data.preprocessing.categories", "text", LATHE_TEXT("spec", "Categories"),
        LATHE_TEXT("spec",
                   "onehot gives each value an input of its own, embedding learns a few numbers for each value; auto "
                   "takes one-hot up to 16 values."))
      .choices({"auto", "onehot", "embedding"})
      .into(out, LATHE_AT(data.preprocessing.categories));
  field("data.preprocessing.date_parts", "boolean", LATHE_TEXT("spec", "Parts of dates"),
        LATHE_TEXT(
            "spec",
            "Adds year, month, weekday and hour of a date as inputs, so that seasons and working hours can be learnt."))
      .into(out, LATHE_AT(data.preprocessing.dateParts));
  field("data.preprocessing.scale_target", "boolean", LATHE_TEXT("spec", "Scale the target"),
        LATHE_TEXT("spec",
                   "Regression: trains on the target with mean 0 and deviation 1; predictions are always in the "
                   "target's own unit."))
      .into(out, LATHE_AT(data.preprocessing.scaleTarget));
  addTextFields(out);
  field("data.preprocessing.numeric_bins", "integer", LATHE_TEXT("spec", "Bins of numbers"),
        LATHE_TEXT("spec",
                   "Into how many equally full bins of the training rows the numeric embedding piecewise_linear cuts "
                   "each column; 0 takes 48 where the model has such an embedding. Fewer suit small tables."))
      .range(0, 1024)
      .into(out, LATHE_AT(data.preprocessing.numericBins));
  field("data.preprocessing.image_size", "integer", LATHE_TEXT("spec", "Image size"),
        LATHE_TEXT("spec",
                   "Pixels of the longer edge after loading; 0 keeps the size of IDX files and takes 64 for folders. "
                   "Smaller trains faster, larger sees finer detail."))
      .range(0, 4096)
      .unit("pixels")
      .into(out, LATHE_AT(data.preprocessing.imageSize));
  field("data.preprocessing.image_scaling", "text", LATHE_TEXT("spec", "Image scaling"),
        LATHE_TEXT("spec",
                   "How pixels become numbers around 0: fitted uses mean and deviation of the training images, "
                   "imagenet those that ready weights were made with (grey images get three channels); auto takes "
                   "imagenet for the templates in torchvision's layout."))
      .choices({"auto", "fitted", "imagenet"})
      .into(out, LATHE_AT(data.preprocessing.imageScaling));
  field("data.preprocessing.sample_rate", "integer", LATHE_TEXT("spec", "Sample rate"),
        LATHE_TEXT("spec",
                   "Sound: samples a second that every clip is brought to; 0 takes the rate of most files, at most "
                   "48000. 16000 is enough for speech and trains faster than 44100."))
      .range(0, 384000)
      .unit("Hz")
      .into(out, LATHE_AT(data.preprocessing.sampleRate));
  field(
      "data.preprocessing.clip_seconds", "real", LATHE_TEXT("spec", "Clip length"),
      LATHE_TEXT("spec",
                 "Sound: longer clips are cut at the end, shorter ones end in silence; 0 takes what 95 % of the clips "
                 "do not exceed, at most 30."))
      .range(0, 3600)
      .unit("s")
      .into(out, LATHE_AT(data.preprocessing.clipSeconds));
}

}  // namespace lathe::spec

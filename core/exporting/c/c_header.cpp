// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_header.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/base/machine.h"
#include "core/exporting/c/c_text.h"
#include "core/exporting/c/scratch_plan.h"
#include "core/spec/targets.h"
#include "core/spec/text_codes.h"

namespace lathe::exporting {
namespace {

using spec::ColumnKind;
using spec::Task;

const spec::Shape& shapeOf(const ModelSource& model, int value) {
  return model.program.values[static_cast<std::size_t>(value)];
}

bool hasClasses(const ModelSource& model) {
  const auto task = model.model.schema.task;
  return (task == Task::Classification || task == Task::Multilabel) && !model.model.schema.target.classes.empty();
}

/// Names of the outputs where these are no classes.
std::vector<std::string> targetsOf(const ModelSource& model) {
  const auto task = model.model.schema.task;
  if (task == Task::Classification || task == Task::Multilabel) return {};
  auto names = spec::predictionColumns(model.model.schema);
  const auto outputs = static_cast<std::size_t>(spec::elementCount(shapeOf(model, outputOf(model.program))));
  return names.size() == outputs ? names : std::vector<std::string>{};
}

struct NameArray {
  const char* what;  ///< "classes"
  std::vector<std::string> names;
};

std::vector<NameArray> nameArrays(const ModelSource& model) {
  std::vector<NameArray> arrays;
  std::vector<std::string> columns;
  for (const auto& feature : model.model.schema.features) columns.push_back(feature.name);
  if (!columns.empty()) arrays.push_back({"columns", std::move(columns)});
  if (hasClasses(model)) arrays.push_back({"classes", model.model.schema.target.classes});
  if (auto targets = targetsOf(model); !targets.empty()) arrays.push_back({"targets", std::move(targets)});
  return arrays;
}

/// Words broken into lines of a comment.
void paragraph(std::string& out, const std::string& text, std::string_view indent = "") {
  constexpr std::string_view start = " *";
  std::size_t column = cLineWidth;
  for (std::size_t place = 0; place < text.size();) {
    const auto end = std::min(text.find(' ', place), text.size());
    const auto word = std::string_view(text).substr(place, end - place);
    if (column + 1 + word.size() > cLineWidth) {
      if (!out.empty()) out += '\n';
      out += start;
      out += indent;
      column = start.size() + indent.size();
      if (!indent.empty()) indent = "       ";
    }
    out += ' ';
    out += word;
    column += 1 + word.size();
    place = end + 1;
  }
}

std::string columnText(const spec::FeatureSchema& feature) {
  const auto name = cComment(feature.name);
  const auto first = feature.offset;
  if (feature.kind == ColumnKind::DateTime)
    return fmt::format("[{}], [{}] {}: days since 2000-01-01, seconds of the day; NAN where missing", first, first + 1,
                       name);
  if (feature.text.buckets > 0)
    return fmt::format("[{}] to [{}] {}: text as codes below {} (see below), -1 in the places that are left", first,
                       first + feature.width - 1, name, feature.text.buckets);
  if (feature.vocabulary.empty()) return fmt::format("[{}] {}: a number; NAN where missing", first, name);
  std::string codes;
  for (std::size_t i = 0; i < feature.vocabulary.size(); ++i)
    codes += fmt::format("{} {}=\"{}\"", i == 0 ? "" : ",", i, cComment(feature.vocabulary[i]));
  return fmt::format("[{}] {}: a code,{}; -1 for any other; NAN where missing", first, name, codes);
}

std::string inputText(const ModelSource& model, const std::string& upper) {
  const auto& schema = model.model.schema;
  const auto& shape = shapeOf(model, model.program.input);
  const auto sizes = spec::shapeText(shape);
  const std::string count = upper + "_INPUTS floats";
  if (schema.image)
    return fmt::format("Input: {}, an image of {} (channels, height, width; row-major), 0 to 255.", count, sizes);
  if (schema.sound())
    return fmt::format("Input: {}, samples of sound from -1 to 1 at {} Hz.", count, schema.sampleRate);
  if (schema.sequence.window > 0)
    return fmt::format("Input: {}, {} rows of {}, the newest last. Of each row:", count, shape.front(), shape.back());
  return fmt::format("Input: {}, one row{}", count, schema.features.empty() ? " of " + sizes + "." : ":");
}

std::string outputText(const ModelSource& model, const std::string& upper) {
  const std::string start = fmt::format("Output: {}_OUTPUTS floats, ", upper);
  const auto sizes = spec::shapeText(shapeOf(model, outputOf(model.program)));
  switch (model.model.schema.task) {
    case Task::Classification:
      return start + "the probability of each class.";
    case Task::Multilabel:
      return start + "the probability of each label.";
    case Task::Anomaly:
      return start + "how unusual the row is; the more, the larger.";
    case Task::Quantile:
      return start + "quantiles in the target's unit, " + sizes + ", those of a value ascending.";
    case Task::Forecast:
      return start + "the values of the next rows in the target's unit, " + sizes + ", the nearest first.";
    default:
      return start + "values in the target's unit, " + sizes + ".";
  }
}

}  // namespace

CNames namesOf(const ModelSource& model) {
  auto name = cIdentifier(model.name);
  auto upper = cUpper(name);
  return {std::move(name), std::move(upper)};
}

std::string cUsage(const ModelSource& model) {
  const auto [name, upper] = namesOf(model);
  const auto& schema = model.model.schema;
  std::string text = fmt::format("/* {}: a neural network in C99, written by Lathe {}.\n *", name, latheVersion());
  const auto say = [&](const std::string& words) {
    paragraph(text, words);
    text += "\n *";
  };
  say(fmt::format(
      "{0}_predict() takes one row and gives 0, or 1 when the memory for its {1}_SCRATCH floats of scratch "
      "is not to be had; {0}_predict_with() takes that memory from its caller, which no call may share with "
      "another, and cannot fail. Nothing else is written to, so any number of threads may call them.",
      name, upper));
  say("Link with the mathematical library (-lm). Not to be compiled with -ffast-math, which does away with NAN. Sums "
      "are made in double precision; -D" +
      upper + "_SUM=float is faster on processors without it, and rounds more.");
  paragraph(text, inputText(model, upper));
  for (const auto& feature : schema.features) paragraph(text, columnText(feature), "  ");
  text += "\n *";
  paragraph(text, outputText(model, upper));
  const bool readsText = std::any_of(schema.features.begin(), schema.features.end(),
                                     [](const auto& feature) { return feature.text.buckets > 0; });
  if (readsText) {
    text += "\n *";
    paragraph(text, "The codes of a text: " + spec::describeTextRule());
  }
  return text + "\n */\n";
}

std::string cDeclarations(const ModelSource& model, std::int64_t scratch) {
  const auto [name, upper] = namesOf(model);
  const auto count = [&](int value) { return spec::elementCount(shapeOf(model, value)); };
  std::string text = fmt::format(
      "#define {1}_INPUTS {2}\n#define {1}_OUTPUTS {3}\n#define {1}_SCRATCH {4}\n\n"
      "int {0}_predict(const float *input, float *output);\n"
      "void {0}_predict_with(const float *input, float *output, float *scratch);\n",
      name, upper, count(model.program.input), count(outputOf(model.program)), std::max<std::int64_t>(1, scratch));
  for (const auto& [what, names] : nameArrays(model)) {
    text += fmt::format("\n#define {}_{} {}\n", upper, cUpper(what), names.size());
    text += fmt::format("extern const char *const {}_{}[{}_{}];\n", name, what, upper, cUpper(what));
    if (std::string_view(what) == "columns")
      text += fmt::format("/* where each of them begins in a row */\nextern const long {}_places[{}_COLUMNS];\n", name,
                          upper);
  }
  return text;
}

std::string cNameArrays(const ModelSource& model) {
  const auto [name, upper] = namesOf(model);
  std::string text;
  for (const auto& [what, names] : nameArrays(model)) {
    std::vector<std::string> items;
    items.reserve(names.size());
    for (const auto& each : names) items.push_back(cString(each));
    text += cArray(fmt::format("const char *const {}_{}", name, what), items);
    if (std::string_view(what) != "columns") continue;
    items.clear();
    for (const auto& feature : model.model.schema.features) items.push_back(cWhole(feature.offset));
    text += cArray(fmt::format("const long {}_places", name), items);
  }
  return text.empty() ? text : text + "\n";
}

std::string cHeader(const ModelSource& model, std::int64_t scratch) {
  const auto upper = namesOf(model).upper;
  return fmt::format(
      "{0}#ifndef {1}_H\n#define {1}_H\n\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n{2}\n"
      "#ifdef __cplusplus\n}}\n#endif\n\n#endif\n",
      cUsage(model), upper, cDeclarations(model, scratch));
}

}  // namespace lathe::exporting

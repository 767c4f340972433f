// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/model_card.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/base/random.h"
#include "core/exporting/table_columns.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace {

using Cells = std::vector<std::string>;

struct Section {
  std::string heading;
  std::vector<std::string> paragraphs;
  Cells header;  ///< of the table; empty: none
  std::vector<Cells> rows;
};

std::string number(double value) { return std::isfinite(value) ? fmt::format("{:.4g}", value) : "-"; }

std::string megabytes(std::uintmax_t bytes) {
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string inputsSaid(const spec::DataSchema& schema) {
  const auto& shape = schema.inputShape;
  if (schema.image)
    return fmt::format("images of {} x {} pixels with {} channel{}", shape.at(2), shape.at(1), shape.at(0),
                       shape.at(0) == 1 ? "" : "s");
  if (schema.sound()) return fmt::format("clips of {} samples at {} Hz", shape.at(0), schema.sampleRate);
  if (schema.sequence.window > 0)
    return fmt::format("windows of {} rows with {} columns", schema.sequence.window, schema.features.size());
  return fmt::format("rows of {} columns", schema.features.size());
}

Section purpose(const exporting::ExportManifest& manifest, const CardFacts& facts) {
  const auto& schema = facts.model.schema;
  Section section{"What it does", {}, {"", ""}, {}};
  section.rows = {{"task", spec::name(schema.task)},
                  {"target", schema.target.name.empty() ? "-" : schema.target.name},
                  {"inputs", inputsSaid(schema)},
                  {"model", fmt::format("{}, {} parameters", facts.run.model, facts.parameters)},
                  {"run", std::to_string(manifest.run)},
                  {"exported", manifest.created},
                  {"made with", "Lathe " + manifest.latheVersion}};
  if (!schema.target.classes.empty() && schema.target.classes.size() <= 100)
    section.rows.insert(section.rows.begin() + 2, {"classes", spec::joinNames(schema.target.classes)});
  if (manifest.decisionThreshold != 0.5)
    section.rows.push_back({"decision threshold", number(manifest.decisionThreshold)});
  return section;
}

std::string valuesOf(const spec::FeatureSchema& feature) {
  constexpr std::size_t most = 20;
  if (feature.kind == spec::ColumnKind::DateTime) return "days since 2000-01-01 and seconds of the day";
  if (feature.text.buckets > 0) return fmt::format("{} codes of text", feature.width);
  if (feature.vocabulary.empty()) return "number";
  if (feature.vocabulary.size() <= most) return spec::joinNames(feature.vocabulary);
  return fmt::format("{} categories", feature.vocabulary.size());
}

Section inputs(const exporting::ExportManifest& manifest, const CardFacts& facts) {
  constexpr std::size_t most = 200;
  Section section{"Inputs", {}, {"column", "kind", "values", "fill for a missing one"}, {}};
  const auto& schema = facts.model.schema;
  for (std::size_t i = 0; i < std::min(most, schema.features.size()); ++i) {
    const auto& feature = schema.features[i];
    const bool filled =
        feature.vocabulary.empty() && i < facts.model.fitted.features.size() && feature.text.buckets == 0;
    section.rows.push_back({feature.name, spec::name(feature.kind), valuesOf(feature),
                            filled ? number(facts.model.fitted.features[i].fill) : "counts as unknown"});
  }
  if (schema.features.size() > most)
    section.paragraphs.push_back(fmt::format("The first {} of {} columns.", most, schema.features.size()));
  for (const auto& file : manifest.files)
    for (const auto& along : file.along)
      if (exporting::isColumnsFile(along.path))
        section.paragraphs.push_back(fmt::format(
            "{} is the same model with one input a column, called as the column where that is an identifier (its "
            "metadata entry lathe.inputs lists them): categories as text, \"\" missing; numbers as float32, NaN "
            "missing; dates as two float32, days since 2000-01-01 and seconds of the day. {} takes all columns as "
            "one row of numbers.",
            along.path, file.path));
  return section;
}

Section training(const CardFacts& facts) {
  const auto& t = facts.spec.training;
  Section section{"Data and training", {}, {"", ""}, {}};
  section.rows = {{"data", facts.spec.data.path},
                  {"SHA-256 of the data", facts.run.dataHash},
                  {"split", fmt::format("{}: {:.0f} % train, {:.0f} % validation, {:.0f} % test",
                                        facts.spec.data.split.method, 100 * facts.spec.data.split.train,
                                        100 * facts.spec.data.split.validation, 100 * facts.spec.data.split.test)},
                  {"epochs", fmt::format("{} ({} steps)", facts.run.epochs, facts.run.steps)},
                  {"optimizer", fmt::format("{}, learning rate {}", t.optimizer.name, number(t.optimizer.lr))},
                  {"batch size", std::to_string(t.batchSize)},
                  {"loss", t.loss.name},
                  {"seed", std::to_string(t.seed)},
                  {"training time", fmt::format("{:.1f} s", facts.run.seconds)}};
  return section;
}

Section metrics(const CardFacts& facts) {
  Section section{"How good it is", {}, {"metric", "value", "95 % interval"}, {}};
  for (const auto& [name, value] : facts.run.metrics) {
    const auto found = std::find_if(facts.intervals.begin(), facts.intervals.end(),
                                    [name = name](const auto& interval) { return interval.name == name; });
    section.rows.push_back(
        {name, number(value), found == facts.intervals.end() ? "" : number(found->low) + " to " + number(found->high)});
  }
  if (!facts.intervals.empty())
    section.paragraphs.push_back(fmt::format(
        "Intervals: percentile bootstrap over {} rows. They say how much chance in the choice of these rows "
        "matters, not how the data may change.",
        facts.scoredRows));
  return section;
}

Section files(const exporting::ExportManifest& manifest) {
  Section section{
      "Files", {}, {"file", "format", "size", "largest difference from the trained model", "checked with"}, {}};
  for (const auto& file : manifest.files)
    section.rows.push_back({file.path, file.quantization ? file.format + " " + file.quantization->kind : file.format,
                            megabytes(file.bytes),
                            fmt::format("{:.2g} on {} rows", file.parity.maxDiff, file.parity.rows),
                            file.parity.independent ? file.parity.runtime : file.parity.runtime + " (Lathe only)"});
  for (const auto& file : manifest.files)
    if (const auto& q = file.quantization)
      section.paragraphs.push_back(fmt::format(
          "{} has {} weights: {} instead of {}, {} ms instead of {} ms for one row{}.", file.path, q->kind,
          megabytes(file.bytes), megabytes(q->floatBytes), number(q->latencyMs1), number(q->floatLatencyMs1),
          q->metric.empty() ? std::string()
                            : fmt::format(", {} {} instead of {} on validation rows", q->metric, number(q->value),
                                          number(q->floatValue))));
  return section;
}

Section limits(const CardFacts& facts) {
  const auto& schema = facts.model.schema;
  Section section{"Limits", {}, {}, {}};
  auto& told = section.paragraphs;
  told.push_back("The figures hold for data that come about as the training data did. Watch the inputs for drift.");
  if (facts.run.testLooks > 1)
    told.push_back(
        fmt::format("The test rows were looked at {} times: choices made after the first look make the test "
                    "figures too good.",
                    facts.run.testLooks));
  if (facts.run.testLooks == 0)
    told.push_back("The test rows were not looked at: there are only figures of validation rows.");
  if (facts.scoredRows > 0 && facts.scoredRows < 100)
    told.push_back(fmt::format("There are only {} rows to judge it by.", facts.scoredRows));
  if (!schema.features.empty())
    told.push_back("A category that the training did not see counts as unknown; a missing number is filled as above.");
  if (schema.task == spec::Task::Classification)
    told.push_back("Probabilities are those of the training's mix of classes; another mix wants another threshold.");
  return section;
}

std::vector<Section> sections(const exporting::ExportManifest& manifest, const CardFacts& facts) {
  std::vector<Section> all{purpose(manifest, facts), metrics(facts), limits(facts), training(facts)};
  if (!facts.model.schema.features.empty()) all.push_back(inputs(manifest, facts));
  all.push_back(files(manifest));
  return all;
}

std::string markdownCell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '*' || c == '_' || c == '<' || c == '`') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::string htmlText(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

constexpr const char* style =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1d2125;"
    "background:#fff}h1{font-size:1.6rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #dfe3e6;vertical-align:top;"
    "overflow-wrap:anywhere}th{color:#5b636a;font-weight:500}"
    "@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#1b1e21}td,th{border-color:#3a4046}th{color:#"
    "a4acb3}}";

}  // namespace

std::vector<MetricInterval> metricIntervals(const engine::Predictions& predictions, const ParityData& data,
                                            const spec::ModelDescription& model,
                                            const std::optional<engine::Scoring>& scoring) {
  const auto scored = [&](const engine::Predictions& some, const std::vector<std::uint32_t>& rows) {
    return scoring ? engine::scores(some, data.source, rows, model, scoring->loss, scoring->threshold)
                   : engine::scores(some, data.source, rows);
  };
  const bool labelled = std::all_of(data.chosen.begin(), data.chosen.end(),
                                    [&](std::uint32_t row) { return data::isLabelled(data.source, row); });
  if (!labelled || predictions.rows < 2 || data.split.empty()) return {};
  std::vector<MetricInterval> intervals;
  for (const auto& [name, value] : scored(predictions, data.chosen))
    intervals.push_back({data.split + "/" + name, value, value, value});
  const int resamples = predictions.rows > 2000 ? 200 : 1000;
  std::vector<std::vector<double>> drawn(intervals.size());
  Random random(0);
  engine::Predictions some = predictions;
  auto rows = data.chosen;
  for (int r = 0; r < resamples; ++r) {
    for (std::size_t i = 0; i < predictions.rows; ++i) {
      const auto from = static_cast<std::size_t>(random.below(predictions.rows));
      rows[i] = data.chosen[from];
      std::copy_n(predictions.values.begin() + static_cast<std::ptrdiff_t>(from * predictions.columns),
                  predictions.columns, some.values.begin() + static_cast<std::ptrdiff_t>(i * predictions.columns));
    }
    const auto values = scored(some, rows);
    for (std::size_t m = 0; m < std::min(values.size(), drawn.size()); ++m)
      if (std::isfinite(values[m].second)) drawn[m].push_back(values[m].second);
  }
  for (std::size_t m = 0; m < intervals.size(); ++m) {
    auto& values = drawn[m];
    if (values.empty()) continue;
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
      return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    intervals[m].low = at(0.025);
    intervals[m].high = at(0.975);
  }
  return intervals;
}

std::string cardMarkdown(const exporting::ExportManifest& manifest, const CardFacts& facts) {
  std::string text = "# " + markdownCell(manifest.name) + "\n";
  const auto line = [&](const Cells& cells) {
    for (const auto& cell : cells) text += "| " + markdownCell(cell) + " ";
    text += "|\n";
  };
  for (const auto& section : sections(manifest, facts)) {
    text += "\n## " + section.heading + "\n\n";
    for (const auto& paragraph : section.paragraphs) text += paragraph + "\n\n";
    if (section.header.empty()) continue;
    line(section.header);
    for (std::size_t i = 0; i < section.header.size(); ++i) text += "| --- ";
    text += "|\n";
    for (const auto& row : section.rows) line(row);
  }
  return text;
}

std::string cardHtml(const exporting::ExportManifest& manifest, const CardFacts& facts) {
  const auto title = htmlText(manifest.name);
  auto text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>{}</title><style>{}</style></head><body>\n<h1>{}</h1>\n",
      title, style, title);
  const auto line = [&](const Cells& cells, const char* tag) {
    text += "<tr>";
    for (const auto& cell : cells) text += fmt::format("<{0}>{1}</{0}>", tag, htmlText(cell));
    text += "</tr>\n";
  };
  for (const auto& section : sections(manifest, facts)) {
    text += "<h2>" + section.heading + "</h2>\n";
    for (const auto& paragraph : section.paragraphs) text += "<p>" + htmlText(paragraph) + "</p>\n";
    if (section.header.empty()) continue;
    text += "<table>\n";
    if (!section.header.front().empty()) line(section.header, "th");
    for (const auto& row : section.rows) line(row, "td");
    text += "</table>\n";
  }
  return text + "</body></html>\n";
}

}  // namespace lathe::services

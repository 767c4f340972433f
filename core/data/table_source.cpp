// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/table_source.h"

#include <chrono>
#include <cmath>

#include "core/base/large_pages.h"
#include "core/data/audio_clips.h"
#include "core/data/parallel.h"
#include "core/data/reading_notes.h"
#include "core/data/split.h"
#include "core/data/table_encode.h"
#include "core/data/table_windows.h"
#include "core/data/text_columns.h"
#include "core/data/windows.h"

namespace lathe::data {
namespace {

using spec::ColumnKind;
using spec::ColumnRole;

// Identifiers that a person made features are numbers or categories to a model, and so is text where it is not read.
ColumnKind featureKind(const Column& column, ColumnKind kind) {
  const bool text = column.storage == Storage::Codes || column.storage == Storage::Hashes;
  if (kind == ColumnKind::Id) return text ? ColumnKind::Category : ColumnKind::Integer;
  return kind == ColumnKind::Text ? ColumnKind::Category : kind;
}

bool isText(const TablePlan& plan, std::size_t c) {
  return plan.readsText && plan.columns[c].role == ColumnRole::Feature && plan.columns[c].kind == ColumnKind::Text;
}

// Behind all other features, one as wide as the other.
Result<void> addTextFeatures(const spec::DataSpec& spec, const TablePlan& plan, const TablePart& part, Dataset& out) {
  std::vector<int> columns;
  for (std::size_t c = 0; c < plan.columns.size(); ++c)
    if (isText(plan, c)) columns.push_back(static_cast<int>(c));
  if (columns.empty()) return {};
  const auto& wanted = spec.preprocessing;
  const spec::TextRule rule{wanted.textBuckets > 0 ? wanted.textBuckets : bucketsFor(out.split.train.size())};
  int places = wanted.textCodes;
  if (places == 0) {
    LATHE_ASSIGN(usual, placesFor(part, columns, out.split.train, rule));
    places = usual;
  }
  auto& width = out.schema.inputShape.back();
  for (const int c : columns) {
    out.schema.features.push_back(
        {columnOf(part, c).name, ColumnKind::Text, static_cast<int>(width), places, {}, rule});
    width += places;
  }
  return {};
}

Result<void> addFeatures(const TablePlan& plan, const TablePart& part, Dataset& out) {
  auto& schema = out.schema;
  std::vector<bool> train(static_cast<std::size_t>(part.table->rows()), false);
  for (const auto row : coveredRows(out, out.split.train)) train[row] = true;
  int offset = 0;
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    const bool past = plan.ahead && plan.isTarget(c);
    if ((plan.columns[c].role != ColumnRole::Feature && !past) || isText(plan, c)) continue;
    const auto& column = part.table->columns[c];
    spec::FeatureSchema feature;
    feature.name = column.name;
    feature.kind = past ? ColumnKind::Real : featureKind(column, plan.columns[c].kind);
    feature.offset = offset;
    feature.width = feature.kind == ColumnKind::DateTime ? 2 : 1;
    offset += feature.width;
    if (feature.kind == ColumnKind::Category || feature.kind == ColumnKind::Boolean) {
      feature.vocabulary = wordsOf(part, static_cast<int>(c), train);
      if (feature.vocabulary.empty() && column.storage != Storage::Empty &&
          !hasAtMost(*part.table, column, dictionaryLimit))
        return fail(
            "data.too_many_categories",
            LATHE_TEXT("errors", "Column {column} has more than 65536 different values, too many for a category."),
            LATHE_TEXT("errors", "Give it the role ignore."), {{"column", column.name}});
    }
    schema.features.push_back(std::move(feature));
  }
  schema.inputShape.assign(1, offset);
  if (schema.sequence.window > 0) schema.inputShape.insert(schema.inputShape.begin(), schema.sequence.window);
  return {};
}

Result<void> encodeInto(const TableParts& parts, const JobContext& job, Dataset& out) {
  const auto width = rowWidth(out.schema);
  std::vector<std::vector<int>> columns;
  std::vector<spec::FeatureSchema> features;
  for (const auto& feature : out.schema.features)
    if (feature.text.buckets == 0) features.push_back(feature);
  for (const auto& feature : features) {
    if (feature.offset < 0 || feature.width < 1 ||
        static_cast<std::size_t>(feature.offset) + static_cast<std::size_t>(feature.width) > width)
      return fail("data.bad_schema", LATHE_TEXT("errors", "The model's description of its input is damaged."),
                  LATHE_TEXT("errors", "Export the model again."));
    LATHE_ASSIGN(found, findEverywhere(parts, feature.name));
    if (feature.kind == ColumnKind::DateTime)
      for (std::size_t i = 0; i < parts.size(); ++i) LATHE_TRY(refuseAmbiguousDates(columnOf(parts[i], found[i])));
    columns.push_back(found);
  }
  out.table.reserve(out.rows * width);
  wishLargePages(out.table.data(), out.rows * width * sizeof(float));
  out.table.assign(out.rows * width, 0);
  std::size_t first = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parallelFor(features.size(), readingThreads(), [&](std::size_t f) {
      if (job.cancelled()) return;
      encodeFeature(*parts[i].table, columnOf(parts[i], columns[f][i]), features[f], parts[i].decimal,
                    out.table.data() + first * width, width);
    });
    first += static_cast<std::size_t>(parts[i].table->rows());
  }
  if (job.cancelled()) return cancelledError();
  return {};
}

Result<void> addWeights(const TablePlan& plan, const TableParts& parts, Dataset& out) {
  if (plan.weight < 0) return {};
  const auto& name = columnOf(parts[0], plan.weight).name;
  out.weights.assign(out.rows, 1.0F);
  std::size_t first = 0;
  for (const auto& part : parts) {
    // A test file may do without them: its rows then count the same.
    const int column = part.table->find(name);
    const auto numbers =
        column < 0 ? std::vector<double>() : numbersOf(*part.table, columnOf(part, column), part.decimal);
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      if (numbers[row] < 0)
        return fail("data.negative_weight", LATHE_TEXT("errors", "Row {row} has a negative weight in column {column}."),
                    LATHE_TEXT("errors", "Weights must be 0 or more."),
                    {{"row", std::to_string(row + 1)}, {"column", name}});
      if (!std::isnan(numbers[row])) out.weights[first + row] = static_cast<float>(numbers[row]);
    }
    first += static_cast<std::size_t>(part.table->rows());
  }
  return {};
}

}  // namespace

TableSource::TableSource(const std::filesystem::path& path, TableOrigin origin, TablePart main,
                         std::optional<TablePart> test, std::string testPath)
    : m_file(path, origin.format),
      m_origin(std::move(origin)),
      m_main(std::move(main)),
      m_test(std::move(test)),
      m_testPath(std::move(testPath)) {}

std::int64_t TableSource::rows() const { return m_main.table->rows() + (m_test ? m_test->table->rows() : 0); }

std::vector<std::string> TableSource::columnNames() const {
  std::vector<std::string> names;
  for (const auto& column : m_main.table->columns) names.push_back(column.name);
  return names;
}

std::string TableSource::cell(std::int64_t row, int column) const {
  const std::int64_t first = m_main.table->rows();
  try {
    if (row < first) return m_main.cell(row, column);
    if (!m_test || column < 0 || static_cast<std::size_t>(column) >= m_main.table->columns.size()) return {};
    return m_test->cell(row - first, m_test->table->find(columnOf(m_main, column).name));
  } catch (const std::bad_alloc&) {
    return {};
  }
}

Result<std::vector<std::uint8_t>> TableSource::image(std::int64_t) const { return std::vector<std::uint8_t>(); }

Result<TableParts> TableSource::partsFor(const spec::DataSpec& spec, const JobContext& job) const {
  TableParts parts{m_main};
  if (spec.testPath == m_testPath) {
    if (m_test) parts.push_back(*m_test);
    return parts;
  }
  if (spec.testPath.empty()) return parts;
  LATHE_ASSIGN(test, openCsv(spec.testPath, spec.reading, {}, job));
  parts.push_back(test->main());
  return parts;
}

const std::vector<ColumnFacts>& TableSource::facts() const {
  std::call_once(m_factsOnce, [this] {
    m_facts = factsOf(*m_main.table);
    for (std::size_t c = 0; c < m_facts.size(); ++c) findOddCell(m_main, static_cast<int>(c), m_facts[c]);
  });
  return m_facts;
}

Result<Split> TableSource::splitOf(const spec::DataSpec& spec, const TablePlan& plan, const TableParts& parts,
                                   const Dataset& labelled) const {
  SplitInput input;
  input.rows = static_cast<std::size_t>(m_main.table->rows());
  if (spec.sequence.window > 0)
    return splitWindows(spec.split, labelled, input.rows, static_cast<std::size_t>(spec.sequence.stride));
  input.testRows = labelled.rows - input.rows;
  input.labelled.resize(labelled.rows);
  for (std::size_t row = 0; row < labelled.rows; ++row) input.labelled[row] = isLabelled(labelled, row);
  // A label of anomalies is for scoring alone.
  if (plan.task != spec::Task::Anomaly) input.classes = labelled.classes;
  if (plan.group >= 0) input.groups = groupKeys(parts[0], plan.group);
  if (plan.time >= 0) {
    LATHE_ASSIGN(times, rowTimes(parts[0], plan.time));
    input.times = std::move(times);
  }
  return makeSplit(spec.split, input);
}

Result<Dataset> TableSource::labelled(const spec::DataSpec& spec, const TablePlan& plan,
                                      const TableParts& parts) const {
  LATHE_ASSIGN(out, labelledRows(plan, parts));
  if (spec.sequence.window == 0) return std::move(out);
  out.schema.sequence = sequenceOf(spec, plan, *m_main.table);
  LATHE_TRY(addWindows(parts, out));
  return std::move(out);
}

Result<Dataset> TableSource::numbers(const spec::DataSpec& spec, const TableParts& parts, const JobContext& job) const {
  const auto plan = planOf(*m_main.table, facts(), spec);
  if (plan.problem) return tl::unexpected<Error>(*plan.problem);
  LATHE_ASSIGN(out, labelled(spec, plan, parts));
  LATHE_ASSIGN(split, splitOf(spec, plan, parts, out));
  out.split = split;
  LATHE_TRY(addFeatures(plan, m_main, out));
  LATHE_TRY(addTextFeatures(spec, plan, m_main, out));
  LATHE_TRY(encodeInto(parts, job, out));
  LATHE_TRY(addWeights(plan, parts, out));
  return std::move(out);
}

Result<Dataset> TableSource::datasetWithoutText(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    LATHE_ASSIGN(parts, partsFor(spec, job));
    return numbers(spec, parts, job);
  });
}

Result<Dataset> TableSource::dataset(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    LATHE_ASSIGN(parts, partsFor(spec, job));
    LATHE_ASSIGN(out, numbers(spec, parts, job));
    LATHE_TRY(addTexts(parts, job, out));
    return std::move(out);
  });
}

Result<Dataset> TableSource::encode(const spec::DataSchema& schema, const spec::DataSpec& spec,
                                    const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    if (schema.image)
      return fail("data.not_images", LATHE_TEXT("errors", "The model takes images, {file} is a table."),
                  LATHE_TEXT("errors", "Choose a folder of images."), {{"file", m_file.path().string()}});
    if (schema.sound()) return needsSound(m_file.path());
    LATHE_ASSIGN(parts, partsFor(spec, job));
    Dataset out;
    out.schema = schema;
    out.rows = rowsOf(parts);
    LATHE_TRY(encodeInto(parts, job, out));
    LATHE_TRY(addTexts(parts, job, out));
    for (const auto& part : parts) appendLabels(part, schema, out);
    if (schema.sequence.window > 0) LATHE_TRY(addWindows(parts, out));
    for (std::size_t row = static_cast<std::size_t>(m_main.table->rows()); row < out.rows; ++row)
      out.split.test.push_back(static_cast<std::uint32_t>(row));
    return out;
  });
}

Result<std::shared_ptr<TableSource>> openCsv(const std::filesystem::path& path, const spec::ReadingSpec& reading,
                                             const std::string& testPath, const JobContext& job) {
  const auto start = std::chrono::steady_clock::now();
  LATHE_ASSIGN(csv, readCsv(path, reading, job));
  const auto partOf = [](const std::shared_ptr<const CsvTable>& read) {
    return TablePart{{read, &read->table}, std::make_shared<CsvCells>(read), read->outline.dialect.decimal};
  };
  std::optional<TablePart> test;
  if (!testPath.empty()) {
    LATHE_ASSIGN(testCsv, readCsv(testPath, reading, job));
    test = partOf(testCsv);
  }
  const auto& dialect = csv->outline.dialect;
  const char* delimiter = dialect.delimiter == ','    ? "comma"
                          : dialect.delimiter == ';'  ? "semicolon"
                          : dialect.delimiter == '\t' ? "tab"
                          : dialect.delimiter == ' '  ? "space"
                          : dialect.delimiter == '|'  ? "bar"
                                                      : "other";
  TableOrigin origin{dialect.delimiter == '\t' ? "tsv" : "csv",
                     std::string(delimiter) + ", " + csv->text->encoding() + (csv->text->compressed() ? ", gzip" : ""),
                     csv->text->encoding(),
                     std::string(1, dialect.delimiter),
                     std::string(1, dialect.decimal),
                     dialect.header,
                     csv->outline.units,
                     csv->outline.unclearComma};
  auto source = std::make_shared<TableSource>(path, std::move(origin), partOf(csv), std::move(test), testPath);
  source->setSeconds(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return source;
}

}  // namespace lathe::data

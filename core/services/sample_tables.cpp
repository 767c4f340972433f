// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/sample_tables.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string_view>
#include <zlib.h>

#include "core/base/files.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t largestFile = std::size_t{64} << 20;

tl::unexpected<Error> unexpectedContent(const fs::path& file) {
  return fail("samples.unexpected_content", LATHE_TEXT("errors", "{file} is not as scikit-learn 1.x keeps it."),
              LATHE_TEXT("errors", "Install the package again, or open a file of your own."),
              {{"file", file.string()}});
}

// zlib reads plain files through the same call.
Result<std::string> readMaybeCompressed(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return fileError(ENOENT, file);
  gzFile in = gzopen(file.c_str(), "rb");
  if (in == nullptr) return fileError(errno, file);
  std::string content;
  std::array<char, 1 << 16> buffer{};
  int got = 0;
  while ((got = gzread(in, buffer.data(), buffer.size())) > 0 && content.size() < largestFile)
    content.append(buffer.data(), static_cast<std::size_t>(got));
  gzclose(in);
  if (got != 0) return unexpectedContent(file);
  return content;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (;;) {
    const auto end = text.find(separator, start);
    parts.push_back(text.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::vector<std::string_view> lines(std::string_view text) {
  auto result = split(text, '\n');
  for (auto& line : result)
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  while (!result.empty() && result.back().empty()) result.pop_back();
  return result;
}

bool isNumber(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

template <class T>
bool parse(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// Appends the numbers of one line; false when they are not `count` numbers.
bool appendNumbers(std::string& out, const std::vector<std::string_view>& cells, std::size_t count) {
  if (cells.size() < count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!isNumber(cells[i])) return false;
    out += cells[i];
    out += ',';
  }
  return true;
}

std::string headerOf(const SampleTable& table) {
  std::string out;
  for (const auto& column : table.columns) out += column + ",";
  return out + table.target + "\n";
}

Result<std::string> convertCounted(const SampleTable& table, const fs::path& file, std::string_view content) {
  const auto rows = lines(content);
  if (rows.empty()) return unexpectedContent(file);
  const auto head = split(rows.front(), ',');
  std::size_t count = 0;
  std::size_t columns = 0;
  if (head.size() < 4 || !parse(head[0], count) || !parse(head[1], columns)) return unexpectedContent(file);
  if (count != rows.size() - 1 || columns != table.columns.size()) return unexpectedContent(file);
  std::string out = headerOf(table);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto cells = split(rows[i], ',');
    std::size_t index = 0;
    if (cells.size() != columns + 1 || !appendNumbers(out, cells, columns) || !parse(cells.back(), index) ||
        index + 2 >= head.size())
      return unexpectedContent(file);
    out += head[index + 2];
    out += '\n';
  }
  return out;
}

Result<std::string> convertSeparated(const SampleTable& table, const fs::path& file, std::string_view content) {
  std::string out = headerOf(table);
  for (const auto& line : lines(content)) {
    const auto cells = split(line, ',');
    if (cells.size() != table.columns.size() + 1 || !appendNumbers(out, cells, cells.size()))
      return unexpectedContent(file);
    out.back() = '\n';
  }
  return out;
}

Result<std::string> convertTwoFiles(const SampleTable& table, const fs::path& file, std::string_view content,
                                    const fs::path& targetFile) {
  LATHE_ASSIGN(targetContent, readMaybeCompressed(targetFile));
  const auto rows = lines(content);
  const auto targets = lines(targetContent);
  if (rows.size() != targets.size()) return unexpectedContent(file);
  std::string out = headerOf(table);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto cells = split(rows[i], ' ');
    double target = 0;
    if (cells.size() != table.columns.size() || !appendNumbers(out, cells, cells.size()))
      return unexpectedContent(file);
    if (!parse(targets[i], target)) return unexpectedContent(targetFile);
    out += fmt::format("{}\n", target);
  }
  return out;
}

std::vector<std::string> breastCancerColumns() {
  const std::array<const char*, 10> measures{"radius",     "texture",          "perimeter", "area",
                                             "smoothness", "compactness",      "concavity", "concave points",
                                             "symmetry",   "fractal dimension"};
  std::vector<std::string> names;
  names.reserve(3 * measures.size());
  for (const auto* measure : measures) names.push_back(fmt::format("mean {}", measure));
  for (const auto* measure : measures) names.push_back(fmt::format("{} error", measure));
  for (const auto* measure : measures) names.push_back(fmt::format("worst {}", measure));
  return names;
}

std::vector<std::string> digitColumns() {
  std::vector<std::string> names;
  names.reserve(64);
  for (int row = 0; row < 8; ++row)
    for (int column = 0; column < 8; ++column) names.push_back(fmt::format("pixel_{}_{}", row, column));
  return names;
}

}  // namespace

const std::vector<SampleTable>& sampleTables() {
  using Form = SampleTable::Form;
  static const std::vector<SampleTable> tables{
      {"digits", Form::Separated, "digits.csv.gz", "", digitColumns(), "digit"},
      {"wine",
       Form::Counted,
       "wine_data.csv",
       "",
       {"alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
        "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline"},
       "cultivar"},
      {"breast-cancer", Form::Counted, "breast_cancer.csv", "", breastCancerColumns(), "diagnosis"},
      {"iris",
       Form::Counted,
       "iris.csv",
       "",
       {"sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"},
       "species"},
      {"diabetes",
       Form::TwoFiles,
       "diabetes_data_raw.csv.gz",
       "diabetes_target.csv.gz",
       {"age", "sex", "bmi", "blood_pressure", "total_cholesterol", "ldl", "hdl", "cholesterol_ratio",
        "log_triglycerides", "blood_sugar"},
       "progression"},
  };
  return tables;
}

const SampleTable* findSampleTable(const std::string& id) {
  for (const auto& table : sampleTables())
    if (table.id == id) return &table;
  return nullptr;
}

Result<std::string> convertSample(const SampleTable& table, const fs::path& folder) {
  const auto file = folder / table.file;
  LATHE_ASSIGN(content, readMaybeCompressed(file));
  switch (table.form) {
    case SampleTable::Form::Counted:
      return convertCounted(table, file, content);
    case SampleTable::Form::Separated:
      return convertSeparated(table, file, content);
    case SampleTable::Form::TwoFiles:
      break;
  }
  return convertTwoFiles(table, file, content, folder / table.targetFile);
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/request_rows.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <optional>

#include "core/serving/clients/tensor_json.h"

namespace lathe::serving {
namespace {

std::optional<float> numberOf(const std::string& cell) {
  if (cell.empty()) return std::numeric_limits<float>::quiet_NaN();
  double value = 0;
  const auto* end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data() + (cell.front() == '+' ? 1 : 0), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return static_cast<float>(value);
}

tl::unexpected<Error> wrongShape(const TensorFacts& input, const std::string& given) {
  return fail("request.shape", LATHE_TEXT("errors", "The input {input} takes rows of the shape {wanted}, not {given}."),
              LATHE_TEXT("errors", "Give a file with just the model's columns, or pictures of its size."),
              {{"input", input.name},
               {"wanted", fmt::format("[{}]", fmt::join(input.shape.begin() + (input.shape.empty() ? 0 : 1),
                                                        input.shape.end(), ", "))},
               {"given", given}});
}

/// A number for an input of that type: integers know no missing ones.
std::optional<float> numberFor(const TensorFacts& input, const std::string& cell) {
  const auto number = numberOf(cell);
  const bool whole = input.type == TensorType::Integer || input.type == TensorType::Boolean;
  return number && whole && !std::isfinite(*number) ? std::nullopt : number;
}

tl::unexpected<Error> noNumber(const std::string& column, const std::string& cell) {
  return fail("request.column", LATHE_TEXT("errors", "\"{value}\" in the column {column} is no number."),
              LATHE_TEXT("errors", "Ask for a signature that takes columns by name, or give codes."),
              {{"column", column}, {"value", cell}});
}

Result<NamedValues> columnInput(const TensorFacts& input, const RequestRows& rows, std::size_t first,
                                std::size_t count) {
  const auto found = std::find(rows.columns.begin(), rows.columns.end(), input.name);
  if (found == rows.columns.end())
    return fail("request.column", LATHE_TEXT("errors", "The file has no column {column}, which the model wants."),
                LATHE_TEXT("errors", "Add the column."), {{"column", input.name}});
  const auto column = static_cast<std::size_t>(found - rows.columns.begin());
  NamedValues values{input.name, {static_cast<std::int64_t>(count)}, {}, input.type, input.typeName};
  for (std::size_t i = 1; i < input.shape.size(); ++i) values.shape.push_back(1);
  if (input.type == TensorType::Text) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) texts.push_back(rows.cells[first + i][column]);
    values.values = std::move(texts);
    return values;
  }
  std::vector<float> numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const auto number = numberFor(input, rows.cells[first + i][column]);
    if (!number) return noNumber(input.name, rows.cells[first + i][column]);
    numbers.push_back(*number);
  }
  values.values = std::move(numbers);
  return values;
}

/// Sizes that an input leaves open fit everything.
bool fits(const std::vector<std::int64_t>& wanted, const std::vector<std::int64_t>& given) {
  return std::equal(wanted.begin(), wanted.end(), given.begin(), given.end(),
                    [](std::int64_t a, std::int64_t b) { return a < 0 || a == b; });
}

/// Height x width x channels where the input wants them last.
std::vector<float> channelsLast(std::span<const float> row, const std::vector<std::int64_t>& shape) {
  std::vector<float> turned(row.size());
  const auto channels = static_cast<std::size_t>(shape[0]), pixels = row.size() / channels;
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t p = 0; p < pixels; ++p) turned[p * channels + c] = row[c * pixels + p];
  return turned;
}

Result<NamedValues> numbersInput(const TensorFacts& input, const RequestRows& rows, std::size_t first,
                                 std::size_t count) {
  const std::vector<std::int64_t> wanted(input.shape.begin() + (input.shape.empty() ? 0 : 1), input.shape.end());
  NamedValues values{input.name, {static_cast<std::int64_t>(count)}, {}, input.type, input.typeName};
  const auto size = static_cast<std::size_t>(
      std::accumulate(rows.shape.begin(), rows.shape.end(), std::int64_t{1}, std::multiplies<>()));
  std::vector<float> numbers(rows.numbers.begin() + static_cast<std::ptrdiff_t>(first * size),
                             rows.numbers.begin() + static_cast<std::ptrdiff_t>((first + count) * size));
  const bool straight = wanted.empty() || fits(wanted, rows.shape);
  const bool turned =
      !straight && rows.shape.size() == 3 && fits(wanted, {rows.shape[1], rows.shape[2], rows.shape[0]});
  if (!straight && !turned) return wrongShape(input, fmt::format("[{}]", fmt::join(rows.shape, ", ")));
  if (turned)
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = channelsLast(std::span(numbers).subspan(i * size, size), rows.shape);
      std::copy(row.begin(), row.end(), numbers.begin() + static_cast<std::ptrdiff_t>(i * size));
    }
  auto shape = rows.shape;
  if (turned) std::rotate(shape.begin(), shape.begin() + 1, shape.end());
  values.shape.insert(values.shape.end(), shape.begin(), shape.end());
  values.values = std::move(numbers);
  return values;
}

Result<NamedValues> wholeTable(const TensorFacts& input, const RequestRows& rows, std::size_t first, std::size_t count,
                               std::string& note) {
  auto width = rows.columns.size();
  const auto wanted = input.shape.size() >= 2 ? input.shape.back() : -1;
  if (wanted > 0 && width == static_cast<std::size_t>(wanted) + 1) {
    note = fmt::format("The last column, {}, is taken for the target and not sent.", rows.columns.back());
    --width;
  }
  if (wanted > 0 && width != static_cast<std::size_t>(wanted)) return wrongShape(input, fmt::format("[{}]", width));
  const auto window = rowsPerInstance({{input}, {}, {}}, rows);
  NamedValues values{input.name, {static_cast<std::int64_t>(count)}, {}, input.type, input.typeName};
  if (window > 1) values.shape = {static_cast<std::int64_t>(count / window), static_cast<std::int64_t>(window)};
  values.shape.push_back(static_cast<std::int64_t>(width));
  std::vector<float> numbers;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < width; ++c) {
      const auto number = numberFor(input, rows.cells[first + i][c]);
      if (!number) return noNumber(rows.columns[c], rows.cells[first + i][c]);
      numbers.push_back(*number);
    }
  values.values = std::move(numbers);
  return values;
}

/// A model may take its rows as one tensor or column by column, and then names both: the columns where the file has all
/// of them, else the tensor.
std::vector<TensorFacts> alternative(const std::vector<TensorFacts>& inputs, const RequestRows& rows) {
  const auto whole =
      std::find_if(inputs.begin(), inputs.end(), [](const TensorFacts& input) { return input.name == "input_tensor"; });
  if (whole == inputs.end() || inputs.size() == 1) return inputs;
  std::vector<TensorFacts> columns;
  for (const auto& input : inputs)
    if (&input != &*whole) columns.push_back(input);
  const bool all = std::all_of(columns.begin(), columns.end(), [&](const TensorFacts& input) {
    return std::find(rows.columns.begin(), rows.columns.end(), input.name) != rows.columns.end();
  });
  return all ? columns : std::vector<TensorFacts>{*whole};
}

}  // namespace

std::size_t RequestRows::count() const {
  if (!columns.empty()) return cells.size();
  const auto size = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  return size > 0 ? numbers.size() / static_cast<std::size_t>(size) : 0;
}

std::size_t rowsPerInstance(const Signature& signature, const RequestRows& rows) {
  const auto& inputs = signature.inputs;
  const bool windows = !rows.columns.empty() && inputs.size() == 1 && inputs.front().shape.size() == 3;
  return windows && inputs.front().shape[1] > 0 ? static_cast<std::size_t>(inputs.front().shape[1]) : 1;
}

Result<std::vector<NamedValues>> inputsFor(const Signature& signature, const RequestRows& rows, std::size_t first,
                                           std::size_t count, std::string& note) {
  const auto inputs = alternative(signature.inputs, rows);
  std::vector<NamedValues> all;
  const bool named =
      !rows.columns.empty() &&
      (inputs.size() > 1 || (inputs.size() == 1 && std::find(rows.columns.begin(), rows.columns.end(),
                                                             inputs.front().name) != rows.columns.end()));
  if (inputs.empty() || (!named && inputs.size() != 1))
    return fail("request.shape",
                LATHE_TEXT("errors", "The model takes {count} inputs, and the file has no columns with names."),
                LATHE_TEXT("errors", "Give a table with a line of names."), {{"count", std::to_string(inputs.size())}});
  if (!named) {
    auto values = rows.columns.empty() ? numbersInput(inputs.front(), rows, first, count)
                                       : wholeTable(inputs.front(), rows, first, count, note);
    if (!values) return passOn(values);
    all.push_back(std::move(*values));
    return all;
  }
  for (const auto& input : inputs) {
    LATHE_ASSIGN(values, columnInput(input, rows, first, count));
    all.push_back(std::move(values));
  }
  return all;
}

std::string instancesJson(const RequestRows& rows, std::size_t first, std::size_t count) {
  std::string text = "{\"instances\":[";
  if (rows.columns.empty()) {
    const auto size = rows.numbers.size() / std::max<std::size_t>(1, rows.count());
    NamedValues values{{},
                       {static_cast<std::int64_t>(count)},
                       std::vector<float>(rows.numbers.begin() + static_cast<std::ptrdiff_t>(first * size),
                                          rows.numbers.begin() + static_cast<std::ptrdiff_t>((first + count) * size)),
                       TensorType::Float,
                       {}};
    values.shape.insert(values.shape.end(), rows.shape.begin(), rows.shape.end());
    auto nested = nestedJson(values);
    // JSON has no NaN: a missing number is null.
    for (auto at = nested.find("NaN"); at != std::string::npos; at = nested.find("NaN", at))
      nested.replace(at, 3, "null");
    return "{\"instances\":" + nested + "}";
  }
  // A cell that JSON would spell as a number is one, digit for digit; any other text stays: 007 is a category.
  const auto quoted = [](const std::string& cell) {
    return nlohmann::json(cell).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  const auto isNumber = [](const std::string& cell) {
    const bool begins = cell.front() == '-' || (cell.front() >= '0' && cell.front() <= '9');
    return begins && cell.back() >= '0' && cell.back() <= '9' && nlohmann::json::accept(cell);
  };
  for (std::size_t i = 0; i < count; ++i) {
    text += i > 0 ? ",{" : "{";
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
      const auto& cell = rows.cells[first + i][c];
      text += (c > 0 ? "," : "") + quoted(rows.columns[c]) + ":";
      text += cell.empty() ? "null" : isNumber(cell) ? cell : quoted(cell);
    }
    text += '}';
  }
  return text + "]}";
}

}  // namespace lathe::serving

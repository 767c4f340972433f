// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/exporting/table_columns.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::exporting;
using Names = std::vector<std::string>;

namespace {

spec::DataSchema schemaOf(const Names& names) {
  spec::DataSchema schema;
  for (const auto& name : names)
    schema.features.push_back({name, spec::ColumnKind::Real, static_cast<int>(schema.features.size()), 1, {}});
  schema.inputShape = {static_cast<std::int64_t>(names.size())};
  return schema;
}

}  // namespace

LATHE_TEST("each column has an identifier of its own as an input, its name where that is one") {
  CHECK((columnInputs(schemaOf({"age", "V1", "_x"})) == Names{"age", "V1", "_x"}));
  CHECK((columnInputs(schemaOf({"a b", "a_b", "a-b", "2020", "", "\xc3\xa9t\xc3\xa9", "input_tensor"})) ==
         Names{"a_b_2", "a_b", "a_b_3", "column_2020", "column_", "t", "input_tensor_2"}));
}

LATHE_TEST("cells of a word column are words, missing ones empty and unknown ones unlike all it knows") {
  const spec::FeatureSchema job{"job", spec::ColumnKind::Category, 1, 1, {"cook", "never seen"}};
  const std::vector<float> rows{0, 1, 0, std::numeric_limits<float>::quiet_NaN(), 0, -1, 0, 77, 0, 0};
  const auto cells = cellsOf(job, rows, 2);
  CHECK((cells.words == Names{"never seen", "", "never seen?", "never seen?", "cook"}));
  CHECK(cells.numbers.empty());
}

LATHE_TEST("cells of other columns are their numbers, of dates two a row") {
  const spec::FeatureSchema day{"day", spec::ColumnKind::DateTime, 1, 2, {}};
  const auto cells = cellsOf(day, std::vector<float>{9, 1, 2, 9, 3, 4}, 3);
  CHECK((cells.numbers == std::vector<float>{1, 2, 3, 4}));
  CHECK(cells.words.empty());
}

LATHE_TEST("the list of inputs says what each takes") {
  auto schema = schemaOf({"pay"});
  schema.features.push_back({"day off", spec::ColumnKind::DateTime, 1, 2, {}});
  schema.features.push_back({"job", spec::ColumnKind::Category, 3, 1, {"cook"}});
  schema.inputShape = {4};
  CHECK(hasNamedColumns(schema) && !isNumeric(schema));
  const auto list = nlohmann::json::parse(columnInputsJson(schema));
  REQUIRE(list.size() == 3);
  CHECK_EQ(list[1]["input"].get<std::string>(), std::string("day_off"));
  CHECK_EQ(list[1]["column"].get<std::string>(), std::string("day off"));
  CHECK((list[1]["shape"] == nlohmann::json{-1, 2}));
  CHECK_EQ(list[2]["type"].get<std::string>(), std::string("string"));
  CHECK_EQ(list[0]["missing"].get<std::string>(), std::string("NaN"));
}

LATHE_TEST("the graph with an input a column is known by its name") {
  CHECK(isColumnsFile("m.columns.onnx"));
  for (const char* other : {"m.onnx", "columns.onnx", "m.columns", "m.columns.onnx.txt"}) CHECK(!isColumnsFile(other));
}

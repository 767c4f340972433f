// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/serving/clients/request_rows.h"
#include "tests/support/testing.h"

using namespace lathe;
using serving::instancesJson;
using serving::NamedValues;
using serving::RequestRows;
using serving::Signature;
using serving::TensorType;

namespace {

RequestRows table() {
  RequestRows rows;
  rows.columns = {"size", "colour", "kind"};
  rows.cells = {{"1.5", "red", "a"}, {"", "", "b"}, {"-2e3", "\xC3\xA4\"quote\"", "a"}};
  return rows;
}

RequestRows numeric() {
  RequestRows rows;
  rows.columns = {"a", "b", "target"};
  rows.cells = {{"1", "2", "x"}, {"3", "", "y"}, {"5", "+6", "x"}, {"7", "8", "z"}};
  return rows;
}

Signature tensor(std::vector<std::int64_t> shape) {
  return {{{"input_tensor", TensorType::Float, "FP32", std::move(shape)}}, {}, {}};
}

const std::vector<float>& numbers(const NamedValues& values) { return std::get<std::vector<float>>(values.values); }

std::string codeOf(const Signature& signature, const RequestRows& rows) {
  std::string note;
  const auto inputs = serving::inputsFor(signature, rows, 0, rows.count(), note);
  return inputs ? "" : inputs.error().code;
}

}  // namespace

LATHE_TEST("columns go to the inputs of their names, text as text") {
  const Signature signature{
      {{"colour", TensorType::Text, "DT_STRING", {-1, 1}}, {"size", TensorType::Float, "DT_FLOAT", {-1}}}, {}, {}};
  std::string note;
  const auto inputs = serving::inputsFor(signature, table(), 1, 2, note);
  REQUIRE_OK(inputs);
  REQUIRE(inputs->size() == 2);
  CHECK_EQ(inputs->at(0).name, std::string("colour"));
  CHECK((inputs->at(0).shape == std::vector<std::int64_t>{2, 1}));
  CHECK(
      (std::get<std::vector<std::string>>(inputs->at(0).values) == std::vector<std::string>{"", "\xC3\xA4\"quote\""}));
  CHECK((inputs->at(1).shape == std::vector<std::int64_t>{2}));
  CHECK(std::isnan(numbers(inputs->at(1))[0]));
  CHECK_EQ(numbers(inputs->at(1))[1], -2000.0F);
  CHECK(note.empty());
}

LATHE_TEST("a column that is missing or no number is named") {
  std::string note;
  const Signature missing{
      {{"size", TensorType::Float, "FP32", {-1}}, {"weight", TensorType::Float, "FP32", {-1}}}, {}, {}};
  const auto a = serving::inputsFor(missing, table(), 0, 1, note);
  REQUIRE(!a);
  CHECK_EQ(a.error().code, std::string("request.column"));
  CHECK(a.error().sentence().find("weight") != std::string::npos);
  const Signature words{{{"colour", TensorType::Float, "FP32", {-1}}}, {}, {}};
  const auto b = serving::inputsFor(words, table(), 0, 1, note);
  REQUIRE(!b);
  CHECK(b.error().sentence().find("\"red\" in the column colour") != std::string::npos);
  // An integer cannot be missing, a float can.
  const Signature whole{{{"size", TensorType::Integer, "INT64", {-1}}}, {}, {}};
  CHECK_EQ(codeOf(whole, table()), std::string("request.column"));
}

LATHE_TEST("a whole table goes into one tensor, without its target") {
  std::string note;
  const auto inputs = serving::inputsFor(tensor({-1, 2}), numeric(), 1, 2, note);
  REQUIRE_OK(inputs);
  REQUIRE(inputs->size() == 1);
  CHECK((inputs->at(0).shape == std::vector<std::int64_t>{2, 2}));
  const auto& values = numbers(inputs->at(0));
  CHECK_EQ(values[0], 3.0F);
  CHECK(std::isnan(values[1]));
  CHECK_EQ(values[3], 6.0F);
  CHECK(note.find("target") != std::string::npos);
  CHECK_EQ(codeOf(tensor({-1, 5}), numeric()), std::string("request.shape"));
  CHECK_EQ(codeOf(tensor({-1, 3}), numeric()), std::string("request.column"));
  CHECK_EQ(codeOf(tensor({-1, 1}), numeric()), std::string("request.shape"));
  CHECK_EQ(codeOf({}, numeric()), std::string("request.shape"));
}

LATHE_TEST("rows of a table make up the windows of a model that reads several at once") {
  const auto signature = tensor({-1, 2, 2});
  const auto rows = numeric();
  CHECK_EQ(serving::rowsPerInstance(signature, rows), std::size_t{2});
  CHECK_EQ(serving::rowsPerInstance(tensor({-1, 2}), rows), std::size_t{1});
  CHECK_EQ(serving::rowsPerInstance(tensor({-1, -1, 2}), rows), std::size_t{1});
  std::string note;
  const auto inputs = serving::inputsFor(signature, rows, 0, 4, note);
  REQUIRE_OK(inputs);
  CHECK((inputs->at(0).shape == std::vector<std::int64_t>{2, 2, 2}));
  CHECK_EQ(numbers(inputs->at(0)).size(), std::size_t{8});
}

LATHE_TEST("images turn to height, width, channels where the model wants that") {
  RequestRows rows;
  rows.shape = {2, 1, 3};
  rows.numbers = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16};
  CHECK_EQ(rows.count(), std::size_t{2});
  std::string note;
  for (const auto& wanted : {std::vector<std::int64_t>{-1, 1, 3, 2}, {-1, 1, 3, -1}}) {
    const auto turned = serving::inputsFor(tensor(wanted), rows, 1, 1, note);
    REQUIRE_OK(turned);
    CHECK((turned->at(0).shape == std::vector<std::int64_t>{1, 1, 3, 2}));
    CHECK((numbers(turned->at(0)) == std::vector<float>{11, 14, 12, 15, 13, 16}));
  }
  for (const auto& wanted : {std::vector<std::int64_t>{-1, 2, 1, 3}, {-1, 2, -1, -1}, {}}) {
    const auto straight = serving::inputsFor(tensor(wanted), rows, 0, 2, note);
    REQUIRE_OK(straight);
    CHECK((straight->at(0).shape == std::vector<std::int64_t>{2, 2, 1, 3}));
    CHECK(numbers(straight->at(0)) == rows.numbers);
  }
  CHECK_EQ(codeOf(tensor({-1, 3, 1, 3}), rows), std::string("request.shape"));
  CHECK_EQ(codeOf(tensor({-1, 6}), rows), std::string("request.shape"));
  const Signature named{{{"a", TensorType::Float, "", {-1}}, {"b", TensorType::Float, "", {-1}}}, {}, {}};
  CHECK_EQ(codeOf(named, rows), std::string("request.shape"));
}

LATHE_TEST("instances keep every text: quotes, numbers digit for digit, categories that look like numbers") {
  RequestRows rows;
  rows.columns = {"a \"b\"", "c"};
  rows.cells = {{"007", "12345678901234567890123"},
                {"1.50", "-0.25e-3"},
                {"+5", ".5"},
                {"nan", "inf"},
                {"0x10", "1_000"},
                {"", "true"},
                {"line\nbreak \\ \"x\"", "\xC3\xA4"},
                {"5 ", "[1]"}};
  const auto text = instancesJson(rows, 0, rows.count());
  const auto json = nlohmann::json::parse(text);
  CHECK_EQ(json["instances"].size(), rows.cells.size());
  CHECK(text.find(R"({"a \"b\"":"007","c":12345678901234567890123})") != std::string::npos);
  CHECK(text.find(R"({"a \"b\"":1.50,"c":-0.25e-3})") != std::string::npos);
  CHECK(text.find(R"({"a \"b\"":"+5","c":".5"})") != std::string::npos);
  CHECK(text.find(R"({"a \"b\"":"nan","c":"inf"})") != std::string::npos);
  CHECK_EQ(json["instances"][4]["c"].get<std::string>(), std::string("1_000"));
  CHECK(json["instances"][5]["a \"b\""].is_null());
  CHECK_EQ(json["instances"][5]["c"].get<std::string>(), std::string("true"));
  CHECK_EQ(json["instances"][6]["a \"b\""].get<std::string>(), rows.cells[6][0]);
  CHECK_EQ(json["instances"][7]["a \"b\""].get<std::string>(), std::string("5 "));
  CHECK_EQ(json["instances"][7]["c"].get<std::string>(), std::string("[1]"));
  CHECK_EQ(instancesJson(rows, 5, 0), std::string(R"({"instances":[]})"));
  rows.cells = {{"\xff", ""}};
  CHECK(nlohmann::json::accept(instancesJson(rows, 0, 1)));
}

LATHE_TEST("numbers are nested instances in which a missing one is null") {
  RequestRows rows;
  rows.shape = {2, 1};
  rows.numbers = {0.1F, std::numeric_limits<float>::quiet_NaN(), 1e20F, -3};
  CHECK_EQ(instancesJson(rows, 0, 2), std::string(R"({"instances":[[[0.1],[null]],[[1e+20],[-3]]]})"));
  CHECK_EQ(instancesJson(rows, 1, 1), std::string(R"({"instances":[[[1e+20],[-3]]]})"));
  rows.shape = {2};
  CHECK(nlohmann::json::accept(instancesJson(rows, 0, 2)));
}

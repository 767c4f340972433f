// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/spec/search_space.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;

namespace {

std::string one(const std::string& parameter) { return R"({"parameters":[)" + parameter + "]}"; }

std::string codeOfError(const std::string& json) {
  const auto space = searchSpaceFromJson(json);
  return space ? "no error" : space.error().code;
}

const char* const conditional = R"({"parameters":[
  {"name":"lr","type":"float","low":1e-5,"high":1,"log":true},
  {"name":"layers","type":"int","low":1,"high":4,"step":1},
  {"name":"opt","type":"categorical","choices":["sgd","adam"]},
  {"name":"momentum","type":"float","low":0,"high":0.99,"condition":{"parameter":"opt","in":["sgd"]}},
  {"name":"width","type":"int","low":8,"high":512,"log":true},
  {"name":"decay","type":"float","low":0,"high":1,"step":0.25},
  {"name":"size","type":"ordinal","choices":[1,2,4],"fixed":2}],
  "constraints":[{"lhs":{"width":1,"layers":16},"op":"<=","rhs":256}]})";

}  // namespace

LATHE_TEST("a search space is read and written without a loss") {
  const auto space = searchSpaceFromJson(conditional);
  REQUIRE_OK(space);
  CHECK_EQ(space->size(), std::size_t{7});
  CHECK_EQ(space->parameters[3].conditions.front().parameter, std::size_t{2});
  CHECK_EQ(space->parameters[6].fixed.value_or(-1), 1.0);  // the second choice
  CHECK_EQ(space->parameters[5].count(), std::size_t{5});
  const auto again = searchSpaceFromJson(toJson(*space));
  REQUIRE_OK(again);
  CHECK(*again == *space);
}

LATHE_TEST("mistakes in a space are told by their parameter") {
  CHECK_EQ(codeOfError("no json"), std::string("space.shape"));
  CHECK_EQ(codeOfError("{}"), std::string("space.shape"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"float","low":2,"high":1})")), std::string("space.range"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"float","low":0,"high":1,"log":true})")), std::string("space.log"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"int","low":0.5,"high":1})")), std::string("space.range"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"real","low":0,"high":1})")), std::string("space.type"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"float","low":0,"high":1,"step":0})")), std::string("space.step"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"float","low":1,"high":2,"step":0.5,"log":true})")),
           std::string("space.step"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"categorical","choices":[]})")), std::string("space.choices"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"categorical","choices":["x","x"]})")), std::string("space.choices"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"float","low":0,"high":1,"hihg":1})")), std::string("space.shape"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"float","low":0,"high":1,"fixed":2})")), std::string("space.fixed"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"int","low":0,"high":1},{"name":"a","type":"int","low":0,"high":1})")),
           std::string("space.twice"));
  // On an unknown parameter, on a later one, and on a value that it never has.
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"int","low":0,"high":1,"condition":{"parameter":"b","in":[1]}})")),
           std::string("space.condition"));
  CHECK_EQ(codeOfError(one(R"({"name":"a","type":"int","low":0,"high":1,"condition":{"parameter":"b","in":[1]}},
                              {"name":"b","type":"int","low":0,"high":1})")),
           std::string("space.condition"));
  CHECK_EQ(codeOfError(one(R"({"name":"b","type":"int","low":0,"high":1},
                              {"name":"a","type":"int","low":0,"high":1,"condition":{"parameter":"b","in":[7]}})")),
           std::string("space.condition"));
  const std::string two =
      R"({"name":"a","type":"int","low":1,"high":9},{"name":"c","type":"categorical","choices":["x"]})";
  const auto constrained = [&](const std::string& constraint) {
    return codeOfError(R"({"parameters":[)" + two + R"(],"constraints":[)" + constraint + "]}");
  };
  CHECK_EQ(constrained(R"({"lhs":{"a":1},"op":"<=","rhs":0})"), std::string("space.impossible"));
  CHECK_EQ(constrained(R"({"lhs":{"a":1},"op":">=","rhs":10})"), std::string("space.impossible"));
  CHECK_EQ(constrained(R"({"lhs":{"c":1},"op":"<=","rhs":1})"), std::string("space.constraint"));
  CHECK_EQ(constrained(R"({"lhs":{"b":1},"op":"<=","rhs":1})"), std::string("space.constraint"));
  CHECK_EQ(constrained(R"({"lhs":{"a":1},"op":"!=","rhs":1})"), std::string("space.constraint"));
  CHECK_EQ(constrained(R"({"lhs":{"a":1},"op":"<=","rhs":5})"), std::string("no error"));
}

LATHE_TEST("bounds that an int cannot count are told by the limit") {
  const auto far = searchSpaceFromJson(one(R"({"name":"a","type":"int","low":0,"high":1e17})"));
  REQUIRE(!far);
  CHECK_EQ(far.error().code, std::string("space.range"));
  CHECK(far.error().sentence().find("9007199254740992") != std::string::npos);
  CHECK(far.error().sentence().find("whole") == std::string::npos);
  REQUIRE_OK(searchSpaceFromJson(one(R"({"name":"a","type":"int","low":0,"high":9007199254740992})")));
  const auto parts = searchSpaceFromJson(one(R"({"name":"a","type":"int","low":0,"high":1.5})"));
  REQUIRE(!parts);
  CHECK(parts.error().sentence().find("whole numbers") != std::string::npos);
}

LATHE_TEST("an unknown relation is told with those there are, == among them") {
  const auto spaceWith = [](const std::string& relation) {
    return searchSpaceFromJson(
        R"({"parameters":[{"name":"a","type":"int","low":1,"high":9}],"constraints":[{"lhs":{"a":1},"op":")" +
        relation + R"(","rhs":5}]})");
  };
  const auto equal = spaceWith("==");
  REQUIRE_OK(equal);
  CHECK(fulfils(*equal, {5}));
  CHECK(!fulfils(*equal, {4}) && !fulfils(*equal, {6}));
  const auto unknown = spaceWith("=");
  REQUIRE(!unknown);
  CHECK(unknown.error().sentence().find("<=, >= and ==") != std::string::npos);
}

LATHE_TEST("configurations are checked against ranges, conditions and constraints") {
  const auto space = searchSpaceFromJson(conditional);
  REQUIRE_OK(space);
  const auto code = [&](const char* json) {
    const auto configuration = configurationFromJson(*space, json);
    return configuration ? std::string("no error") : configuration.error().code;
  };
  CHECK_EQ(code(R"({"lr":0.1,"layers":2,"opt":"adam","width":8,"decay":0.5,"size":2})"), std::string("no error"));
  CHECK_EQ(code(R"({"lr":0.1,"layers":2,"opt":"sgd","momentum":0.9,"width":8,"decay":0.5,"size":4})"),
           std::string("no error"));
  CHECK_EQ(code(R"({"lr":0.1,"layers":2,"opt":"sgd","width":8,"decay":0.5,"size":2})"),
           std::string("space.missing_value"));
  CHECK_EQ(code(R"({"lr":0.1,"layers":2,"opt":"adam","momentum":0.9,"width":8,"decay":0.5,"size":2})"),
           std::string("space.inactive"));
  CHECK_EQ(code(R"({"lr":2,"layers":2,"opt":"adam","width":8,"decay":0.5,"size":2})"), std::string("space.value"));
  CHECK_EQ(code(R"({"lr":0.1,"layers":2.5,"opt":"adam","width":8,"decay":0.5,"size":2})"), std::string("space.value"));
  CHECK_EQ(code(R"({"lr":0.1,"layers":2,"opt":"adam","width":8,"decay":0.3,"size":2})"), std::string("space.value"));
  CHECK_EQ(code(R"({"lr":0.1,"layers":4,"opt":"adam","width":500,"decay":0.5,"size":2})"),
           std::string("space.constraint"));
  CHECK_EQ(code(R"({"lr":0.1,"layres":4})"), std::string("space.unknown"));
  const auto configuration =
      configurationFromJson(*space, R"({"lr":0.1,"layers":2,"opt":"adam","width":8,"decay":0.5,"size":2})");
  REQUIRE_OK(configuration);
  CHECK_EQ(configurationJson(*space, *configuration),
           std::string(R"({"lr":0.1,"layers":2,"opt":"adam","width":8,"decay":0.5,"size":2})"));
}

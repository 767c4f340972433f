// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include "core/spec/value.h"
#include "tests/support/testing.h"

using lathe::spec::Value;

LATHE_TEST("a value says what it is in JSON and comes back equal") {
  const std::vector<Value> values{Value(),
                                  Value(true),
                                  Value(42),
                                  Value(std::numeric_limits<std::int64_t>::min()),
                                  Value(0.1),
                                  Value(-1e-300),
                                  Value("a \"quoted\" text"),
                                  Value(Value::List{Value(1), Value("two"), Value(Value::List{Value(3.5)})})};
  for (const auto& value : values) CHECK(Value::parse(value.json()) == value);
  CHECK_EQ(Value(64).json(), "64");
  CHECK_EQ(Value(std::vector<std::int64_t>{64, 32}).json(), "[64,32]");
  CHECK_EQ(Value(std::numeric_limits<double>::quiet_NaN()).json(), "null");
}

LATHE_TEST("what is not JSON is text, and so is an object") {
  CHECK_EQ(Value::parse("adamw").toText(), "adamw");
  CHECK_EQ(Value::parse("[1, 2").toText(), "[1, 2");
  CHECK_EQ(Value::parse("{\"a\":1}").toText(), "{\"a\":1}");
  CHECK_EQ(Value::parse("").toText("?"), "");
  CHECK(Value::parse("18446744073709551615").isNumber());
  CHECK(!Value::parse("18446744073709551615").isInteger());
}

LATHE_TEST("typed reads fall back when the type differs") {
  CHECK_EQ(Value(3.0).toInteger(), 3);
  CHECK_EQ(Value(3.5).toInteger(-1), -1);
  CHECK_EQ(Value(1e300).toInteger(-1), -1);
  CHECK_EQ(Value(3).toReal(), 3.0);
  CHECK_EQ(Value("3").toInteger(7), 7);
  CHECK_EQ(Value(1).toBool(true), true);
  CHECK(Value("x").toList().empty());
  CHECK(Value(64).toIntegers() == std::vector<std::int64_t>{64});
}

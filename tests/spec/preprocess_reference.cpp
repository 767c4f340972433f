// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/spec/preprocess_reference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "tests/support/testing.h"

namespace lathe::spec::testing {
namespace {

using Row = std::vector<double>;

double interpolate(const float* knots, const float* values, std::size_t count, double x) {
  if (x <= knots[0]) return values[0];
  for (std::size_t k = 1; k < count; ++k)
    if (x <= knots[k]) {
      const double share = (x - knots[k - 1]) / (double(knots[k]) - knots[k - 1]);
      return values[k - 1] + share * (double(values[k]) - values[k - 1]);
    }
  return values[count - 1];
}

// Civil date from days, by Howard Hinnant's algorithm.
Row dateParts(const Row& x, const std::vector<double>& reals) {
  if (std::isnan(x[0]) || std::isnan(x[1])) return Row(8, 0.0);
  const auto days = static_cast<std::int64_t>(std::floor(x[0]));
  const std::int64_t z = days + 10957 + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto doe = z - era * 146097;
  const auto yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const auto doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const auto mp = (5 * doy + 2) / 153;
  const auto month = mp < 10 ? mp + 3 : mp - 9;
  const auto year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  const auto weekday = ((days % 7) + 7 + 5) % 7;  // 2000-01-01 was a Saturday
  const double turn = 2 * std::acos(-1.0);
  const double m = turn * double(month - 1) / 12, w = turn * double(weekday) / 7, s = turn * x[1] / 86400;
  return {(x[0] - reals[0]) * reals[1],
          double(year - 2000) / 50,
          std::sin(m),
          std::cos(m),
          std::sin(w),
          std::cos(w),
          std::sin(s),
          std::cos(s)};
}

std::size_t codeOf(double value, std::int64_t cardinality) {
  const bool seen = value >= 0 && value < double(cardinality - 1);
  return static_cast<std::size_t>(seen ? std::llround(value) : cardinality - 1);
}

Row run(const Program& program, const Operation& operation, const std::vector<Row>& inputs) {
  const auto constant = [&](std::size_t i) -> const std::vector<float>& {
    return program.constants[static_cast<std::size_t>(operation.constants[i])].data;
  };
  const auto& x = inputs[0];
  Row out;
  switch (operation.primitive) {
    case Primitive::SelectColumns:
      for (const auto column : operation.ints) out.push_back(x[static_cast<std::size_t>(column)]);
      return out;
    case Primitive::IsMissing:
      for (const auto value : x) out.push_back(std::isnan(value) ? 1 : 0);
      return out;
    case Primitive::FillMissing:
      for (std::size_t i = 0; i < x.size(); ++i) out.push_back(std::isnan(x[i]) ? constant(0)[i] : x[i]);
      return out;
    case Primitive::Standardize: {
      const auto each = x.size() / constant(0).size();
      const double limit = each == 1 ? standardizedLimit : std::numeric_limits<double>::infinity();
      for (std::size_t i = 0; i < x.size(); ++i)
        out.push_back(std::clamp((x[i] - constant(0)[i / each]) * constant(1)[i / each], -limit, limit));
      return out;
    }
    case Primitive::PiecewiseLinear: {
      const auto count = constant(0).size() / x.size();
      for (std::size_t i = 0; i < x.size(); ++i)
        out.push_back(interpolate(&constant(0)[i * count], &constant(1)[i * count], count, x[i]));
      return out;
    }
    case Primitive::OneHot:
      for (std::size_t i = 0; i < x.size(); ++i)
        for (std::int64_t code = 0; code < operation.ints[i]; ++code)
          out.push_back(static_cast<std::size_t>(code) == codeOf(x[i], operation.ints[i]) ? 1 : 0);
      return out;
    case Primitive::Codes:
      for (std::size_t i = 0; i < x.size(); ++i) out.push_back(double(codeOf(x[i], operation.ints[i])));
      return out;
    case Primitive::DateParts:
      return dateParts(x, operation.reals);
    case Primitive::Concat:
      for (const auto& input : inputs) out.insert(out.end(), input.begin(), input.end());
      return out;
    default:
      lathe::testing::reportFailure(__FILE__, __LINE__,
                                    std::string("not a preprocessing step: ") + name(operation.primitive));
      return out;
  }
}

}  // namespace

std::vector<std::vector<double>> prepare(const Program& program, const std::vector<double>& raw) {
  std::map<int, Row> values{{program.input, raw}};
  for (const auto& operation : program.preprocess) {
    std::vector<Row> inputs;
    for (const auto id : operation.inputs) inputs.push_back(values[id]);
    auto& out = values[operation.output] = run(program, operation, inputs);
    CHECK_EQ(static_cast<std::int64_t>(out.size()),
             elementCount(program.values[static_cast<std::size_t>(operation.output)]));
  }
  std::vector<Row> prepared;
  for (const auto id : program.prepared) prepared.push_back(values[id]);
  return prepared;
}

}  // namespace lathe::spec::testing

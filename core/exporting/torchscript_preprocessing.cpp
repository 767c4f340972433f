// SPDX-License-Identifier: GPL-3.0-or-later
#include <numbers>

#include "core/exporting/torchscript_writer.h"

namespace lathe::exporting {

using spec::Primitive;

void ScriptWriter::selectColumns(const spec::Operation& operation) {
  const auto name = fmt::format("i{}_columns", m_source.indices.size());
  m_source.indices.emplace_back(name, operation.ints);
  set(operation, fmt::format("torch.index_select({}, 1, self.{})", in(operation), name));
}

void ScriptWriter::piecewiseLinear(const spec::Operation& operation) {
  const auto knots = constant(operation, 0);
  const auto values = constant(operation, 1);
  const auto width = operation.constants.empty()
                         ? 2
                         : m_program.constants[static_cast<std::size_t>(operation.constants[0])].shape.at(1);
  line(fmt::format("x = torch.contiguous(torch.t({}))", in(operation)));
  line(fmt::format("above = torch.clamp(torch.searchsorted({}, x, out_int32=False, right=True), 1, {})", knots,
                   width - 1));
  line("below = torch.sub(above, 1)");
  line(fmt::format("low = torch.gather({}, 1, below)", knots));
  line(fmt::format(
      "share = torch.clamp(torch.div(torch.sub(x, low), torch.sub(torch.gather({}, 1, above), low)), 0, 1)", knots));
  line(fmt::format("start = torch.gather({}, 1, below)", values));
  set(operation, fmt::format("torch.contiguous(torch.t(torch.add(start, torch.mul(share, torch.sub(torch.gather({}, 1, "
                             "above), start)))))",
                             values));
}

void ScriptWriter::codes(const spec::Operation& operation, bool oneHot) {
  std::string parts;
  for (std::size_t k = 0; k < operation.ints.size(); ++k) {
    const auto cardinality = operation.ints[k];
    line(fmt::format("column = torch.select({}, 1, {})", in(operation), k));
    line(fmt::format("known = torch.logical_and(torch.ge(column, 0), torch.lt(column, {}))", cardinality - 1));
    line(fmt::format("code = torch.to(torch.where(known, column, torch.full_like(column, {})), {})",
                     real(static_cast<double>(cardinality - 1)), scriptLong));
    const auto name = fmt::format("v{}_{}", operation.output, k);
    line(oneHot ? fmt::format("{} = torch.to(torch.one_hot(code, {}), {})", name, cardinality, scriptFloat)
                : fmt::format("{} = torch.unsqueeze(code, 1)", name));
    parts += (k > 0 ? ", " : "") + name;
  }
  setJoined(operation, parts);
}

void ScriptWriter::dateParts(const spec::Operation& operation) {
  const double turn = 2 * std::numbers::pi;
  const auto divide = [](const std::string& x, int by) {
    return fmt::format("torch.div({}, {}, rounding_mode=\"floor\")", x, by);
  };
  line(fmt::format("known = torch.all(torch.isfinite({}), 1)", in(operation)));
  line("row_known = torch.unsqueeze(known, 1)");
  line(fmt::format("x = torch.where(row_known, {0}, torch.zeros_like({0}))", in(operation)));
  line("days = torch.select(x, 1, 0)");
  line("seconds = torch.select(x, 1, 1)");
  line(fmt::format("day = torch.to(torch.floor(torch.clamp(days, -10000000.0, 10000000.0)), {})", scriptLong));
  line("civil = torch.add(day, 730425)");  // 10957 days from 1970 to 2000, 719468 from the calendar's own start
  line("era = " + divide("civil", 146097));
  line("doe = torch.sub(civil, torch.mul(era, 146097))");
  line("leap = torch.sub(torch.add(torch.neg(" + divide("doe", 1460) + "), " + divide("doe", 36524) + "), " +
       divide("doe", 146096) + ")");
  line("yoe = " + divide("torch.add(doe, leap)", 365));
  line("doy = torch.sub(doe, torch.sub(torch.add(torch.mul(yoe, 365), " + divide("yoe", 4) + "), " +
       divide("yoe", 100) + "))");
  line("part = " + divide("torch.add(torch.mul(doy, 5), 2)", 153));
  line("month = torch.where(torch.lt(part, 10), torch.add(part, 3), torch.sub(part, 9))");
  line(fmt::format("early = torch.to(torch.le(month, 2), {})", scriptLong));
  line("year = torch.add(torch.add(yoe, torch.mul(era, 400)), early)");
  line(fmt::format("of_month = torch.mul(torch.to(torch.sub(month, 1), {}), {})", scriptFloat, real(turn / 12)));
  line("week = torch.add(day, 5)");
  line("weekday = torch.sub(week, torch.mul(" + divide("week", 7) + ", 7))");
  line(fmt::format("of_weekday = torch.mul(torch.to(weekday, {}), {})", scriptFloat, real(turn / 7)));
  line(fmt::format("of_hour = torch.mul(seconds, {})", real(turn / 86400)));
  line(fmt::format("since = torch.clamp(torch.mul(torch.sub(days, {}), {}), {}, {})", real(operation.reals.at(0)),
                   real(operation.reals.at(1)), real(-spec::standardizedLimit), real(spec::standardizedLimit)));
  line(fmt::format("years = torch.div(torch.to(torch.sub(year, 2000), {}), 50)", scriptFloat));
  line(
      "parts = torch.stack([since, years, torch.sin(of_month), torch.cos(of_month), torch.sin(of_weekday), "
      "torch.cos(of_weekday), torch.sin(of_hour), torch.cos(of_hour)], 1)");
  set(operation, fmt::format("torch.mul(parts, torch.to(row_known, {}))", scriptFloat));
}

bool ScriptWriter::writePreprocessing(const spec::Operation& operation) {
  const auto x = operation.inputs.empty() ? std::string() : in(operation);
  switch (operation.primitive) {
    case Primitive::SelectColumns:
      selectColumns(operation);
      return true;
    case Primitive::IsMissing:
      set(operation, fmt::format("torch.to(torch.isnan({}), {})", x, scriptFloat));
      return true;
    case Primitive::FillMissing:
      set(operation, fmt::format("torch.where(torch.isnan({0}), {1}, {0})", x, constant(operation, 0)));
      return true;
    case Primitive::Standardize: {
      const auto scaled =
          fmt::format("torch.mul(torch.sub({}, {}), {})", x, constant(operation, 0), constant(operation, 1));
      const bool image = m_program.values[static_cast<std::size_t>(operation.output)].size() == 3;
      set(operation, image ? scaled
                           : fmt::format("torch.clamp({}, {}, {})", scaled, real(-spec::standardizedLimit),
                                         real(spec::standardizedLimit)));
      return true;
    }
    case Primitive::PiecewiseLinear:
      piecewiseLinear(operation);
      return true;
    case Primitive::OneHot:
      codes(operation, true);
      return true;
    case Primitive::Codes:
      codes(operation, false);
      return true;
    case Primitive::DateParts:
      dateParts(operation);
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

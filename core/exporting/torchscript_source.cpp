// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/torchscript_source.h"

#include <fmt/format.h>
#include <numbers>

namespace lathe::exporting {
namespace {

using spec::Primitive;

// TorchScript's number of float32 and int64 among its element types.
constexpr int scriptFloat = 6;
constexpr int scriptLong = 4;

std::string real(double value) {
  auto text = fmt::format("{:.17g}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string list(const std::vector<std::int64_t>& values) { return fmt::format("[{}]", fmt::join(values, ", ")); }

std::string memberName(const char* prefix, std::size_t index, const std::string& name) {
  std::string text = fmt::format("{}{}_", prefix, index);
  for (const char c : name)
    text += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
  return text;
}

class ScriptWriter {
 public:
  explicit ScriptWriter(const spec::Program& program) : m_program(program) {
    for (std::size_t i = 0; i < program.parameters.size(); ++i)
      m_source.parameterNames.push_back(memberName("p", i, program.parameters[i].name));
    for (std::size_t i = 0; i < program.constants.size(); ++i)
      m_source.constantNames.push_back(memberName("c", i, program.constants[i].name));
  }

  TorchScriptSource write() {
    m_source.code = "def forward(self, input_tensor: Tensor) -> Tensor:\n";
    line(fmt::format("v{} = torch.to(input_tensor, {})", m_program.input, scriptFloat));
    for (const auto* section : {&m_program.preprocess, &m_program.model, &m_program.head})
      for (const auto& operation : *section) write(operation);
    line(fmt::format("return v{}", m_program.output >= 0 ? m_program.output : m_program.logits));
    return std::move(m_source);
  }

 private:
  void line(const std::string& text) { m_source.code += "    " + text + "\n"; }
  void set(const spec::Operation& operation, const std::string& expression) {
    line(fmt::format("v{} = {}", operation.output, expression));
  }
  [[nodiscard]] static std::string in(const spec::Operation& operation, std::size_t i = 0) {
    return fmt::format("v{}", operation.inputs.at(i));
  }
  [[nodiscard]] std::string parameter(const spec::Operation& operation, std::size_t i) const {
    if (i >= operation.parameters.size()) return "None";
    return "self." + m_source.parameterNames.at(static_cast<std::size_t>(operation.parameters[i]));
  }
  [[nodiscard]] std::string constant(const spec::Operation& operation, std::size_t i) const {
    return "self." + m_source.constantNames.at(static_cast<std::size_t>(operation.constants.at(i)));
  }
  [[nodiscard]] std::string allInputs(const spec::Operation& operation, const char* between) const {
    std::string text;
    for (std::size_t i = 0; i < operation.inputs.size(); ++i) text += (i > 0 ? between : "") + in(operation, i);
    return text;
  }

  void write(const spec::Operation& operation);
  bool writePreprocessing(const spec::Operation& operation);
  void selectColumns(const spec::Operation& operation);
  void piecewiseLinear(const spec::Operation& operation);
  void codes(const spec::Operation& operation, bool oneHot);
  void dateParts(const spec::Operation& operation);
  void embedding(const spec::Operation& operation);

  const spec::Program& m_program;
  TorchScriptSource m_source;
};

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
  set(operation, fmt::format("torch.cat([{}], 1)", parts));
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

void ScriptWriter::embedding(const spec::Operation& operation) {
  std::string parts;
  for (std::size_t k = 0; k < operation.parameters.size(); ++k)
    parts += fmt::format("{}torch.embedding({}, torch.select({}, 1, {}))", k > 0 ? ", " : "", parameter(operation, k),
                         in(operation), k);
  set(operation, fmt::format("torch.cat([{}], 1)", parts));
}

void ScriptWriter::write(const spec::Operation& operation) {
  if (writePreprocessing(operation)) return;
  const auto x = in(operation);
  const auto& n = operation.ints;
  const auto call = [&](const char* function) { set(operation, fmt::format("torch.{}({})", function, x)); };
  switch (operation.primitive) {
    case Primitive::Affine:
      set(operation,
          fmt::format("torch.add(torch.mul({}, {}), {})", x, constant(operation, 0), constant(operation, 1)));
      break;
    case Primitive::Linear:
      set(operation, fmt::format("torch.linear({}, {}, {})", x, parameter(operation, 0), parameter(operation, 1)));
      break;
    case Primitive::Conv2d:
      set(operation,
          fmt::format("torch.conv2d({}, {}, {}, {}, {}, {}, {})", x, parameter(operation, 0), parameter(operation, 1),
                      list({n[0], n[1]}), list({n[2], n[3]}), list({n[4], n[5]}), n[6]));
      break;
    case Primitive::MaxPool2d:
      set(operation, fmt::format("torch.max_pool2d({}, {}, {}, {}, [1, 1], False)", x, list({n[0], n[1]}),
                                 list({n[2], n[3]}), list({n[4], n[5]})));
      break;
    case Primitive::GlobalAvgPool:
      set(operation, fmt::format("torch.mean({}, [2, 3])", x));
      break;
    case Primitive::BatchNorm:
      set(operation, fmt::format("torch.batch_norm({}, {}, {}, {}, {}, False, {}, {}, True)", x,
                                 parameter(operation, 0), parameter(operation, 1), parameter(operation, 2),
                                 parameter(operation, 3), real(operation.reals[1]), real(operation.reals[0])));
      break;
    case Primitive::LayerNorm: {
      const auto& shape = m_program.parameters[static_cast<std::size_t>(operation.parameters.at(0))].shape;
      set(operation, fmt::format("torch.layer_norm({}, {}, {}, {}, {})", x, list(shape), parameter(operation, 0),
                                 parameter(operation, 1), real(operation.reals[0])));
      break;
    }
    case Primitive::Relu:
      call("relu");
      break;
    case Primitive::Gelu:
      call("gelu");
      break;
    case Primitive::Silu:
      call("silu");
      break;
    case Primitive::Tanh:
      call("tanh");
      break;
    case Primitive::Sigmoid:
      call("sigmoid");
      break;
    case Primitive::Dropout:
      set(operation, x);
      break;
    case Primitive::Embedding:
      embedding(operation);
      break;
    case Primitive::Flatten:
      set(operation, fmt::format("torch.flatten({}, 1)", x));
      break;
    case Primitive::Reshape: {
      std::vector<std::int64_t> sizes{-1};
      sizes.insert(sizes.end(), n.begin(), n.end());
      set(operation, fmt::format("torch.reshape({}, {})", x, list(sizes)));
      break;
    }
    case Primitive::Add: {
      std::string total = x;
      for (std::size_t i = 1; i < operation.inputs.size(); ++i)
        total = fmt::format("torch.add({}, {})", total, in(operation, i));
      set(operation, total);
      break;
    }
    case Primitive::Concat:
      set(operation, fmt::format("torch.cat([{}], 1)", allInputs(operation, ", ")));
      break;
    case Primitive::Softmax:
      set(operation, fmt::format("torch.softmax({}, -1)", x));
      break;
    case Primitive::Exp:
      call("exp");
      break;
    case Primitive::Sort:
      set(operation, fmt::format("torch.gather({0}, -1, torch.argsort({0}, -1, False))", x));
      break;
    default:
      break;
  }
}

}  // namespace

TorchScriptSource writeTorchScriptSource(const spec::Program& program) { return ScriptWriter(program).write(); }

const std::set<std::string>& torchScriptOperations() {
  static const std::set<std::string> names{"prim::Constant",
                                           "prim::ListConstruct",
                                           "prim::GetAttr",
                                           "aten::to",
                                           "aten::index_select",
                                           "aten::contiguous",
                                           "aten::t",
                                           "aten::searchsorted",
                                           "aten::clamp",
                                           "aten::gather",
                                           "aten::select",
                                           "aten::logical_and",
                                           "aten::ge",
                                           "aten::lt",
                                           "aten::le",
                                           "aten::where",
                                           "aten::full_like",
                                           "aten::zeros_like",
                                           "aten::one_hot",
                                           "aten::unsqueeze",
                                           "aten::cat",
                                           "aten::stack",
                                           "aten::all",
                                           "aten::isfinite",
                                           "aten::isnan",
                                           "aten::floor",
                                           "aten::div",
                                           "aten::add",
                                           "aten::sub",
                                           "aten::mul",
                                           "aten::neg",
                                           "aten::sin",
                                           "aten::cos",
                                           "aten::linear",
                                           "aten::conv2d",
                                           "aten::max_pool2d",
                                           "aten::mean",
                                           "aten::batch_norm",
                                           "aten::layer_norm",
                                           "aten::relu",
                                           "aten::gelu",
                                           "aten::silu",
                                           "aten::tanh",
                                           "aten::sigmoid",
                                           "aten::embedding",
                                           "aten::flatten",
                                           "aten::reshape",
                                           "aten::softmax",
                                           "aten::exp",
                                           "aten::argsort"};
  return names;
}

}  // namespace lathe::exporting

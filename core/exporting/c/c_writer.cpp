// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_writer.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/exporting/c/c_kernels.h"

namespace lathe::exporting {

using spec::Primitive;

namespace {

std::string arrayName(char kind, std::size_t index, const std::string& name) {
  constexpr std::size_t most = 40;
  return fmt::format("{}{}_{}", kind, index, cIdentifier(name).substr(0, most));
}

std::string plus(const std::string& base, std::int64_t offset) {
  return offset == 0 ? base : fmt::format("{} + {}", base, offset);
}

}  // namespace

tl::unexpected<Error> notInC(const std::string& layer, const std::string& reason) {
  return fail("export.c", LATHE_TEXT("errors", "The layer {layer} cannot be written as C: {reason}."),
              LATHE_TEXT("errors", "Export the run as ONNX or TorchScript, or put another layer in its place."),
              {{"layer", layer}, {"reason", reason}});
}

std::string parameterArray(const spec::Program& program, std::size_t index) {
  return arrayName('w', index, program.parameters[index].name);
}

std::string constantArray(const spec::Program& program, std::size_t index) {
  return arrayName('c', index, program.constants[index].name);
}

CWriter::CWriter(const spec::Program& program)
    : m_program(program),
      m_plan(program),
      m_parameters(program.parameters.size(), false),
      m_constants(program.constants.size(), false) {}

std::string CWriter::kernels() const { return kernelCode(m_kernels); }

std::string CWriter::pointer(int value, std::int64_t offset) const {
  const auto place = m_plan.place(value);
  auto text = plus(place.input ? "input" : "s", place.offset + offset);
  if (m_rows > 1) text += fmt::format(" + row * {}", spec::elementCount(shapeOf(value)));
  return text;
}

std::string CWriter::work(std::int64_t offset) const { return plus("s", m_plan.work(m_place) + offset); }

std::string CWriter::parameter(const Operation& operation, std::size_t i) {
  if (i >= operation.parameters.size()) return "NULL";
  const auto index = static_cast<std::size_t>(operation.parameters[i]);
  m_parameters[index] = true;
  return parameterArray(m_program, index);
}

std::string CWriter::constant(const Operation& operation, std::size_t i) {
  const auto index = static_cast<std::size_t>(operation.constants.at(i));
  m_constants[index] = true;
  return constantArray(m_program, index);
}

std::string CWriter::table(const Ints& numbers) {
  Texts items;
  for (const auto number : numbers) items.push_back(cWhole(number));
  auto& name = m_known["long" + cLines(items, "")];
  if (name.empty()) {
    name = fmt::format("t{}", m_known.size() - 1);
    m_tables += cArray("static const long " + name, items);
  }
  return name;
}

std::string CWriter::layout(const Ints& sizes, const Ints& strides) {
  constexpr std::size_t most = 8;
  use("layout");
  if (sizes.size() > most && !m_error) {
    const auto& operation = *operationsOf(m_program)[m_place];
    m_error = notInC(operation.layer, fmt::format("it has more than {} dimensions", most)).value();
  }
  const auto list = [](const Ints& numbers) {
    Texts items;
    for (const auto number : numbers) items.push_back(cWhole(number));
    return fmt::format("{{{}}}", items.empty() ? "0" : fmt::format("{}", fmt::join(items, ", ")));
  };
  const auto text =
      fmt::format("{{{}, {}, {}, {}}}", spec::elementCount(sizes), sizes.size(), list(sizes), list(strides));
  auto& name = m_known["layout" + text];
  if (name.empty()) {
    name = fmt::format("t{}", m_known.size() - 1);
    m_tables += fmt::format("static const layout {} = {};\n", name, text);
  }
  return "&" + name;
}

void CWriter::statement(const std::string& start, const Texts& arguments) {
  const std::string line = m_indent + start;
  m_statements += line + cLines(arguments, m_indent + "    ", line.size()) + ");\n";
}

void CWriter::call(const char* kernel, const Texts& arguments) {
  use(kernel);
  statement(std::string(kernel) + "(", arguments);
}

void CWriter::assign(const std::string& target, const char* kernel, const Texts& arguments) {
  use(kernel);
  statement(fmt::format("{} = {}(", target, kernel), arguments);
}

void CWriter::copy(const std::string& from, const std::string& to, std::int64_t count) {
  statement("memcpy(", {to, from, fmt::format("{} * sizeof(float)", count)});
}

void CWriter::each(const Operation& operation, const char* function, bool kernel) {
  if (kernel) use(function);
  call("each", {in(operation), out(operation), cWhole(countOut(operation)), function});
}

Result<void> CWriter::write() {
  for (const auto* operation : operationsOf(m_program)) {
    write(*operation);
    if (m_error) return tl::unexpected<Error>(*m_error);
    ++m_place;
  }
  m_statements += "    /* output */\n";
  copy(pointer(outputOf(m_program)), "output", spec::elementCount(shapeOf(outputOf(m_program))));
  return {};
}

void CWriter::write(const Operation& operation) {
  if (m_plan.isView(operation)) return;
  if (operation.layer != m_layer) m_statements += fmt::format("    /* {} */\n", cComment(operation.layer));
  m_layer = operation.layer;
  m_rows = m_plan.rows(operation.output);
  if (m_rows > 1) {
    m_statements += fmt::format("    for (long row = 0; row < {}; ++row) {{\n", m_rows);
    m_indent = "        ";
  }
  if (!writeKernel(operation) && !m_error)
    m_error = notInC(operation.layer, fmt::format("there is no C for {}", spec::name(operation.primitive))).value();
  if (m_rows > 1) m_statements += "    }\n";
  m_rows = 1;
  m_indent = "    ";
}

bool CWriter::writeKernel(const Operation& operation) {
  return writePreprocessing(operation) || writeActivation(operation) || writeTable(operation) ||
         writeEmbedding(operation) || writeImage(operation) || writeSequence(operation) || writeShape(operation);
}

bool CWriter::writeActivation(const Operation& operation) {
  const auto count = cWhole(countOut(operation));
  const auto real = [&] { return cFloat(static_cast<float>(operation.reals.at(0))); };
  switch (operation.primitive) {
    case Primitive::Relu:
      call("relu", {in(operation), out(operation), count});
      return true;
    case Primitive::Gelu:
      each(operation, "gelu");
      return true;
    case Primitive::Silu:
      each(operation, "silu");
      return true;
    case Primitive::Tanh:
      each(operation, "tanhf", false);
      return true;
    case Primitive::Exp:
      each(operation, "expf", false);
      return true;
    case Primitive::Sigmoid:
      each(operation, "sigmoid");
      return true;
    case Primitive::Mish:
      each(operation, "mish");
      return true;
    case Primitive::Selu:
      each(operation, "selu");
      return true;
    case Primitive::Softplus:
      each(operation, "softplus");
      return true;
    case Primitive::Hardswish:
      each(operation, "hardswish");
      return true;
    case Primitive::Hardsigmoid:
      each(operation, "hardsigmoid");
      return true;
    case Primitive::Relu6:
      each(operation, "relu6");
      return true;
    case Primitive::SmoothClip:
      each(operation, "smooth_clip");
      return true;
    case Primitive::Elu:
      call("elu", {in(operation), out(operation), count, real()});
      return true;
    case Primitive::LeakyRelu:
      call("leaky_relu", {in(operation), out(operation), count, real()});
      return true;
    case Primitive::Softmax: {
      const auto width = shapeOut(operation).back();
      call("softmax", {in(operation), out(operation), cWhole(countOut(operation) / width), cWhole(width)});
      return true;
    }
    default:
      return false;
  }
}

}  // namespace lathe::exporting

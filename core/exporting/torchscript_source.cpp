// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/torchscript_source.h"

#include "core/exporting/torchscript_writer.h"

namespace lathe::exporting {

using spec::Primitive;

namespace {

std::string memberName(const char* prefix, std::size_t index, const std::string& name) {
  std::string text = fmt::format("{}{}_", prefix, index);
  for (const char c : name)
    text += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
  return text;
}

}  // namespace

std::string real(double value) {
  auto text = fmt::format("{:.17g}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string list(const std::vector<std::int64_t>& values) { return fmt::format("[{}]", fmt::join(values, ", ")); }

ScriptWriter::ScriptWriter(const spec::Program& program, Precision precision)
    : m_program(program), m_axes(channelAxes(program)) {
  if (precision == Precision::Float32) m_axes.assign(m_axes.size(), -1);
  for (std::size_t i = 0; i < program.parameters.size(); ++i) {
    const auto& name = program.parameters[i].name;
    m_source.parameterNames.push_back(memberName("p", i, name));
    m_source.scaleNames.push_back(isInt8(precision) && m_axes[i] >= 0 ? memberName("s", i, name) : std::string());
  }
  for (std::size_t i = 0; i < program.constants.size(); ++i)
    m_source.constantNames.push_back(memberName("c", i, program.constants[i].name));
}

TorchScriptSource ScriptWriter::write() {
  m_source.code = "def forward(self, input_tensor: Tensor) -> Tensor:\n";
  line(fmt::format("v{} = torch.to(input_tensor, {})", m_program.input, scriptFloat));
  for (const auto* section : {&m_program.preprocess, &m_program.model, &m_program.head})
    for (const auto& operation : *section) write(operation);
  line(fmt::format("return v{}", m_program.output >= 0 ? m_program.output : m_program.logits));
  return std::move(m_source);
}

std::string ScriptWriter::widened(const std::string& numbers, std::size_t parameter) const {
  if (m_axes.at(parameter) < 0) return numbers;
  const auto wide = fmt::format("torch.to({}, {})", numbers, scriptFloat);
  const auto& scale = m_source.scaleNames.at(parameter);
  return scale.empty() ? wide : fmt::format("torch.mul({}, self.{})", wide, scale);
}

void ScriptWriter::embedding(const spec::Operation& operation) {
  std::string parts;
  for (std::size_t k = 0; k < operation.parameters.size(); ++k)
    parts += (k > 0 ? ", " : "") + rowsAt(operation, k, fmt::format("torch.select({}, 1, {})", in(operation), k));
  setJoined(operation, parts);
}

void ScriptWriter::write(const spec::Operation& operation) {
  if (writePreprocessing(operation) || writeSequence(operation) || writeActivation(operation) ||
      writeImage(operation) || writeTable(operation))
    return;
  const auto x = in(operation);
  const auto& n = operation.ints;
  const auto call = [&](const char* function) { set(operation, fmt::format("torch.{}({})", function, x)); };
  switch (operation.primitive) {
    case Primitive::Affine:
      set(operation,
          fmt::format("torch.add(torch.mul({}, {}), {})", x, constant(operation, 0), constant(operation, 1)));
      break;
    case Primitive::Linear:
      linear(operation);
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
      setJoined(operation, allInputs(operation, ", "));
      break;
    case Primitive::Softmax:
      set(operation, fmt::format("torch.softmax({}, -1)", x));
      break;
    case Primitive::Exp:
      call("exp");
      break;
    case Primitive::LogMel:
      logMel(operation);
      break;
    case Primitive::Sort:
      set(operation, fmt::format("torch.gather({0}, -1, torch.argsort({0}, -1, False))", x));
      break;
    default:
      break;
  }
}

TorchScriptSource writeTorchScriptSource(const spec::Program& program, Precision precision) {
  return ScriptWriter(program, precision).write();
}

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
                                           "aten::squeeze",
                                           "aten::exp",
                                           "aten::argsort",
                                           "aten::sqrt",
                                           "aten::permute",
                                           "aten::narrow",
                                           "aten::amax",
                                           "aten::conv1d",
                                           "aten::conv_transpose2d",
                                           "aten::avg_pool2d",
                                           "aten::adaptive_avg_pool2d",
                                           "aten::adaptive_max_pool2d",
                                           "aten::group_norm",
                                           "aten::lstm",
                                           "aten::gru",
                                           "aten::new_zeros",
                                           "aten::size",
                                           "aten::matmul",
                                           "aten::log",
                                           "aten::transpose",
                                           "aten::mish",
                                           "aten::elu",
                                           "aten::selu",
                                           "aten::leaky_relu",
                                           "aten::prelu",
                                           "aten::hardswish",
                                           "aten::hardsigmoid",
                                           "aten::softplus",
                                           "aten::relu6",
                                           "aten::upsample_nearest2d",
                                           "aten::upsample_bilinear2d",
                                           "aten::constant_pad_nd",
                                           "aten::pad",
                                           "aten::log_softmax",
                                           "aten::sum",
                                           "aten::expand",
                                           "prim::TupleUnpack"};
  return names;
}

}  // namespace lathe::exporting

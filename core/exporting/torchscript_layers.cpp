// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/exporting/dimensions.h"
#include "core/exporting/torchscript_writer.h"

namespace lathe::exporting {

using spec::Primitive;

void ScriptWriter::recurrent(const spec::Operation& operation) {
  const bool lstm = operation.primitive == Primitive::Lstm;
  const auto& n = operation.ints;
  const auto x = in(operation);
  const auto start = fmt::format("start{}", operation.output);
  line(fmt::format("{} = torch.new_zeros({}, [{}, torch.size({}, 0), {}])", start, x, n[1] * (n[2] + 1), x, n[0]));
  std::string weights;
  for (std::size_t i = 0; i < operation.parameters.size(); ++i)
    weights += (i > 0 ? ", " : "") + parameter(operation, i);
  line(fmt::format("v{0}, {1} = torch.{2}({3}, {4}, [{5}], True, {6}, 0., False, {7}, True)", operation.output,
                   lstm ? "hidden, cell" : "hidden", lstm ? "lstm" : "gru", x,
                   lstm ? fmt::format("[{0}, {0}]", start) : start, weights, n[1], n[2] != 0 ? "True" : "False"));
}

void ScriptWriter::attention(const spec::Operation& operation) {
  const auto& shape = m_program.values[static_cast<std::size_t>(operation.output)];
  const auto steps = shape.at(0), width = shape.at(1), heads = operation.ints.at(0);
  const auto size = width / heads;
  const auto name = fmt::format("heads{}", operation.output);
  const auto weight = [&](std::size_t index, std::size_t a) {
    if (operation.parameters.size() <= a + 1) return parameter(operation, index);
    return fmt::format("torch.add({}, torch.mul(torch.matmul({}, {}), {}))", parameter(operation, index),
                       parameter(operation, a + 1), parameter(operation, a), real(operation.reals.at(1)));
  };
  line(fmt::format("projected = torch.linear({}, {}, {})", in(operation), weight(0, 4), parameter(operation, 1)));
  line(fmt::format("{} = torch.permute(torch.reshape(projected, {}), [2, 0, 3, 1, 4])", name,
                   list({-1, steps, 3, heads, size})));
  line(fmt::format("queries = torch.mul(torch.select({}, 0, 0), {})", name,
                   real(1 / std::sqrt(static_cast<double>(size)))));
  line(fmt::format("keys = torch.transpose(torch.select({}, 0, 1), -2, -1)", name));
  line("shares = torch.softmax(torch.matmul(queries, keys), -1)");
  line(fmt::format("mixed = torch.transpose(torch.matmul(shares, torch.select({}, 0, 2)), 1, 2)", name));
  set(operation, fmt::format("torch.linear(torch.reshape(mixed, {}), {}, {})", list({-1, steps, width}), weight(2, 6),
                             parameter(operation, 3)));
}

bool ScriptWriter::writeSequence(const spec::Operation& operation) {
  const auto x = operation.inputs.empty() ? std::string() : in(operation);
  const auto& n = operation.ints;
  switch (operation.primitive) {
    case Primitive::Conv1d:
      set(operation, fmt::format("torch.conv1d({}, {}, {}, [{}], [{}], [{}], {})", x, parameter(operation, 0),
                                 parameter(operation, 1), n[0], n[1], n[2], n[3]));
      return true;
    case Primitive::Lstm:
    case Primitive::Gru:
      recurrent(operation);
      return true;
    case Primitive::Attention:
      attention(operation);
      return true;
    case Primitive::Offset:
      set(operation, fmt::format("torch.add({}, {})", x,
                                 operation.parameters.empty() ? constant(operation, 0) : parameter(operation, 0)));
      return true;
    case Primitive::Multiply: {
      std::string product = x;
      for (std::size_t i = 1; i < operation.inputs.size(); ++i)
        product = fmt::format("torch.mul({}, {})", product, in(operation, i));
      set(operation, product);
      return true;
    }
    case Primitive::Permute: {
      auto order = behindBatch(n);
      order.insert(order.begin(), 0);
      set(operation, fmt::format("torch.permute({}, {})", x, list(order)));
      return true;
    }
    case Primitive::Slice:
      set(operation, fmt::format("torch.narrow({}, {}, {}, {})", x, n[0] + 1, n[1], n[2]));
      return true;
    case Primitive::ReduceMean:
      set(operation, fmt::format("torch.mean({}, {})", x, list(behindBatch(n))));
      return true;
    case Primitive::ReduceMax:
      set(operation, fmt::format("torch.amax({}, {})", x, list(behindBatch(n))));
      return true;
    default:
      return false;
  }
}

bool ScriptWriter::writeActivation(const spec::Operation& operation) {
  const auto x = operation.inputs.empty() ? std::string() : in(operation);
  const auto call = [&](const char* function) {
    set(operation, fmt::format("torch.{}({})", function, x));
    return true;
  };
  switch (operation.primitive) {
    case Primitive::Mish:
      return call("mish");
    case Primitive::Elu:
      set(operation, fmt::format("torch.elu({}, {})", x, real(operation.reals.at(0))));
      return true;
    case Primitive::Selu:
      return call("selu");
    case Primitive::LeakyRelu:
      set(operation, fmt::format("torch.leaky_relu({}, {})", x, real(operation.reals.at(0))));
      return true;
    case Primitive::Prelu:
      set(operation, fmt::format("torch.prelu({}, {})", x, parameter(operation, 0)));
      return true;
    case Primitive::Hardswish:
      return call("hardswish");
    case Primitive::Hardsigmoid:
      return call("hardsigmoid");
    case Primitive::Softplus:
      return call("softplus");
    case Primitive::Relu6:
      return call("relu6");
    case Primitive::StochasticDepth:
      set(operation, x);
      return true;
    default:
      return false;
  }
}

bool ScriptWriter::writeImage(const spec::Operation& operation) {
  const auto x = operation.inputs.empty() ? std::string() : in(operation);
  const auto& n = operation.ints;
  switch (operation.primitive) {
    case Primitive::ConvTranspose2d:
      set(operation, fmt::format("torch.conv_transpose2d({}, {}, {}, {}, {}, {}, {}, {})", x, parameter(operation, 0),
                                 parameter(operation, 1), list({n[0], n[1]}), list({n[2], n[3]}), list({n[4], n[5]}),
                                 n[8], list({n[6], n[7]})));
      return true;
    case Primitive::AvgPool2d:
      set(operation, fmt::format("torch.avg_pool2d({}, {}, {}, {}, False, {}, None)", x, list({n[0], n[1]}),
                                 list({n[2], n[3]}), list({n[4], n[5]}), n[6] != 0 ? "True" : "False"));
      return true;
    case Primitive::AdaptiveAvgPool2d:
      set(operation, fmt::format("torch.adaptive_avg_pool2d({}, {})", x, list(n)));
      return true;
    case Primitive::AdaptiveMaxPool2d:
      line(fmt::format("v{}, places = torch.adaptive_max_pool2d({}, {})", operation.output, x, list(n)));
      return true;
    case Primitive::GroupNorm:
      set(operation, fmt::format("torch.group_norm({}, {}, {}, {}, {}, True)", x, n[0], parameter(operation, 0),
                                 parameter(operation, 1), real(operation.reals.at(0))));
      return true;
    case Primitive::Upsample2d:
      set(operation, n[2] == 0
                         ? fmt::format("torch.upsample_nearest2d({}, {}, None, None)", x, list({n[0], n[1]}))
                         : fmt::format("torch.upsample_bilinear2d({}, {}, False, None, None)", x, list({n[0], n[1]})));
      return true;
    case Primitive::Pad: {
      const auto edges = list({n.begin(), n.end() - 1});
      set(operation, n.back() == 0
                         ? fmt::format("torch.constant_pad_nd({}, {}, {})", x, edges, real(operation.reals.at(0)))
                         : fmt::format("torch.pad({}, {}, \"{}\")", x, edges, n.back() == 1 ? "reflect" : "replicate"));
      return true;
    }
    default:
      return false;
  }
}

}  // namespace lathe::exporting

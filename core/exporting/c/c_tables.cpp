// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/exporting/c/c_writer.h"
#include "core/spec/reconstruction.h"

namespace lathe::exporting {

using spec::BlendedActivation;
using spec::Primitive;

void CWriter::embedding(const Operation& operation) {
  std::int64_t place = 0;
  for (std::size_t k = 0; k < operation.parameters.size(); ++k) {
    const auto width = parameterShape(operation, k).at(1);
    const auto column = static_cast<std::int64_t>(k);
    const auto code = fmt::format("(long)*({})", in(operation, 0, column));
    copy(fmt::format("{} + {} * {}", parameter(operation, k), code, width), out(operation, place), width);
    place += width;
  }
}

void CWriter::embeddingBag(const Operation& operation) {
  const auto places = shapeIn(operation).at(1), width = shapeOut(operation).back();
  for (std::size_t k = 0; k < operation.parameters.size(); ++k) {
    const auto column = static_cast<std::int64_t>(k);
    call("embedding_bag", {in(operation, 0, column * places), parameter(operation, k), out(operation, column * width),
                           cWhole(places), cWhole(parameterShape(operation, k).at(0)), cWhole(width - 1)});
  }
}

void CWriter::ensembleLinear(const Operation& operation) {
  const auto& weight = parameterShape(operation, 0);
  const auto outputs = weight.at(1), inputs = weight.at(2);
  use("linear");
  m_statements += fmt::format("{}for (long k = 0; k < {}; ++k)\n", m_indent, weight.at(0));
  const auto behind = [](const std::string& pointer, std::int64_t step) {
    return fmt::format("{} + k * {}", pointer, step);
  };
  m_statements += "    ";
  statement("linear(", {behind(in(operation), inputs), behind(parameter(operation, 0), outputs * inputs),
                        behind(parameter(operation, 1), outputs), behind(out(operation), outputs), "1", cWhole(inputs),
                        cWhole(outputs), "1"});
}

void CWriter::blended(const Operation& operation) {
  const char* function = "";
  switch (static_cast<BlendedActivation>(operation.ints.at(0))) {
    case BlendedActivation::Mish:
      function = "mish";
      break;
    case BlendedActivation::Selu:
      function = "selu";
      break;
    case BlendedActivation::Silu:
      function = "silu";
      break;
    case BlendedActivation::Gelu:
      function = "gelu";
      break;
    case BlendedActivation::Relu:
      function = "relu_of";
      break;
    case BlendedActivation::Tanh:
      function = "tanhf";
      break;
  }
  if (std::string_view(function) != "tanhf") use(function);
  const auto width = shapeOut(operation).back();
  call("blend", {in(operation), parameter(operation, 0), out(operation), cWhole(countOut(operation) / width),
                 cWhole(width), function});
}

void CWriter::reconstructionError(const Operation& operation) {
  const auto layout = spec::reconstructionLayout(operation.ints);
  constexpr std::int64_t partsOfDate = 8;
  std::int64_t place = 0, column = 0;
  if (layout.numbers > 0) call("squared_errors", {in(operation), in(operation, 2), work(), cWhole(layout.numbers)});
  place = column = layout.numbers;
  const auto error = [&] { return "*(" + work(column++) + ")"; };
  for (std::int64_t date = 0; date < layout.dates; ++date, place += partsOfDate)
    assign(error(), "mean_squared_error", {in(operation, 0, place), in(operation, 2, place), cWhole(partsOfDate)});
  for (const auto places : layout.oneHot) {
    assign(error(), "one_hot_error",
           {in(operation, 0, place), in(operation, 2, place), cWhole(places),
            "(real)" + cDouble(spec::categoryFactor(places))});
    place += places;
  }
  for (std::size_t k = 0; k < layout.codes.size(); ++k) {
    const auto places = layout.codes[k];
    use("log_share");
    statement(fmt::format("{} = (float)({} * log_share(", error(), cDouble(-spec::categoryFactor(places))),
              {in(operation, 0, place), cWhole(places),
               fmt::format("(long)*({}))", in(operation, operation.inputs.size() - 1, static_cast<std::int64_t>(k)))});
    place += places;
  }
  assign("*(" + out(operation) + ")", "mean_of_known", {work(), in(operation, 1), cWhole(layout.columns())});
}

bool CWriter::writeEmbedding(const Operation& operation) {
  const auto& shape = shapeOut(operation);
  switch (operation.primitive) {
    case Primitive::Embedding:
      embedding(operation);
      return true;
    case Primitive::EmbeddingBag:
      embeddingBag(operation);
      return true;
    case Primitive::PeriodicEmbedding: {
      const auto& weight = parameterShape(operation, 2);
      call("periodic_embedding", {in(operation), parameter(operation, 0), parameter(operation, 1),
                                  parameter(operation, 2), parameter(operation, 3), out(operation), work(),
                                  cWhole(weight.at(0)), cWhole(weight.at(1)), cWhole(weight.at(2))});
      return true;
    }
    case Primitive::FeatureTokens:
      call("feature_tokens", {in(operation), parameter(operation, 0), parameter(operation, 1), out(operation),
                              cWhole(shape.at(0)), cWhole(shape.at(1))});
      return true;
    case Primitive::ClassToken:
      copy(in(operation), out(operation, shape.at(1)), countOut(operation) - shape.at(1));
      copy(parameter(operation, 0), out(operation), shape.at(1));
      return true;
    case Primitive::PiecewiseEncoding:
      call("piecewise_encoding", {in(operation), constant(operation, 0), constant(operation, 1), constant(operation, 2),
                                  constant(operation, 3), out(operation), cWhole(shape.at(0)), cWhole(shape.at(1))});
      return true;
    case Primitive::Waves:
      call("waves",
           {in(operation), parameter(operation, 0), out(operation), cWhole(shape.at(0)), cWhole(shape.at(1) / 2)});
      return true;
    default:
      return false;
  }
}

bool CWriter::writeTable(const Operation& operation) {
  const auto count = countOut(operation), width = shapeOut(operation).back();
  switch (operation.primitive) {
    case Primitive::Linear:
      call("linear", {in(operation), parameter(operation, 0), parameter(operation, 1), out(operation),
                      cWhole(count / width), cWhole(shapeIn(operation).back()), cWhole(width),
                      operation.reals.empty() ? "1" : "(real)" + cDouble(operation.reals[0])});
      return true;
    case Primitive::Affine:
      call("affine", {in(operation), constant(operation, 0), constant(operation, 1), out(operation),
                      cWhole(count / width), cWhole(width)});
      return true;
    case Primitive::ScaleFeatures:
      call("scale_features",
           {in(operation), parameter(operation, 0), out(operation), cWhole(count / width), cWhole(width)});
      return true;
    case Primitive::ParametricActivation:
      blended(operation);
      return true;
    case Primitive::EnsembleScale:
      call("scale_members", {in(operation), parameter(operation, 0), out(operation), cWhole(count / width),
                             cWhole(width), shapeIn(operation).size() == 1 ? "0" : cWhole(width)});
      return true;
    case Primitive::EnsembleLinear:
      ensembleLinear(operation);
      return true;
    case Primitive::EnsembleShift:
      call("add", {in(operation), parameter(operation, 0), out(operation), cWhole(count)});
      return true;
    case Primitive::MeanOverMembers:
      reduce(operation, "reduce_mean", {0});
      return true;
    case Primitive::ReconstructionError:
      reconstructionError(operation);
      return true;
    case Primitive::MeanSquaredError:
      assign("*(" + out(operation) + ")", "mean_squared_error",
             {in(operation), in(operation, 1), cWhole(spec::elementCount(shapeIn(operation)))});
      return true;
    case Primitive::Sort:
      call("sort", {in(operation), out(operation), cWhole(count / width), cWhole(width)});
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of TensorFlow Serving's :predict (row and column format), :classify and :regress.
#include <cmath>
#include <fmt/format.h>
#include <iterator>

#include "core/serving/rest/tensorflow_rest.h"

namespace lathe::serving {
namespace {

/// Floats as TensorFlow Serving writes them: a point always, NaN and Infinity as such.
void appendFloat(std::string& out, float value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "Infinity" : "-Infinity";
  } else {
    const auto first = out.size();
    fmt::format_to(std::back_inserter(out), "{}", value);
    if (out.find_first_of(".e", first) == std::string::npos) out += ".0";
  }
}

/// Nested lists of a shape from flat values.
void appendNested(std::string& out, std::span<const float> values, std::span<const std::int64_t> shape) {
  if (shape.empty()) {
    appendFloat(out, values.empty() ? NAN : values[0]);
    return;
  }
  out += '[';
  const auto count = static_cast<std::size_t>(shape[0]);
  const auto size = count == 0 ? 0 : values.size() / count;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ", ";
    appendNested(out, values.subspan(i * size, size), shape.subspan(1));
  }
  out += ']';
}

Answer<std::string> signatureNameIn(const Json& body) {
  const auto* name = member(body, "signature_name");
  if (name == nullptr) return std::string();
  if (!name->IsString() || name->GetStringLength() == 0)
    return refuse(FaultKind::BadInput, "'signature_name' key must be a non-empty string value.");
  return std::string(textOf(*name));
}

Answer<ServedSignature> signatureIn(const ServedModel& model, const Json& body) {
  SERVING_ASSIGN(name, signatureNameIn(body));
  auto signature = predictSignature(model, name);
  if (!signature && signature.error().text.find("not found.") != std::string::npos)
    return refuse(FaultKind::BadInput, fmt::format("Serving signature name: \"{}\" not found in signature def", name));
  return signature;
}

/// Adds one row's value of an input to its tensor.
Answer<void> appendValue(const Json& value, Tensor& tensor) {
  Tensor one;
  one.name = tensor.name;
  SERVING_TRY(readTensor(value, one));
  if (tensor.shape.empty()) {
    tensor.shape.push_back(0);
    tensor.shape.insert(tensor.shape.end(), one.shape.begin(), one.shape.end());
    tensor.text = one.text;
  }
  if (!std::equal(one.shape.begin(), one.shape.end(), tensor.shape.begin() + 1, tensor.shape.end()))
    return refuse(FaultKind::BadInput, "Encountered list of unequal shape or size");
  if (one.text != tensor.text && one.size() > 0)
    return refuse(FaultKind::BadInput,
                  fmt::format("JSON Value: {} Type: {} is not of expected type: {}", shownJson(value), typeName(value),
                              tensor.text ? "string" : "float"));
  ++tensor.shape[0];
  tensor.numbers.insert(tensor.numbers.end(), one.numbers.begin(), one.numbers.end());
  std::move(one.texts.begin(), one.texts.end(), std::back_inserter(tensor.texts));
  return {};
}

Answer<std::vector<Tensor>> rowFormat(const ServedSignature& signature, const Json& instances) {
  if (!instances.IsArray())
    return refuse(FaultKind::BadInput, fmt::format("JSON Value: {} Type: {} is not of expected type: list",
                                                   shownJson(instances), typeName(instances)));
  if (instances.Empty()) return refuse(FaultKind::BadInput, "JSON Value: [] no values in 'instances' list");
  std::vector<Tensor> tensors(signature.inputs.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].name = signature.inputs[i].name;
  std::size_t row = 0;
  for (const auto& instance : instances.GetArray()) {
    const auto failed = [&](const std::string& why) {
      return refuse(
          FaultKind::BadInput,
          fmt::format("Failed to process element: {} of 'instances' list. Error: INVALID_ARGUMENT: {}", row, why));
    };
    const bool object = instance.IsObject() && base64Of(instance) == nullptr;
    if (!object && tensors.size() > 1)
      return failed(fmt::format("JSON Value: {} Type: {} is not of expected type: object", shownJson(instance),
                                typeName(instance)));
    for (auto& tensor : tensors) {
      const auto* value = object ? member(instance, tensor.name) : &instance;
      if (value == nullptr) return failed(fmt::format("JSON object: does not have named input: {}", tensor.name));
      if (const auto added = appendValue(*value, tensor); !added) return failed(added.error().text);
    }
    if (object && instance.MemberCount() != tensors.size()) {
      std::vector<std::string> sent;
      for (auto each = instance.MemberBegin(); each != instance.MemberEnd(); ++each)
        sent.emplace_back(textOf(each->name));
      SERVING_TRY(checkInputNames(signature, sent));
    }
    ++row;
  }
  return tensors;
}

Answer<std::vector<Tensor>> columnFormat(const ServedSignature& signature, const Json& inputs) {
  std::vector<Tensor> tensors;
  const bool object = inputs.IsObject() && base64Of(inputs) == nullptr;
  if (!object && signature.inputs.size() > 1)
    return refuse(FaultKind::BadInput,
                  "'inputs' is a plain value/list, but expecting an object as multiple input tensors required as per "
                  "tensorinfo_map");
  for (const auto& input : signature.inputs) {
    const auto* value = object ? member(inputs, input.name) : &inputs;
    if (value == nullptr)
      return refuse(FaultKind::BadInput, fmt::format("Missing named input: {} in 'inputs' object.", input.name));
    tensors.emplace_back();
    tensors.back().name = input.name;
    SERVING_TRY(readTensor(*value, tensors.back()));
  }
  return tensors;
}

/// Rows of {"examples": [{column: value}], "context": {column: value}}.
Answer<InputRows> rowsOfExamples(const ServedModel& model, std::string_view text, bool classify) {
  JsonBody json;
  SERVING_TRY(json.parse(text));
  const auto& body = json.root();
  if (!body.IsObject())
    return refuse(FaultKind::BadInput, fmt::format("JSON Value: {} Type: {} is not of expected type: object",
                                                   shownJson(body), typeName(body)));
  SERVING_ASSIGN(signature, signatureNameIn(body));
  SERVING_TRY(checkMethod(model, signature, classify));
  const auto* examples = member(body, "examples");
  if (examples == nullptr || !examples->IsArray() || examples->Empty())
    return refuse(FaultKind::BadInput, "JSON Value: 'examples' key not found, or not a list with at least one example");
  const auto* context = member(body, "context");
  const auto& layout = model.layout();
  InputRows rows;
  for (const auto& example : examples->GetArray()) {
    if (!example.IsObject())
      return refuse(FaultKind::BadInput,
                    fmt::format("Example must be JSON object but got JSON Value: {}", shownJson(example)));
    const auto valueOf = [&](std::string_view name) {
      const auto* value = member(example, name);
      return value == nullptr && context != nullptr ? member(*context, name) : value;
    };
    if (const auto* whole = valueOf(inputTensorName); whole != nullptr && layout.column(inputTensorName) == nullptr) {
      SERVING_TRY(appendJsonInput(layout, *whole, rows));
      continue;
    }
    if (!layout.table() || layout.window() > 1)
      return refuse(FaultKind::BadInput, fmt::format("Missing feature: {}", inputTensorName));
    const auto first = rows.numbers.size();
    rows.numbers.resize(first + layout.inputSize());
    for (const auto& column : layout.columns()) {
      const auto* value = valueOf(column.name());
      if (value == nullptr) return refuse(FaultKind::BadInput, fmt::format("Missing feature: {}", column.name()));
      SERVING_TRY(writeJsonCell(column, *value, rows.numbers.data() + first));
    }
    ++rows.rows;
  }
  return rows;
}

void appendClasses(std::string& out, const ServedModel& model, std::span<const float> row) {
  const auto& classes = model.schema().target.classes;
  out += '[';
  for (std::size_t c = 0; c < row.size(); ++c) {
    out += c > 0 ? ", [" : "[";
    appendJsonText(out, c < classes.size() ? classes[c] : std::to_string(c));
    out += ", ";
    appendFloat(out, row[c]);
    out += ']';
  }
  out += ']';
}

}  // namespace

Answer<TensorFlowRows> rowsOfTensorFlow(const ServedModel& model, std::string_view text) {
  JsonBody json;
  SERVING_TRY(json.parse(text));
  const auto& body = json.root();
  if (!body.IsObject())
    return refuse(FaultKind::BadInput, fmt::format("JSON Value: {} Type: {} is not of expected type: object",
                                                   shownJson(body), typeName(body)));
  SERVING_ASSIGN(signature, signatureIn(model, body));
  const auto* instances = member(body, "instances");
  const auto* inputs = member(body, "inputs");
  if (instances != nullptr && inputs != nullptr)
    return refuse(
        FaultKind::BadInput,
        fmt::format(
            "JSON Value: {} Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist ",
            shownJson(body)));
  if (instances == nullptr && inputs == nullptr)
    return refuse(FaultKind::BadInput, "Missing 'inputs' or 'instances' key");
  SERVING_ASSIGN(tensors, instances != nullptr ? rowFormat(signature, *instances) : columnFormat(signature, *inputs));
  TensorFlowRows result;
  result.columnFormat = instances == nullptr;
  SERVING_ASSIGN(rows, rowsOfTensors(model.layout(), tensors, ImageOrder::ChannelsLast));
  result.rows = std::move(rows);
  return result;
}

void tensorFlowPredict(const ExchangePtr& exchange) {
  const auto posted = exchange->model->post(
      [exchange](const InputLayout&) -> Answer<InputRows> {
        SERVING_ASSIGN(read, rowsOfTensorFlow(*exchange->model, exchange->request.body));
        exchange->instances = !read.columnFormat;
        return std::move(read.rows);
      },
      [exchange](const Answer<Outputs>& outputs) {
        if (!outputs) {
          sendFault(*exchange, outputs.error());
          return;
        }
        std::vector<std::int64_t> shape{static_cast<std::int64_t>(outputs->rows)};
        const auto& each = exchange->model->outputShape();
        shape.insert(shape.end(), each.begin(), each.end());
        std::string body = exchange->instances ? "{\n    \"predictions\": " : "{\n    \"outputs\": ";
        appendNested(body, outputs->values, shape);
        exchange->send(200, body + "\n}");
      });
  if (!posted) sendFault(*exchange, posted.error());
}

void tensorFlowExamples(const ExchangePtr& exchange, bool classify) {
  const auto posted = exchange->model->post(
      [exchange, classify](const InputLayout&) {
        return rowsOfExamples(*exchange->model, exchange->request.body, classify);
      },
      [exchange, classify](const Answer<Outputs>& outputs) {
        if (!outputs) {
          sendFault(*exchange, outputs.error());
          return;
        }
        std::string body = "{\n    \"results\": [";
        for (std::size_t row = 0; row < outputs->rows; ++row) {
          if (row > 0) body += ", ";
          const auto values = outputs->values.subspan(row * outputs->columns, outputs->columns);
          if (classify)
            appendClasses(body, *exchange->model, values);
          else
            appendFloat(body, values[0]);
        }
        exchange->send(200, body + "]\n}");
      });
  if (!posted) sendFault(*exchange, posted.error());
}

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/tensor_facts.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "core/spec/targets.h"

namespace lathe::serving {
namespace {

std::string named(const std::vector<TensorFact>& facts) {
  std::set<std::string> names;
  for (const auto& fact : facts) names.insert(fact.name);
  return fmt::format("{{{}}}", fmt::join(names, ","));
}

std::string braced(const std::set<std::string>& names) { return fmt::format("{{{}}}", fmt::join(names, ",")); }

}  // namespace

std::string bracketed(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ",")); }

std::optional<std::size_t> elementsIn(const std::vector<std::int64_t>& shape) {
  std::uint64_t count = 1;
  for (const auto size : shape) {
    if (size < 0 || (size > 0 && count > (std::uint64_t{1} << 40U) / static_cast<std::uint64_t>(size)))
      return std::nullopt;
    count *= static_cast<std::uint64_t>(size);
  }
  return static_cast<std::size_t>(count);
}

TensorFact inputTensorFact(const ServedModel& model, ImageOrder order) {
  TensorFact fact{inputTensorName, false, {-1}};
  const auto& shape = model.layout().inputShape();
  fact.shape.insert(fact.shape.end(), shape.begin(), shape.end());
  if (model.layout().image() && order == ImageOrder::ChannelsLast)
    std::rotate(fact.shape.begin() + 1, fact.shape.begin() + 2, fact.shape.end());
  return fact;
}

TensorFact outputTensorFact(const ServedModel& model) {
  TensorFact fact{outputTensorName, false, {-1}};
  fact.shape.insert(fact.shape.end(), model.outputShape().begin(), model.outputShape().end());
  return fact;
}

std::vector<TensorFact> columnFacts(const ServedModel& model) {
  std::vector<TensorFact> facts;
  const auto window = static_cast<std::int64_t>(model.layout().window());
  for (const auto& column : model.layout().columns()) {
    facts.push_back({column.name(), column.isText(), {-1}});
    if (window > 1) facts.back().shape.push_back(window);
  }
  return facts;
}

std::vector<ServedSignature> signaturesOf(const ServedModel& model) {
  const auto output = outputTensorFact(model);
  const auto input = inputTensorFact(model, ImageOrder::ChannelsLast);
  std::vector<ServedSignature> signatures;
  signatures.push_back({"predict_signature", predictMethod, {input}, {output}});
  signatures.push_back({defaultSignatureName,
                        predictMethod,
                        model.layout().hasText() ? columnFacts(model) : std::vector{input},
                        {output}});
  const TensorFact examples{"inputs", true, {-1}};
  if (model.classifies())
    signatures.push_back({"classify",
                          classifyMethod,
                          {examples},
                          {{"classes", true, {-1, output.shape.back()}}, {"scores", false, output.shape}}});
  else if (spec::outputCount(model.schema()) == 1)
    signatures.push_back({"regress", regressMethod, {examples}, {{"outputs", false, output.shape}}});
  return signatures;
}

Answer<ServedSignature> predictSignature(const ServedModel& model, const std::string& name) {
  for (auto& signature : signaturesOf(model))
    if (signature.name == (name.empty() ? defaultSignatureName : name)) {
      if (signature.method != predictMethod)
        return refuse(FaultKind::Precondition, fmt::format("Expected predict signature method_name to be {}. Was: {}",
                                                           predictMethod, signature.method));
      return std::move(signature);
    }
  return refuse(FaultKind::Precondition, fmt::format("Serving signature key \"{}\" not found.", name));
}

Answer<void> checkMethod(const ServedModel& model, const std::string& signature, bool classify) {
  const auto* method = classify ? classifyMethod : regressMethod;
  const auto signatures = signaturesOf(model);
  const bool fits =
      std::any_of(signatures.begin(), signatures.end(), [&](const auto& each) { return each.method == method; });
  // The default signature stands for whatever the model can do.
  if (signature.empty() || signature == defaultSignatureName) {
    if (fits) return {};
    return refuse(FaultKind::BadInput, fmt::format("Expected {} signature method_name to be {}. Was: {}",
                                                   classify ? "classification" : "regression", method, predictMethod));
  }
  for (const auto& each : signatures)
    if (each.name == signature) {
      if (each.method == method) return {};
      return refuse(FaultKind::BadInput, fmt::format("Expected {} signature method_name to be {}. Was: {}",
                                                     classify ? "classification" : "regression", method, each.method));
    }
  return refuse(FaultKind::Precondition, fmt::format("Serving signature key \"{}\" not found.", signature));
}

Answer<void> checkInputNames(const ServedSignature& signature, const std::vector<std::string>& sent) {
  std::set<std::string> extra(sent.begin(), sent.end());
  const auto given = extra;
  std::set<std::string> missing;
  for (const auto& input : signature.inputs)
    if (extra.erase(input.name) == 0) missing.insert(input.name);
  if (extra.empty() && missing.empty()) return {};
  return refuse(
      FaultKind::BadInput,
      fmt::format(
          "input size does not match signature: {}!={} len({}) != len({}). Sent extra: {}. Missing but required: {}.",
          given.size(), signature.inputs.size(), braced(given), named(signature.inputs), braced(extra),
          braced(missing)));
}

Answer<void> checkOutputNames(const ServedSignature& signature, const std::vector<std::string>& wanted) {
  for (const auto& name : wanted)
    if (std::none_of(signature.outputs.begin(), signature.outputs.end(),
                     [&](const auto& output) { return output.name == name; }))
      return refuse(FaultKind::BadInput,
                    fmt::format("output tensor alias not found in signature: {} Outputs expected to be in the set {}.",
                                name, named(signature.outputs)));
  return {};
}

}  // namespace lathe::serving

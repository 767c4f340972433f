// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>

#include "core/search/architectures/genes.h"
#include "core/search/names.h"

namespace lathe::search {
namespace {

const spec::GraphContext::Input* find(const spec::GraphContext& context, std::string_view name) {
  for (const auto& input : context.inputs)
    if (input.name == name) return &input;
  return nullptr;
}

bool hasPictures(const spec::TemplateContext& context) { return find(context.graph, "image") != nullptr; }

constexpr std::string_view prefix = "architecture.";

}  // namespace

const std::vector<std::string>& architectureSpaces() {
  static const std::vector<std::string> names{"mlp", "resmlp", "cells", "free"};
  return names;
}

const std::vector<std::string>& architectureMethods() {
  static const std::vector<std::string> names{"random", "evolution", "tpe", "bohb", "spos", "darts"};
  return names;
}

std::string usualArchitectureSpace(const spec::TemplateContext& context) {
  return hasPictures(context) ? "cells" : "resmlp";
}

Result<SearchSpace> architectureSpace(const std::string& name, const spec::TemplateContext& context) {
  const auto plain = plainName(name);
  const auto& known = architectureSpaces();
  if (std::find(known.begin(), known.end(), plain) == known.end())
    return fail("nas.space", LATHE_TEXT("errors", "There is no space of architectures called {name}."),
                LATHE_TEXT("errors", "Spaces are {names}."), {{"name", name}, {"names", joined(known)}});
  if (context.task == spec::Task::Anomaly)
    return fail("nas.space_data", LATHE_TEXT("errors", "Architectures are searched for data with a target only."),
                LATHE_TEXT("errors", "Search the settings of the autoencoder with lathe-cli search."));
  if (find(context.graph, "audio") != nullptr)
    return fail("nas.space_data",
                LATHE_TEXT("errors", "Architectures are searched for tables, sequences and images, not for sound."),
                LATHE_TEXT("errors", "Search the settings of a template with lathe-cli search."));
  if (plain == "cells" && !hasPictures(context))
    return fail("nas.space_data", LATHE_TEXT("errors", "Cells of convolutions are for images, but this is a table."),
                LATHE_TEXT("errors", "Choose the space mlp, resmlp or free."));
  if (plain == "cells") return cellSpace(find(context.graph, "image")->shape);
  if (plain == "free") return freeSpace(hasPictures(context));
  return plain == "mlp" ? mlpSpace() : resmlpSpace();
}

Result<spec::ModelGraph> buildArchitecture(const std::string& name, const SearchSpace& space,
                                           const Configuration& configuration, const spec::TemplateContext& context) {
  if (context.graph.inputs.empty())
    return fail("spec.no_features", LATHE_TEXT("errors", "No column is left for the model to read."),
                LATHE_TEXT("errors", "Give at least one column the role feature and a kind other than id."));
  const Genes genes(space, configuration);
  const auto plain = plainName(name);
  auto graph = plain == "cells"                          ? buildCells(genes, context)
               : plain == "free" && hasPictures(context) ? buildFreeImage(genes, context)
               : plain == "free"                         ? buildFreeTable(genes, context)
               : plain == "mlp"                          ? buildMlpShape(genes, context)
                                                         : buildResidualMlp(genes, context);
  const auto report = spec::analyse(graph, context.graph);
  if (report.error) return tl::unexpected<Error>(*report.error);
  return graph;
}

bool isArchitectureParameter(const std::string& name) { return name.rfind(prefix, 0) == 0; }

GenePlace genePlace(const std::string& parameter) {
  const auto rest = parameter.substr(std::min(prefix.size(), parameter.size()));
  constexpr std::string_view node = "node";
  GenePlace place{0, rest};
  const auto dot = rest.find('.');
  if (rest.rfind(node, 0) != 0 || dot == std::string::npos) return place;
  const auto [end, error] = std::from_chars(rest.data() + node.size(), rest.data() + dot, place.node);
  if (error != std::errc() || end != rest.data() + dot) return {0, rest};
  place.gene = rest.substr(dot + 1);
  return place;
}

spec::SearchParameter& SpaceWriter::add(const std::string& gene, spec::ParameterType type, Values values) {
  auto& parameter = m_space.parameters.emplace_back();
  parameter.name = std::string(prefix) + gene;
  parameter.type = type;
  parameter.low = 0;
  parameter.high = values.empty() ? 0 : static_cast<double>(values.size() - 1);
  parameter.choices = std::move(values);
  return parameter;
}

void SpaceWriter::number(const std::string& gene, int low, int high) {
  auto& parameter = add(gene, spec::ParameterType::Int, {});
  parameter.low = low;
  parameter.high = high;
  parameter.step = 1;
}

void SpaceWriter::ordered(const std::string& gene, Values values) {
  add(gene, spec::ParameterType::Ordinal, std::move(values));
}

void SpaceWriter::choice(const std::string& gene, Values values) {
  add(gene, spec::ParameterType::Categorical, std::move(values));
}

void SpaceWriter::only(const std::string& gene, const Values& values) {
  const auto at = m_space.find(std::string(prefix) + gene);
  if (!at) return;
  spec::ParameterCondition condition{*at, {}};
  for (const auto& value : values)
    if (const auto code = spec::codeOf(m_space.parameters[*at], value)) condition.in.push_back(*code);
  m_space.parameters.back().conditions.push_back(std::move(condition));
}

void SpaceWriter::onlyFromNode(int node, int most) {
  Values counts;
  for (int count = node; count <= most; ++count) counts.emplace_back(count);
  only("nodes", counts);
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <functional>
#include <string>

#include "core/search/architectures/architecture.h"

/// Reads and makes spaces of architectures. For this folder only.
namespace lathe::search {

/// What a configuration says, by the names of genes.
class Genes {
 public:
  Genes(const SearchSpace& space, const Configuration& configuration)
      : m_space(space), m_configuration(configuration) {}
  [[nodiscard]] spec::Value value(const std::string& gene) const {
    const auto at = m_space.find("architecture." + gene);
    if (!at || std::isnan(m_configuration[*at])) return {};
    return spec::valueOf(m_space.parameters[*at], m_configuration[*at]);
  }
  [[nodiscard]] std::int64_t integer(const std::string& gene, std::int64_t fallback = 0) const {
    return value(gene).toInteger(fallback);
  }
  [[nodiscard]] double real(const std::string& gene, double fallback = 0) const { return value(gene).toReal(fallback); }
  [[nodiscard]] std::string text(const std::string& gene, const std::string& fallback = {}) const {
    return value(gene).toText(fallback);
  }

 private:
  const SearchSpace& m_space;
  const Configuration& m_configuration;
};

/// Adds parameters and their conditions.
class SpaceWriter {
 public:
  using Values = std::vector<spec::Value>;
  void number(const std::string& gene, int low, int high);
  void ordered(const std::string& gene, Values values);
  void choice(const std::string& gene, Values values);
  /// The newest parameter counts only while an earlier one has one of these values.
  void only(const std::string& gene, const Values& values);
  /// While the list has at least so many nodes.
  void onlyFromNode(int node, int most);
  [[nodiscard]] SearchSpace take() { return std::move(m_space); }

 private:
  spec::SearchParameter& add(const std::string& gene, spec::ParameterType type, Values values);
  SearchSpace m_space;
};

inline std::string nodeGene(int node, const std::string& gene) { return "node" + std::to_string(node) + "." + gene; }

SearchSpace mlpSpace();
SearchSpace resmlpSpace();
SearchSpace cellSpace(const spec::Shape& image);
SearchSpace freeSpace(bool images);

inline constexpr int mostNodes = 6, mostFreeNodes = 8;
/// Nodes of a cell, input and output among them.
inline constexpr int cellNodes = 4;
/// The gene of its edge: "edge01".
[[nodiscard]] std::string cellEdge(int from, int to);

/// Layers under construction.
class ArchitectureWriter {
 public:
  explicit ArchitectureWriter(const spec::TemplateContext& context) : m_context(context) {}
  std::string add(const std::string& name, const std::string& kind, spec::ValueMap attributes = {},
                  std::vector<std::string> inputs = {});
  /// What the first layer of a table reads: features, embedded categories and text side by side.
  std::string tableInput();
  /// The last linear layer.
  spec::ModelGraph finish(const std::string& before);
  [[nodiscard]] const std::string& last() const { return m_graph.layers.back().name; }

 private:
  const spec::TemplateContext& m_context;
  spec::ModelGraph m_graph;
};

/// An image as it runs through the layers.
struct ImageValue {
  std::string name;
  std::int64_t channels = 1, height = 1, width = 1;
};

spec::ModelGraph buildMlpShape(const Genes& genes, const spec::TemplateContext& context);
spec::ModelGraph buildResidualMlp(const Genes& genes, const spec::TemplateContext& context);
spec::ModelGraph buildCells(const Genes& genes, const spec::TemplateContext& context);
/// The same with cells of another making.
using CellBuilder =
    std::function<ImageValue(ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x)>;
spec::ModelGraph buildWithCells(const Genes& genes, const spec::TemplateContext& context, const CellBuilder& cell);
spec::ModelGraph buildFreeTable(const Genes& genes, const spec::TemplateContext& context);
spec::ModelGraph buildFreeImage(const Genes& genes, const spec::TemplateContext& context);

/// One operation of a cell, which keeps channels and size: the layer that gives it. Not "none"; "skip" is x itself.
std::string cellOperation(ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x,
                          const std::string& op, const std::string& activation);
/// conv, norm and activation in this order; the kernel is odd, so that the size stays.
ImageValue convolve(ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x, std::int64_t out,
                    std::int64_t kernel, const std::string& activation);
/// Halves it where something is left to halve.
ImageValue halve(ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x, const std::string& how);
/// Brings x to the size of another one: pooling, then a convolution of 1.
ImageValue match(ArchitectureWriter& writer, const std::string& prefix, ImageValue x, const ImageValue& to);
/// Flattened or averaged, a hidden layer, dropout, and the output.
spec::ModelGraph imageHead(ArchitectureWriter& writer, const Genes& genes, const ImageValue& x);

}  // namespace lathe::search

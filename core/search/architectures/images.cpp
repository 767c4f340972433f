// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/search/architectures/genes.h"

// Spaces for images: cells of convolutions, and free lists of them.
namespace lathe::search {
namespace {

using spec::Value;
using Values = SpaceWriter::Values;
using Sizes = std::vector<std::int64_t>;

constexpr std::int64_t smallestHalved = 4;
constexpr std::int64_t largestFlatten = 16384;

ImageValue imageOf(const spec::TemplateContext& context) {
  for (const auto& input : context.graph.inputs)
    if (input.name == "image") return {"image", input.shape[0], input.shape[1], input.shape[2]};
  return {};
}

ImageValue same(const ImageValue& x, std::string name, std::int64_t channels) {
  return {std::move(name), channels, x.height, x.width};
}

bool canHalve(const ImageValue& x) { return std::min(x.height, x.width) >= smallestHalved; }

std::string plainConvolution(ArchitectureWriter& writer, const std::string& name, const std::string& x,
                             std::int64_t out, std::int64_t kernel, std::int64_t dilation = 1) {
  spec::ValueMap attributes{{"out", out}, {"kernel", Sizes{kernel}}, {"bias", false}};
  if (dilation > 1) {
    attributes["dilation"] = Sizes{dilation};
    attributes["padding"] = Sizes{dilation * (kernel / 2)};
  }
  return writer.add(name, "conv2d", std::move(attributes), {x});
}

std::string sumOf(ArchitectureWriter& writer, const std::string& name, std::vector<std::string> parts) {
  // The same value twice says nothing new, and a sum wants different ones.
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  return parts.size() == 1 ? parts.front() : writer.add(name, "add", {}, std::move(parts));
}

/// Nodes of the cell that lead from its input to its output.
std::vector<bool> livingNodes(const Genes& genes) {
  std::vector<bool> reached(cellNodes, false), useful(cellNodes, false);
  const auto there = [&](int a, int b) { return genes.text(cellEdge(a, b), "none") != "none"; };
  reached[0] = true;
  for (int b = 1; b < cellNodes; ++b)
    for (int a = 0; a < b; ++a)
      if (reached[static_cast<std::size_t>(a)] && there(a, b)) reached[static_cast<std::size_t>(b)] = true;
  useful[cellNodes - 1] = true;
  for (int a = cellNodes - 2; a >= 0; --a)
    for (int b = a + 1; b < cellNodes; ++b)
      if (useful[static_cast<std::size_t>(b)] && there(a, b)) useful[static_cast<std::size_t>(a)] = true;
  for (std::size_t i = 0; i < reached.size(); ++i) reached[i] = reached[i] && useful[i];
  return reached;
}

/// The graph of one cell. A cell through which nothing comes is a shortcut.
ImageValue plainCell(ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x, const Genes& genes,
                     const std::string& activation) {
  const auto living = livingNodes(genes);
  std::vector<ImageValue> nodes(cellNodes, x);
  for (int b = 1; b < cellNodes; ++b) {
    if (!living[static_cast<std::size_t>(b)]) continue;
    std::vector<std::string> parts;
    for (int a = 0; a < b; ++a) {
      if (!living[static_cast<std::size_t>(a)]) continue;
      const auto name = prefix + std::to_string(a) + std::to_string(b) + "_";
      if (const auto op = genes.text(cellEdge(a, b), "none"); op != "none")
        parts.push_back(cellOperation(writer, name, nodes[static_cast<std::size_t>(a)], op, activation));
    }
    nodes[static_cast<std::size_t>(b)].name = sumOf(writer, prefix + "sum" + std::to_string(b), std::move(parts));
  }
  return living.back() ? nodes.back() : x;
}

}  // namespace

std::string cellOperation(ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x,
                          const std::string& op, const std::string& activation) {
  if (op == "skip") return x.name;
  if (op == "max3" || op == "avg3")
    return writer.add(prefix + op, op == "max3" ? "maxpool2d" : "avgpool2d",
                      {{"kernel", Sizes{3}}, {"stride", Sizes{1}}, {"padding", Sizes{1}}}, {x.name});
  const bool dilated = op == "dilated3";
  const std::int64_t kernel = op == "conv1" ? 1 : op == "conv5" ? 5 : 3;
  plainConvolution(writer, prefix + op, x.name, x.channels, kernel, dilated ? 2 : 1);
  writer.add(prefix + op + "_norm", "batchnorm2d");
  return writer.add(prefix + op + "_act", activation);
}

std::string cellEdge(int from, int to) { return "edge" + std::to_string(from) + std::to_string(to); }

ImageValue convolve(ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x, std::int64_t out,
                    std::int64_t kernel, const std::string& activation) {
  plainConvolution(writer, prefix + "conv", x.name, out, kernel);
  writer.add(prefix + "norm", "batchnorm2d");
  return same(x, writer.add(prefix + "act", activation), out);
}

ImageValue halve(ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x, const std::string& how) {
  if (!canHalve(x)) return x;
  const auto name = writer.add(prefix + "pool", how == "average" ? "avgpool2d" : "maxpool2d", {}, {x.name});
  return {name, x.channels, x.height / 2, x.width / 2};
}

ImageValue match(ArchitectureWriter& writer, const std::string& prefix, ImageValue x, const ImageValue& to) {
  for (int i = 1; x.height > to.height || x.width > to.width; ++i)
    x = halve(writer, prefix + std::to_string(i) + "_", x, "average");
  if (x.channels == to.channels) return x;
  return same(x, plainConvolution(writer, prefix + "conv", x.name, to.channels, 1), to.channels);
}

spec::ModelGraph imageHead(ArchitectureWriter& writer, const Genes& genes, const ImageValue& x) {
  const bool flat = genes.text("head") == "flatten" && x.channels * x.height * x.width <= largestFlatten;
  auto before = writer.add(flat ? "flatten" : "average", flat ? "flatten" : "globalavgpool", {}, {x.name});
  if (const auto hidden = genes.integer("hidden"); hidden > 0) {
    writer.add("hidden", "linear", {{"out", hidden}}, {before});
    before = writer.add("hidden_act", "relu");
  }
  if (const double p = genes.real("dropout"); p > 0) before = writer.add("drop", "dropout", {{"p", p}}, {before});
  return writer.finish(before);
}

SearchSpace cellSpace(const spec::Shape& image) {
  SpaceWriter space;
  for (int b = 1; b < cellNodes; ++b)
    for (int a = 0; a < b; ++a)
      space.choice(cellEdge(a, b), {"none", "skip", "conv1", "conv3", "conv5", "dilated3", "max3", "avg3"});
  const bool small = std::min(image[1], image[2]) < 2 * smallestHalved;
  space.ordered("channels", {8, 12, 16, 24, 32, 48, 64});
  space.ordered("growth", {1.0, 1.5, 2.0});
  space.number("stages", 1, small ? 1 : 3);
  space.number("repeats", 1, 2);
  space.choice("stem", {"whole", "halved"});
  space.choice("pool", {"max", "average"});
  space.choice("activation", {"relu", "silu", "gelu"});
  space.choice("head", {"flatten", "average"});
  space.ordered("hidden", {0, 32, 64, 128, 256});
  space.ordered("dropout", {0.0, 0.1, 0.2, 0.3, 0.4, 0.5});
  return space.take();
}

// A stem, then stages of cells; each stage begins with a convolution that brings the channels and halves at its end.
spec::ModelGraph buildWithCells(const Genes& genes, const spec::TemplateContext& context, const CellBuilder& cell) {
  ArchitectureWriter writer(context);
  const auto activation = genes.text("activation", "relu");
  auto channels = static_cast<double>(genes.integer("channels", 16));
  auto x = convolve(writer, "stem_", imageOf(context), std::llround(channels), 3, activation);
  if (genes.text("stem") == "halved") x = halve(writer, "stem_", x, genes.text("pool"));
  const auto stages = genes.integer("stages", 1);
  for (std::int64_t stage = 1; stage <= stages; ++stage) {
    const auto prefix = "s" + std::to_string(stage);
    if (stage > 1) {
      channels *= genes.real("growth", 2);
      x = convolve(writer, prefix + "_", x, std::llround(channels), 3, activation);
    }
    for (std::int64_t i = 1; i <= genes.integer("repeats", 1); ++i)
      x = cell(writer, prefix + "c" + std::to_string(i), x);
    if (stage < stages || genes.text("head") == "flatten") x = halve(writer, prefix + "_", x, genes.text("pool"));
  }
  return imageHead(writer, genes, x);
}

spec::ModelGraph buildCells(const Genes& genes, const spec::TemplateContext& context) {
  return buildWithCells(genes, context,
                        [&](ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x) {
                          return plainCell(writer, prefix, x, genes, genes.text("activation", "relu"));
                        });
}

spec::ModelGraph buildFreeImage(const Genes& genes, const spec::TemplateContext& context) {
  ArchitectureWriter writer(context);
  std::vector<ImageValue> values{imageOf(context)};
  const auto nodes = genes.integer("nodes", 1);
  for (std::int64_t node = 1; node <= nodes; ++node) {
    const auto prefix = "n" + std::to_string(node) + "_";
    const auto gene = [&](const char* name) { return nodeGene(static_cast<int>(node), name); };
    const auto out = genes.integer(gene("width"), 16);
    const auto kernel = genes.integer(gene("kernel"), 3);
    const auto activation = genes.text(gene("activation"), "relu");
    const auto op = genes.text(gene("op"), "conv");
    auto x = values.back();
    ImageValue y;
    if (op == "conv") {
      y = convolve(writer, prefix, x, out, kernel, activation);
    } else if (op == "separable" || op == "dilated") {
      if (op == "separable")
        writer.add(prefix + "sep", "separable_conv2d", {{"out", out}, {"kernel", Sizes{kernel}}, {"bias", false}},
                   {x.name});
      else
        plainConvolution(writer, prefix + "dilated", x.name, out, kernel, 2);
      writer.add(prefix + "norm", "batchnorm2d");
      y = same(x, writer.add(prefix + "act", activation), out);
    } else {  // around a shortcut; a bottleneck is narrow inside
      if (x.channels != out) x = same(x, plainConvolution(writer, prefix + "fit", x.name, out, 1), out);
      const auto inside = op == "bottleneck" ? std::max<std::int64_t>(4, out / 4) : out;
      const auto narrow = op == "bottleneck" ? convolve(writer, prefix + "in_", x, inside, 1, activation) : x;
      const auto bent = convolve(writer, prefix, narrow, inside, kernel, activation);
      plainConvolution(writer, prefix + "back", bent.name, out, op == "bottleneck" ? 1 : kernel);
      const auto branch = writer.add(prefix + "back_norm", "batchnorm2d");
      y = same(x, writer.add(prefix + "sum", "add", {}, {x.name, branch}), out);
    }
    if (const auto pool = genes.text(gene("pool"), "none"); pool != "none") y = halve(writer, prefix, y, pool);
    if (const auto skip = genes.integer(gene("skip")); skip > 0) {
      const auto from = std::max<std::int64_t>(0, static_cast<std::int64_t>(values.size()) - 1 - skip);
      const auto source = match(writer, prefix + "match", values[static_cast<std::size_t>(from)], y);
      if (source.name != y.name) y.name = writer.add(prefix + "skip", "add", {}, {y.name, source.name});
    }
    values.push_back(y);
  }
  return imageHead(writer, genes, values.back());
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/architecture_words.h"

#include <QCoreApplication>
#include <QStringList>

#include "core/services/study_settings.h"
#include "ui/bridge/error_text.h"

namespace lathe::ui {

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(ArchitectureWords)
};

/// Of one gene, as it stands alone.
QString plainGeneWord(const std::string& gene) {
  const std::pair<const char*, QString> known[] = {{"nodes", Words::tr("Nodes")},
                                                   {"op", Words::tr("Operation")},
                                                   {"width", Words::tr("Width")},
                                                   {"expansion", Words::tr("Expansion")},
                                                   {"kernel", Words::tr("Kernel")},
                                                   {"activation", Words::tr("Activation")},
                                                   {"norm", Words::tr("Normalisation")},
                                                   {"dropout", Words::tr("Dropout")},
                                                   {"skip", Words::tr("Shortcut")},
                                                   {"pool", Words::tr("Pooling")},
                                                   {"channels", Words::tr("Channels")},
                                                   {"growth", Words::tr("Growth of the channels")},
                                                   {"stages", Words::tr("Stages")},
                                                   {"repeats", Words::tr("Cells a stage")},
                                                   {"stem", Words::tr("Stem")},
                                                   {"head", Words::tr("Head")},
                                                   {"hidden", Words::tr("Hidden layer of the head")}};
  for (const auto& [name, word] : known)
    if (gene == name) return word;
  if (gene.size() == 6 && gene.rfind("edge", 0) == 0)
    return Words::tr("Edge %1 \u2192 %2").arg(QLatin1Char(gene[4])).arg(QLatin1Char(gene[5]));
  return QString::fromStdString(gene);
}

/// "3 x 3"
QString square(int side) { return QStringLiteral("%1\u00d7%1").arg(side); }

/// "conv 32 3 relu": each part by itself.
QString partsText(const std::string& parts) {
  QStringList words;
  for (const auto& part : QString::fromStdString(parts).split(QLatin1Char(' '), Qt::SkipEmptyParts))
    words << geneValueWord(part.toStdString());
  return words.join(QStringLiteral(", "));
}

}  // namespace

QString architectureSpaceWord(const std::string& name) {
  if (name.empty() || name == "auto") return Words::tr("By the data");
  if (name == "mlp") return Words::tr("Chains (mlp)");
  if (name == "resmlp") return Words::tr("Residual blocks (resmlp)");
  if (name == "cells") return Words::tr("Cells of convolutions");
  if (name == "free") return Words::tr("Free lists of nodes");
  return QString::fromStdString(name);
}

QString architectureSpaceHelp(const std::string& name) {
  if (name.empty() || name == "auto") return Words::tr("Cells for images, residual blocks for everything else.");
  if (name == "mlp") return Words::tr("Up to six linear layers, each with a width of its own.");
  if (name == "resmlp") return Words::tr("Up to six residual blocks of one width: usual for tables.");
  if (name == "cells") return Words::tr("A small graph of operations, repeated, and what surrounds it: for images.");
  if (name == "free") return Words::tr("Up to eight nodes of any kind, with shortcuts between them: the widest space.");
  return {};
}

QString architectureMethodWord(const std::string& name) {
  if (name == "evolution") return Words::tr("Evolution");
  if (name == "random") return Words::tr("Random");
  if (name == "tpe") return Words::tr("Parzen trees (TPE)");
  if (name == "bohb") return QStringLiteral("BOHB");
  if (name == "spos") return Words::tr("Shared weights (SPOS)");
  if (name == "darts") return Words::tr("Mixed operations (DARTS)");
  return QString::fromStdString(name).toUpper();
}

QString architectureMethodHelp(const std::string& name) {
  if (name == "evolution")
    return Words::tr("Children of good architectures by one change each; the oldest leave. Good without more ado.");
  if (name == "random") return Words::tr("Draws each architecture by itself: the honest baseline.");
  if (name == "tpe") return Words::tr("Models what good and bad architectures have in common.");
  if (name == "bohb") return Words::tr("As TPE, and stops what falls behind early (Hyperband).");
  if (name == "spos")
    return Words::tr("Trains one network that holds all architectures, then trains the paths that it thinks best.");
  if (name == "darts")
    return Words::tr("Trains one network whose edges mix all operations, then trains what they prefer: for cells.");
  return {};
}

bool ranksBySharedWeights(const std::string& method) { return method == "spos" || method == "darts"; }

bool hasParents(const std::string& method) { return method == "evolution"; }

QString geneWord(const std::string& parameter, bool shortForm) {
  const auto place = search::genePlace(parameter);
  auto word = plainGeneWord(place.gene);
  if (place.node == 0) return word;
  return (shortForm ? Words::tr("%1: %2", "node's number, gene") : Words::tr("Node %1: %2", "number, gene"))
      .arg(place.node)
      .arg(word.toLower());
}

QString geneValueWord(const std::string& value) {
  const std::pair<const char*, QString> known[] = {{"none", Words::tr("none")},
                                                   {"skip", Words::tr("shortcut")},
                                                   {"conv", Words::tr("convolution")},
                                                   {"conv1", Words::tr("convolution %1").arg(square(1))},
                                                   {"conv3", Words::tr("convolution %1").arg(square(3))},
                                                   {"conv5", Words::tr("convolution %1").arg(square(5))},
                                                   {"dilated3", Words::tr("dilated %1").arg(square(3))},
                                                   {"max3", Words::tr("max pool %1").arg(square(3))},
                                                   {"avg3", Words::tr("average pool %1").arg(square(3))},
                                                   {"residual", Words::tr("residual")},
                                                   {"bottleneck", Words::tr("bottleneck")},
                                                   {"separable", Words::tr("separable")},
                                                   {"dilated", Words::tr("dilated")},
                                                   {"linear", Words::tr("linear")},
                                                   {"gated", Words::tr("gated")},
                                                   {"batch", Words::tr("batch")},
                                                   {"layer", Words::tr("layer")},
                                                   {"whole", Words::tr("whole size")},
                                                   {"halved", Words::tr("halved")},
                                                   {"max", Words::tr("maximum")},
                                                   {"average", Words::tr("average")},
                                                   {"flatten", Words::tr("flattened")},
                                                   {"relu", QStringLiteral("ReLU")},
                                                   {"gelu", QStringLiteral("GELU")},
                                                   {"silu", QStringLiteral("SiLU")},
                                                   {"tanh", QStringLiteral("tanh")},
                                                   {"-", QStringLiteral("\u2014")}};
  for (const auto& [name, word] : known)
    if (value == name) return word;
  return QString::fromStdString(value);
}

QString changeText(const Message& change) {
  auto told = change;
  auto& args = told.args;
  const auto set = [&args](const char* name, const auto& make) {
    for (auto& [each, value] : args)
      if (each == name) value = make(value).toStdString();
  };
  set("gene", [](const std::string& gene) { return plainGeneWord(gene).toLower(); });
  set("before", [](const std::string& value) { return geneValueWord(value); });
  set("after", [](const std::string& value) { return geneValueWord(value); });
  set("what", partsText);
  set("where", [](const std::string& where) {
    constexpr std::string_view node = "node ";
    return where.rfind(node, 0) == 0 ? Words::tr("node %1").arg(QString::fromStdString(where.substr(node.size())))
                                     : QString::fromStdString(where);
  });
  auto text = translated(told, "events");
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

QString scoreWord(const std::string& name) {
  if (name == "synflow") return QStringLiteral("SynFlow");
  if (name == "naswot") return QStringLiteral("NASWOT");
  if (name == "grad_norm") return Words::tr("Gradient norm");
  if (name == "shared") return Words::tr("Shared network");
  if (name == "parameters") return Words::tr("Parameters");
  if (name == "flops") return Words::tr("FLOPs");
  return QString::fromStdString(name);
}

QString scoreHelp(const std::string& name) {
  if (name == "synflow") return Words::tr("How much flows through the untrained network when all weights are positive");
  if (name == "naswot") return Words::tr("How differently the untrained network answers to different rows");
  if (name == "grad_norm") return Words::tr("Length of the first gradient");
  if (name == "shared") return Words::tr("What the network of shared weights thought of the architecture");
  if (name == "parameters") return Words::tr("The plain baseline that every score has to beat");
  if (name == "flops") return Words::tr("Of one row, forward");
  return {};
}

}  // namespace lathe::ui

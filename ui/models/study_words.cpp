// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/study_words.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <cmath>

#include "core/spec/fields.h"
#include "core/spec/templates.h"
#include "ui/bridge/error_text.h"
#include "ui/models/architecture_words.h"
#include "ui/models/format.h"
#include "ui/models/spec_form.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(StudyWords)
};

const spec::AttributeInfo* settingOf(const std::string& path) {
  if (path.rfind("model.", 0) != 0) return nullptr;
  for (const auto& each : spec::templates())
    for (const auto& setting : each.settings)
      if (path == "model." + setting.name) return &setting;
  return nullptr;
}

constexpr std::size_t shownChoices = 6;

}  // namespace

QString samplerWord(const std::string& name) {
  if (name == "auto") return Words::tr("Automatic");
  if (name == "random") return Words::tr("Random");
  if (name == "grid") return Words::tr("Grid");
  if (name == "qmc") return Words::tr("Quasi-random (QMC)");
  if (name == "tpe") return Words::tr("Parzen trees (TPE)");
  if (name == "gp") return Words::tr("Gaussian process (GP)");
  if (name == "cmaes") return QStringLiteral("CMA-ES");
  if (name == "nsga2") return QStringLiteral("NSGA-II");
  if (name == "nsga3") return QStringLiteral("NSGA-III");
  if (name == "motpe") return QStringLiteral("MOTPE");
  if (name == "ehvi") return Words::tr("Expected hypervolume (EHVI)");
  if (name == "de") return Words::tr("Differential evolution");
  if (name == "evolution") return Words::tr("Regularised evolution");
  if (name == "annealing") return Words::tr("Simulated annealing");
  return QString::fromStdString(name).toUpper();
}

QString samplerHelp(const std::string& name) {
  if (name == "auto") return Words::tr("Takes what suits the space, the goals and the number of trials, and says why.");
  if (name == "random") return Words::tr("Draws each configuration by itself: the honest baseline.");
  if (name == "grid") return Words::tr("Goes through all combinations; numbers are divided evenly.");
  if (name == "qmc") return Words::tr("Spreads configurations evenly: better than random for a few dozen trials.");
  if (name == "tpe") return Words::tr("Models what good and bad trials have in common. Quick, takes any space.");
  if (name == "gp") return Words::tr("Models the goal itself: the fewest trials for up to some twenty numbers.");
  if (name == "cmaes") return Words::tr("Adapts a normal distribution: good for many numbers and some hundred trials.");
  if (name == "nsga2") return Words::tr("Evolves a population towards the Pareto front of several goals.");
  if (name == "nsga3") return Words::tr("As NSGA-II, for four goals and more.");
  if (name == "motpe") return Words::tr("TPE for several goals.");
  if (name == "ehvi") return Words::tr("A Gaussian process for several goals: the fewest trials.");
  if (name == "de") return Words::tr("Combines differences of good configurations; needs no model.");
  if (name == "evolution") return Words::tr("Mutates the best of a few, the oldest dies: good for architectures.");
  if (name == "annealing") return Words::tr("Walks from one configuration to its neighbours, more and more picky.");
  return {};
}

QString prunerWord(const std::string& name) {
  if (name == "none") return Words::tr("None");
  if (name == "median") return Words::tr("Median");
  if (name == "percentile") return Words::tr("Percentile");
  if (name == "patient") return Words::tr("Patient");
  if (name == "threshold") return Words::tr("Threshold");
  if (name == "halving") return Words::tr("Successive halving");
  if (name == "asha") return QStringLiteral("ASHA");
  if (name == "hyperband") return QStringLiteral("Hyperband");
  if (name == "bohb") return QStringLiteral("BOHB");
  if (name == "dehb") return QStringLiteral("DEHB");
  if (name == "wilcoxon") return Words::tr("Wilcoxon test");
  if (name == "pbt") return Words::tr("Population-based training");
  return QString::fromStdString(name).toUpper();
}

QString prunerHelp(const std::string& name) {
  if (name == "none") return Words::tr("Every trial is trained to its end.");
  if (name == "median")
    return Words::tr("Stops a trial that is worse than the median of the others at the same epoch.");
  if (name == "percentile") return Words::tr("As the median, with another share.");
  if (name == "patient") return Words::tr("Stops a trial that has not improved for some epochs.");
  if (name == "threshold") return Words::tr("Stops a trial whose value leaves the bounds.");
  if (name == "halving") return Words::tr("Trains many for a moment and goes on with the best third, again and again.");
  if (name == "asha")
    return Words::tr(
        "Successive halving without waiting: trials pause and go on from their checkpoint when they are "
        "among the best third.");
  if (name == "hyperband") return Words::tr("Successive halving with several compromises between many and long.");
  if (name == "bohb") return Words::tr("Hyperband that proposes by TPE.");
  if (name == "dehb") return Words::tr("Hyperband that proposes by differential evolution.");
  if (name == "wilcoxon") return Words::tr("Stops a trial once a test over its reports says that it is worse.");
  if (name == "pbt")
    return Words::tr("The worst of a population take over the weights of the best and go on with changed settings.");
  return {};
}

QString goalWord(const std::string& metric, bool shortForm) {
  if (metric == "latency_ms") return shortForm ? Words::tr("latency") : Words::tr("Latency of one row");
  if (metric == "bytes") return shortForm ? Words::tr("size") : Words::tr("Size of the exported file");
  if (metric == "parameters") return shortForm ? Words::tr("parameters") : Words::tr("Number of parameters");
  if (metric == "flops") return shortForm ? Words::tr("FLOPs") : Words::tr("FLOPs of one row");
  return format::metricWord(metric, shortForm);
}

QString goalUnit(const std::string& metric) {
  if (metric == "latency_ms") return Words::tr("ms");
  return metric == "bytes" ? Words::tr("bytes") : QString();
}

QString goalText(const std::string& metric, double value) {
  if (!std::isfinite(value)) return QStringLiteral("\u2014");
  if (metric == "latency_ms") return Words::tr("%1 ms").arg(format::number(value));
  if (metric == "bytes") return format::bytes(value);
  if (metric == "parameters") return format::integer(std::llround(value));
  if (metric == "flops") return format::flops(value);
  return format::aligned(value);
}

QString parameterWord(const std::string& path, bool shortForm) {
  if (search::isArchitectureParameter(path)) return geneWord(path, shortForm);
  if (path == "model.hidden.layers") return Words::tr("Hidden layers");
  if (path == "model.hidden.width") return Words::tr("Width of hidden layers");
  if (path == "model.channels.layers") return Words::tr("Convolution layers");
  if (path == "model.channels.width") return Words::tr("Channels");
  if (const auto* setting = settingOf(path)) return translated(setting->label, "layers");
  if (const auto* info = spec::findField(path)) return translated(info->label, "spec");
  const auto dot = path.rfind('.');
  if (path.rfind("model.hidden.", 0) == 0)
    return Words::tr("Width of hidden layer %1").arg(std::atoi(path.substr(dot + 1).c_str()) + 1);
  return QString::fromStdString(path);
}

QString parameterHelp(const std::string& path) {
  const auto name = QString::fromStdString(path);
  QString help;
  if (const auto* setting = settingOf(path))
    help = translated(setting->help, "layers");
  else if (const auto* info = spec::findField(path))
    help = translated(info->help, "spec");
  return help.isEmpty() ? name : help + QLatin1Char('\n') + name;
}

QString choiceText(const spec::Value& choice) {
  if (choice.isText()) return choiceWord(choice.toText());
  if (choice.isBool()) return choice.toBool() ? Words::tr("on") : Words::tr("off");
  if (choice.isInteger()) return format::integer(choice.toInteger());
  if (choice.isNumber()) return format::number(choice.toReal());
  if (choice.isList()) {
    QStringList parts;
    for (const auto& each : choice.toList()) parts << choiceText(each);
    return parts.join(QStringLiteral("-"));
  }
  return QString::fromStdString(choice.json());
}

QString parameterText(const spec::SearchParameter& parameter, double coded) {
  if (std::isnan(coded)) return QStringLiteral("\u2014");
  if (parameter.isChoice() && search::isArchitectureParameter(parameter.name)) {
    const auto value = spec::valueOf(parameter, coded);
    return value.isText() ? geneValueWord(value.toText()) : choiceText(value);
  }
  if (parameter.isChoice()) return choiceText(spec::valueOf(parameter, coded));
  if (parameter.type == spec::ParameterType::Int) return format::integer(std::llround(coded));
  return format::number(coded);
}

QString rangeText(const spec::SearchParameter& parameter) {
  if (parameter.fixed) return QStringLiteral("= ") + parameterText(parameter, *parameter.fixed);
  if (parameter.isChoice()) {
    QStringList words;
    for (std::size_t i = 0; i < std::min(shownChoices, parameter.choices.size()); ++i)
      words << parameterText(parameter, static_cast<double>(i));
    if (parameter.choices.size() > shownChoices) words << QStringLiteral("\u2026");
    return words.join(QStringLiteral(", "));
  }
  auto text =
      parameterText(parameter, parameter.low) + QStringLiteral(" \u2026 ") + parameterText(parameter, parameter.high);
  if (parameter.log) text += QLatin1Char(' ') + Words::tr("log");
  const double usual = parameter.type == spec::ParameterType::Int ? 1 : 0;
  if (parameter.step != usual) text += QLatin1Char(' ') + Words::tr("step %1").arg(format::number(parameter.step));
  return text;
}

QString typeWord(spec::ParameterType type) {
  switch (type) {
    case spec::ParameterType::Float:
      return Words::tr("real number");
    case spec::ParameterType::Int:
      return Words::tr("whole number");
    case spec::ParameterType::Categorical:
      return Words::tr("categories");
    case spec::ParameterType::Ordinal:
      return Words::tr("ordered choices");
  }
  return {};
}

QColor statusColour(spec::RunStatus status) {
  using spec::RunStatus;
  const auto& theme = Theme::current();
  switch (status) {
    case RunStatus::Completed:
      return theme.good;
    case RunStatus::Failed:
      return theme.bad;
    case RunStatus::Pruned:
    case RunStatus::Interrupted:
      return theme.warning;
    case RunStatus::Paused:
    case RunStatus::Cancelled:
      return theme.secondary;
    default:
      return theme.accent;
  }
}

}  // namespace lathe::ui

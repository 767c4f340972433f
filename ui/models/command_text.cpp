// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/command_text.h"

#include <QDir>
#include <QRegularExpression>
#include <QStringList>

#include "core/services/open_field.h"
#include "core/spec/fields.h"
#include "core/spec/spec_json.h"
#include "ui/models/architecture_words.h"

namespace lathe::ui {

QString shellQuoted(const QString& word) {
  static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
  if (plain.match(word).hasMatch()) return word;
  auto escaped = word;
  escaped.replace(QLatin1Char('\''), QLatin1String("'\\''"));
  return QLatin1Char('\'') + escaped + QLatin1Char('\'');
}

namespace {

/// A command of lathe-cli that takes a whole experiment; what the space opens is not said.
QStringList specCommand(const QString& command, const spec::ExperimentSpec& spec, const QString& projectFolder,
                        const QStringList& global, bool withModel = true, const spec::SearchSpace& space = {}) {
  QStringList words{QStringLiteral("lathe-cli")};
  if (!projectFolder.isEmpty()) words << QStringLiteral("--project") << shellQuoted(projectFolder);
  words << global << command;
  auto path = QString::fromStdString(spec.data.path);
  if (!path.isEmpty() && !projectFolder.isEmpty()) path = QDir::cleanPath(QDir(projectFolder).absoluteFilePath(path));
  if (!path.isEmpty()) words << QStringLiteral("--data") << shellQuoted(path);
  if (!spec.data.target.empty())
    words << QStringLiteral("--target") << shellQuoted(QString::fromStdString(spec.data.target));
  const bool custom = withModel && spec.model.templateName == "custom";
  if (withModel && !spec.model.templateName.empty() && !custom)
    words << QStringLiteral("--model") << QString::fromStdString(spec.model.templateName);
  const auto set = [&](const std::string& name, const std::string& json) {
    if (!services::openedBy(space, name).empty()) return;
    words << QStringLiteral("--set") << shellQuoted(QString::fromStdString(name + '=' + json));
  };
  const spec::ExperimentSpec defaults;
  for (const auto& field : spec::fields()) {
    if (field.path == "data.path" || field.path == "data.target" || field.path == "data.sha256" ||
        field.path == "name" || field.path.rfind("model.", 0) == 0)
      continue;
    const auto now = spec::getField(spec, field.path);
    const auto usual = spec::getField(defaults, field.path);
    if (now && usual && *now != *usual) set(field.path, *now);
  }
  if (!withModel) return words;
  for (const auto& [name, value] : spec.model.settings) set("model." + name, value.json());
  if (custom) {
    if (const auto graph = spec::getField(spec, "model.layers")) set("model.layers", *graph);
  }
  return words;
}

}  // namespace

QString trainCommand(const spec::ExperimentSpec& spec, const QString& projectFolder) {
  return specCommand(QStringLiteral("train"), spec, projectFolder, {}).join(QLatin1Char(' '));
}

namespace {

/// What the pruner is told, where it listens to it.
void addPruner(QStringList& words, const services::StudySettings& settings) {
  const services::StudySettings usual;
  const auto add = [&words](const char* option, double value) {
    words << QLatin1String(option) << QString::number(value, 'g', 12);
  };
  const auto& pruner = settings.pruner;
  if (pruner != usual.pruner) words << QStringLiteral("--pruner") << QString::fromStdString(pruner);
  if (pruner == "percentile" && settings.percentile != usual.percentile) add("--percentile", settings.percentile);
  if ((pruner == "percentile" || pruner == "median") && settings.startupTrials != usual.startupTrials)
    add("--startup-trials", static_cast<double>(settings.startupTrials));
  if (pruner == "patient" && settings.patience != usual.patience)
    add("--patience", static_cast<double>(settings.patience));
  if (pruner == "patient" && settings.minDelta != usual.minDelta) add("--min-delta", settings.minDelta);
  if (pruner == "threshold" && settings.lower) add("--lower", *settings.lower);
  if (pruner == "threshold" && settings.upper) add("--upper", *settings.upper);
  if (pruner == "wilcoxon" && settings.significance != usual.significance) add("--significance", settings.significance);
}

/// What both kinds of search say alike.
void addCommon(QStringList& words, const services::StudySettings& settings) {
  const services::StudySettings usual;
  const auto add = [&words](const char* option, const QString& value) { words << QLatin1String(option) << value; };
  addPruner(words, settings);
  if (settings.trials > 0) add("--trials", QString::number(settings.trials));
  if (settings.seconds > 0) add("--timeout", QString::number(settings.seconds, 'g', 12) + QLatin1Char('s'));
  if (settings.workers > 0) add("--workers", QString::number(settings.workers));
  if (settings.population > 0) add("--population", QString::number(settings.population));
  const bool stops = settings.pruner != "none" || settings.architecture.method == "bohb";
  if (settings.minEpochs > 0 && stops) add("--min-epochs", QString::number(settings.minEpochs));
  if (settings.confirmTop != usual.confirmTop) add("--confirm-top", QString::number(settings.confirmTop));
  if (settings.confirmSeeds != usual.confirmSeeds) add("--confirm-seeds", QString::number(settings.confirmSeeds));
  if (settings.hasFolds()) {
    add("--folds", QString::number(settings.folds));
    if (settings.foldRepeats > 1) add("--repeats", QString::number(settings.foldRepeats));
  }
  if (settings.terminator) words << QStringLiteral("--terminator");
  if (settings.deterministic) {
    words << QStringLiteral("--deterministic");
    if (settings.window != usual.window) add("--behind", QString::number(settings.window));
  }
}

void addArchitecture(QStringList& words, const search::ArchitectureStudy& study) {
  const auto add = [&words](const char* option, const QString& value) { words << QLatin1String(option) << value; };
  const auto amount = [](double value) { return QString::number(value, 'g', 12); };
  add("--method", QString::fromStdString(study.method));
  if (!study.space.empty() && study.space != "auto") add("--space", QString::fromStdString(study.space));
  if (study.limits.parameters > 0) add("--max-parameters", amount(study.limits.parameters));
  if (study.limits.flops > 0) add("--max-flops", amount(study.limits.flops));
  if (study.limits.latencyMs > 0) add("--max-latency", amount(study.limits.latencyMs));
  if (study.superEpochs > 0 && ranksBySharedWeights(study.method))
    add("--super-epochs", QString::number(study.superEpochs));
  if (study.finalEpochs > 0) add("--final-epochs", QString::number(study.finalEpochs));
  if (!study.inherits) words << QStringLiteral("--no-inherit");
  if (!study.proxies) words << QStringLiteral("--no-proxies");
}

}  // namespace

QString searchCommand(const spec::ExperimentSpec& spec, const spec::SearchSpace& space,
                      const services::StudySettings& settings, const QString& projectFolder) {
  QStringList global;
  if (settings.seed != 0) global << QStringLiteral("--seed") << QString::number(settings.seed);
  const bool architectures = !settings.architecture.method.empty();
  auto words = specCommand(architectures ? QStringLiteral("nas") : QStringLiteral("search"), spec, projectFolder,
                           global, !architectures, architectures ? spec::SearchSpace() : space);
  for (const auto& goal : settings.goals)
    words << QStringLiteral("--metric") << QString::fromStdString(goal.metric) << QStringLiteral("--direction")
          << (goal.larger ? QStringLiteral("maximize") : QStringLiteral("minimize"));
  if (architectures) {
    addArchitecture(words, settings.architecture);
    addCommon(words, settings);
    return words.join(QLatin1Char(' '));
  }
  if (!space.parameters.empty()) words << QStringLiteral("--space") << QStringLiteral("space.json");
  words << QStringLiteral("--sampler") << QString::fromStdString(settings.sampler);
  addCommon(words, settings);
  auto command = words.join(QLatin1Char(' '));
  if (space.parameters.empty()) return command;
  return QStringLiteral("printf '%s' ") + shellQuoted(QString::fromStdString(spec::toJson(space))) +
         QStringLiteral(" > space.json && ") + command;
}

QString exportCommand(const QString& projectFolder, qint64 run, const QStringList& formats, const QString& folder,
                      const QString& name, const QString& precision) {
  QStringList words{QStringLiteral("lathe-cli"),    QStringLiteral("--project"), shellQuoted(projectFolder),
                    QStringLiteral("export"),       QString::number(run),        QStringLiteral("--format"),
                    formats.join(QLatin1Char(',')), QStringLiteral("--out"),     shellQuoted(folder)};
  if (!name.isEmpty()) words << QStringLiteral("--name") << shellQuoted(name);
  if (!precision.isEmpty()) words << QStringLiteral("--quantize") << precision;
  return words.join(QLatin1Char(' '));
}

QString autopilotCommand(const spec::ExperimentSpec& spec, const QString& projectFolder,
                         const AutopilotController::Wish& wish, const QString& out) {
  QStringList words{QStringLiteral("lathe-cli"), QStringLiteral("--project"), shellQuoted(projectFolder),
                    QStringLiteral("autopilot")};
  const auto add = [&words](const char* option, const std::string& value) {
    if (!value.empty()) words << QLatin1String(option) << shellQuoted(QString::fromStdString(value));
  };
  const auto amount = [](double value) { return QString::number(value, 'g', 12).toStdString(); };
  add("--data",
      QDir::cleanPath(QDir(projectFolder).absoluteFilePath(QString::fromStdString(spec.data.path))).toStdString());
  for (const auto& target : spec::targetNames(spec.data)) add("--target", target);
  if (spec.data.task != spec::Task::Auto) add("--task", spec::name(spec.data.task));
  add("--budget", amount(wish.seconds) + 's');
  add("--goal", wish.goal);
  if (wish.mostMilliseconds) add("--max-latency", amount(*wish.mostMilliseconds));
  if (wish.mostBytes) add("--max-bytes", amount(*wish.mostBytes));
  QStringList formats;
  for (const auto& format : wish.formats) formats << QString::fromStdString(format);
  add("--export", formats.join(QLatin1Char(',')).toStdString());
  if (wish.deploy) {
    add("--deploy", services::targetName(wish.deploy->target));
    add("--url", wish.deploy->url);
    add("--predict-url", wish.deploy->predictUrl);
    add("--model-store", wish.deploy->modelStore.string());
  }
  add("--out", out.toStdString());
  return words.join(QLatin1Char(' '));
}

QString predictCommand(const QString& file) {
  return QStringLiteral("lathe-cli predict %1 --data FILE.csv --out predictions.csv").arg(shellQuoted(file));
}

QString inspectCommand(const QString& data) { return QStringLiteral("lathe-cli data inspect ") + shellQuoted(data); }

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/spec_form.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "core/spec/choice_help.h"
#include "core/spec/spec_json.h"
#include "ui/bridge/error_text.h"
#include "ui/models/format.h"

namespace lathe::ui {

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(SpecForm)
};

QString unitWord(const std::string& unit) {
  if (unit == "epochs") return Words::tr("epochs");
  if (unit == "rows") return Words::tr("rows");
  if (unit == "batches") return Words::tr("batches");
  if (unit == "threads") return Words::tr("threads");
  if (unit == "pixels") return Words::tr("pixels");
  if (unit == "degrees") return Words::tr("degrees");
  return QString::fromStdString(unit);
}

/// What a value that means "by itself" or "not at all" is shown as.
QString specialWord(const std::string& path) {
  if (path == "training.batch_size" || path == "training.threads" || path == "training.optimizer.lr" ||
      path == "training.epochs")
    return Words::tr("automatic");
  if (path == "training.early_stopping.patience" || path == "training.clip_norm" || path == "model.lora_rank" ||
      path == "data.window" || path == "data.horizon" || path == "training.optimizer.hypergradient")
    return Words::tr("off");
  if (path == "data.preprocessing.image_size") return Words::tr("as stored");
  if (path == "data.preprocessing.sample_rate" || path == "data.preprocessing.clip_seconds")
    return Words::tr("automatic");
  return {};
}

QString textOf(const spec::FieldInfo& info, const std::string& json) {
  const auto value = spec::Value::parse(json);
  if (value.isText()) return QString::fromStdString(value.toText());
  if (value.isBool()) return value.toBool() ? Words::tr("yes") : Words::tr("no");
  if (value.isInteger()) return QString::number(value.toInteger());
  if (value.isNumber()) {
    auto text = QString::number(value.toReal(), 'g', 12);
    return text.replace(QLatin1Char('.'), QLocale().decimalPoint());
  }
  Q_UNUSED(info);
  return value.isNull() ? QString() : QString::fromStdString(json);
}

bool isVisible(const spec::FieldInfo& info, const spec::ExperimentSpec& spec) {
  if (info.onlyWhenPath.empty()) return true;
  const auto json = spec::getField(spec, info.onlyWhenPath);
  if (!json) return true;
  const auto value = spec::Value::parse(*json);
  const auto text = value.isText() ? value.toText() : *json;
  const auto& first = info.onlyWhenValues.front();
  if (first.rfind('!', 0) == 0) return text != first.substr(1);
  return std::find(info.onlyWhenValues.begin(), info.onlyWhenValues.end(), text) != info.onlyWhenValues.end();
}

QString errorOf(const std::string& path, const std::vector<Error>& problems) {
  for (const auto& problem : problems) {
    const auto& args = problem.message.args;
    const bool named = std::any_of(args.begin(), args.end(), [&](const auto& arg) { return arg.second == path; }) ||
                       problem.message.text.find(path) != std::string::npos ||
                       problem.hint.text.find(path) != std::string::npos;
    if (named) return errorText(problem);
  }
  return {};
}

}  // namespace

const std::vector<FormGroupPlan>& trainFormPlan() {
  static const std::vector<FormGroupPlan> plan{
      {QT_TRANSLATE_NOOP("SpecForm", "Optimiser"),
       {"training.optimizer.name", "training.optimizer.lr", "training.optimizer.weight_decay",
        "training.optimizer.momentum", "training.optimizer.nesterov", "training.batch_size", "training.clip_norm",
        "training.accumulate_steps", "training.optimizer.rest_lr"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Schedule"),
       {"training.schedule.name", "training.schedule.warmup_fraction", "training.schedule.final_fraction",
        "training.schedule.step_epochs", "training.schedule.gamma", "training.schedule.patience",
        "training.schedule.restart_epochs", "training.schedule.restart_growth", "training.schedule.power",
        "training.schedule.flat_fraction", "training.schedule.rise_fraction"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Duration"),
       {"training.epochs", "training.auto_epochs", "training.early_stopping.patience",
        "training.early_stopping.min_delta"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Loss"),
       {"training.loss.name", "training.loss.label_smoothing", "training.loss.class_weights",
        "training.loss.focal_gamma", "training.loss.huber_delta", "training.loss.quantiles",
        "training.decision_threshold", "training.monitor", "training.monitor_direction"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Ready weights"),
       {"model.weights", "training.freeze", "training.freeze_epochs", "training.layer_lr_decay", "model.lora_rank",
        "model.lora_alpha"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Average of weights"),
       {"training.average.name", "training.average.decay", "training.average.start_fraction"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Fine points"),
       {"training.spike_guard", "training.optimizer.beta1", "training.optimizer.beta2", "training.optimizer.epsilon",
        "training.optimizer.hypergradient", "training.optimizer.decay_all", "training.optimizer.weight_decay_schedule",
        "training.dropout_schedule"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Machine"),
       {"training.device", "training.threads", "training.executor", "training.precision", "training.seed",
        "training.checkpoint_seconds", "training.histograms"}}};
  return plan;
}

const std::vector<FormGroupPlan>& dataFormPlan() {
  static const std::vector<FormGroupPlan> plan{
      {QT_TRANSLATE_NOOP("SpecForm", "Split"),
       {"data.split.train", "data.split.validation", "data.split.test", "data.split.method", "data.split.seed"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Sequence"), {"data.window", "data.horizon", "data.stride"}},
      {QT_TRANSLATE_NOOP("SpecForm", "Preprocessing"),
       {"data.preprocessing.imputation", "data.preprocessing.missing_indicator", "data.preprocessing.scaling",
        "data.preprocessing.numeric_bins", "data.preprocessing.categories", "data.preprocessing.date_parts",
        "data.preprocessing.scale_target", "data.preprocessing.text", "data.preprocessing.text_buckets",
        "data.preprocessing.text_codes", "data.preprocessing.image_size", "data.preprocessing.image_scaling",
        "data.preprocessing.sample_rate", "data.preprocessing.clip_seconds"}}};
  return plan;
}

const std::vector<FormGroupPlan>& augmentFormPlan() {
  static const std::vector<FormGroupPlan> plan{
      {QT_TRANSLATE_NOOP("SpecForm", "Augmentation"),
       {"training.augment.name", "training.augment.horizontal_flip", "training.augment.vertical_flip",
        "training.augment.shift", "training.augment.rotation", "training.augment.scale", "training.augment.brightness",
        "training.augment.contrast", "training.augment.saturation", "training.augment.hue", "training.augment.trivial",
        "training.augment.border", "training.augment.erasing", "training.augment.mixup", "training.augment.cutmix",
        "training.augment.mix_probability"}}};
  return plan;
}

std::vector<FormGroup> makeForm(const std::vector<FormGroupPlan>& plan, const spec::ExperimentSpec& spec) {
  const auto problems = spec::validate(spec);
  std::vector<FormGroup> groups;
  for (const auto& part : plan) {
    FormGroup group;
    group.title = Words::tr(part.title);
    for (const auto* path : part.paths) {
      const auto* info = spec::findField(path);
      if (info == nullptr) continue;
      FormField field;
      field.info = info;
      field.label = translated(info->label, "spec");
      field.unit = unitWord(info->unit);
      field.help = translated(info->help, "spec");
      field.json = spec::getField(spec, path).value_or(info->defaultJson);
      field.text = textOf(*info, field.json);
      field.automaticText = specialWord(path);
      for (const auto& choice : info->choices) {
        field.choiceWords << choiceWord(choice);
        const auto help = spec::choiceHelp(path, choice);
        field.choiceHelp << (help.empty() ? QString() : translated(help, "spec"));
      }
      field.visible = isVisible(*info, spec);
      field.error = errorOf(path, problems);
      group.fields.push_back(std::move(field));
    }
    if (!group.fields.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

std::string jsonFromText(const spec::FieldInfo& field, const QString& text) {
  if (field.type == "text" || field.type == "file") return spec::Value(text.toStdString()).json();
  auto plain = text;
  plain.remove(QChar(0x202f)).remove(QChar(0x00a0)).remove(QLatin1Char(' '));
  if (field.type == "integer" || field.type == "real") {
    plain.replace(QChar(0x2212), QLatin1Char('-')).replace(QLatin1Char(','), QLatin1Char('.'));
    bool ok = false;
    const double value = plain.toDouble(&ok);
    if (!ok || !std::isfinite(value)) return spec::Value(text.toStdString()).json();
    if (field.type == "integer" && value == std::floor(value) && std::fabs(value) < 9e15)
      return spec::Value(static_cast<std::int64_t>(value)).json();
    return spec::Value(value).json();
  }
  if (field.type == "boolean") return plain == Words::tr("yes") || plain == QLatin1String("true") ? "true" : "false";
  return plain.toStdString();
}

QString choiceWord(const std::string& choice) {
  struct Known {
    const char* choice;
    QString word;
  };
  const Known known[] = {{"sgd", Words::tr("SGD")},
                         {"adam", Words::tr("Adam")},
                         {"adamw", Words::tr("AdamW")},
                         {"rmsprop", Words::tr("RMSprop")},
                         {"adagrad", Words::tr("Adagrad")},
                         {"adadelta", Words::tr("Adadelta")},
                         {"nadam", Words::tr("NAdam")},
                         {"radam", Words::tr("RAdam")},
                         {"lion", Words::tr("Lion")},
                         {"lamb", Words::tr("LAMB")},
                         {"muon", Words::tr("Muon")},
                         {"prodigy", Words::tr("Prodigy")},
                         {"dadapt_adam", Words::tr("D-Adaptation")},
                         {"schedule_free_sgd", Words::tr("Schedule-free SGD")},
                         {"schedule_free_adamw", Words::tr("Schedule-free AdamW")},
                         {"yellowfin", Words::tr("YellowFin")},
                         {"one_cycle", Words::tr("One cycle")},
                         {"cosine_restarts", Words::tr("Cosine with restarts")},
                         {"linear", Words::tr("Linear")},
                         {"polynomial", Words::tr("Polynomial")},
                         {"exponential", Words::tr("Exponential")},
                         {"flat_cosine", Words::tr("Flat, then cosine")},
                         {"flat_cos", Words::tr("Flat, then cosine")},
                         {"coslog4", Words::tr("Four waves")},
                         {"every_epoch", Words::tr("Every epoch")},
                         {"off", Words::tr("Off")},
                         {"fused", Words::tr("Fused")},
                         {"libtorch", QStringLiteral("LibTorch")},
                         {"ema", Words::tr("Exponential (EMA)")},
                         {"swa", Words::tr("Of epochs (SWA)")},
                         {"constant", Words::tr("Constant")},
                         {"cosine", Words::tr("Cosine")},
                         {"step", Words::tr("Steps")},
                         {"plateau", Words::tr("On plateau")},
                         {"auto", Words::tr("Automatic")},
                         {"cross_entropy", Words::tr("Cross-entropy")},
                         {"mse", Words::tr("Squared error")},
                         {"huber", Words::tr("Huber")},
                         {"focal", Words::tr("Focal")},
                         {"bce", Words::tr("Binary cross-entropy")},
                         {"mae", Words::tr("Absolute error")},
                         {"poisson", Words::tr("Poisson")},
                         {"pinball", Words::tr("Pinball")},
                         {"reconstruction", Words::tr("Reconstruction")},
                         {"argmax", Words::tr("Most probable")},
                         {"tuned", Words::tr("Best balanced accuracy")},
                         {"tuned_f1", Words::tr("Best F1")},
                         {"multilabel", Words::tr("Several labels")},
                         {"anomaly", Words::tr("Anomalies")},
                         {"cpu", Words::tr("CPU")},
                         {"cuda", Words::tr("CUDA")},
                         {"minimize", Words::tr("Smaller")},
                         {"maximize", Words::tr("Larger")},
                         {"random", Words::tr("Random")},
                         {"stratified", Words::tr("Stratified")},
                         {"group", Words::tr("By group")},
                         {"time", Words::tr("By time")},
                         {"median", Words::tr("Median")},
                         {"mean", Words::tr("Mean")},
                         {"zero", Words::tr("Zero")},
                         {"none", Words::tr("None")},
                         {"backbone", Words::tr("All but the output layer")},
                         {"backbone_then_all", Words::tr("The same at first, then none")},
                         {"fitted", Words::tr("Of these images")},
                         {"imagenet", Words::tr("ImageNet's")},
                         {"quarter", Words::tr("At a quarter of the size")},
                         {"whole", Words::tr("At the whole size")},
                         {"standard", Words::tr("Standard")},
                         {"robust", Words::tr("Robust")},
                         {"quantile", Words::tr("Quantile")},
                         {"onehot", Words::tr("One-hot")},
                         {"embedding", Words::tr("Embedding")},
                         {"relu", QStringLiteral("ReLU")},
                         {"gelu", QStringLiteral("GELU")},
                         {"silu", QStringLiteral("SiLU")},
                         {"tanh", Words::tr("Tanh")},
                         // of layers
                         {"sigmoid", Words::tr("Sigmoid")},
                         {"hardsigmoid", Words::tr("Hardsigmoid")},
                         {"nearest", Words::tr("Nearest")},
                         {"bilinear", Words::tr("Bilinear")},
                         {"reflect", Words::tr("Mirror")},
                         {"replicate", Words::tr("Repeat the edge")},
                         {"sinusoidal", Words::tr("Waves")},
                         {"learnt", Words::tr("Learnt")},
                         {"sequence", Words::tr("Whole sequence")},
                         {"first", Words::tr("First step")},
                         {"last", Words::tr("Last step")},
                         {"max", Words::tr("Largest")},
                         {"pre", Words::tr("Before each part")},
                         {"post", Words::tr("After each part")},
                         {"batch", Words::tr("Over the batch")},
                         {"layer", Words::tr("Over the layer")},
                         {"light", Words::tr("Light")},
                         {"trivial", QStringLiteral("TrivialAugment")},
                         {"custom", Words::tr("Custom")},
                         {"black", Words::tr("Black")},
                         {"edge", Words::tr("Its edge")},
                         {"flatten", Words::tr("Flatten")},
                         {"average", Words::tr("Average")},
                         {"classification", Words::tr("Classification")},
                         {"regression", Words::tr("Regression")},
                         {"forecast", Words::tr("Forecast")}};
  for (const auto& each : known)
    if (choice == each.choice) return each.word;
  if (choice.rfind("val/", 0) == 0) return format::metricWord(choice);
  return QString::fromStdString(choice);
}

}  // namespace lathe::ui

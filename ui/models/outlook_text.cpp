// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/outlook_text.h"

#include <QCoreApplication>

#include "core/services/outlook.h"
#include "ui/models/format.h"
#include "ui/models/spec_form.h"

namespace lathe::ui {

namespace {

using services::Outlook;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Outlook)
};

QString optimizerText(const Outlook& outlook, const QString& model) {
  const auto name = choiceWord(outlook.optimizerName);
  if (outlook.optimizer == Outlook::Optimizer::ForRate)
    return Words::tr("%1, because a learning rate is given. Clear the rate to have both chosen.").arg(name);
  if (outlook.optimizer == Outlook::Optimizer::OfTemplate)
    return Words::tr("%1, which %2 was tuned with. Choose another one to change that.").arg(name, model);
  return {};
}

QString rateText(const Outlook& outlook, const QString& model) {
  const auto rate = format::number(outlook.rateValue);
  const auto name = choiceWord(outlook.optimizerName);
  switch (outlook.rate) {
    case Outlook::Rate::AsSet:
      return {};
    case Outlook::Rate::FoundInTraining:
      return Words::tr("%1, since %2 finds the rate while it trains.").arg(rate, name);
    case Outlook::Rate::OfTemplate:
      return Words::tr("%1, as %2 was tuned with.").arg(rate, model);
    case Outlook::Rate::AroundTemplates:
      return Words::tr("Around %1, as %2 was tuned with: a third and three times that are tried, too.")
          .arg(rate, model);
    case Outlook::Rate::Tried:
      break;
  }
  if (outlook.optimizer == Outlook::Optimizer::Tried)
    return Words::tr("Chosen with the optimiser and its momentum, by short trainings before the first step.");
  const auto around =
      Words::tr("Chosen by short trainings before the first step, around %1, the usual rate of %2.").arg(rate, name);
  return outlook.momentumIsTried ? around + QLatin1Char(' ') + Words::tr("The momentum is tried with it.") : around;
}

QString batchText(const Outlook& outlook, const QString& model, std::int64_t trainRows) {
  switch (outlook.batch) {
    case Outlook::Batch::AsSet:
      return {};
    case Outlook::Batch::Measured:
      return Words::tr("Measured before the first step: the smallest size that is nearly as fast as any.");
    case Outlook::Batch::OfTemplate:
      return Words::tr("%1, as %2 was tuned with.").arg(format::integer(outlook.batchSize), model);
    case Outlook::Batch::ByRows:
      break;
  }
  if (trainRows <= 0) return Words::tr("32 to 256, by the number of training rows.");
  return Words::tr("%1, for %2 training rows. Type \"%3\" to find by measuring which size is fast enough.")
      .arg(format::integer(outlook.batchSize), format::integer(trainRows), measureWord());
}

QString epochsText(const Outlook& outlook, const QString& model, std::int64_t trainRows) {
  if (outlook.epochs == Outlook::Epochs::AsSet) return {};
  const auto count = format::integer(outlook.epochCount);
  if (outlook.epochs == Outlook::Epochs::Found)
    return Words::tr("At most %1: how many are worth it is found by short trainings before the first step.").arg(count);
  if (trainRows <= 0) return Words::tr("As many as are usual for the model and the number of rows.");
  return Words::tr("%1, as is usual for %2 on %3 training rows.").arg(count, model, format::integer(trainRows));
}

}  // namespace

QString measureWord() { return Words::tr("measure"); }

bool hasOutlook(const std::string& path) {
  return path == "training.optimizer.name" || path == "training.optimizer.lr" || path == "training.batch_size" ||
         path == "training.epochs";
}

QString outlookText(const std::string& path, const spec::ExperimentSpec& spec, std::int64_t trainRows) {
  if (!hasOutlook(path)) return {};
  const auto outlook = services::outlook(spec, trainRows);
  const auto& name = spec.model.templateName;
  const auto model = name.empty() || name == "custom" ? Words::tr("this model") : QString::fromStdString(name);
  if (path == "training.optimizer.name") return optimizerText(outlook, model);
  if (path == "training.optimizer.lr") return rateText(outlook, model);
  if (path == "training.batch_size") return batchText(outlook, model, trainRows);
  return epochsText(outlook, model, trainRows);
}

}  // namespace lathe::ui

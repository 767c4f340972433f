// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/automatic_training.h"
#include "core/services/outlook.h"
#include "core/services/resolve_rules.h"
#include "core/spec/customary.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using services::Outlook;

namespace {

/// What resolve() and tryOut() make of it must be what was foreseen.
void agrees(const Workshop& shop, const spec::ExperimentSpec& spec) {
  const auto resolved = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(resolved);
  const auto rows = static_cast<std::int64_t>(resolved->data->split.train.size());
  const auto seen = services::outlook(spec, rows);
  const auto& training = resolved->spec.training;
  if (seen.optimizer == Outlook::Optimizer::Tried)
    CHECK_EQ(training.optimizer.name, std::string("auto"));
  else
    CHECK_EQ(training.optimizer.name, seen.optimizerName);
  CHECK_EQ(training.optimizer.lr == 0, seen.rate == Outlook::Rate::Tried);
  if (seen.rate != Outlook::Rate::Tried) CHECK_EQ(training.optimizer.lr, seen.rateValue);
  CHECK_EQ(training.batchSize == spec::findBatchSize, seen.batch == Outlook::Batch::Measured);
  if (seen.batch != Outlook::Batch::Measured) CHECK_EQ(training.batchSize, seen.batchSize);
  CHECK_EQ(training.autoEpochs, seen.epochs == Outlook::Epochs::Found);
  CHECK_EQ(training.epochs, seen.epochCount);
  const bool tries = seen.rate == Outlook::Rate::Tried || seen.batch == Outlook::Batch::Measured ||
                     seen.epochs == Outlook::Epochs::Found;
  CHECK_EQ(services::needsTrying(training), tries);
}

}  // namespace

LATHE_TEST("what the form says of open settings is what resolving them does, in every combination") {
  const Workshop shop;
  for (const char* model : {"mlp", "realmlp", "tabm"})
    for (const char* optimizer : {"auto", "adamw", "sgd", "prodigy"})
      for (const double rate : {0.0, 0.01})
        for (const int batch : {0, spec::findBatchSize, 48})
          for (const bool found : {false, true})
            for (const int epochs : {0, 12}) {
              auto spec = shop.request().spec;
              spec.model.templateName = model;
              spec.training.optimizer = spec::customaryOptimizer(optimizer);
              spec.training.optimizer.lr = rate;
              spec.training.batchSize = batch;
              spec.training.autoEpochs = found;
              spec.training.epochs = epochs;
              agrees(shop, spec);
            }
}

LATHE_TEST("a rate beside an automatic optimiser means adamw, and a template's own training is named") {
  spec::ExperimentSpec spec;
  spec.training.optimizer.lr = 0.02;
  auto seen = services::outlook(spec, 0);
  CHECK(seen.optimizer == Outlook::Optimizer::ForRate);
  CHECK_EQ(seen.optimizerName, std::string("adamw"));
  CHECK(seen.rate == Outlook::Rate::AsSet);
  CHECK(seen.batch == Outlook::Batch::ByRows);
  CHECK_EQ(seen.batchSize, 0);  // nobody has counted rows yet

  spec = {};
  spec.model.templateName = "realmlp";
  seen = services::outlook(spec, 1000);
  CHECK(seen.optimizer == Outlook::Optimizer::OfTemplate);
  CHECK_EQ(seen.rateValue, 0.005);
  CHECK(seen.batch == Outlook::Batch::OfTemplate);

  spec = {};
  spec.training.optimizer = spec::customaryOptimizer("sgd");
  spec.training.optimizer.lr = 0;
  CHECK(services::outlook(spec, 0).momentumIsTried);
  spec.training.optimizer.momentum = 0.5;  // a person's
  CHECK(!services::outlook(spec, 0).momentumIsTried);
}

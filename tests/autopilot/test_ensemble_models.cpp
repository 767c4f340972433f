// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/ensemble_file.h"
#include "core/engine/fake_engine.h"
#include "core/services/project.h"
#include "core/services/training_service.h"
#include "core/spec/ensemble.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

// Two trainings of the same data with other seeds, prepared in two ways.
struct Pair {
  Workshop shop;
  std::vector<std::filesystem::path> files;
  std::vector<spec::ModelDescription> models;

  Pair() {
    for (const char* scaling : {"standard", "quantile"}) {
      auto request = shop.request(6);
      request.spec.data.preprocessing.scaling = scaling;
      request.spec.training.seed = files.size();
      const auto record = shop.finished(shop.start(request));
      files.push_back(shop.project->absolute(record.bestCheckpoint));
      auto model = shop.engine->load(files.back());
      REQUIRE_OK(model);
      models.push_back((*model)->model());
    }
  }
};

}  // namespace

LATHE_TEST("an ensemble predicts the weighted mean of what its members predict") {
  Pair pair;
  const auto file = pair.shop.folder / "joined.ckpt";
  const auto written = engine::writeEnsemble({{pair.files[0], 3}, {pair.files[1], 1}}, pair.models[0].fitted,
                                             pair.models[0].preprocessing, 0.5, file);
  REQUIRE_OK(written);
  auto joined = pair.shop.engine->load(file);
  REQUIRE_OK(joined);
  const auto resolved = services::resolve(pair.shop.request().spec, pair.shop.project->folder());
  REQUIRE_OK(resolved);
  const auto mean = (*joined)->predict(*resolved->data, {});
  const auto first = (*pair.shop.engine->load(pair.files[0]))->predict(*resolved->data, {});
  const auto second = (*pair.shop.engine->load(pair.files[1]))->predict(*resolved->data, {});
  REQUIRE_OK(mean);
  REQUIRE_OK(first);
  REQUIRE_OK(second);
  REQUIRE(mean->values.size() == first->values.size());
  for (std::size_t i = 0; i < mean->values.size(); ++i)
    CHECK(std::abs(mean->values[i] - (0.75F * first->values[i] + 0.25F * second->values[i])) < 1e-6F);
  CHECK_EQ((*joined)->model().members.size(), std::size_t{2});
}

LATHE_TEST("an ensemble as JSON is the same ensemble, and a damaged one is refused") {
  const Pair pair;
  const auto ensemble =
      spec::ensembleOf({{pair.models[0], 1}, {pair.models[1], 2}}, pair.models[0].fitted, pair.models[0].preprocessing);
  REQUIRE_OK(ensemble);
  const auto text = spec::toJson(*ensemble);
  const auto read = spec::modelDescriptionFromJson(text);
  REQUIRE_OK(read);
  CHECK(*read == *ensemble);
  auto other = *ensemble;
  other.members[0].weight = 7;
  CHECK(!spec::modelDescriptionFromJson(spec::toJson(other)));
  other = *ensemble;
  other.members[1].temperature = 0;
  CHECK(!spec::modelDescriptionFromJson(spec::toJson(other)));
  other = *ensemble;
  other.members[1].fitted.features.pop_back();
  CHECK(!spec::modelDescriptionFromJson(spec::toJson(other)));
  CHECK(!spec::ensembleOf({}, pair.models[0].fitted, pair.models[0].preprocessing));
  CHECK(!spec::ensembleOf({{*ensemble, 1}}, pair.models[0].fitted, pair.models[0].preprocessing));
}

LATHE_TEST("members of an ensemble share the preprocessing that they have in common") {
  const Pair pair;
  const auto& model = pair.models[0];
  const auto one = spec::lower(model);
  const auto twice = spec::ensembleOf({{model, 1}, {model, 1}}, model.fitted, model.preprocessing);
  REQUIRE_OK(one);
  REQUIRE_OK(twice);
  const auto program = spec::lower(*twice);
  REQUIRE_OK(program);
  CHECK_EQ(program->preprocess.size(), one->preprocess.size());
  CHECK_EQ(program->prepared.size(), one->prepared.size());
  CHECK_EQ(program->parameters.size(), 2 * one->parameters.size());
  CHECK_EQ(program->parameters[0].name, "m0." + one->parameters[0].name);
  CHECK(program->head.empty());
  const auto mixed = spec::ensembleOf({{model, 1}, {pair.models[1], 1}}, model.fitted, model.preprocessing);
  REQUIRE_OK(mixed);
  const auto both = spec::lower(*mixed);
  REQUIRE_OK(both);
  CHECK(both->preprocess.size() > one->preprocess.size());
  CHECK(both->preprocess.size() < 2 * one->preprocess.size());
}

LATHE_TEST("a temperature divides a model's logits") {
  const Pair pair;
  const auto file = pair.shop.folder / "warm.ckpt";
  const auto written =
      engine::writeEnsemble({{pair.files[0], 1, 2.0}}, pair.models[0].fitted, pair.models[0].preprocessing, 0.5, file);
  REQUIRE_OK(written);
  const auto resolved = services::resolve(pair.shop.request().spec, pair.shop.project->folder());
  REQUIRE_OK(resolved);
  const auto warm = (*pair.shop.engine->load(file))->predict(*resolved->data, {});
  const auto cold = (*pair.shop.engine->load(pair.files[0]))->predict(*resolved->data, {});
  REQUIRE_OK(warm);
  REQUIRE_OK(cold);
  for (std::size_t i = 0; i < warm->values.size(); i += 2) {
    const double before = std::log(cold->values[i] / cold->values[i + 1]);
    const double after = std::log(warm->values[i] / warm->values[i + 1]);
    CHECK(std::abs(after - before / 2) < 1e-3 * (1 + std::abs(before)));
  }
}

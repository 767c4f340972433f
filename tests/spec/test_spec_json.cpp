// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/fields.h"
#include "core/spec/spec_json.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;

namespace {

std::string errorOf(const std::string& json) {
  const auto spec = fromJson(json);
  return spec ? std::string() : spec.error().sentence();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

ExperimentSpec fullSpec() {
  ExperimentSpec spec;
  spec.name = "Ünïcode \"quoted\"";
  spec.data.path = "data/a.csv";
  spec.data.target = "y";
  spec.data.task = Task::Classification;
  spec.data.kinds = {{"a.b", ColumnKind::Category}, {"zip", ColumnKind::DateTime}};
  spec.data.roles = {{"id", ColumnRole::Ignore}};
  spec.data.reading.header = false;
  spec.data.reading.delimiter = "\t";
  spec.data.split.seed = 18446744073709551615ULL;
  spec.model.templateName = "mlp";
  spec.model.settings = {{"hidden", std::vector<std::int64_t>{64, 32}}, {"dropout", 0.1}};
  spec.model.graph.layers = {{"fc1", "linear", {{"out", 64}}, {"features"}},
                             {"act1", "relu", {}, {}},
                             {"output", "linear", {{"out", 2}, {"bias", false}}, {}}};
  spec.training.optimizer.lr = 0.1 + 0.2;
  spec.training.device = "cuda:1";
  spec.exporting.name = "model";
  return spec;
}

}  // namespace

LATHE_TEST("a spec survives JSON bit for bit, indented or not") {
  for (const auto& spec : {ExperimentSpec(), fullSpec()})
    for (const int indent : {-1, 0, 2}) {
      const auto back = fromJson(toJson(spec, indent));
      REQUIRE_OK(back);
      CHECK(*back == spec);
    }
  CHECK(toJson(ExperimentSpec(), -1).find('\n') == std::string::npos);
}

LATHE_TEST("fields left out keep their defaults") {
  CHECK(*fromJson("{}") == ExperimentSpec());
  const auto spec = fromJson(R"({"training":{"epochs":3,"optimizer":{"name":"SGD"}}})");
  REQUIRE_OK(spec);
  CHECK_EQ(spec->training.epochs, 3);
  CHECK_EQ(spec->training.optimizer.name, "sgd");
  CHECK_EQ(spec->training.optimizer.momentum, 0.9);
}

LATHE_TEST("an unknown field names the nearest known one") {
  CHECK_EQ(errorOf(R"({"training":{"epoch":3}})"), "There is no field training.epoch. Did you mean training.epochs?");
  CHECK(has(errorOf(R"({"training":{"lr":3}})"), "training.optimizer.lr"));
  CHECK(has(errorOf(R"({"model":{"hiden":3}})"), "model.hidden"));
  CHECK(has(errorOf(R"({"training.epochs":3})"), "training.epochs"));
  CHECK(has(errorOf(R"({"zzzzzzzzzzzzzz":3})"), "help spec"));
}

LATHE_TEST("wrong types, ranges and choices name the field and what it takes") {
  CHECK(has(errorOf(R"({"training":{"epochs":"many"}})"), "training.epochs must be a whole number, not \"many\""));
  CHECK(has(errorOf(R"({"training":{"epochs":2.5}})"), "whole number"));
  CHECK(has(errorOf(R"({"training":{"epochs":-1}})"), "training.epochs is -1, but must lie between 0 and"));
  CHECK(has(errorOf(R"({"training":{"epochs":99999999999999999999}})"), "whole number"));
  CHECK(has(errorOf(R"({"data":{"split":{"seed":-1}}})"), "whole number"));
  CHECK(has(errorOf(R"({"training":{"optimizer":{"lr":-1}}})"), "training.optimizer.lr"));
  CHECK(has(errorOf(R"({"training":{"optimizer":{"name":"adamax"}}})"), "sgd, adam, adamw"));
  CHECK(has(errorOf(R"({"training":{"optimizer":3}})"), "training.optimizer must be an object"));
  CHECK(has(errorOf(R"({"data":{"kinds":{"a":"number"}}})"), "data.kinds.a"));
  CHECK(has(errorOf(R"({"data":{"reading":{"missing":[1]}}})"), "data.reading.missing"));
  CHECK(has(errorOf(R"({"schema":5})"), "newer version"));
  CHECK(has(errorOf(R"({"training":{"monitor":"val/acc"}})"), "training.monitor"));
  CHECK(has(errorOf(R"({"training":{"device":"tpu"}})"), "auto, cpu, cuda"));
  CHECK(has(errorOf(R"({"model":{"layers":[{"name":"a","kind":"linaer"}]}})"), "linear"));
  CHECK(has(errorOf(R"({"model":{"layers":[{"name":"a"}]}})"), "model.layers.0.kind"));
  CHECK(has(errorOf(R"({"model":{"layers":[{"name":"a","kind":"linear","attributes":{"out":0}}]}})"), "a.out is 0"));
}

LATHE_TEST("broken JSON is located") {
  CHECK(has(errorOf("{\n  \"name\": \"a\",,\n}"), "line 2"));
  CHECK(has(errorOf(""), "line 1"));
  CHECK(has(errorOf("[1]"), "object"));
  CHECK(has(errorOf("{\"name\":\"a\",\"name\":\"b\"}"), "twice"));
  CHECK(has(errorOf(std::string(100000, '[')), "64 levels"));
  CHECK(has(errorOf("{\"training\":{\"clip_norm\":1e999}}"), "cannot be read"));
  CHECK(has(errorOf("{\"name\":\"" + std::string(70u << 20, 'x') + "\"}"), "64 MB"));
}

LATHE_TEST("choices ignore case, dashes and underscores") {
  const auto spec = fromJson(R"({"training":{"loss":{"name":"Cross-Entropy"}},"data":{"task":"REGRESSION",
    "preprocessing":{"categories":"one_hot"},"kinds":{"a":"Date-Time"}},"model":{"template":"ResMLP"}})");
  REQUIRE_OK(spec);
  CHECK_EQ(spec->training.loss.name, "cross_entropy");
  CHECK(spec->data.task == Task::Regression);
  CHECK_EQ(spec->data.preprocessing.categories, "onehot");
  CHECK(spec->data.kinds.at("a") == ColumnKind::DateTime);
  CHECK_EQ(spec->model.templateName, "resmlp");
}

LATHE_TEST("every field's default is what a fresh spec holds, and can be set to it") {
  const ExperimentSpec fresh;
  for (const auto& info : fields()) {
    CHECK(!info.label.empty() && info.help.size() > 20 && info.help.back() == '.');
    const auto value = getField(fresh, info.path);
    REQUIRE_OK(value);
    CHECK_EQ(*value, info.defaultJson);
    if (info.path == "model.layers") continue;
    auto changed = fresh;
    REQUIRE_OK(setField(changed, info.path, info.defaultJson));
    CHECK(changed == fresh);
    CHECK(findField(info.path) == &info);
    if (!info.onlyWhenPath.empty()) {
      const auto* other = findField(info.onlyWhenPath);
      REQUIRE(other != nullptr);
      for (const auto& choice : info.onlyWhenValues)
        CHECK(choice == "!0" ? other->type == "integer"
                             : std::count(other->choices.begin(), other->choices.end(), choice) == 1);
    }
  }
  CHECK(findField("training") == nullptr);
  CHECK(validate(fresh).empty());
}

LATHE_TEST("the nearest name ignores far ones") {
  CHECK_EQ(nearest("epoch", {"epochs", "batch_size"}), "epochs");
  CHECK_EQ(nearest("batch-size", {"epochs", "batch_size"}), "batch_size");
  CHECK_EQ(nearest("qqqqqq", {"epochs", "batch_size"}), "");
  CHECK_EQ(nearest("", {"a", "b"}), "");
  CHECK_EQ(nearest(std::string(100000, 'a'), {"epochs"}), "");
}

LATHE_TEST("a faulty spec is read as far as it goes, with an error for each fault") {
  const auto reading = readSpec(R"({"modle": 1, "name": "kept", "training": {"epochs": -1, "batch_size": 16,
    "optimizer": {"lr": "fast"}}, "data": {"roles": {"a": "ignore", "b": "none", "c": "nothing"}},
    "model": {"hidden": ["x"], "dropout": 0.2}})");
  CHECK_EQ(reading.errors.size(), std::size_t{6});
  CHECK_EQ(reading.spec.name, "kept");
  CHECK_EQ(reading.spec.training.batchSize, 16);
  CHECK_EQ(reading.spec.training.epochs, ExperimentSpec().training.epochs);
  CHECK_EQ(reading.spec.data.roles.size(), std::size_t{1});
  CHECK(reading.spec.model.settings.count("dropout") == 1);
  CHECK_EQ(readSpec("{").errors.size(), std::size_t{1});
  CHECK_EQ(readSpec("[]").errors.size(), std::size_t{1});
  CHECK(readSpec("{}").errors.empty());
}

LATHE_TEST("a misspelt section names the right one") {
  CHECK(has(errorOf(R"({"modle": {}})"), "model"));
  CHECK(has(errorOf(R"({"training": {"optimiser": {}}})"), "training.optimizer"));
}

LATHE_TEST("the monitor is found in any spelling") {
  const auto spec = fromJson(R"({"training": {"monitor": "VAL/Balanced-Accuracy"}})");
  REQUIRE_OK(spec);
  CHECK_EQ(spec->training.monitor, "val/balanced_accuracy");
  CHECK_EQ(spec->training.monitorDirection, "maximize");
}

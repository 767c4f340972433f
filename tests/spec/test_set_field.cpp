// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/spec_json.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;

namespace {

ExperimentSpec with(const std::string& path, const std::string& value) {
  ExperimentSpec spec;
  REQUIRE_OK(setField(spec, path, value));
  return spec;
}

std::string errorOf(const std::string& path, const std::string& value) {
  ExperimentSpec spec;
  const auto set = setField(spec, path, value);
  CHECK(spec == ExperimentSpec());
  return set ? std::string() : set.error().sentence();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> codesOf(const ExperimentSpec& spec) {
  std::vector<std::string> codes;
  for (const auto& error : validate(spec)) codes.push_back(error.code);
  return codes;
}

using Codes = std::vector<std::string>;

}  // namespace

LATHE_TEST("one field is set by its path, as JSON or as text") {
  CHECK_EQ(with("training.optimizer.lr", "3e-4").training.optimizer.lr, 3e-4);
  CHECK_EQ(with("training.epochs", "10.0").training.epochs, 10);
  CHECK_EQ(with("training.optimizer.name", "Adam-W").training.optimizer.name, "adamw");
  CHECK_EQ(with("name", "42").name, "42");
  CHECK_EQ(with("name", "\"42\"").name, "42");
  CHECK_EQ(with("name", "null").name, "null");
  CHECK_EQ(with("data.reading.delimiter", "\\t").data.reading.delimiter, "\t");
  CHECK(with("data.reading.header", "false").data.reading.header == false);
  CHECK(with("data.reading.missing", "NA,-9").data.reading.missing == (std::vector<std::string>{"NA", "-9"}));
  CHECK(with("data.reading.missing", "[]").data.reading.missing.empty());
  CHECK_EQ(with("training.device", "cuda:2").training.device, "cuda:2");
  CHECK_EQ(with("data.split.seed", "18446744073709551615").data.split.seed, 18446744073709551615ULL);
}

LATHE_TEST("columns are reached by name, dotted ones in quotes") {
  CHECK(with("data.roles.id", "ignore").data.roles.at("id") == ColumnRole::Ignore);
  CHECK(with("data.roles.\"a.b\"", "Ignore").data.roles.at("a.b") == ColumnRole::Ignore);
  CHECK(with("data.kinds.\"say \\\"x\\\"\"", "category").data.kinds.at("say \"x\"") == ColumnKind::Category);
  auto spec = with("data.roles.id", "ignore");
  CHECK_EQ(*getField(spec, "data.roles.id"), "\"ignore\"");
  CHECK_EQ(*getField(spec, "data.roles.other"), "null");
  CHECK_EQ(*getField(spec, "data.roles"), "{\"id\":\"ignore\"}");
  REQUIRE_OK(setField(spec, "data.roles.id", "null"));
  CHECK(spec == ExperimentSpec());
  CHECK(has(errorOf("data.roles.a.b", "ignore"), "data.roles.\"a.b\""));
  CHECK(has(errorOf("data.roles.\"a", "ignore"), "quote"));
  CHECK(has(errorOf("data.roles.a", "feature_column"), "feature, target"));
}

LATHE_TEST("template settings live below model") {
  CHECK_EQ(with("model.hidden", "[64,64]").model.settings.at("hidden").json(), "[64,64]");
  CHECK_EQ(with("model.hidden", "32").model.settings.at("hidden").json(), "[32]");
  CHECK_EQ(with("model.dropout", "0.1").model.settings.at("dropout").toReal(), 0.1);
  CHECK_EQ(with("model.activation", "SiLU").model.settings.at("activation").toText(), "silu");
  CHECK_EQ(*getField(ExperimentSpec(), "model.dropout"), "0.1");
  CHECK(has(errorOf("model.hidde", "3"), "model.hidden"));
  CHECK(has(errorOf("model.dropout", "2"), "between 0 and 0.9"));
  auto spec = with("model.template", "cnn");
  CHECK(!setField(spec, "model.width", "3"));
  REQUIRE_OK(setField(spec, "model.channels", "[8,16]"));
  REQUIRE_OK(setField(spec, "model.dropout", "0.25"));
  REQUIRE_OK(setField(spec, "model.template", "mlp"));
  CHECK_EQ(spec.model.settings.size(), 1U);
  CHECK_EQ(spec.model.settings.at("dropout").toReal(), 0.25);
}

LATHE_TEST("layers made by a template do not outlive a change of it, hand-made ones do") {
  const std::string layers = R"([{"name":"output","kind":"Linear","attributes":{"out":2}}])";
  ExperimentSpec spec;
  spec.model.templateName = "mlp";
  spec.model.graph.layers = {{"output", "linear", {{"out", 2}}, {}}};
  REQUIRE_OK(setField(spec, "model.dropout", "0.3"));
  CHECK(spec.model.graph.layers.empty());
  REQUIRE_OK(setField(spec, "model.layers", layers));
  CHECK_EQ(spec.model.templateName, "custom");
  CHECK_EQ(spec.model.graph.layers.at(0).kind, "linear");
  const auto refused = setField(spec, "model.dropout", "0.4");
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, "spec.custom_layers");
  CHECK_EQ(spec.model.graph.layers.size(), 1U);
}

LATHE_TEST("a section is set as an object, all or nothing") {
  const auto spec = with("training.optimizer", R"({"name":"sgd","lr":0.1})");
  CHECK_EQ(spec.training.optimizer.name, "sgd");
  CHECK_EQ(*getField(spec, "training.optimizer.lr"), "0.1");
  CHECK(has(*getField(spec, "training.optimizer"), "\"name\":\"sgd\""));
  CHECK(has(errorOf("training.optimizer", R"({"lr":0.1,"nam":"sgd"})"), "training.optimizer.name"));
  CHECK(has(errorOf("training", "3"), "object"));
}

LATHE_TEST("unknown paths suggest what was meant") {
  CHECK(has(errorOf("training.optimiser.lr", "1"), "training.optimizer.lr"));
  CHECK(has(errorOf("lr", "1"), "training.optimizer.lr"));
  CHECK(has(errorOf("epochs", "1"), "training.epochs"));
  CHECK(has(errorOf("", "1"), "no field"));
  CHECK(!errorOf("...", "1").empty());
  CHECK(has(getField(ExperimentSpec(), "training.epoch").error().sentence(), "training.epochs"));
}

LATHE_TEST("the direction follows the monitor") {
  CHECK_EQ(with("training.monitor", "val/accuracy").training.monitorDirection, "maximize");
  CHECK_EQ(with("training.monitor", "val/rmse").training.monitorDirection, "minimize");
  CHECK_EQ(fromJson(R"({"training":{"monitor":"val/r2"}})")->training.monitorDirection, "maximize");
}

LATHE_TEST("contradictions that show without the data are found") {
  CHECK(codesOf(with("data.split.train", "0.8")) == Codes{"spec.split_sum"});
  CHECK(codesOf(with("data.split.method", "group")) == Codes{"spec.split_group"});
  CHECK(codesOf(with("data.split.method", "time")) == Codes{"spec.split_time"});
  ExperimentSpec spec;
  spec.training.epochs = -1;
  spec.training.optimizer.name = "tiger";
  CHECK(codesOf(spec) == (Codes{"spec.range", "spec.choice"}));
  spec = {};
  spec.data.task = Task::Regression;
  spec.training.loss.name = "cross_entropy";
  spec.training.loss.classWeights = true;
  spec.training.monitor = "val/accuracy";
  CHECK(codesOf(spec) == (Codes{"spec.loss_task", "spec.loss_setting", "spec.monitor_task", "spec.monitor_direction"}));
  spec = {};
  spec.data.target = "y";
  spec.data.roles = {{"x", ColumnRole::Target}, {"y", ColumnRole::Ignore}};
  CHECK(codesOf(spec) == (Codes{"spec.two_targets", "spec.target_role"}));
  spec = {};
  spec.model.templateName = "custom";
  CHECK(codesOf(spec) == Codes{"spec.no_layers"});
  spec.model.graph.layers = {{"a", "linear", {}, {}}, {"a", "relu", {}, {}}, {"b", "add", {}, {"a"}}};
  CHECK(codesOf(spec) == (Codes{"spec.layer_name", "spec.input_count"}));
  spec = {};
  spec.training.optimizer = {"sgd", 0.1, 0, 0, true, 0.9, 0.999, 1e-8};
  CHECK(codesOf(spec) == Codes{"spec.nesterov"});
}

LATHE_TEST("a list of numbers may be written with commas") {
  ExperimentSpec spec;
  spec.model.templateName = "mlp";
  REQUIRE_OK(setField(spec, "model.hidden", "64,32"));
  CHECK(spec.model.settings.at("hidden").toList().size() == 2);
  REQUIRE_OK(setField(spec, "model.hidden", "[8]"));
  REQUIRE_OK(setField(spec, "model.hidden", "8"));
  CHECK(!setField(spec, "model.hidden", "64,many"));
  CHECK(!setField(spec, "model.hidden", "64,"));
}

LATHE_TEST("augmentation: set by path, absent in an older spec, checked") {
  const auto older = fromJson(R"({"training":{"epochs":3}})");
  REQUIRE_OK(older);
  CHECK_EQ(older->training.augment.name, "none");
  const auto spec = with("training.augment.name", "Light");
  CHECK_EQ(spec.training.augment.name, "light");
  const auto back = fromJson(toJson(spec));
  REQUIRE_OK(back);
  CHECK(*back == spec);
  CHECK(has(errorOf("training.augment.name", "heavy"), "standard"));
  CHECK(has(errorOf("training.augment.shift", "0.6"), "training.augment.shift"));
  CHECK(has(errorOf("training.augment.rotaton", "5"), "training.augment.rotation"));
  auto mixed = with("training.augment", R"({"name":"custom","mixup":0.2})");
  CHECK(codesOf(mixed) == Codes());
  mixed.data.task = Task::Regression;
  CHECK(codesOf(mixed) == (Codes{"spec.augment_task"}));
  mixed.training.augment.name = "none";
  CHECK(codesOf(mixed) == Codes());
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/base/random.h"
#include "core/spec/spec_json.h"
#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

namespace {

/// Changes a few bytes: flips, cuts, repeats, and tokens that JSON readers stumble over.
std::string mutate(std::string text, Random& random) {
  static const std::vector<std::string> tokens{"null",
                                               "-1",
                                               "1e308",
                                               "[",
                                               "]",
                                               "{",
                                               "}",
                                               "\"",
                                               ",",
                                               ":",
                                               "true",
                                               "0.5",
                                               "\\u",
                                               "999999",
                                               "\xff",
                                               "[]",
                                               "{}",
                                               "\"\"",
                                               "9223372036854775807"};
  for (std::uint64_t i = 1 + random.below(4); i > 0 && !text.empty(); --i) {
    const auto at = random.below(text.size());
    switch (random.below(5)) {
      case 0:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        text.erase(at, 1 + random.below(20));
        break;
      case 2:
        text.insert(at, text.substr(random.below(text.size()), random.below(30)));
        break;
      case 3:
        text.insert(at, tokens[random.below(tokens.size())]);
        break;
      default: {
        // A number or a word becomes another one, so that the JSON mostly stays whole.
        auto end = at;
        while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '.')) ++end;
        text.replace(at, end - at, tokens[random.below(tokens.size())]);
      }
    }
  }
  return text;
}

ModelDescription awkwardDescription() {
  auto description = tableDescription();
  description.schema.features[3].vocabulary = {"", "\"", "\\", "line\nbreak", "\u4e2d\u6587", "null"};
  description.fitted.features[0].fill = 0.1 + 0.2;
  description.fitted.features[0].shift = 1.0 / 3;
  description.fitted.features[0].scale = 5e-324;
  description.fitted.features[1].quantiles = {-1.1e-38F, 0.1F, 16777216.0F, 3.3e36F};
  description.preprocessing.scaling = "robust";
  useTemplate(description, "mlp", {{"dropout", 0.15}});
  return description;
}

}  // namespace

LATHE_TEST("a model description survives JSON bit for bit") {
  const auto table = awkwardDescription();
  auto image = imageDescription();
  useTemplate(image, "cnn");
  auto regression = tableDescription();
  regression.schema.task = Task::Regression;
  regression.schema.target.classes.clear();
  regression.fitted.targetMean = -1e-17;
  regression.fitted.targetStd = 123456.789012345;
  for (const auto& description : {table, image, regression, tableDescription()}) {
    const auto text = toJson(description);
    CHECK(text.find('\n') == std::string::npos);
    const auto back = modelDescriptionFromJson(text);
    REQUIRE_OK(back);
    CHECK(*back == description);
  }
}

LATHE_TEST("a description that contradicts itself is refused by name") {
  auto description = tableDescription();
  description.schema.features[0].offset = 1000;
  const auto outside = modelDescriptionFromJson(toJson(description));
  REQUIRE(!outside);
  CHECK(outside.error().sentence().find("age") != std::string::npos);
  description = tableDescription();
  description.fitted.features[0].fill = std::nan("");
  CHECK(!modelDescriptionFromJson(toJson(description)));
  description = tableDescription();
  description.preprocessing.scaling = "log";
  CHECK(!modelDescriptionFromJson(toJson(description)));
  auto text = toJson(tableDescription());
  text.insert(1, "\"extra\":1,");
  CHECK(modelDescriptionFromJson(text).error().sentence().find("extra") != std::string::npos);
  CHECK(modelDescriptionFromJson("{}").error().code == "spec.missing_field");
  CHECK(modelDescriptionFromJson(R"({"format":99})").error().code == "spec.newer");
  CHECK(!modelDescriptionFromJson(""));
  CHECK(!modelDescriptionFromJson("[]"));
}

LATHE_TEST("mutated descriptions are refused or lower to a sound program, never more") {
  Random random(11);
  const auto valid = toJson(awkwardDescription());
  int accepted = 0;
  for (int round = 0; round < 4000; ++round) {
    const auto description = modelDescriptionFromJson(mutate(valid, random));
    if (!description) {
      CHECK(!description.error().sentence().empty());
      continue;
    }
    ++accepted;
    const auto again = modelDescriptionFromJson(toJson(*description));
    REQUIRE_OK(again);
    CHECK(*again == *description);
    if (const auto program = lower(*description)) checkProgram(*program);
  }
  CHECK(accepted > 50);
}

LATHE_TEST("mutated specs are refused with a sentence or come back the same") {
  Random random(5);
  ExperimentSpec spec;
  spec.name = "study";
  spec.data.roles = {{"id", ColumnRole::Ignore}};
  spec.model.templateName = "mlp";
  spec.model.settings = {{"hidden", std::vector<std::int64_t>{64, 32}}};
  spec.model.graph.layers = {{"fc1", "linear", {{"out", 64}}, {"features"}}, {"output", "linear", {{"out", 2}}, {}}};
  const auto valid = toJson(spec, -1);
  int accepted = 0;
  for (int round = 0; round < 4000; ++round) {
    const auto read = fromJson(mutate(valid, random));
    if (!read) {
      CHECK(!read.error().sentence().empty());
      continue;
    }
    ++accepted;
    (void)validate(*read);
    const auto again = fromJson(toJson(*read));
    REQUIRE_OK(again);
    CHECK(*again == *read);
  }
  CHECK(accepted > 10);
}

LATHE_TEST("mutated paths and values of --set never do more than fail") {
  Random random(3);
  const std::vector<std::string> paths{"training.optimizer.lr", "data.roles.\"a.b\"",   "model.hidden",
                                       "model.layers",          "data.reading.missing", "training"};
  ExperimentSpec spec;
  for (int round = 0; round < 4000; ++round) {
    const auto path = mutate(paths[random.below(paths.size())], random);
    const auto value = mutate("[{\"name\":\"a\",\"kind\":\"relu\"}]", random);
    const auto before = spec;
    if (const auto set = setField(spec, path, value); !set) {
      CHECK(spec == before);
      CHECK(!set.error().sentence().empty());
    }
    if (round % 50 == 0) {
      CHECK(fromJson(toJson(spec)).has_value());
      spec = {};
    }
  }
}

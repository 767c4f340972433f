// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"
#include "core/serving/clients/tensor_service.h"
#include "tests/support/testing.h"

using namespace lathe;
using serving::ConfiguredModel;
using serving::tfServingModels;

namespace {

const std::vector<ConfiguredModel> twoModels{{"a\"b\\", "/s/a", {1, 2}, {{"canary", 2}, {"stable", 1}}},
                                             {"c", "/s/c", {}, {}}};

}  // namespace

LATHE_TEST("a configuration of TensorFlow Serving is text as it reads it") {
  CHECK_EQ(serving::tfServingConfig(twoModels),
           std::string("model_config_list {\n  config {\n    name: \"a\\\"b\\\\\"\n    base_path: \"/s/a\"\n"
                       "    model_platform: \"tensorflow\"\n"
                       "    model_version_policy { specific { versions: 1 versions: 2 } }\n"
                       "    version_labels { key: \"canary\" value: 2 }\n"
                       "    version_labels { key: \"stable\" value: 1 }\n  }\n"
                       "  config {\n    name: \"c\"\n    base_path: \"/s/c\"\n    model_platform: \"tensorflow\"\n"
                       "    model_version_policy { latest { num_versions: 1 } }\n  }\n}\n"));
}

LATHE_TEST("a configuration that was written comes back") {
  const auto back = tfServingModels(serving::tfServingConfig(twoModels));
  REQUIRE(back.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK_EQ(back[i].name, twoModels[i].name);
    CHECK_EQ(back[i].folder, twoModels[i].folder);
    CHECK(back[i].versions == twoModels[i].versions);
    CHECK(back[i].labels == twoModels[i].labels);
  }
}

LATHE_TEST("a configuration that somebody wrote by hand is read in all of the format's ways") {
  const auto models = tfServingModels(R"(# models
model_config_list: <
  config: { name: 'one' base_path: "/models" "/one"; model_platform: "tensorflow",
    logging_config { log_collector_config { type: "x" } } unheard_of: -3.5e2
    model_version_policy { specific { versions: [3, 4] } }   # two
    version_labels [ { key: "a" value: 3 }, { key: "b", value: 4 } ] }
  config { name: "no folder" }
  config { base_path: "/no/name" }
  config { name: "all" base_path: "/all" model_version_policy { all {} } }
>)");
  REQUIRE(models.size() == 2);
  CHECK_EQ(models[0].name, std::string("one"));
  CHECK_EQ(models[0].folder, std::string("/models/one"));
  CHECK((models[0].versions == std::vector<std::int64_t>{3, 4}));
  CHECK_EQ(models[0].labels.size(), std::size_t{2});
  CHECK_EQ(models[1].name, std::string("all"));
}

LATHE_TEST("text that is no configuration holds no models") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "a{";
  for (const std::string& none :
       {std::string(), std::string("no configuration"), std::string("model_config_list {"), std::string("}"),
        std::string("model_config_list { config { name: \"a"), std::string("a: "), std::string("a: ["),
        std::string("\"a\""), std::string(1, '\0'), deep})
    CHECK(tfServingModels(none).empty());
  // Any bytes end somewhere.
  const auto whole = serving::tfServingConfig(twoModels);
  Random random(5);
  for (int round = 0; round < 2000; ++round) {
    auto text = whole;
    for (std::uint64_t i = 0; i <= random.below(5); ++i)
      text[random.below(text.size())] = static_cast<char>(random.below(256));
    text.resize(random.below(text.size() + 1));
    CHECK(tfServingModels(text).size() <= 3);
  }
}

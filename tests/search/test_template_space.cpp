// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include "core/search/architectures/mutation.h"
#include "core/search/architectures/template_space.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

spec::TemplateContext contextFor(bool image) {
  spec::TemplateContext context;
  if (image)
    context.graph.inputs.push_back({"image", {1, 28, 28}, {}});
  else
    context.graph.inputs.push_back({"features", {7}, {}});
  context.graph.outputs = 3;
  context.trainRows = 1000;
  return context;
}

}  // namespace

LATHE_TEST("small changes of a template's architecture are networks that can be built, and others than it was") {
  const std::vector<std::pair<std::string, spec::ValueMap>> networks{
      {"mlp", {{"hidden", spec::Value::parse("[128,128]")}}},
      {"realmlp", {}},
      {"resmlp", {{"width", 128}, {"blocks", 2}}},
      {"tabm", {{"members", 8}, {"width", 64}, {"blocks", 2}}},
      {"cnn", {{"channels", spec::Value::parse("[16,32]")}, {"depth", 2}}}};
  for (const auto& [name, settings] : networks) {
    const auto context = contextFor(name == "cnn");
    const auto architecture = templateArchitecture(name, settings);
    REQUIRE(architecture.has_value());
    CHECK(settingsOf(*architecture, architecture->at, settings) == settings);
    CHECK(spec::check(architecture->space, architecture->at).has_value());
    std::set<std::string> different;
    Random random(3, "test");
    for (int i = 0; i < 40; ++i) {
      const auto child = mutate(architecture->space, architecture->at, random);
      REQUIRE(child.has_value());
      const auto changed = settingsOf(*architecture, *child, settings);
      CHECK(changed != settings);
      CHECK(!changes(architecture->space, architecture->at, *child).empty());
      REQUIRE_OK(spec::buildTemplate(name, changed, context));
      std::string text;
      for (const auto& [key, value] : changed) text += key + value.json();
      different.insert(text);
    }
    CHECK(different.size() > 3);
  }
}

LATHE_TEST("what is sized to the data is no part of an architecture's space, and some templates have none") {
  const auto automatic = templateArchitecture("mlp", {});
  if (automatic) CHECK(automatic->list.empty());
  const auto resmlp = templateArchitecture("resmlp", {});
  REQUIRE(resmlp.has_value());
  CHECK(!resmlp->space.find("architecture.width").has_value());
  CHECK(!templateArchitecture("custom", {}).has_value());
}

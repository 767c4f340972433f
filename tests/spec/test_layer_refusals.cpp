// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a layer cannot take it refuses with its name, what it was given and what to do; it never breaks.
#include <algorithm>

#include "core/spec/layer_kind.h"
#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;

namespace {

std::vector<GraphContext::Input> offered() {
  return {{"features", {5}, {}},    {"image", {3, 8, 8}, {}},    {"image", {1, 1, 1}, {}},   {"sequence", {7, 4}, {}},
          {"sequence", {1, 1}, {}}, {"categories", {2}, {4, 9}}, {"text", {2, 6}, {16, 16}}, {"audio", {4000}, {}}};
}

}  // namespace

LATHE_TEST("every layer kind names itself and the given shape in whatever it refuses") {
  int refused = 0;
  int taken = 0;
  for (const auto* kind : layerKinds())
    for (const auto& input : offered()) {
      GraphContext context{{input}, 1};
      context.sampleRate = 8000;
      LayerNode node{"odd_one", kind->name(), {}, {}};
      for (int i = 0; i < std::max(1, kind->inputCount().first); ++i) node.inputs.push_back(input.name);
      const auto report = analyse({{node}}, context);
      REQUIRE(report.layers.size() == 1);
      const auto& error = report.layers[0].error;
      if (!error) {
        ++taken;
        CHECK(elementCount(report.layers[0].output) > 0);
        continue;
      }
      ++refused;
      const auto sentence = error->sentence();
      const bool named = sentence.find("odd_one") != std::string::npos;
      const bool shown = sentence.find(shapeText(input.shape)) != std::string::npos;
      // Of a table's features it may be what they hold that does not fit.
      if (!named || !(shown || input.name == "features") || error->hint.render().empty())
        lathe::testing::reportFailure(__FILE__, __LINE__, kind->name() + " on " + input.name + ": " + sentence);
    }
  CHECK(refused > 100);
  CHECK(taken > 150);
}

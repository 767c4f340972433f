// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/search/architectures/architecture_sampler.h"
#include "core/search/architectures/mixture.h"
#include "core/search/architectures/mutation.h"
#include "core/search/space_tools.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

spec::TemplateContext tableContext() {
  spec::TemplateContext context;
  context.graph.inputs.push_back({"features", {7}, {}});
  context.graph.inputs.push_back({"categories", {2}, {5, 40}});
  context.graph.outputs = 3;
  context.trainRows = 1000;
  return context;
}

spec::TemplateContext imageContext(std::int64_t side = 28) {
  spec::TemplateContext context;
  context.graph.inputs.push_back({"image", {1, side, side}, {}});
  context.graph.outputs = 10;
  context.trainRows = 1000;
  return context;
}

struct Ground {
  std::string name;
  spec::TemplateContext context;
  SearchSpace space;
};

std::vector<Ground> grounds() {
  std::vector<Ground> all;
  const std::pair<const char*, spec::TemplateContext> cases[] = {
      {"mlp", tableContext()},    {"resmlp", tableContext()}, {"free", tableContext()},  {"cells", imageContext(28)},
      {"free", imageContext(28)}, {"cells", imageContext(5)}, {"free", imageContext(3)}, {"mlp", imageContext(8)}};
  for (const auto& [name, context] : cases) {
    auto space = architectureSpace(name, context);
    REQUIRE_OK(space);
    all.push_back({name, context, *space});
  }
  return all;
}

Ground groundOf(const std::string& name, const spec::TemplateContext& context) {
  auto space = architectureSpace(name, context);
  REQUIRE_OK(space);
  return {name, context, *space};
}

bool isValid(const Ground& ground, const Configuration& configuration) {
  const auto inSpace = spec::check(ground.space, configuration);
  if (!inSpace) CHECK_EQ(inSpace.error().sentence(), std::string());
  const auto graph = buildArchitecture(ground.name, ground.space, configuration, ground.context);
  if (!graph) CHECK_EQ(ground.name + ": " + graph.error().sentence(), std::string());
  return inSpace.has_value() && graph.has_value();
}

double geneOf(const Ground& ground, const Configuration& configuration, const std::string& gene) {
  const auto at = ground.space.find("architecture." + gene);
  REQUIRE(at.has_value());
  return configuration[*at];
}

Configuration withGenes(const Ground& ground, const std::string& json) {
  const auto read = spec::configurationFromJson(ground.space, json, true);
  REQUIRE_OK(read);
  auto configuration = *read;
  settle(ground.space, configuration, [&](std::size_t i) { return ground.space.parameters[i].low; });
  return configuration;
}

}  // namespace

LATHE_TEST("ten thousand mutations in a row stay valid in every space, and each one changes something") {
  int applied = 0;
  std::map<MutationKind, int> kinds;
  for (const auto& ground : grounds()) {
    Random random(1, ground.name);
    auto configuration = draw(ground.space, random);
    CHECK(isValid(ground, configuration));
    for (int i = 0; i < 1250; ++i) {
      const auto possible = possibleMutations(ground.space, configuration);
      REQUIRE(!possible.empty());
      const auto kind = possible[random.below(possible.size())];
      const auto after = mutate(ground.space, configuration, kind, random);
      if (!after) continue;
      CHECK(!spec::same(*after, configuration));
      REQUIRE(isValid(ground, *after));
      CHECK(!changes(ground.space, configuration, *after).empty());
      configuration = *after;
      ++kinds[kind];
      ++applied;
    }
  }
  CHECK(applied >= 9900);
  for (int i = 0; i <= static_cast<int>(lastMutation); ++i) CHECK(kinds[static_cast<MutationKind>(i)] > 0);
}

LATHE_TEST("configurations drawn at random are valid, and all layers of one architecture have names of their own") {
  for (const auto& ground : grounds()) {
    Random random(2, ground.name);
    for (int i = 0; i < 300; ++i) {
      const auto configuration = draw(ground.space, random);
      REQUIRE(isValid(ground, configuration));
      std::set<std::string> names;
      const auto graph = buildArchitecture(ground.name, ground.space, configuration, ground.context);
      for (const auto& layer : graph->layers) CHECK(names.insert(layer.name).second);
    }
  }
}

LATHE_TEST("each mutation does what it is called, and says so") {
  const auto ground = groundOf("free", tableContext());
  const auto parent =
      withGenes(ground, R"({"architecture.nodes":3,"architecture.node1.op":"linear","architecture.node1.width":64,
                  "architecture.node2.op":"gated","architecture.node2.width":32,"architecture.node2.skip":0,
                  "architecture.node3.op":"residual","architecture.node3.width":16,"architecture.node3.skip":1})");
  Random random(3);
  const auto after = [&](MutationKind kind) {
    const auto child = mutate(ground.space, parent, kind, random);
    REQUIRE(child.has_value());
    return *child;
  };
  const auto said = [&](const Configuration& child) { return changes(ground.space, parent, child).front().render(); };
  CHECK_EQ(geneOf(ground, after(MutationKind::Insert), "nodes"), 4.0);
  CHECK_EQ(said(after(MutationKind::Insert)).rfind("insert node", 0), std::size_t{0});
  CHECK_EQ(geneOf(ground, after(MutationKind::Remove), "nodes"), 2.0);
  CHECK_EQ(said(after(MutationKind::Remove)).rfind("remove node", 0), std::size_t{0});
  CHECK_EQ(geneOf(ground, after(MutationKind::Deepen), "nodes"), 4.0);
  CHECK_EQ(said(after(MutationKind::Deepen)).rfind("deepen: node", 0), std::size_t{0});
  CHECK(said(after(MutationKind::Widen)).rfind("width of node", 0) == 0);
  CHECK(said(after(MutationKind::AddSkip)).rfind("add a shortcut", 0) == 0);
  CHECK_EQ(said(after(MutationKind::RemoveSkip)), std::string("remove the shortcut of node 3"));
  CHECK(said(after(MutationKind::Activation)).rfind("activation of node", 0) == 0);
  CHECK(said(after(MutationKind::Operation)).rfind("op of node", 0) == 0);
  CHECK(!mutate(ground.space, parent, MutationKind::Kernel, random).has_value());  // tables have none
  const auto widened = after(MutationKind::Widen);
  int wider = 0;
  for (int node = 1; node <= 3; ++node)
    wider += geneOf(ground, widened, "node" + std::to_string(node) + ".width") >
             geneOf(ground, parent, "node" + std::to_string(node) + ".width");
  CHECK_EQ(wider, 1);
}

LATHE_TEST("a child's nodes are found again in its parent, so that their layers keep their weights") {
  const auto ground = groundOf("mlp", tableContext());
  const auto parent = withGenes(ground, R"({"architecture.nodes":3,"architecture.node1.width":64,
      "architecture.node2.width":128,"architecture.node3.width":32})");
  const auto child = withGenes(ground, R"({"architecture.nodes":4,"architecture.node1.width":64,
      "architecture.node2.width":512,"architecture.node3.width":128,"architecture.node4.width":32})");
  const auto aligned = alignNodes(ground.space, parent, child);
  CHECK(aligned == std::vector<int>({1, 0, 2, 3}));
  CHECK_EQ(layerInParent("n1_fc", aligned), std::string("n1_fc"));
  CHECK_EQ(layerInParent("n2_fc", aligned), std::string());
  CHECK_EQ(layerInParent("n4_fc", aligned), std::string("n3_fc"));
  CHECK_EQ(layerInParent("output", aligned), std::string("output"));
  CHECK_EQ(layerInParent("norm_x", aligned), std::string("norm_x"));
  // Every configuration is its own parent.
  for (const auto& each : grounds()) {
    Random random(4, each.name);
    const auto some = draw(each.space, random);
    const auto mine = alignNodes(each.space, some, some);
    for (std::size_t i = 0; i < mine.size(); ++i) CHECK_EQ(mine[i], static_cast<int>(i) + 1);
    CHECK(changes(each.space, some, some).empty());
  }
}

LATHE_TEST("no sampler proposes what costs too much, and what cannot be is said with its numbers") {
  const auto ground = groundOf("resmlp", tableContext());
  ArchitectureStudy study;
  study.space = "resmlp";
  study.context = ground.context;
  study.limits.parameters = 3000;
  for (const char* name : {"random", "evolution", "qmc"}) {
    SamplerSetup setup;
    setup.space = ground.space;
    setup.seed = 5;
    setup.budget = 60;
    auto sampler = makeArchitectureSampler(name, setup, study);
    REQUIRE_OK(sampler);
    std::set<std::int64_t> sizes;
    for (int trial = 0; trial < 60; ++trial) {
      const auto proposed = (*sampler)->propose(trial);
      REQUIRE(proposed.has_value());
      const auto cost = costOfArchitecture(study, ground.space, *proposed);
      REQUIRE_OK(cost);
      CHECK(cost->parameters <= 3000);
      sizes.insert(cost->parameters);
      (*sampler)->begin(trial, *proposed);
      (*sampler)->tell({trial, *proposed, TrialState::Complete, {1.0 / static_cast<double>(cost->parameters)}});
    }
    CHECK(sizes.size() > 10);
  }
  study.limits.parameters = 10;
  SamplerSetup plain;
  plain.space = ground.space;
  const auto refused = makeArchitectureSampler("random", plain, study);
  REQUIRE(!refused.has_value());
  CHECK_EQ(refused.error().code, std::string("nas.impossible"));
  CHECK(refused.error().sentence().find("parameters") != std::string::npos);
  CHECK(!architectureSpace("cells", tableContext()).has_value());
  CHECK(!architectureSpace("nonsense", tableContext()).has_value());
}

LATHE_TEST("evolution repeats its proposals from its log, names their parents, and beats random on a smooth task") {
  const auto ground = groundOf("free", tableContext());
  // What is wanted: four nodes of width 64 with silu, a shortcut somewhere.
  const auto value = [&](const Configuration& configuration) {
    double loss = std::abs(geneOf(ground, configuration, "nodes") - 4);
    for (int node = 1; node <= static_cast<int>(geneOf(ground, configuration, "nodes")); ++node) {
      const auto gene = "node" + std::to_string(node) + ".";
      loss += 0.2 * std::abs(geneOf(ground, configuration, gene + "width") - 6);
      loss += geneOf(ground, configuration, gene + "activation") == 2 ? 0 : 0.5;
    }
    return loss;
  };
  double evolved = 0, random = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const bool evolves : {true, false}) {
      SamplerSetup setup;
      setup.space = ground.space;
      setup.seed = seed;
      setup.budget = 100;
      ArchitectureStudy study;
      study.space = "free";
      study.context = ground.context;
      auto sampler = makeArchitectureSampler(evolves ? "evolution" : "random", setup, study);
      auto again = makeArchitectureSampler(evolves ? "evolution" : "random", setup, study);
      REQUIRE_OK(sampler);
      double best = 1e9;
      int children = 0;
      for (int trial = 0; trial < 100; ++trial) {
        const auto proposed = (*sampler)->propose(trial);
        const auto parent = (*sampler)->parentOfProposal();
        REQUIRE(proposed.has_value());
        CHECK(parent < trial);
        children += parent >= 0;
        if (seed == 0) {
          CHECK(spec::same(*(*again)->propose(trial), *proposed));
          CHECK_EQ((*again)->parentOfProposal(), parent);
        }
        const double its = value(*proposed);
        best = std::min(best, its);
        for (auto* each : {sampler->get(), again->get()}) {
          each->begin(trial, *proposed);
          each->tell({trial, *proposed, TrialState::Complete, {its}});
        }
      }
      CHECK_EQ(children > 0, evolves);
      (evolves ? evolved : random) += best;
    }
  }
  CHECK(evolved < 0.7 * random);
}

LATHE_TEST("a mixture of cells is a valid graph, and its likeliest cells come in the order of their probability") {
  const auto ground = groundOf("cells", imageContext());
  const auto shared = sharedSpace("cells", ground.space);
  const auto graph = buildMixture(shared, ground.context);
  const auto report = spec::analyse(graph, ground.context.graph);
  CHECK(!report.error.has_value());
  std::map<std::string, std::vector<double>> weights;
  for (const char* key : {"e01", "e02", "e12", "e03", "e13", "e23"})
    weights[key] = {0.05, 0.05, 0.5, 0.2, 0.05, 0.05, 0.05, 0.05};
  weights["e01"] = {0.9, 0.01, 0.02, 0.02, 0.02, 0.01, 0.01, 0.01};
  const auto likely = likeliest(shared, weights, 20);
  REQUIRE(likely.size() == 20);
  const auto text = [&](const Configuration& c, const char* edge) {
    const auto at = *ground.space.find(std::string("architecture.") + edge);
    return spec::valueOf(ground.space.parameters[at], c[at]).toText();
  };
  CHECK_EQ(text(likely[0], "edge01"), std::string("skip"));
  CHECK_EQ(text(likely[0], "edge23"), std::string("conv3"));
  for (std::size_t i = 0; i < likely.size(); ++i) {
    CHECK(isValid(ground, likely[i]));
    for (std::size_t k = 0; k < i; ++k) CHECK(!spec::same(likely[i], likely[k]));
  }
  CHECK_EQ(likelyShortcuts(weights), 1);
  for (std::size_t i = 1; i < likely.size(); ++i)
    CHECK(likelihood(shared, weights, likely[i]) <= likelihood(shared, weights, likely[i - 1]) + 1e-12);
  CHECK(std::abs(likelihood(shared, weights, likely[0]) - (std::log(0.9) + 5 * std::log(0.5))) < 1e-9);
}

LATHE_TEST("a mixture bends more when its mean curvature has grown by a third within five epochs") {
  std::vector<double> flat(9, 1.0);
  CHECK(!bendsMore(flat));
  flat.push_back(100);
  CHECK(bendsMore(flat));  // 1 against 20.8
  const std::vector<double> slowly{1, 1, 1, 1, 1, 1.3, 1.3, 1.3, 1.3, 1.3};
  CHECK(!bendsMore(slowly));
  auto quickly = slowly;
  for (std::size_t i = 5; i < 10; ++i) quickly[i] = 1.4;
  CHECK(bendsMore(quickly));
  quickly[7] = std::nan("");
  CHECK(bendsMore(quickly));
  CHECK(!bendsMore(std::vector<double>(20, std::nan(""))));
}

LATHE_TEST("a ranked sampler gives the best that nobody has begun") {
  const std::vector<Configuration> ranked{{1, std::nan("")}, {2, 0}, {3, 1}};
  const auto sampler = makeRankedSampler(ranked);
  sampler->begin(0, {5, 5});  // a person's own
  REQUIRE(sampler->propose(1).has_value());
  CHECK(spec::same(*sampler->propose(1), ranked[0]));
  sampler->begin(1, ranked[0]);
  sampler->begin(2, ranked[2]);
  CHECK(spec::same(*sampler->propose(3), ranked[1]));
  sampler->begin(3, ranked[1]);
  CHECK(!sampler->propose(4).has_value());
}

LATHE_TEST("genes that do not matter make no other network, and those that do make one") {
  const auto cells = groundOf("cells", imageContext());
  const auto code = [](const Ground& ground, const Configuration& configuration) {
    return networkCode(ground.name, ground.space, configuration, ground.context);
  };
  const std::string path = R"("architecture.edge01":"none","architecture.edge02":"conv3","architecture.edge03":"skip",
      "architecture.edge23":"conv1")";
  const auto with = [&](const std::string& more) { return withGenes(cells, "{" + path + more + "}"); };
  const auto plain = code(cells, with(R"(,"architecture.edge12":"none","architecture.edge13":"none")"));
  // Nothing comes to node 1.
  CHECK_EQ(code(cells, with(R"(,"architecture.edge12":"conv5","architecture.edge13":"none")")), plain);
  CHECK_EQ(code(cells, with(R"(,"architecture.edge12":"max3","architecture.edge13":"skip")")), plain);
  // With one stage nothing grows.
  CHECK_EQ(code(cells, with(R"(,"architecture.stages":1,"architecture.growth":2.0)")), plain);
  CHECK(code(cells, with(R"(,"architecture.stages":2,"architecture.growth":2.0)")) != plain);
  CHECK(code(cells, with(R"(,"architecture.channels":24)")) != plain);
  CHECK(code(cells, with(R"(,"architecture.dropout":0.3)")) != plain);
  // The same operation on another way to the same place.
  const auto first = withGenes(cells, R"({"architecture.edge01":"conv3","architecture.edge13":"conv5"})");
  const auto second = withGenes(cells, R"({"architecture.edge02":"conv3","architecture.edge23":"conv5"})");
  CHECK_EQ(code(cells, first), code(cells, second));
  // One convolution with two readers, or two convolutions.
  const auto one = withGenes(cells, R"({"architecture.edge01":"conv3","architecture.edge12":"max3",
      "architecture.edge13":"avg3","architecture.edge23":"skip"})");
  const auto two = withGenes(cells, R"({"architecture.edge01":"conv3","architecture.edge02":"conv3",
      "architecture.edge13":"avg3","architecture.edge23":"max3"})");
  CHECK(code(cells, one) != code(cells, two));
  // Everywhere: one mutation of what has an effect is another network, and equal graphs have equal codes.
  for (const auto& ground : grounds()) {
    Random random(6, ground.name);
    std::map<std::uint64_t, spec::ModelGraph> graphs;
    for (int i = 0; i < 300; ++i) {
      const auto configuration = draw(ground.space, random);
      const auto graph = buildArchitecture(ground.name, ground.space, configuration, ground.context);
      REQUIRE_OK(graph);
      const auto [known, isNew] = graphs.emplace(code(ground, configuration), *graph);
      if (isNew) continue;
      CHECK_EQ(known->second.layers.size(), graph->layers.size());
      CHECK_EQ(spec::analyse(known->second, ground.context.graph).parameters,
               spec::analyse(*graph, ground.context.graph).parameters);
    }
  }
}

LATHE_TEST("evolution, tpe and random propose no network twice, unless its training differs") {
  const auto ground = groundOf("cells", imageContext());
  auto space = sharedSpace("cells", ground.space);
  ArchitectureStudy study;
  study.space = "cells";
  study.context = ground.context;
  for (const char* name : {"random", "tpe", "evolution"})
    for (const double limit : {0.0, 60000.0}) {
      SamplerSetup setup;
      setup.space = space;
      setup.seed = 4;
      setup.budget = 150;
      study.limits.parameters = limit;
      auto sampler = makeArchitectureSampler(name, setup, study);
      REQUIRE_OK(sampler);
      std::set<std::uint64_t> codes;
      for (std::int64_t trial = 0; trial < 150; ++trial) {
        const auto proposed = (*sampler)->propose(trial);
        REQUIRE(proposed.has_value());
        CHECK(spec::same(*(*sampler)->propose(trial), *proposed));
        codes.insert(networkCode("cells", space, *proposed, ground.context));
        (*sampler)->begin(trial, *proposed);
        double value = 0;  // the more shortcuts the better: many dead nodes
        for (const double gene : *proposed) value -= gene == 0 ? 1 : 0;
        (*sampler)->tell({trial, *proposed, TrialState::Complete, {value}});
      }
      if (codes.size() < 149)
        testing::reportFailure(__FILE__, __LINE__, fmt::format("{}: {} networks of 150", name, codes.size()));
    }
}

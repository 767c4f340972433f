// SPDX-License-Identifier: GPL-3.0-or-later
// The rule lathe-text-1: vectors from another implementation of it (a page of Python by the header's words), and how
// text stands in schemas, graphs and specs.
#include <algorithm>

#include "core/spec/layer_kind.h"
#include "core/spec/schema.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"
#include "core/spec/text_program.h"
#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;
using Codes = std::vector<std::uint16_t>;

namespace {

Codes codesOf(std::string_view text, std::size_t most = 512, int buckets = 16384) {
  Codes codes;
  appendTextCodes(text, {buckets}, most, codes);
  return codes;
}

/// A number and two columns of text, two classes.
ModelDescription described(int places = 6) {
  ModelDescription model;
  model.schema.inputShape = {1 + 2 * places};
  model.schema.features = {{"x", ColumnKind::Real, 0, 1, {}},
                           {"remark", ColumnKind::Text, 1, places, {}, {100}},
                           {"title", ColumnKind::Text, 1 + places, places, {}, {200}}};
  model.schema.target = {"y", {"no", "yes"}};
  model.fitted.features.resize(3);
  model.fitted.classFrequencies = {0.5, 0.5};
  return model;
}

Result<Program> lowered(const std::string& name, ModelDescription& model) {
  const auto context = graphContext(model.schema, model.fitted, model.preprocessing);
  auto graph = buildTemplate(name, {{"text_size", 5}}, {context, model.schema.task, 100});
  if (!graph) return passOn(graph);
  model.graph = std::move(*graph);
  return lower(model);
}

}  // namespace

LATHE_TEST("text codes: FNV-1a as published") {
  CHECK_EQ(fnv1a(""), std::uint64_t{14695981039346656037U});
  CHECK_EQ(fnv1a("a"), std::uint64_t{12638187200555641996U});
  CHECK_EQ(fnv1a("foobar"), std::uint64_t{9625390261332436968U});
}

LATHE_TEST("text codes: words, pairs and parts of words as another program finds them") {
  CHECK((codesOf("Go, go!") == Codes{14276, 14276, 1079, 9096, 7578, 9096, 7578}));
  CHECK((codesOf("\u00dcn\u00efcode\u2019s \u00c4rger") ==
         Codes{15014, 2783, 12621, 3942,  7133,  15073, 5995,  8856, 9107,  4304, 13453, 13559,
               7752,  1220, 6686,  15694, 12305, 1792,  4255,  403,  1044,  4958, 3233,  11357,
               9870,  8529, 13782, 16169, 10145, 15008, 13014, 56,   11172, 5806, 15041}));
  CHECK((codesOf("\u0401\u043b\u043a\u0430 \u03a3\u039f\u03a6\u0399\u0391") ==
         Codes{799,  5958, 3364,  9857, 2939, 275,  3779,  1307, 15839, 16357, 289,  5406,
               2883, 8326, 11347, 3278, 9819, 2426, 11541, 1456, 12362, 12119, 3947, 1792}));
  CHECK((codesOf("\u4f60\u597d\uff0c\u4e16\u754c ok") ==
         Codes{7075, 10811, 3348, 13738, 12048, 3967, 8712, 1681, 13687, 8860, 14926}));
  CHECK((codesOf("I \u2764\ufe0f it \U0001f600\U0001f600") ==
         Codes{14093, 7253, 667, 4583, 4583, 13859, 9297, 12157, 8325, 11735, 13155}));
  CHECK((codesOf("don't STOP") == Codes{13871, 1478, 2718, 11898, 6761, 8959, 15459, 5915, 5087, 4015, 8221, 8630, 9074,
                                        14142, 14730, 3292, 6325, 13361, 6641}));
  CHECK((codesOf("a") == Codes{10613}));
  CHECK((textPieces("Go, go!", 9) == std::vector<std::string>{"wgo", "wgo", "bgo go", "c<go", "cgo>", "c<go", "cgo>"}));
}

LATHE_TEST("text codes: nothing comes of nothing, and a limit keeps the first") {
  for (const char* nothing : {"", " ", "...", "\n\t\"'", "\xff\xfe", "\u2026\u3002"}) CHECK(codesOf(nothing).empty());
  const auto all = codesOf("the quick brown fox");
  for (std::size_t most = 0; most <= all.size(); ++most)
    CHECK(
        (codesOf("the quick brown fox", most) == Codes(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most))));
  CHECK(codesOf("word", 0).empty());
  for (const auto code : codesOf("the quick brown fox", 512, 7)) CHECK(code < 7);
}

LATHE_TEST("text codes: malformed bytes part words as U+FFFD does, wherever they stand") {
  const std::string cut = std::string("caf\xc3") + " bar";
  CHECK((codesOf(cut) == codesOf("caf\ufffd bar")));
  CHECK((codesOf("a\xf0\x9f\x98") == codesOf("a\ufffd")));
  CHECK((codesOf(std::string("x\xed\xa0\x80y")) == codesOf("x y")));
  CHECK((codesOf(std::string("nul\0in", 6)) == codesOf("nul in")));
}

LATHE_TEST("text codes: a megabyte is read no farther than its places need") {
  std::string words;
  while (words.size() < (1U << 20U)) words += "word" + std::to_string(words.size()) + " ";
  CHECK_EQ(codesOf(words).size(), std::size_t{512});
  const std::string one(1U << 20U, 'x');
  CHECK_EQ(codesOf(one, 300).size(), std::size_t{300});
}

LATHE_TEST("text: the input is codes of all columns, and its part of the program can be left out") {
  auto model = described();
  const auto context = graphContext(model.schema, model.fitted, model.preprocessing);
  REQUIRE(context.inputs.size() == 2);
  CHECK_EQ(context.inputs[1].name, std::string("text"));
  CHECK((context.inputs[1].shape == Shape{2, 6}));
  CHECK((context.inputs[1].cardinalities == std::vector<std::int64_t>{100, 200}));
  const auto program = lowered("mlp", model);
  REQUIRE_OK(program);
  CHECK_EQ(textInput(*program).value_or(9), std::size_t{1});
  const auto bag = std::find_if(program->model.begin(), program->model.end(),
                                [](const auto& operation) { return operation.primitive == Primitive::EmbeddingBag; });
  REQUIRE(bag != program->model.end());
  CHECK((program->values[static_cast<std::size_t>(bag->output)] == Shape{2, 6}));
  CHECK((program->parameters[static_cast<std::size_t>(bag->parameters[1])].shape == Shape{200, 5}));
  const auto without = withoutText(*program);
  CHECK_EQ(without.prepared.size(), std::size_t{1});
  CHECK(!textInput(without));
  for (const auto& operation : without.preprocess) CHECK(operation.layer != textLayer);
}

LATHE_TEST("text: every template for tables reads it, alone too") {
  for (const char* name : {"mlp", "resmlp", "realmlp", "tabm", "ft-transformer"}) {
    auto model = described();
    const auto both = lowered(name, model);
    REQUIRE_OK(both);
    const auto bags = std::count_if(both->model.begin(), both->model.end(), [](const auto& operation) {
      return operation.primitive == Primitive::EmbeddingBag;
    });
    CHECK_EQ(bags, 1);
    // A token a column of text, one for the number, and the class token.
    if (std::string(name) == "ft-transformer") {
      const auto report = analyse(model.graph, graphContext(model.schema, model.fitted, model.preprocessing));
      CHECK_EQ(report.layers[0].output.at(0), 4);
    }
    auto alone = described();
    alone.schema.features.erase(alone.schema.features.begin());
    alone.schema.inputShape = {12};
    for (auto& feature : alone.schema.features) feature.offset -= 1;
    alone.fitted.features.resize(2);
    REQUIRE_OK(lowered(name, alone));
  }
}

LATHE_TEST("text: a description comes back from JSON, and a damaged one is refused") {
  auto model = described();
  REQUIRE_OK(lowered("mlp", model));
  const auto json = toJson(model);
  const auto back = modelDescriptionFromJson(json);
  REQUIRE_OK(back);
  CHECK(*back == model);
  const auto broken = [&](const std::string& from, const std::string& to) {
    auto text = json;
    const auto at = text.find(from);
    if (at == std::string::npos) return false;
    return !modelDescriptionFromJson(text.replace(at, from.size(), to));
  };
  CHECK(broken("lathe-text-1", "lathe-text-9"));
  CHECK(broken("\"buckets\":200", "\"buckets\":0"));
  CHECK(broken("\"buckets\":200", "\"buckets\":70000"));
  const auto refused = [&](auto change) {
    auto changed = model;
    change(changed.schema);
    return !lower(changed);
  };
  CHECK(refused([](DataSchema& schema) { schema.features[1].width = 5; }));
  CHECK(refused([](DataSchema& schema) { schema.features[2].offset = 2; }));
  CHECK(refused([](DataSchema& schema) { schema.features[0].offset = 3; }));
  CHECK(refused([](DataSchema& schema) { schema.inputShape[0] += 1; }));
  CHECK(refused([](DataSchema& schema) { std::swap(schema.features[0], schema.features[1]); }));
  CHECK(refused([](DataSchema& schema) { schema.features[1].kind = ColumnKind::Category; }));
}

LATHE_TEST("text: older specs go on ignoring it, new ones say how it is read") {
  const auto older = fromJson(R"({"schema": 3, "data": {"path": "a.csv"}})");
  REQUIRE_OK(older);
  CHECK_EQ(older->data.preprocessing.text, std::string("ignore"));
  ExperimentSpec spec;
  CHECK_EQ(spec.data.preprocessing.text, std::string("hashed"));
  REQUIRE_OK(setField(spec, "data.preprocessing.text_buckets", "4096"));
  REQUIRE_OK(setField(spec, "data.preprocessing.text_codes", "64"));
  CHECK(!setField(spec, "data.preprocessing.text_buckets", "65537"));
  CHECK(!setField(spec, "data.preprocessing.text", "words"));
  const auto back = fromJson(toJson(spec));
  REQUIRE_OK(back);
  CHECK(*back == spec);
  REQUIRE_OK(setField(spec, "data.preprocessing.text_codes", "auto"));
  CHECK_EQ(spec.data.preprocessing.textCodes, 0);
}

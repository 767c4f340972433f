// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/CPUGeneratorImpl.h>
#include <cmath>
#include <fstream>
#include <thread>
#include <torch/script.h>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/engine_torch/tensors.h"
#include "core/engine_torch/torch_engine.h"
#include "core/exporting/torchscript_source.h"
#include "core/spec/prepared.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine_torch/torch_testing.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

spec::LayerNode layer(std::string name, std::string kind, spec::ValueMap attributes = {}) {
  return {std::move(name), std::move(kind), std::move(attributes), {}};
}

using List = spec::Value::List;

}  // namespace

LATHE_TEST("bfloat16 learns what float32 learns, rounded, and keeps its weights in float32") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const auto data = quarterImages();
  std::vector<double> losses;
  for (const char* precision : {"float32", "bfloat16"}) {
    auto request = requestFor(data, folder / precision, 6);
    request.training.precision = precision;
    request.training.executor = "libtorch";
    RecordingObserver observer;
    const auto summary = train(*engine, request, observer);
    REQUIRE_OK(summary);
    losses.push_back(summary->metrics.at("val/loss").toReal(-1));
    RecordingObserver again;
    REQUIRE_OK(train(*engine, request, again));
    CHECK(observer.curve("train/loss") == again.curve("train/loss"));
  }
  CHECK(losses[0] != losses[1]);
  CHECK(std::abs(losses[0] - losses[1]) < 0.15 * losses[0] + 0.02);
  auto request = requestFor(data, folder / "fused", 1);
  request.training.precision = "bfloat16";
  request.training.executor = "fused";
  RecordingObserver observer;
  const auto refused = train(*engine, request, observer);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("engine.executor"));
}

LATHE_TEST("a training leaves LibTorch's own generator and thread count alone") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const auto generator = at::detail::getDefaultCPUGenerator();
  const auto before = generator.get_state();
  const int threads = at::get_num_threads();
  RecordingObserver seen;
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 2);
  request.training.threads = threads == 1 ? 2 : 1;
  REQUIRE_OK(train(*engine, request, seen));
  CHECK(torch::equal(before, generator.get_state()));
  CHECK_EQ(at::get_num_threads(), threads);
}

LATHE_TEST("a training on two threads is repeatable while one on one thread runs beside it") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  auto request = requestFor(quarterImages(), folder / "alone", 1);
  request.training.threads = 2;
  RecordingObserver alone;
  REQUIRE_OK(train(*engine, request, alone));
  std::thread other([&] {
    RecordingObserver seen;
    static_cast<void>(train(*engine, requestFor(mixedTable(spec::Task::Classification), folder / "other", 2), seen));
  });
  RecordingObserver beside;
  request.checkpointFolder = folder / "beside";
  const auto second = train(*engine, request, beside);
  other.join();
  REQUIRE_OK(second);
  CHECK(sameTensors(folder / "alone/last.ckpt", folder / "beside/last.ckpt"));
}

LATHE_TEST("exports agree for strided, grouped and dilated convolutions and every other layer") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const auto data = quarterImages(120);
  auto request = requestFor(data, folder.path(), 2);
  request.model.graph = {
      {layer("conv1", "conv2d", {{"out", 6}, {"kernel", List{3, 2}}, {"stride", List{1, 2}}, {"padding", List{2, 1}}}),
       layer("silu", "silu"),
       layer("conv2", "conv2d",
             {{"out", 6}, {"kernel", List{2}}, {"groups", 3}, {"dilation", List{2}}, {"bias", false}}),
       layer("norm", "layernorm", {{"dimensions", 3}}), layer("sigmoid", "sigmoid"),
       layer("pool", "maxpool2d", {{"kernel", List{2}}, {"stride", List{1}}, {"padding", List{1}}}),
       layer("average", "globalavgpool"), layer("gelu", "gelu"), layer("soft", "softmax"),
       layer("out", "linear", {{"out", 4}})}};
  RecordingObserver seen;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  CHECK(exportDifference(*engine, summary->bestCheckpoint, *data, folder.path()) <= 1e-5);
}

LATHE_TEST("exports agree under every way of preprocessing a table") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const auto data = mixedTable(spec::Task::Classification, 200);
  for (const bool dateParts : {false, true})
    for (const bool indicator : {false, true}) {
      auto request = requestFor(data, folder.path(), 1);
      request.model.preprocessing.dateParts = dateParts;
      request.model.preprocessing.missingIndicator = indicator;
      request.model.preprocessing.categories = "onehot";
      request.model.graph = {
          {layer("fc1", "linear", {{"out", 16}}), layer("act", "relu"), layer("out", "linear", {{"out", 3}})}};
      RecordingObserver seen;
      const auto summary = train(*engine, request, seen);
      REQUIRE_OK(summary);
      CHECK(exportDifference(*engine, summary->bestCheckpoint, *data, folder.path()) <= 1e-5);
    }
}

LATHE_TEST("TorchScript files of strangers are refused before anything of them runs") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  torch::jit::Module plain("Stranger");
  plain.define("def forward(self, x):\n    return x + 1\n");
  plain.save((folder / "plain.pt").string());
  CHECK(!engine->loadTorchScript(folder / "plain.pt"));

  // Lathe's description around somebody else's code.
  const auto data = mixedTable(spec::Task::Classification, 60);
  RecordingObserver seen;
  const auto request = requestFor(data, folder.path(), 1);
  const auto save = [&](const char* name, const char* code, const std::string& description) {
    torch::jit::Module module("Stranger");
    module.define(code);
    torch::jit::ExtraFilesMap files{{"model.json", description}};
    module.save((folder / name).string(), files);
  };
  save("loop.pt", "def forward(self, x):\n    while bool(x.sum() > 0):\n        x = x + 1\n    return x\n",
       spec::toJson(request.model));
  save("print.pt", "def forward(self, x):\n    print(x)\n    return x\n", spec::toJson(request.model));
  save("more.pt", "def forward(self, x):\n    return x\ndef other(self, x):\n    return x\n",
       spec::toJson(request.model));
  save("damaged.pt", "def forward(self, x):\n    return x\n", "{\"format\":1}");
  for (const char* name : {"loop.pt", "print.pt", "more.pt"}) {
    const auto result = engine->loadTorchScript(folder / name);
    REQUIRE(!result);
    CHECK_EQ(result.error().code, std::string("engine.foreign_model"));
  }
  CHECK(!engine->loadTorchScript(folder / "damaged.pt"));
  // Harmless code that gives the wrong sizes loads, and is refused when it answers.
  save("sizes.pt", "def forward(self, x):\n    return torch.relu(x)\n", spec::toJson(request.model));
  const auto wrong = engine->loadTorchScript(folder / "sizes.pt");
  REQUIRE_OK(wrong);
  CHECK(!(*wrong)->predict(*data, {}));
}

LATHE_TEST("a batch that cannot fit is refused with one that does") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  auto request = requestFor(quarterImages(), folder.path(), 1);
  request.training.batchSize = 2000000000;
  const auto estimate = engine->estimate(request);
  CHECK(estimate.largestBatchThatFits > 16);
  CHECK(estimate.largestBatchThatFits < 2000000000);
  RecordingObserver seen;
  const auto result = train(*engine, request, seen);
  REQUIRE(!result);
  CHECK_EQ(result.error().code, std::string("engine.out_of_memory"));
  CHECK(result.error().hint.render().find(std::to_string(estimate.largestBatchThatFits).substr(0, 2)) !=
        std::string::npos);
}

LATHE_TEST(
    "an export never lets an operation read a concatenation directly, which PyTorch 2 would compile for minutes") {
  int joined = 0;
  const auto table = textTable(spec::Task::Classification);
  for (const std::string name : {"mlp", "realmlp", "tabm", "ft-transformer"}) {
    auto model = modelFor(*table);
    const auto context = spec::graphContext(model.schema, model.fitted, model.preprocessing);
    auto graph = spec::buildTemplate(name, {}, {context, spec::Task::Classification, 280});
    REQUIRE_OK(graph);
    model.graph = *graph;
    const auto program = spec::lower(model);
    REQUIRE_OK(program);
    const auto code = exporting::writeTorchScriptSource(*program).code;
    for (auto at = code.find("torch.cat("); at != std::string::npos; at = code.find("torch.cat(", at + 1), ++joined) {
      const auto before = code.substr(std::max<std::size_t>(at, 14) - 14, 14);
      CHECK(before == "torch.reshape(" || before == "torch.flatten(");
    }
  }
  CHECK(joined >= 8);
}

LATHE_TEST("what LibTorch throws becomes a sentence, and memory that is not there is told from a mistake") {
  const auto codeOf = [](const std::function<void()>& act) {
    const auto result = engine::guarded([&]() -> Result<void> {
      act();
      return {};
    });
    return result ? std::string() : result.error().code;
  };
  CHECK_EQ(codeOf([] {}), std::string());
  CHECK_EQ(codeOf([] { throw std::bad_alloc(); }), std::string("engine.out_of_memory"));
  CHECK_EQ(codeOf([] { torch::empty({std::int64_t{1} << 50}); }), std::string("engine.out_of_memory"));
  CHECK_EQ(codeOf([] { torch::zeros({2, 3}).matmul(torch::zeros({2, 3})); }), std::string("engine.failed"));
}

LATHE_TEST("a device that is not there is named") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  auto request = requestFor(mixedTable(spec::Task::Classification, 60), folder.path(), 1);
  for (const char* device : {"cuda:99", "tpu", "cuda:", "cuda:x"}) {
    request.training.device = device;
    RecordingObserver seen;
    const auto result = train(*engine, request, seen);
    REQUIRE(!result);
    CHECK_EQ(result.error().code, std::string("engine.no_device"));
  }
  request.training.device = "auto";
  RecordingObserver seen;
  REQUIRE_OK(train(*engine, request, seen));
}

LATHE_TEST("the BLAS is named, and a slow one comes with the command that mends it") {
  const auto info = engine::makeTorchEngine()->info();
  CHECK(info.name.rfind("LibTorch ", 0) == 0);
  CHECK(!info.blas.empty());
  CHECK_EQ(info.blasIsSlow, !info.blasHint.empty());
}

LATHE_TEST("a full disk or a missing folder fails the export with a sentence") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  RecordingObserver seen;
  REQUIRE_OK(train(*engine, requestFor(mixedTable(spec::Task::Classification, 60), folder.path(), 1), seen));
  const auto result = engine->exportTorchScript(folder / "best.ckpt", folder / "nowhere/model.pt");
  REQUIRE(!result);
  CHECK(!result.error().message.render().empty());
}

LATHE_TEST("flipped bytes in a TorchScript file give an error or a model that answers, never a crash") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const auto data = mixedTable(spec::Task::Classification, 60);
  RecordingObserver seen;
  REQUIRE_OK(train(*engine, requestFor(data, folder.path(), 1), seen));
  REQUIRE_OK(engine->exportTorchScript(folder / "best.ckpt", folder / "model.pt"));
  const auto whole = readFile(folder / "model.pt");
  REQUIRE_OK(whole);
  Random random(6, "flips");
  int refused = 0;
  for (int round = 0; round < 150; ++round) {
    auto damaged = *whole;
    for (int i = 0; i < 3; ++i) damaged[random.below(damaged.size())] ^= static_cast<char>(1 + random.below(255));
    std::ofstream(folder / "damaged.pt", std::ios::binary) << damaged;
    const auto model = engine->loadTorchScript(folder / "damaged.pt");
    if (!model) {
      ++refused;
      CHECK(!model.error().message.render().empty());
      continue;
    }
    if (const auto answer = (*model)->predict(*data, {0, 1}); answer) CHECK_EQ(answer->rows, std::size_t{2});
  }
  CHECK(refused > 0);
}

LATHE_TEST("a single flipped bit in a weight of a TorchScript file is noticed, with the part named") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  RecordingObserver seen;
  REQUIRE_OK(train(*engine, requestFor(mixedTable(spec::Task::Classification, 60), folder.path(), 1), seen));
  REQUIRE_OK(engine->exportTorchScript(folder / "best.ckpt", folder / "model.pt"));
  auto bytes = readFile(folder / "model.pt");
  REQUIRE_OK(bytes);
  const auto module = torch::jit::load((folder / "model.pt").string());
  const auto weight = (*module.parameters().begin()).detach().contiguous();
  const std::string raw(static_cast<const char*>(weight.data_ptr()), weight.nbytes());
  const auto place = bytes->find(raw);
  REQUIRE(place != std::string::npos);
  (*bytes)[place + 2] ^= 0x10;
  std::ofstream(folder / "model.pt", std::ios::binary) << *bytes;
  // LibTorch itself would load it and predict something else.
  CHECK((*torch::jit::load((folder / "model.pt").string()).parameters().begin()).equal(weight) == false);
  const auto damaged = engine->loadTorchScript(folder / "model.pt");
  REQUIRE(!damaged);
  CHECK_EQ(damaged.error().code, std::string("engine.foreign_model"));
  CHECK(damaged.error().sentence().find("has changed since it was written") != std::string::npos);
}

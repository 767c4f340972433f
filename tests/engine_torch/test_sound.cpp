// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/plain_preprocessor.h"
#include "core/engine_torch/program_runner.h"
#include "core/engine_torch/torch_engine.h"
#include "tests/engine/audio_samples.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine_torch/torch_testing.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::engine;
using namespace lathe::tests;

LATHE_TEST("the log-mel picture by tensors agrees with the one in plain C++ and with torch's own Fourier transform") {
  const auto data = toneClips(8);
  const auto model = toneModel(*data, "cnn");
  REQUIRE_OK(model);
  const auto program = spec::lower(*model);
  REQUIRE_OK(program);
  const ProgramRunner runner(*program, torch::Device(torch::kCPU));
  const PlainPreprocessor plain(*program);
  auto raw = torch::empty({8, 2000});
  for (std::int64_t i = 0; i < 8; ++i) data::copyInput(*data, static_cast<std::size_t>(i), raw[i].data_ptr<float>());
  const auto pictures = runner.preprocess(raw)[0];
  CHECK(pictures.sizes() == (std::vector<std::int64_t>{8, 1, 64, 23}));
  std::vector<float> row(plain.width());
  for (std::int64_t i = 0; i < 8; ++i) {
    plain.row(*data, static_cast<std::size_t>(i), row);
    const auto expected = torch::from_blob(row.data(), {1, 64, 23});
    CHECK((pictures[i] - expected).abs().max().item<double>() < 1e-3);
  }
  // The powers once more, by torch.stft.
  const auto hann = torch::hann_window(200);
  const auto spectrum = torch::stft(raw, 200, 80, 200, hann, false, true, true);
  const auto power = torch::abs(spectrum * (2 / hann.sum())).pow(2);
  const auto& filters = program->constants.at(1);
  const auto bank = torch::from_blob(const_cast<float*>(filters.data.data()), filters.shape);
  const auto loudness = raw.pow(2).mean({1}, true).unsqueeze(2) + 1e-10;
  auto picture = (torch::matmul(bank, power) / loudness + 1e-6).log().unsqueeze(1);
  picture = picture - picture.mean({1, 2, 3}, true);
  picture = picture / (picture.pow(2).mean({1, 2, 3}, true).sqrt() + 1e-2);
  CHECK((pictures - picture).abs().max().item<double>() < 1e-3);
}

LATHE_TEST("sound: image and sequence templates learn tones, and their exports give the same") {
  const auto engine = makeTorchEngine();
  const auto data = toneClips();
  for (const char* name : {"cnn", "resnet-small", "gru", "conv1d", "transformer", "mlp"}) {
    const TempFolder folder;
    auto request = requestFor(data, folder / "run", 8);
    const auto model = toneModel(*data, name);
    REQUIRE_OK(model);
    request.model = *model;
    request.training.optimizer.lr = 0.003;
    RecordingObserver seen;
    const auto summary = train(*engine, request, seen);
    REQUIRE_OK(summary);
    CHECK(summary->metrics.at("val/accuracy").toReal() > 0.9);
    CHECK(exportDifference(*engine, folder / "run/best.ckpt", *data, folder.path()) < 1e-5);
  }
}

LATHE_TEST("sound: paused in mid-epoch and resumed equals uninterrupted, bit for bit") {
  const auto engine = makeTorchEngine();
  const auto data = toneClips();
  for (const char* name : {"cnn", "gru"}) {
    const TempFolder folder;
    const auto model = toneModel(*data, name);
    REQUIRE_OK(model);
    auto request = requestFor(data, folder / "whole", 3);
    request.model = *model;
    request.training.threads = 2;
    RecordingObserver whole, before, after;
    REQUIRE_OK(train(*engine, request, whole));
    request.checkpointFolder = folder / "parts";
    const auto paused = trainUntil(*engine, request, before, 4, engine::TrainingControl::Request::Pause);
    REQUIRE_OK(paused);
    CHECK(paused->outcome == TrainingOutcome::Paused);
    request.resumeFrom = paused->lastCheckpoint;
    REQUIRE_OK(train(*engine, request, after));
    CHECK(sameTensors(folder / "whole/last.ckpt", folder / "parts/last.ckpt"));
    CHECK(sameTensors(folder / "whole/best.ckpt", folder / "parts/best.ckpt"));
  }
}

LATHE_TEST("sound: the estimate of memory counts pictures, not samples") {
  const auto engine = makeTorchEngine();
  const TempFolder folder;
  const auto data = toneClips(100);
  auto request = requestFor(data, folder / "run", 1);
  request.model = toneModel(*data, "mlp", {{"hidden", spec::Value(std::vector<std::int64_t>{2})}}).value();
  const auto estimate = engine->estimate(request);
  // 64 bands x 23 columns of 4 bytes each, 4 copies of some 3000 parameters, and a batch.
  const double pictures = 100 * 64 * 23 * 4;
  CHECK(static_cast<double>(estimate.bytes) > pictures);
  CHECK(static_cast<double>(estimate.bytes) < pictures * 3);
}

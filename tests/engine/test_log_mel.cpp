// SPDX-License-Identifier: GPL-3.0-or-later
// The front end for sound against numbers from NumPy's FFT: log_mel_reference.py.
#include <cmath>
#include <numbers>

#include "core/engine/fake_engine.h"
#include "core/engine/plain_preprocessor.h"
#include "tests/engine/audio_samples.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;
using namespace lathe::tests;

namespace {

/// 440 Hz throughout, 1600 Hz from the middle on: 2000 samples at 8000 Hz.
data::Dataset twoTones() {
  data::Dataset data;
  data.rows = 1;
  data.schema.sampleRate = 8000;
  data.schema.inputShape = {2000};
  data.schema.task = spec::Task::Classification;
  data.schema.target.classes = {"a", "b"};
  auto samples = std::make_shared<data::Samples>();
  for (int n = 0; n < 2000; ++n) {
    const double turn = 2 * std::numbers::pi * n / 8000;
    samples->push_back(data::sampleOf(
        static_cast<float>(0.5 * std::sin(440 * turn) + (n >= 1000 ? 0.25 * std::sin(1600 * turn) : 0))));
  }
  data.samples = std::move(samples);
  data.classes = {0};
  return data;
}

std::vector<float> pictureOf(const data::Dataset& data, const char* normalize) {
  spec::ModelDescription model;
  model.schema = data.schema;
  model.fitted.classFrequencies = {0.5, 0.5};
  model.graph.layers = {
      {"log_mel", "log_mel", {{"sample_rate", 8000}, {"mels", 16}, {"normalize", normalize}}, {"audio"}},
      {"flat", "flatten", {}, {}},
      {"out", "linear", {{"out", 2}}, {}}};
  const auto program = spec::lower(model);
  REQUIRE_OK(program);
  const PlainPreprocessor plain(*program);
  REQUIRE(plain.width() == 16U * 23);
  std::vector<float> picture(plain.width());
  plain.row(data, 0, picture);
  return picture;
}

struct Known {
  std::size_t band, frame;
  double value;
};

void checkPicture(const std::vector<float>& picture, const std::vector<Known>& known) {
  for (const auto& [band, frame, value] : known)
    CHECK(std::abs(static_cast<double>(picture[band * 23 + frame]) - value) < 1e-4);
}

}  // namespace

LATHE_TEST("log-mel: Hann window, power, mel triangles and logarithm are those of NumPy") {
  checkPicture(pictureOf(twoTones(), "none"), {{3, 0, -1.215773588},
                                               {4, 5, -2.687209114},
                                               {9, 20, -3.081244896},
                                               {10, 12, -3.056740796},
                                               {2, 0, -4.561796821},
                                               {8, 12, -9.456431264},
                                               {0, 0, -18.420340166},
                                               {15, 22, -18.418000625}});
}

LATHE_TEST("log-mel: a clip measured by its own loudness is the same picture at any level") {
  const auto data = twoTones();
  const auto picture = pictureOf(data, "clip");
  checkPicture(picture, {{3, 0, 1.960378616},
                         {4, 5, 1.697766591},
                         {9, 20, 1.627441800},
                         {10, 12, 1.631815121},
                         {2, 0, 1.363204198},
                         {8, 12, 0.489937215},
                         {0, 0, -0.638442198},
                         {15, 22, -0.638412464}});
  auto soft = data;
  auto samples = std::make_shared<data::Samples>(*data.samples);
  for (auto& sample : *samples) sample = static_cast<std::int16_t>(sample / 16);
  soft.samples = std::move(samples);
  const auto same = pictureOf(soft, "clip");
  for (std::size_t i = 0; i < picture.size(); ++i) CHECK(std::abs(picture[i] - same[i]) < 2e-2F);
  CHECK(std::abs(pictureOf(soft, "none")[3 * 23] - pictureOf(data, "none")[3 * 23] + std::log(256.0F)) < 1e-2F);
}

LATHE_TEST("log-mel: silence is a picture of nothing, and stays finite") {
  auto data = twoTones();
  data.samples = std::make_shared<data::Samples>(2000, std::int16_t{0});
  for (const float value : pictureOf(data, "none")) CHECK(std::abs(value - std::log(1e-8F)) < 1e-4F);
  for (const float value : pictureOf(data, "clip")) CHECK(std::abs(value) < 1e-3F);
}

LATHE_TEST("sound: every template stands on the log-mel picture, which is made once, before the first step") {
  const auto data = toneClips(20);
  for (const char* name : {"", "cnn", "mlp", "resmlp", "resnet-small", "wide-resnet", "mobilenet-small", "resnet18",
                           "gru", "lstm", "conv1d", "transformer", "tabm"}) {
    const auto model = toneModel(*data, name);
    REQUIRE_OK(model);
    CHECK_EQ(model->graph.layers.front().kind, std::string("log_mel"));
    const auto program = spec::lower(*model);
    REQUIRE_OK(program);
    REQUIRE(program->preprocess.size() == 1);
    CHECK(program->preprocess[0].primitive == spec::Primitive::LogMel);
    for (const auto& operation : program->model) CHECK(operation.primitive != spec::Primitive::LogMel);
    const auto json = spec::modelDescriptionFromJson(spec::toJson(*model));
    REQUIRE_OK(json);
    CHECK(*json == *model);
  }
  for (const auto& [name, code] :
       std::vector<std::pair<const char*, const char*>>{{"ft-transformer", "spec.template_needs_table"},
                                                        {"autoencoder", "spec.template_needs_table"},
                                                        {"cnnn", "spec.choice"}}) {
    const auto refused = toneModel(*data, name);
    REQUIRE(!refused);
    CHECK_EQ(refused.error().code, std::string(code));
  }
  // A second reader of the samples keeps it where it is.
  auto model = toneModel(*data, "mlp");
  REQUIRE_OK(model);
  model->graph.layers = {{"picture", "log_mel", {{"sample_rate", 8000}}, {"audio"}},
                         {"flat", "flatten", {}, {}},
                         {"both", "concat", {}, {"flat", "audio"}},
                         {"out", "linear", {{"out", 2}}, {}}};
  const auto program = spec::lower(*model);
  REQUIRE_OK(program);
  CHECK(program->preprocess.empty());
}

LATHE_TEST("sound: the fake engine learns tones from their pictures") {
  const TempFolder folder;
  const auto data = toneClips(60, 800);
  auto request = requestFor(data, folder.path(), 6);
  const auto model = toneModel(*data, "mlp");
  REQUIRE_OK(model);
  request.model = *model;
  RecordingObserver seen;
  const auto summary = train(*makeFakeEngine(), request, seen);
  REQUIRE_OK(summary);
  CHECK(summary->metrics.at("val/accuracy").toReal() > 0.9);
}

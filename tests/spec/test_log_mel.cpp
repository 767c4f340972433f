// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/spec/layer_checks.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

LATHE_TEST("log-mel picture: its size, its cost, and what it refuses in words") {
  GraphContext clip;
  clip.inputs.push_back({"audio", {16000}, {}});
  clip.sampleRate = 16000;
  // 25 ms are 400 samples with 201 bins, 10 ms are 160: 98 columns.
  expectLayer("log_mel", {}, clip, {{1, 64, 98}, 0, 98L * 2 * 201 * (2 * 400 + 64)});
  expectLayer("log_mel", {{"sample_rate", 8000}, {"mels", 20}, {"window_ms", 32.0}, {"hop_ms", 16.0}}, clip,
              {{1, 20, 124}, 0, 124L * 2 * 129 * (2 * 256 + 20)});
  CHECK_EQ(refusal("log_mel", {{"window_ms", 1000.0}}, clip),
           "Layer layer has a window of 16000 samples. Choose window_ms so that it has 4 to 4096.");
  GraphContext shortClip = clip;
  shortClip.inputs[0].shape = {300};
  CHECK_EQ(refusal("log_mel", {}, shortClip),
           "Layer layer has a window of 400 samples, the clip only 300. Shorten window_ms, or use longer clips.");
  CHECK_EQ(refusal("log_mel", {{"low_hz", 9000.0}}, clip),
           "Layer layer has its lowest pitch above its highest. Choose low_hz below high_hz and below half the sample "
           "rate.");
  CHECK_EQ(refusal("log_mel", {}, imageContext({1, 8, 8}, 2)),
           "Layer layer takes the samples of a clip of sound, not 1 x 8 x 8. Let it read the audio input, or flatten "
           "what comes before.");
}

LATHE_TEST("the picture suits the clip: ever wider columns beyond ten seconds, a shorter window for very short clips") {
  struct Clip {
    std::int64_t samples, rate, columns;
  };
  // The usual one, ten seconds, half a minute, 10 ms, 0.1 s, an electrocardiogram, and more samples than a window
  // takes.
  for (const auto& [samples, rate, columns] : std::vector<Clip>{{16000, 16000, 98},
                                                                {441000, 44100, 998},
                                                                {1323000, 44100, 999},
                                                                {160, 16000, 8},
                                                                {1600, 16000, 8},
                                                                {7500, 250, 287},
                                                                {384000, 384000, 232}}) {
    GraphContext clip;
    clip.inputs.push_back({"audio", {samples}, {}});
    clip.sampleRate = rate;
    clip.outputs = 2;
    for (const char* name : {"mlp", "cnn", "gru"}) {
      const auto graph = buildTemplate(name, {}, {clip, Task::Classification, 100});
      REQUIRE_OK(graph);
      const auto report = analyse(*graph, clip);
      CHECK(!report.error);
      CHECK_EQ(report.layers[0].output[1], 64);
      CHECK_EQ(report.layers[0].output[2], columns);
    }
  }
}

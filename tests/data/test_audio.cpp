// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <fstream>
#include <mutex>
#include <set>
#include <sndfile.h>

#include "core/data/audio_file.h"
#include "core/data/dataset_part.h"
#include "core/data/resample.h"
#include "tests/data/data_helpers.h"
#include "tests/support/sound.h"

using namespace lathe;
using namespace lathe::data;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

/// Through libsndfile, in any of its formats.
void writeSound(const fs::path& file, const std::vector<float>& samples, int rate, int format) {
  fs::create_directories(file.parent_path());
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = 1;
  info.format = format;
  auto* out = sf_open(file.c_str(), SFM_WRITE, &info);
  REQUIRE(out != nullptr);
  REQUIRE(sf_writef_float(out, samples.data(), static_cast<sf_count_t>(samples.size())) ==
          static_cast<sf_count_t>(samples.size()));
  sf_close(out);
}

void writeFlac(const fs::path& file, const std::vector<float>& samples, int rate) {
  writeSound(file, samples, rate, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
}

/// Some bytes of a file, written over.
void patch(const fs::path& file, std::streamoff at, const std::string& bytes) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(at);
  stream << bytes;
}

double largestError(const std::vector<float>& given, const std::vector<float>& wanted, std::size_t margin) {
  double largest = 0;
  for (std::size_t i = margin; i + margin < std::min(given.size(), wanted.size()); ++i)
    largest = std::max(largest, static_cast<double>(std::abs(given[i] - wanted[i])));
  return largest;
}

double loudest(const std::vector<float>& samples, std::size_t margin) {
  return largestError(samples, std::vector<float>(samples.size(), 0.0F), margin);
}

Result<std::shared_ptr<const DataSource>> opened(const fs::path& folder, const spec::DataSpec& spec = {}) {
  return openData(folder, spec);
}

std::vector<float> rowOf(const Dataset& dataset, std::size_t row) {
  std::vector<float> clip(rowWidth(dataset.schema));
  copyInput(dataset, row, clip.data());
  return clip;
}

}  // namespace

LATHE_TEST("sound at another rate is the same sound: tones keep pitch and height, what lies beyond is silenced") {
  for (const auto& [from, to] : std::vector<std::pair<int, int>>{
           {44100, 16000}, {8000, 44100}, {48000, 8000}, {22050, 22050}, {11025, 16000}, {44101, 15999}}) {
    const Resampler resampler(from, to);
    const double highest = 0.4 * std::min(from, to);
    for (const double hertz : {50.0, 440.0, highest}) {
      const auto given = tone(hertz, from, 0.5);
      const auto result = resampler.run(given, given.size() * 10);
      CHECK(std::abs(static_cast<double>(result.size()) - 0.5 * to) <= 1);
      CHECK(largestError(result, tone(hertz, to, 0.5), 200) < 3e-4);
    }
    if (to >= from) continue;
    // 85 dB is 6e-5 of a tone of half height.
    const auto beyond = resampler.run(tone(0.6 * to, from, 0.5), 1'000'000);
    CHECK(loudest(beyond, 200) < 1e-4);
  }
  const Resampler some(44100, 16000);
  CHECK(some.run(std::vector<float>(some.neededFor(100), 0.25F), 100).size() == 100);
  const auto flat = some.run(std::vector<float>(4410, 0.25F), 1600);
  CHECK(std::abs(flat[800] - 0.25F) < 1e-6F);
}

LATHE_TEST("a folder of clips: the mean of the channels, the rate of most, the length of nearly all") {
  const TempFolder folder;
  for (int i = 0; i < 12; ++i)
    writeWav(folder / "a" / (std::to_string(i) + ".wav"), {tone(300, 8000, 0.5), tone(300, 8000, 0.5, 0.1)}, 8000);
  for (int i = 0; i < 12; ++i) writeFlac(folder / "b" / (std::to_string(i) + ".flac"), tone(900, 8000, 0.4), 8000);
  writeWav(folder / "b/other.wav", {tone(900, 16000, 0.4)}, 16000);
  const auto source = opened(folder.path());
  REQUIRE_OK(source);
  const auto profile = (*source)->profile({});
  REQUIRE_OK(profile);
  CHECK_EQ(profile->format, std::string("audio_folder"));
  CHECK(profile->audio && !profile->image);
  CHECK_EQ(profile->rows, 25);
  CHECK_EQ(profile->sampleRate, 8000);
  CHECK_EQ(profile->clipSeconds, 0.5);
  CHECK(profile->classes == (std::vector<std::string>{"a", "b"}));
  CHECK(profile->classCounts == (std::vector<std::int64_t>{12, 13}));
  CHECK(column(*profile, "audio").kind == spec::ColumnKind::Audio);
  CHECK_EQ(column(*profile, "audio").max, 0.5);
  CHECK_EQ(column(*profile, "audio").min, 0.4);
  CHECK(warns(*profile, "data.resampled"));
  CHECK(!warns(*profile, "data.long_clips"));
  CHECK_EQ((*source)->cell(24, 0), std::string("other.wav"));
  CHECK_EQ((*source)->cell(24, 1), std::string("b"));
  const auto picture = (*source)->image(0);
  REQUIRE_OK(picture);
  CHECK_EQ(static_cast<std::int64_t>(picture->size()), spec::elementCount(profile->imageShape));
  CHECK(*std::max_element(picture->begin(), picture->end()) > *std::min_element(picture->begin(), picture->end()));

  const auto dataset = (*source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->schema.sampleRate, 8000);
  CHECK(dataset->schema.inputShape == spec::Shape{4000});
  REQUIRE(dataset->samples != nullptr);
  CHECK_EQ(dataset->samples->size(), std::size_t{25} * 4000);
  CHECK(inputsFitRows(*dataset));
  CHECK((*source)->dataset({})->samples == dataset->samples);
  CHECK(largestError(rowOf(*dataset, 0), tone(300, 8000, 0.5, 0.3), 0) < 1e-4);
  auto padded = tone(900, 8000, 0.4);
  padded.resize(4000, 0.0F);
  CHECK(largestError(rowOf(*dataset, 12), padded, 0) < 1e-4);
  CHECK(largestError(rowOf(*dataset, 24), padded, 850) < 1e-3);
  CHECK_EQ(dataset->classes[0], 0);
  CHECK_EQ(dataset->classes[24], 1);
  CHECK_EQ(dataset->split.train.size() + dataset->split.validation.size() + dataset->split.test.size(),
           std::size_t{25});

  spec::DataSpec wanted;
  wanted.preprocessing.sampleRate = 16000;
  wanted.preprocessing.clipSeconds = 0.25;
  const auto other = (*source)->dataset(wanted);
  REQUIRE_OK(other);
  CHECK(other->schema.inputShape == spec::Shape{4000});
  CHECK(largestError(rowOf(*other, 0), tone(300, 16000, 0.25, 0.3), 100) < 1e-3);
  CHECK(warns((*source)->profile(wanted).value(), "data.long_clips"));
}

LATHE_TEST("clips for a model: its rate, its length, its classes; clips without classes are for predictions") {
  const TempFolder folder;
  writeToneFolder(folder / "train", 8);
  const auto trained = opened(folder / "train").value()->dataset({});
  REQUIRE_OK(trained);
  writeWav(folder / "new/one.wav", {tone(440, 16000, 2)}, 16000);
  writeWav(folder / "new/two.wav", {tone(440, 16000, 0.01)}, 16000);
  const auto rows = opened(folder / "new").value()->encode(trained->schema, {});
  REQUIRE_OK(rows);
  CHECK_EQ(rows->rows, std::size_t{2});
  CHECK_EQ(rows->samples->size(), 2 * static_cast<std::size_t>(trained->schema.inputShape[0]));
  CHECK(rows->classes == (std::vector<std::int32_t>{-1, -1}));
  CHECK(largestError(rowOf(*rows, 0), tone(440, 8000, 0.4), 100) < 1e-3);
  spec::DataSchema table;
  table.inputShape = {3};
  const auto refused = opened(folder / "new").value()->encode(table, {});
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("data.not_a_table"));
  writeBytes(folder / "table.csv", "a,b\n1,x\n2,y\n");
  const auto noSound = opened(folder / "table.csv").value()->encode(trained->schema, {});
  REQUIRE(!noSound);
  CHECK_EQ(noSound.error().code, std::string("data.not_audio"));
  const auto untrainable = opened(folder / "new").value()->dataset({});
  REQUIRE(!untrainable);
  CHECK_EQ(untrainable.error().code, std::string("data.too_few_classes"));
}

LATHE_TEST("empty, cut, damaged and foreign sound files are left out and named; none left is an error") {
  const TempFolder folder;
  writeToneFolder(folder / "all", 6);
  writeWav(folder / "all/low/empty.wav", {std::vector<float>()}, 8000);
  std::ofstream(folder / "all/low/nothing.wav");
  std::ofstream(folder / "all/low/text.flac") << "this is no sound at all, whatever its name says";
  writeFlac(folder / "all/high/cut.flac", tone(900, 8000, 3), 8000);
  fs::resize_file(folder / "all/high/cut.flac", fs::file_size(folder / "all/high/cut.flac") / 2);
  std::ofstream(folder / "all/high/song.mp3") << "ID3";
  writeWav(folder / "all/beside.wav", {tone(300, 8000, 0.4)}, 8000);
  std::string bytes = "RIFF....WAVEfmt ";
  bytes += std::string(64, '\xff');
  std::ofstream(folder / "all/low/wild.wav", std::ios::binary) << bytes;
  const auto profile = opened(folder / "all").value()->profile({});
  REQUIRE_OK(profile);
  CHECK_EQ(profile->rows, 12);
  CHECK(warns(*profile, "data.broken_audio", "cut.flac"));
  CHECK(warns(*profile, "data.other_audio", ".mp3"));
  CHECK(warns(*profile, "data.stray_audio"));
  CHECK(!warns(*profile, "data.silent_clips"));
  fs::create_directories(folder / "bad/x");
  fs::create_directories(folder / "bad/y");
  std::ofstream(folder / "bad/x/a.wav") << "RIFF";
  std::ofstream(folder / "bad/y/b.wav") << "RIFF";
  const auto none = opened(folder / "bad");
  REQUIRE(!none);
  CHECK_EQ(none.error().code, std::string("data.no_audio"));
  const auto single = openData(folder / "all/beside.wav", {});
  REQUIRE(!single);
  CHECK_EQ(single.error().code, std::string("data.single_audio"));
}

LATHE_TEST("a very long clip is cut at its beginning and said so, without being read whole") {
  const TempFolder folder;
  writeToneFolder(folder / "all", 30);
  writeWav(folder / "all/low/long.wav", {tone(300, 8000, 600)}, 8000);
  const auto source = opened(folder / "all");
  REQUIRE_OK(source);
  const auto profile = (*source)->profile({});
  REQUIRE_OK(profile);
  CHECK(profile->clipSeconds <= 0.5);
  CHECK(warns(*profile, "data.long_clips"));
  const auto dataset = (*source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK(largestError(rowOf(*dataset, 60), tone(300, 8000, 0.5), 0) < 1e-4);
  spec::DataSpec huge;
  huge.preprocessing.sampleRate = 384000;
  huge.preprocessing.clipSeconds = 3600;
  const auto refused = (*source)->dataset(huge);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("data.too_large"));
}

LATHE_TEST("every width of samples is read: 8, 16, 24, 32 bits, floats, FLAC, streams that do not say their length") {
  const TempFolder folder;
  const auto given = tone(440, 8000, 0.5);
  struct Form {
    const char* name;
    int format;
    double error;
  };
  const std::vector<Form> forms{{"8.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 1.0 / 120},
                                {"16.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 4e-5},
                                {"24.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2e-5},
                                {"32.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_32, 2e-5},
                                {"extensible.WAV", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 2e-5},
                                {"f32.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 2e-5},
                                {"f64.wav", SF_FORMAT_WAV | SF_FORMAT_DOUBLE, 2e-5},
                                {"16.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 4e-5},
                                {"24.FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 2e-5}};
  for (const auto& form : forms) writeSound(folder / "a" / form.name, given, 8000, form.format);
  // As programs write that cannot go back: a length of 4 GB in WAV, none in FLAC's STREAMINFO.
  writeWav(folder / "b/piped.wav", {given}, 8000);
  patch(folder / "b/piped.wav", 4, "\xff\xff\xff\xff");
  patch(folder / "b/piped.wav", 40, "\xff\xff\xff\xff");
  writeFlac(folder / "b/piped.flac", given, 8000);
  patch(folder / "b/piped.flac", 22, std::string(4, '\0'));
  const auto source = opened(folder.path());
  REQUIRE_OK(source);
  const auto profile = (*source)->profile({});
  REQUIRE_OK(profile);
  CHECK_EQ(profile->rows, 11);
  CHECK(!warns(*profile, "data.broken_audio"));
  const auto dataset = (*source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.inputShape == spec::Shape{4000});
  for (std::size_t row = 0; row < dataset->rows; ++row) {
    const auto name = (*source)->cell(static_cast<std::int64_t>(row), 0);
    double most = 4e-5;
    for (const auto& form : forms)
      if (name == form.name) most = form.error;
    CHECK(largestError(rowOf(*dataset, row), given, 0) < most);
  }
}

LATHE_TEST("silence, single samples, samples that are no numbers and floats beyond full scale are read, and said") {
  const TempFolder folder;
  for (int i = 0; i < 6; ++i) writeWav(folder / "a" / (std::to_string(i) + ".wav"), {tone(300 + i, 8000, 0.5)}, 8000);
  writeWav(folder / "b/silent.wav", {std::vector<float>(4000)}, 8000);
  writeWav(folder / "b/one.wav", {{0.5F}}, 8000);
  auto holes = tone(500, 8000, 0.5);
  holes[100] = std::nanf("");
  holes[101] = INFINITY;
  writeSound(folder / "b/holes.wav", holes, 8000, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  auto loud = tone(500, 8000, 0.5);
  for (auto& sample : loud) sample *= 32768;
  writeSound(folder / "b/loud.wav", loud, 8000, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  const auto source = opened(folder.path());
  REQUIRE_OK(source);
  const auto profile = (*source)->profile({});
  REQUIRE_OK(profile);
  CHECK(warns(*profile, "data.silent_clips", "silent.wav"));
  CHECK(warns(*profile, "data.invalid_samples", "holes.wav"));
  CHECK(warns(*profile, "data.clipped_clips", "loud.wav"));
  const auto dataset = (*source)->dataset({});
  REQUIRE_OK(dataset);
  for (std::size_t row = 0; row < dataset->rows; ++row) {
    const auto clip = rowOf(*dataset, row);
    const auto name = (*source)->cell(static_cast<std::int64_t>(row), 0);
    if (name == "one.wav") CHECK(clip[0] == 0.5F && loudest({clip.begin() + 1, clip.end()}, 0) == 0);
    if (name == "holes.wav") CHECK(clip[100] == 0 && clip[101] == 0 && std::abs(clip[102] - holes[102]) < 2e-5F);
    if (name == "silent.wav") CHECK(loudest(clip, 0) == 0);
  }
  // A picture of each can be looked at.
  for (std::int64_t row = 0; row < 10; ++row) REQUIRE_OK((*source)->image(row));
}

LATHE_TEST("copies across the splits are counted; hidden files are passed over; sound beside images is refused") {
  const TempFolder folder;
  for (int i = 0; i < 20; ++i)
    for (const char* name : {"a", "b"})
      writeWav(folder / "all" / name / (std::to_string(i) + ".wav"), {tone(300, 8000, 0.3)}, 8000);
  std::ofstream(folder / "all/a/._0.wav") << "resource fork";
  std::ofstream(folder / "all/.thumbnail.png") << "no image";
  fs::create_directories(folder / "all/__MACOSX/a");
  std::ofstream(folder / "all/__MACOSX/a/x.png") << "no image";
  const auto profile = opened(folder / "all").value()->profile({});
  REQUIRE_OK(profile);
  CHECK_EQ(profile->rows, 40);
  CHECK(warns(*profile, "data.duplicates_across_splits"));
  CHECK(!warns(*profile, "data.broken_audio"));
  std::ofstream(folder / "all/b/cover.png") << "an image by its name";
  const auto mixed = opened(folder / "all");
  REQUIRE(!mixed);
  CHECK_EQ(mixed.error().code, std::string("data.mixed_folder"));
  CHECK(mixed.error().sentence().find("cover.png") != std::string::npos);
  std::ofstream(folder / "songs.mp3") << "ID3";
  fs::create_directories(folder / "foreign/a");
  std::ofstream(folder / "foreign/a/song.mp3") << "ID3";
  const auto foreign = opened(folder / "foreign");
  REQUIRE(!foreign);
  CHECK_EQ(foreign.error().code, std::string("data.no_audio"));
}

LATHE_TEST("train and test folders, another folder of test clips, tasks and windows that sound has not") {
  const TempFolder folder;
  writeToneFolder(folder / "all/train", 12);
  writeToneFolder(folder / "all/test", 5, 7);
  const auto source = opened(folder / "all");
  REQUIRE_OK(source);
  const auto dataset = (*source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->rows, std::size_t{34});
  CHECK_EQ(dataset->split.test.size(), std::size_t{10});
  CHECK_EQ(dataset->split.test.front(), std::uint32_t{24});
  writeWav(folder / "more/low/x.wav", {tone(300, 16000, 1)}, 16000);
  writeWav(folder / "more/high/y.wav", {tone(1500, 16000, 1)}, 16000);
  spec::DataSpec spec;
  spec.testPath = (folder / "more").string();
  const auto other = (*source)->dataset(spec);
  REQUIRE_OK(other);
  CHECK_EQ(other->rows, std::size_t{26});
  CHECK_EQ(other->split.test.size(), std::size_t{2});
  CHECK_EQ(other->schema.sampleRate, 8000);
  CHECK(largestError(rowOf(*other, 24), tone(1500, 8000, 0.4), 100) < 2e-3);
  spec.task = spec::Task::Regression;
  const auto refused = (*source)->dataset(spec);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("data.wrong_task"));
  spec.task = spec::Task::Auto;
  spec.sequence.window = 4;
  const auto windows = (*source)->dataset(spec);
  REQUIRE(!windows);
  CHECK_EQ(windows.error().code, std::string("data.no_windows"));
}

LATHE_TEST("a part of the rows has their clips") {
  const TempFolder folder;
  writeToneFolder(folder / "all", 8);
  const auto dataset = opened(folder / "all").value()->dataset({});
  REQUIRE_OK(dataset);
  const std::vector<std::uint32_t> train{9, 2}, validation{15};
  const auto part = partOf(*dataset, train, validation);
  CHECK_EQ(part->rows, std::size_t{3});
  CHECK(inputsFitRows(*part));
  CHECK(rowOf(*part, 0) == rowOf(*dataset, 9));
  CHECK(rowOf(*part, 2) == rowOf(*dataset, 15));
}

LATHE_TEST("reading sound reports how far it is and can be cancelled") {
  const TempFolder folder;
  writeToneFolder(folder / "all", 64);
  JobContext job;
  std::mutex mutex;
  std::set<std::string> reported;
  job.progress = [&](const Progress& progress) {
    const std::lock_guard lock(mutex);
    reported.insert(progress.what);
    CHECK(progress.total == 128 && progress.done <= 128);
  };
  REQUIRE_OK(openData(folder / "all", {}, job));
  CHECK(reported.count("read") == 1 && reported.count("decode") == 1);
  std::stop_source stop;
  job.stop = stop.get_token();
  job.progress = [&](const Progress& progress) {
    if (progress.what == "decode") stop.request_stop();
  };
  const auto cancelled = openData(folder / "all", {}, job);
  REQUIRE(!cancelled);
  CHECK_EQ(cancelled.error().code, std::string(cancelledCode));
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/audio_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <set>
#include <sndfile.h>
#include <vector>

#include "core/data/buffers.h"
#include "core/data/image_store.h"

namespace lathe::data {
namespace {

constexpr int mostChannels = 64;
constexpr int highestRate = 768'000;
constexpr int lowestRate = 100;
constexpr std::int64_t mostFrames = std::int64_t{1} << 40;  // beyond it a header says nothing
constexpr std::int64_t framesAtOnce = 16384;
constexpr float loudest = 1.0001F;  // decoders of other programs round

using Handle = std::unique_ptr<SNDFILE, int (*)(SNDFILE*)>;

Handle open(const std::filesystem::path& file, AudioInfo& info) {
  SF_INFO header{};
  Handle handle(sf_open(file.c_str(), SFM_READ, &header), &sf_close);
  if (handle == nullptr) return handle;
  info = {header.frames, header.samplerate, header.channels};
  const bool sound = info.frames >= 0 && info.channels >= 1 && info.channels <= mostChannels &&
                     info.rate >= lowestRate && info.rate <= highestRate;
  if (!sound) handle.reset();
  return handle;
}

std::int64_t countFrames(SNDFILE* handle, int channels) {
  std::vector<float> block(static_cast<std::size_t>(framesAtOnce * channels));
  std::int64_t frames = 0;
  while (frames < mostFrames) {
    const auto got = sf_readf_float(handle, block.data(), framesAtOnce);
    if (got <= 0) break;
    frames += got;
  }
  return frames;
}

// The mean of the channels of `frames` frames, appended.
void mix(const float* block, std::int64_t frames, int channels, std::vector<float>& out, ClipFacts& facts) {
  for (std::int64_t i = 0; i < frames; ++i) {
    float sum = 0;
    for (int c = 0; c < channels; ++c) {
      const float value = *block++;
      if (std::isfinite(value))
        sum += value;
      else
        facts.invalid = true;
    }
    const float mean = sum / static_cast<float>(channels);
    if (std::abs(mean) > loudest) facts.clipped = true;
    // Resampling spreads what is far too loud over its neighbours.
    out.push_back(std::clamp(mean, -1.0F, 1.0F));
  }
}

}  // namespace

bool isAudioName(const std::filesystem::path& path) {
  const auto ending = lowerExtension(path);
  return ending == ".wav" || ending == ".flac";
}

bool isOtherAudio(const std::string& ending) {
  static const std::set<std::string> known{".mp3", ".ogg", ".oga",  ".opus", ".m4a", ".aac",
                                           ".wma", ".aif", ".aiff", ".au",   ".amr", ".mka"};
  return known.count(ending) != 0;
}

std::optional<AudioInfo> checkAudio(const std::filesystem::path& file) {
  AudioInfo info;
  const auto handle = open(file, info);
  if (handle == nullptr) return {};
  // FLAC that was written to a pipe does not say how long it is.
  if (info.frames == 0 || info.frames > mostFrames) {
    info.frames = countFrames(handle.get(), info.channels);
    if (info.frames == 0) return {};
    return info;
  }
  std::array<float, mostChannels> last{};
  // What is cut off shows at the end; FLAC finds it without decoding all of it.
  if (sf_seek(handle.get(), info.frames - 1, SEEK_SET) != info.frames - 1) return {};
  if (sf_readf_float(handle.get(), last.data(), 1) != 1) return {};
  return info;
}

std::optional<ClipFacts> readAudio(const std::filesystem::path& file, const AudioInfo& info, const Resampler& resampler,
                                   std::span<std::int16_t> out) {
  AudioInfo now;
  const auto handle = open(file, now);
  if (handle == nullptr || now.rate != info.rate || now.channels != info.channels) return {};
  const auto wanted = std::min(static_cast<std::size_t>(info.frames), resampler.neededFor(out.size()));
  ClipFacts facts;
  std::vector<float> mono;
  mono.reserve(wanted);
  std::vector<float> block(static_cast<std::size_t>(framesAtOnce * info.channels));
  while (mono.size() < wanted) {
    const auto most = std::min<std::int64_t>(framesAtOnce, static_cast<std::int64_t>(wanted - mono.size()));
    const auto got = sf_readf_float(handle.get(), block.data(), most);
    if (got <= 0) return {};
    mix(block.data(), got, info.channels, mono, facts);
  }
  const auto clip = resampler.run(mono, out.size());
  std::transform(clip.begin(), clip.end(), out.begin(), sampleOf);
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(clip.size()), out.end(), std::int16_t{0});
  facts.silent = std::all_of(out.begin(), out.end(), [](std::int16_t sample) { return sample == 0; });
  return facts;
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/audio_clips.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fmt/format.h>
#include <map>

#include "core/base/machine.h"
#include "core/data/parallel.h"

namespace lathe::data {
namespace {

constexpr int highestUsualRate = 48'000;  // nobody hears what lies above its half
constexpr double mostSeconds = 30;        // unless a person asks for more
constexpr double leastSeconds = 0.1;
constexpr double coveredShare = 0.95;
constexpr std::int64_t mostSamples = std::int64_t{1} << 27;  // of one clip

int commonRate(std::span<const AudioInfo> infos) {
  std::map<int, std::size_t> counts;
  for (const auto& info : infos) ++counts[info.rate];
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? 16000 : std::min(most->first, highestUsualRate);
}

double coveringSeconds(std::span<const AudioInfo> infos) {
  std::vector<double> seconds;
  for (const auto& info : infos) seconds.push_back(info.seconds());
  if (seconds.empty()) return 1;
  const auto place = static_cast<std::size_t>(std::ceil(coveredShare * static_cast<double>(seconds.size()))) - 1;
  std::nth_element(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(place), seconds.end());
  return std::clamp(seconds[place], leastSeconds, mostSeconds);
}

}  // namespace

ClipForm clipFormFor(std::span<const AudioInfo> infos, const spec::PreprocessingSpec& preprocessing) {
  ClipForm form;
  form.rate = preprocessing.sampleRate > 0 ? preprocessing.sampleRate : commonRate(infos);
  const double seconds = preprocessing.clipSeconds > 0 ? preprocessing.clipSeconds : coveringSeconds(infos);
  form.samples = std::max<std::int64_t>(1, std::llround(seconds * form.rate));
  return form;
}

spec::PreprocessingSpec asking(const ClipForm& form, spec::PreprocessingSpec preprocessing) {
  preprocessing.sampleRate = form.rate;
  preprocessing.clipSeconds = form.seconds();
  return preprocessing;
}

std::string AudioClips::labelOf(std::size_t clip) const {
  return labels[clip] < 0 ? std::string() : classes[static_cast<std::size_t>(labels[clip])];
}

Result<void> checkAudioMemory(std::size_t count, const ClipForm& form) {
  const double needed = static_cast<double>(count) * static_cast<double>(form.samples) * sizeof(std::int16_t);
  const auto available = static_cast<double>(availableMemory());
  const bool fits = available <= 0 || needed <= 0.8 * available;
  if (fits && form.samples <= mostSamples) return {};
  return fail("data.too_large",
              fits ? LATHE_TEXT("errors", "A clip of {seconds} s at {rate} Hz is too long for a model.")
                   : LATHE_TEXT("errors", "{count} clips of {seconds} s at {rate} Hz do not fit into memory."),
              LATHE_TEXT("errors",
                         "Choose a shorter clip length (data.preprocessing.clip_seconds) or a lower sample rate "
                         "(data.preprocessing.sample_rate)."),
              {{"count", std::to_string(count)},
               {"seconds", fmt::format("{:.3g}", form.seconds())},
               {"rate", std::to_string(form.rate)}});
}

tl::unexpected<Error> needsSound(const std::filesystem::path& file) {
  return fail("data.not_audio", LATHE_TEXT("errors", "The model takes clips of sound, {file} holds none."),
              LATHE_TEXT("errors", "Choose a folder of WAV or FLAC files."), {{"file", file.string()}});
}

Result<DecodedClips> decodeClips(const std::vector<std::filesystem::path>& files, const std::vector<AudioInfo>& infos,
                                 const ClipForm& form, const JobContext& job) {
  LATHE_TRY(checkAudioMemory(files.size(), form));
  std::map<int, Resampler> resamplers;
  for (const auto& info : infos) resamplers.try_emplace(info.rate, info.rate, form.rate);
  const auto perClip = static_cast<std::size_t>(form.samples);
  DecodedClips decoded;
  decoded.samples.resize(files.size() * perClip);
  decoded.facts.resize(files.size());
  std::atomic<std::size_t> done{0};
  parallelFor(files.size(), readingThreads(), [&](std::size_t i) {
    if (job.cancelled()) return;
    decoded.facts[i] =
        readAudio(files[i], infos[i], resamplers.at(infos[i].rate), {decoded.samples.data() + i * perClip, perClip});
    if (++done % 16 == 0) job.report({"decode", static_cast<double>(done), static_cast<double>(files.size()), "files"});
  });
  if (job.cancelled()) return cancelledError();
  return decoded;
}

}  // namespace lathe::data

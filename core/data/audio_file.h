// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "core/data/resample.h"

/// WAV and FLAC files of strangers, read by libsndfile.
namespace lathe::data {

struct AudioInfo {
  std::int64_t frames = 0;
  int rate = 0;  ///< Hz
  int channels = 0;
  [[nodiscard]] double seconds() const { return rate > 0 ? static_cast<double>(frames) / rate : 0; }
};

/// What decoding showed of the part of a clip that is used.
struct ClipFacts {
  bool silent = false;   ///< no sample but 0
  bool clipped = false;  ///< louder than full scale, as floats can be: cut there
  bool invalid = false;  ///< samples that are no numbers, taken as 0
};

/// True for names ending in .wav or .flac.
[[nodiscard]] bool isAudioName(const std::filesystem::path& path);
/// Endings of sound files that are not read: ".mp3" ...
[[nodiscard]] bool isOtherAudio(const std::string& ending);

/// What the header says, once the file's last sample has been read as well; a stream that does not say its length is
/// read through. A cut or empty file gives none, nor does one with an impossible rate or more than 64 channels.
[[nodiscard]] std::optional<AudioInfo> checkAudio(const std::filesystem::path& file);

/// The file's beginning at the resampler's rate into all of `out`: the mean of its channels, as 16 bits, silence after
/// a shorter sound. `resampler` goes from the rate of `info`. None when the file cannot be read, or is no longer what
/// `info` says.
[[nodiscard]] std::optional<ClipFacts> readAudio(const std::filesystem::path& file, const AudioInfo& info,
                                                 const Resampler& resampler, std::span<std::int16_t> out);

}  // namespace lathe::data

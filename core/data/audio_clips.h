// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/data/audio_file.h"
#include "core/data/buffers.h"
#include "core/spec/data_spec.h"

/// Clips of sound in memory: all at one rate and of one length.
namespace lathe::data {

/// What all rows have in common.
struct ClipForm {
  int rate = 0;              ///< Hz
  std::int64_t samples = 0;  ///< length
  [[nodiscard]] double seconds() const { return static_cast<double>(samples) / rate; }
  bool operator==(const ClipForm&) const = default;
};

/// What the spec says; else the rate of most files, at most 48000 Hz, and the length that 95 % of them do not exceed,
/// 0.1 to 30 s.
[[nodiscard]] ClipForm clipFormFor(std::span<const AudioInfo> infos, const spec::PreprocessingSpec& preprocessing);
/// A spec that asks for this form.
[[nodiscard]] spec::PreprocessingSpec asking(const ClipForm& form, spec::PreprocessingSpec preprocessing);

/// Clips with what is known of each.
struct AudioClips {
  std::vector<std::filesystem::path> files;  ///< all of them readable
  std::vector<AudioInfo> infos;
  std::vector<ClipFacts> facts;
  std::vector<std::string> classes;
  std::vector<std::int32_t> labels;  ///< into classes, -1: none

  [[nodiscard]] std::string labelOf(std::size_t clip) const;
};

struct DecodedClips {
  Samples samples;                              ///< clips x form.samples
  std::vector<std::optional<ClipFacts>> facts;  ///< none: the file cannot be read, its samples are 0
};

/// Decodes on all threads. Reports "decode". Errors: data.too_large, cancelled.
Result<DecodedClips> decodeClips(const std::vector<std::filesystem::path>& files, const std::vector<AudioInfo>& infos,
                                 const ClipForm& form, const JobContext& job);

/// The error when `count` clips do not fit into memory, or a single one is longer than a model takes.
Result<void> checkAudioMemory(std::size_t count, const ClipForm& form);

/// The error of other data for a model of sound.
[[nodiscard]] tl::unexpected<Error> needsSound(const std::filesystem::path& file);

/// A clip as a grey picture [height, width]: time to the right, pitch on the mel scale upwards, 80 dB from black to
/// white below its loudest spot. For looking at: networks get theirs from the layer log_mel.
[[nodiscard]] std::vector<std::uint8_t> clipPicture(std::span<const std::int16_t> clip, int rate, int height,
                                                    int width);

}  // namespace lathe::data

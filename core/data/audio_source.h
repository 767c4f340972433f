// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/data/audio_clips.h"
#include "core/data/data_source.h"
#include "core/data/source_file.h"

namespace lathe::data {

/// WAV and FLAC files in a folder a class. A row is the mean of a clip's channels at one rate and of one length: cut at
/// the end where it is longer, silent after it where it is shorter. All are decoded when the folder is opened and kept
/// as 16 bits, in the form that was asked for last; datasets share that memory.
class AudioSource final : public DataSource {
 public:
  /// The first `mainRows` clips are to be split, the others are a test part that the folder brings. `decoded` holds all
  /// of them in `form`.
  AudioSource(const std::filesystem::path& path, AudioClips clips, std::size_t mainRows, const ClipForm& form,
              Samples decoded, std::vector<Warning> warnings);

  Result<spec::DataProfile> profile(const spec::DataSpec& spec, const JobContext& job) const override;
  [[nodiscard]] std::int64_t rows() const override;
  [[nodiscard]] std::vector<std::string> columnNames() const override;
  /// The file's name, or its class.
  [[nodiscard]] std::string cell(std::int64_t row, int column) const override;
  /// The clip as a grey picture (clipPicture) of spec::DataProfile::imageShape.
  Result<std::vector<std::uint8_t>> image(std::int64_t row) const override;
  Result<Dataset> dataset(const spec::DataSpec& spec, const JobContext& job) const override;
  Result<Dataset> outline(const spec::DataSpec& spec, const JobContext& job) const override;
  Result<Dataset> encode(const spec::DataSchema& schema, const spec::DataSpec& spec,
                         const JobContext& job) const override;

  void setSeconds(double seconds) { m_file.setSeconds(seconds); }

 private:
  /// The rows of a data spec: clips of this source, then those of a test folder named there.
  struct Rows {
    std::shared_ptr<const DataSource> opened;  ///< keeps `test` alive
    const AudioSource* test = nullptr;
    std::size_t main = 0, all = 0;
  };
  [[nodiscard]] ClipForm formFor(const spec::DataSpec& spec) const;
  Result<Rows> rowsFor(const spec::DataSpec& spec, const ClipForm& form, const JobContext& job) const;
  [[nodiscard]] std::string labelOf(const Rows& rows, std::size_t row) const;
  Result<std::shared_ptr<const Samples>> samplesOf(const Rows& rows, const ClipForm& form, const JobContext& job) const;
  /// All clips of this source.
  Result<std::shared_ptr<const Samples>> decoded(const ClipForm& form, const JobContext& job) const;
  Result<Dataset> outlined(const spec::DataSpec& spec, const Rows& rows, const ClipForm& form) const;
  /// What is said of all clips: their lengths, rates, and what decoding showed.
  void warnOfClips(const ClipForm& form, std::vector<Warning>& warnings) const;
  void fillColumns(spec::DataProfile& profile) const;

  SourceFile m_file;
  AudioClips m_clips;
  std::size_t m_mainRows;
  std::vector<Warning> m_warnings;
  mutable std::mutex m_mutex;
  mutable ClipForm m_form;                           ///< of m_decoded
  mutable std::shared_ptr<const Samples> m_decoded;  ///< shared with datasets
};

/// A folder with one sub-folder a class; or with folders train and test that are such; or clips alone, for predictions.
/// What cannot be read, is of another format or lies beside the class folders is left out and named in a warning.
/// Errors: data.no_audio, data.too_large, cancelled.
Result<std::shared_ptr<AudioSource>> openAudioFolder(const std::filesystem::path& folder,
                                                     const spec::PreprocessingSpec& preprocessing,
                                                     const JobContext& job);
/// Whether sound files lie in a folder. Error data.mixed_folder: images as well.
Result<bool> isAudioFolder(const std::filesystem::path& folder);

}  // namespace lathe::data

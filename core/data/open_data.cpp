// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <chrono>

#include "core/base/files.h"
#include "core/data/audio_source.h"
#include "core/data/data_source.h"
#include "core/data/idx.h"
#include "core/data/image_folder.h"
#include "core/data/image_store.h"
#include "core/data/numpy.h"
#include "core/data/parallel.h"
#include "core/data/table_source.h"
#include "core/data/text_file.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Result<std::shared_ptr<const DataSource>> openFolder(const fs::path& path, const spec::DataSpec& spec,
                                                     const JobContext& job) {
  const auto start = std::chrono::steady_clock::now();
  const bool idx = isIdxFolder(path);
  LATHE_ASSIGN(sound, idx ? Result<bool>(false) : isAudioFolder(path));
  if (sound) {
    LATHE_ASSIGN(clips, openAudioFolder(path, spec.preprocessing, job));
    clips->setSeconds(secondsSince(start));
    return std::shared_ptr<const DataSource>(clips);
  }
  auto source = idx ? openIdx(path, job) : openImageFolder(path, spec.preprocessing.imageSize, job);
  if (!source) return passOn(source);
  (*source)->setSeconds(secondsSince(start));
  (*source)->setEdge(spec.preprocessing.imageSize);
  return std::shared_ptr<const DataSource>(*source);
}

bool isImage(std::string_view head) {
  return head.starts_with("\x89PNG") || head.starts_with("\xff\xd8\xff") || head.starts_with("GIF8") ||
         (head.starts_with("RIFF") && head.size() >= 12 && head.substr(8, 4) == "WEBP");
}

bool isSound(std::string_view head) {
  return head.starts_with("fLaC") || head.starts_with("ID3") || head.starts_with("OggS") ||
         (head.starts_with("RIFF") && head.size() >= 12 && head.substr(8, 4) == "WAVE");
}

Result<std::shared_ptr<const DataSource>> openFile(const fs::path& path, const spec::DataSpec& spec,
                                                   const JobContext& job) {
  LATHE_ASSIGN(head, firstBytes(path, 16));
  const TextArgs args{{"file", path.string()}};
  if (head.starts_with("\x93NUMPY") || head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06"))
    return openNumpy(path, spec, job);
  if (isSound(head))
    return fail("data.single_audio", LATHE_TEXT("errors", "{file} is a single clip of sound."),
                LATHE_TEXT("errors", "Choose the folder that holds a sub-folder of clips for each class."), args);
  if (isImage(head))
    return fail("data.single_image", LATHE_TEXT("errors", "{file} is a single image."),
                LATHE_TEXT("errors", "Choose the folder that holds a sub-folder of images for each class."), args);
  if (head.size() >= 4 && head[0] == 0 && head[1] == 0 && head[2] == 8 && head[3] >= 1 && head[3] <= 4)
    return fail("data.single_idx", LATHE_TEXT("errors", "{file} is one of a set of IDX files."),
                LATHE_TEXT("errors", "Choose the folder that holds images and labels."), args);
  if (head.starts_with("PAR1"))
    return fail("data.unknown_format", LATHE_TEXT("errors", "{file} is in a format that Lathe does not read."),
                LATHE_TEXT("errors", "Save it as CSV, .npy or .npz."), args);
  auto source = openCsv(path, spec.reading, spec.testPath, job);
  if (!source) return passOn(source);
  return std::shared_ptr<const DataSource>(*source);
}

}  // namespace

Result<std::shared_ptr<const DataSource>> openData(const fs::path& path, const spec::DataSpec& spec,
                                                   const JobContext& job) {
  return guarded([&]() -> Result<std::shared_ptr<const DataSource>> {
    std::error_code error;
    if (path.empty()) return fileError(ENOENT, path);
    if (fs::is_directory(path, error)) return openFolder(path, spec, job);
    return openFile(path, spec, job);
  });
}

}  // namespace lathe::data

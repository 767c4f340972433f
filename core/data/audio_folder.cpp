// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <optional>

#include "core/data/audio_source.h"
#include "core/data/class_folders.h"
#include "core/data/image_store.h"
#include "core/data/parallel.h"
#include "core/data/table_encode.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

FileChoice clips() { return {isAudioName, isOtherAudio}; }

tl::unexpected<Error> noAudio(const char* sentence, const fs::path& folder) {
  return fail("data.no_audio", sentence, LATHE_TEXT("errors", "Use WAV or FLAC files, one sub-folder a class."),
              {{"folder", folder.string()}});
}

void warnOfFound(const FoundFiles& found, std::vector<Warning>& warnings) {
  std::size_t count = 0;
  std::string endings;
  for (const auto& [ending, files] : found.others) {
    count += files;
    endings += (endings.empty() ? "" : ", ") + ending;
  }
  if (count > 0)
    warnings.push_back(
        fail("data.other_audio",
             LATHE_TEXT("data", "{count} sound files of formats that Lathe does not read are left out: {endings}."),
             LATHE_TEXT("data", "Convert them to WAV or FLAC."),
             {{"count", std::to_string(count)}, {"endings", endings}})
            .value());
  if (found.stray > 0)
    warnings.push_back(
        fail("data.stray_audio", LATHE_TEXT("data", "{count} clips that lie beside the class folders are left out."),
             LATHE_TEXT("data", "Move each into the folder of its class."), {{"count", std::to_string(found.stray)}})
            .value());
}

void warnOfParts(const FoundParts& parts, std::vector<Warning>& warnings) {
  if (!parts.validationAsTest.empty())
    warnings.push_back(fail("data.validation_as_test",
                            LATHE_TEXT("data", "There is no test folder: the clips of {folder} are the test set."),
                            LATHE_TEXT("data", "Add a folder named test to keep them for validation."),
                            {{"folder", parts.validationAsTest.string()}})
                           .value());
  if (!parts.validationJoined.empty())
    warnings.push_back(
        fail("data.validation_joined",
             LATHE_TEXT("data", "The clips of {folder} join those of training; validation rows are drawn from all."),
             LATHE_TEXT("data", "Nothing needs to be done."), {{"folder", parts.validationJoined.string()}})
            .value());
}

struct Headers {
  std::vector<std::optional<AudioInfo>> infos;
  std::vector<fs::path> files;
  std::vector<std::string> labels;
};

void add(const FoundFiles& found, Headers& out) {
  out.files.insert(out.files.end(), found.files.begin(), found.files.end());
  out.labels.insert(out.labels.end(), found.labels.begin(), found.labels.end());
}

Result<void> readHeaders(Headers& headers, const JobContext& job) {
  const auto count = headers.files.size();
  headers.infos.resize(count);
  std::atomic<std::size_t> done{0};
  parallelFor(count, readingThreads(), [&](std::size_t i) {
    if (!job.cancelled()) headers.infos[i] = checkAudio(headers.files[i]);
    if (++done % 64 == 0) job.report({"read", static_cast<double>(done), static_cast<double>(count), "files"});
  });
  if (job.cancelled()) return cancelledError();
  return {};
}

// Leaves out those that cannot be read; `main` counts the ones to be split, before and after.
template <class Readable>
std::vector<std::size_t> keptOf(std::size_t count, std::size_t& main, const Readable& readable) {
  std::vector<std::size_t> kept;
  std::size_t keptMain = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!readable(i)) continue;
    kept.push_back(i);
    if (i < main) ++keptMain;
  }
  main = keptMain;
  return kept;
}

void warnOfBroken(const std::vector<fs::path>& broken, std::vector<Warning>& warnings) {
  if (broken.empty()) return;
  warnings.push_back(
      fail("data.broken_audio",
           LATHE_TEXT("data", "{count} sound files are empty, cut off or damaged and are left out: {names}."),
           LATHE_TEXT("data", "Replace or remove these files."),
           {{"count", std::to_string(broken.size())}, {"names", namesOf(broken)}})
          .value());
}

void nameClasses(const std::vector<std::string>& labels, AudioClips& clips) {
  for (const auto& label : labels)
    if (!label.empty()) clips.classes.push_back(label);
  sortWords(clips.classes);
  for (const auto& label : labels) {
    const auto place = std::find(clips.classes.begin(), clips.classes.end(), label);
    clips.labels.push_back(place == clips.classes.end() ? -1
                                                        : static_cast<std::int32_t>(place - clips.classes.begin()));
  }
}

// Headers first, for the form of all; what then turns out to be damaged inside goes as well.
Result<std::shared_ptr<AudioSource>> decodeAll(const fs::path& folder, Headers headers, std::size_t main,
                                               const spec::PreprocessingSpec& preprocessing, const JobContext& job,
                                               std::vector<Warning> warnings) {
  LATHE_TRY(readHeaders(headers, job));
  std::vector<fs::path> files, broken;
  std::vector<AudioInfo> infos;
  std::vector<std::string> labels;
  const auto promising =
      keptOf(headers.files.size(), main, [&](std::size_t i) { return headers.infos[i].has_value(); });
  for (const auto i : promising) {
    files.push_back(headers.files[i]);
    infos.push_back(*headers.infos[i]);
    labels.push_back(headers.labels[i]);
  }
  for (std::size_t i = 0; i < headers.files.size(); ++i)
    if (!headers.infos[i]) broken.push_back(headers.files[i]);
  if (main == 0) return noAudio(LATHE_TEXT("errors", "No sound file in {folder} can be read."), folder);
  const auto form = clipFormFor({infos.data(), main}, preprocessing);
  LATHE_ASSIGN(decoded, decodeClips(files, infos, form, job));
  AudioClips clips;
  std::vector<std::string> keptLabels;
  const auto perClip = static_cast<std::ptrdiff_t>(form.samples);
  const auto kept = keptOf(files.size(), main, [&](std::size_t i) { return decoded.facts[i].has_value(); });
  for (const auto i : kept) {
    const auto from = decoded.samples.begin() + static_cast<std::ptrdiff_t>(i) * perClip;
    const auto into = static_cast<std::ptrdiff_t>(clips.files.size());
    if (into != static_cast<std::ptrdiff_t>(i))
      std::copy(from, from + perClip, decoded.samples.begin() + into * perClip);
    clips.files.push_back(files[i]);
    clips.infos.push_back(infos[i]);
    clips.facts.push_back(*decoded.facts[i]);
    keptLabels.push_back(labels[i]);
  }
  for (std::size_t i = 0; i < files.size(); ++i)
    if (!decoded.facts[i]) broken.push_back(files[i]);
  if (main == 0) return noAudio(LATHE_TEXT("errors", "No sound file in {folder} can be read."), folder);
  decoded.samples.resize(kept.size() * static_cast<std::size_t>(form.samples));
  warnOfBroken(broken, warnings);
  nameClasses(keptLabels, clips);
  return std::make_shared<AudioSource>(folder, std::move(clips), main, form, std::move(decoded.samples),
                                       std::move(warnings));
}

}  // namespace

Result<bool> isAudioFolder(const fs::path& folder) {
  return guarded([&]() -> Result<bool> {
    const auto other = [](const fs::path& file) { return isOtherAudio(lowerExtension(file)); };
    const auto found = firstOfEach(folder, {isAudioName, isImageName});
    if (!found[0].empty() && !found[1].empty())
      return fail("data.mixed_folder",
                  LATHE_TEXT("errors", "{folder} holds sound ({clip}) as well as images ({image})."),
                  LATHE_TEXT("errors", "Choose a folder that holds only one of them."),
                  {{"folder", folder.string()}, {"clip", namesOf({found[0]})}, {"image", namesOf({found[1]})}});
    if (!found[0].empty() || !found[1].empty()) return !found[0].empty();
    return !firstOfEach(folder, {other})[0].empty();
  });
}

Result<std::shared_ptr<AudioSource>> openAudioFolder(const fs::path& folder,
                                                     const spec::PreprocessingSpec& preprocessing,
                                                     const JobContext& job) {
  return guarded([&]() -> Result<std::shared_ptr<AudioSource>> {
    std::vector<Warning> warnings;
    const auto parts = findParts(folder, clips());
    warnOfParts(parts, warnings);
    if (parts.main.files.empty())
      return noAudio(
          parts.main.others.empty()
              ? LATHE_TEXT("errors", "There is no sound file in {folder}.")
              : LATHE_TEXT("errors", "The sound files in {folder} are of a format that Lathe does not read."),
          folder);
    warnOfFound(parts.main, warnings);
    Headers headers;
    add(parts.main, headers);
    if (parts.test) {
      warnOfFound(*parts.test, warnings);
      add(*parts.test, headers);
    }
    return decodeAll(folder, std::move(headers), parts.main.files.size(), preprocessing, job, std::move(warnings));
  });
}

}  // namespace lathe::data

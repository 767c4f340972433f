// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/audio_source.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/data/class_folders.h"
#include "core/data/data_checks.h"
#include "core/data/dictionary.h"
#include "core/data/parallel.h"
#include "core/data/split.h"
#include "core/data/table_encode.h"

namespace lathe::data {
namespace {

using spec::ColumnKind;
using spec::ColumnRole;
using spec::Task;

constexpr const char* audioName = "audio";
constexpr const char* targetName = "label";
constexpr int pictureHeight = 64;
constexpr int pictureWidth = 64;

SplitInput splitInput(const Dataset& labelled, std::size_t mainRows) {
  SplitInput input;
  input.rows = mainRows;
  input.testRows = labelled.rows - mainRows;
  input.classes = labelled.classes;
  input.labelled.resize(labelled.rows);
  for (std::size_t row = 0; row < labelled.rows; ++row) input.labelled[row] = isLabelled(labelled, row);
  return input;
}

// Of the audio column: how long the clips are, in seconds.
void fillDurations(std::span<const AudioInfo> infos, spec::ColumnProfile& column) {
  constexpr std::size_t bars = 20;
  if (infos.empty()) return;
  column.min = column.max = infos[0].seconds();
  double sum = 0, squares = 0;
  for (const auto& info : infos) {
    column.min = std::min(column.min, info.seconds());
    column.max = std::max(column.max, info.seconds());
    sum += info.seconds();
    squares += info.seconds() * info.seconds();
  }
  const auto count = static_cast<double>(infos.size());
  column.mean = sum / count;
  column.standardDeviation = std::sqrt(std::max(0.0, squares / count - column.mean * column.mean));
  column.histogram = {column.min, column.max, std::vector<std::int64_t>(column.max > column.min ? bars : 1), {}};
  auto& counts = column.histogram.counts;
  for (const auto& info : infos) {
    const double share = counts.size() > 1 ? (info.seconds() - column.min) / (column.max - column.min) : 0;
    ++counts[std::min(counts.size() - 1, static_cast<std::size_t>(share * static_cast<double>(counts.size())))];
  }
}

tl::unexpected<Error> otherModel(const std::filesystem::path& file) {
  return fail("data.not_a_table", LATHE_TEXT("errors", "The model takes no sound, {file} holds clips of sound."),
              LATHE_TEXT("errors", "Choose data of the kind that the model was trained on."),
              {{"file", file.string()}});
}

}  // namespace

AudioSource::AudioSource(const std::filesystem::path& path, AudioClips clips, std::size_t mainRows,
                         const ClipForm& form, Samples decoded, std::vector<Warning> warnings)
    : m_file(path, "audio_folder"),
      m_clips(std::move(clips)),
      m_mainRows(mainRows),
      m_warnings(std::move(warnings)),
      m_form(form),
      m_decoded(std::make_shared<const Samples>(std::move(decoded))) {}

std::int64_t AudioSource::rows() const { return static_cast<std::int64_t>(m_clips.files.size()); }

std::vector<std::string> AudioSource::columnNames() const { return {audioName, targetName}; }

std::string AudioSource::cell(std::int64_t row, int column) const {
  if (row < 0 || row >= rows() || column < 0 || column > 1) return {};
  const auto clip = static_cast<std::size_t>(row);
  return column == 0 ? m_clips.files[clip].filename().string() : m_clips.labelOf(clip);
}

Result<std::vector<std::uint8_t>> AudioSource::image(std::int64_t row) const {
  return guarded([&]() -> Result<std::vector<std::uint8_t>> {
    if (row < 0 || row >= rows()) return std::vector<std::uint8_t>();
    ClipForm form;
    std::shared_ptr<const Samples> samples;
    {
      const std::lock_guard lock(m_mutex);
      form = m_form;
      samples = m_decoded;
    }
    const auto length = static_cast<std::size_t>(form.samples);
    return clipPicture({samples->data() + static_cast<std::size_t>(row) * length, length}, form.rate, pictureHeight,
                       pictureWidth);
  });
}

ClipForm AudioSource::formFor(const spec::DataSpec& spec) const {
  return clipFormFor({m_clips.infos.data(), m_mainRows}, spec.preprocessing);
}

Result<std::shared_ptr<const Samples>> AudioSource::decoded(const ClipForm& form, const JobContext& job) const {
  {
    const std::lock_guard lock(m_mutex);
    if (m_form == form) return m_decoded;
  }
  LATHE_ASSIGN(clips, decodeClips(m_clips.files, m_clips.infos, form, job));
  for (std::size_t i = 0; i < clips.facts.size(); ++i)
    if (!clips.facts[i])
      return fail("data.audio_gone", LATHE_TEXT("errors", "{file} can no longer be read."),
                  LATHE_TEXT("errors", "Bring the file back, or open the folder again."),
                  {{"file", m_clips.files[i].string()}});
  auto samples = std::make_shared<const Samples>(std::move(clips.samples));
  const std::lock_guard lock(m_mutex);
  m_form = form;
  m_decoded = samples;
  return samples;
}

Result<AudioSource::Rows> AudioSource::rowsFor(const spec::DataSpec& spec, const ClipForm& form,
                                               const JobContext& job) const {
  Rows rows{nullptr, nullptr, m_mainRows, m_clips.files.size()};
  if (spec.testPath.empty()) return rows;
  auto testSpec = spec;
  testSpec.testPath.clear();
  testSpec.preprocessing = asking(form, spec.preprocessing);
  LATHE_ASSIGN(opened, openData(spec.testPath, testSpec, job));
  rows.opened = opened;
  rows.test = dynamic_cast<const AudioSource*>(rows.opened.get());
  if (rows.test == nullptr) return needsSound(spec.testPath);
  rows.all = rows.main + rows.test->m_mainRows;
  return rows;
}

std::string AudioSource::labelOf(const Rows& rows, std::size_t row) const {
  return rows.test != nullptr && row >= rows.main ? rows.test->m_clips.labelOf(row - rows.main) : m_clips.labelOf(row);
}

Result<std::shared_ptr<const Samples>> AudioSource::samplesOf(const Rows& rows, const ClipForm& form,
                                                              const JobContext& job) const {
  LATHE_ASSIGN(own, decoded(form, job));
  if (rows.test == nullptr) return own;
  LATHE_TRY(checkAudioMemory(rows.all, form));
  LATHE_ASSIGN(others, rows.test->decoded(form, job));
  const auto perClip = static_cast<std::size_t>(form.samples);
  auto joined =
      std::make_shared<Samples>(own->begin(), own->begin() + static_cast<std::ptrdiff_t>(rows.main * perClip));
  joined->insert(joined->end(), others->begin(),
                 others->begin() + static_cast<std::ptrdiff_t>((rows.all - rows.main) * perClip));
  return std::shared_ptr<const Samples>(std::move(joined));
}

Result<Dataset> AudioSource::outlined(const spec::DataSpec& spec, const Rows& rows, const ClipForm& form) const {
  Dataset out;
  auto& classes = out.schema.target.classes;
  out.rows = rows.all;
  out.schema.target.name = targetName;
  out.schema.task = Task::Classification;
  out.schema.sampleRate = form.rate;
  out.schema.inputShape = {form.samples};
  const TextArgs args{{"file", m_file.path().string()}};
  if (spec.sequence.window > 0)
    return fail("data.no_windows",
                LATHE_TEXT("errors", "Windows are of the rows of a table, and {file} holds clips of sound."),
                LATHE_TEXT("errors", "Set data.window to 0."), args);
  if (spec.task != Task::Auto && spec.task != Task::Classification)
    return fail("data.wrong_task",
                LATHE_TEXT("errors", "Folders of sound are for telling classes apart, not for the task {task}."),
                LATHE_TEXT("errors", "Leave the task automatic."), {{"task", spec::name(spec.task)}});
  for (std::size_t row = 0; row < rows.all; ++row)
    if (auto label = labelOf(rows, row); !label.empty()) classes.push_back(std::move(label));
  sortWords(classes);
  for (std::size_t row = 0; row < rows.all; ++row) {
    const auto place = std::find(classes.begin(), classes.end(), labelOf(rows, row));
    out.classes.push_back(place == classes.end() ? -1 : static_cast<std::int32_t>(place - classes.begin()));
  }
  if (classes.size() < 2)
    return fail("data.too_few_classes",
                LATHE_TEXT("errors", "{file} has {count} classes of clips, at least two are needed."),
                LATHE_TEXT("errors", "Put the clips of each class into a folder of their own."),
                {{"file", m_file.path().string()}, {"count", std::to_string(classes.size())}});
  LATHE_ASSIGN(split, makeSplit(spec.split, splitInput(out, rows.main)));
  out.split = split;
  return out;
}

Result<Dataset> AudioSource::outline(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    const auto form = formFor(spec);
    LATHE_ASSIGN(rows, rowsFor(spec, form, job));
    return outlined(spec, rows, form);
  });
}

Result<Dataset> AudioSource::dataset(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    const auto form = formFor(spec);
    LATHE_ASSIGN(rows, rowsFor(spec, form, job));
    LATHE_ASSIGN(out, outlined(spec, rows, form));
    LATHE_ASSIGN(samples, samplesOf(rows, form, job));
    out.samples = samples;
    return std::move(out);
  });
}

Result<Dataset> AudioSource::encode(const spec::DataSchema& schema, const spec::DataSpec& spec,
                                    const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    if (!schema.sound() || schema.inputShape.size() != 1 || schema.inputShape[0] < 1) return otherModel(m_file.path());
    const ClipForm form{schema.sampleRate, schema.inputShape[0]};
    LATHE_ASSIGN(rows, rowsFor(spec, form, job));
    Dataset out;
    out.schema = schema;
    out.rows = rows.all;
    const auto& classes = schema.target.classes;
    for (std::size_t row = 0; row < rows.all; ++row) {
      const auto place = std::find(classes.begin(), classes.end(), labelOf(rows, row));
      out.classes.push_back(place == classes.end() ? -1 : static_cast<std::int32_t>(place - classes.begin()));
      if (row >= rows.main) out.split.test.push_back(static_cast<std::uint32_t>(row));
    }
    LATHE_ASSIGN(samples, samplesOf(rows, form, job));
    out.samples = samples;
    return out;
  });
}

void AudioSource::warnOfClips(const ClipForm& form, std::vector<Warning>& warnings) const {
  std::size_t longer = 0, others = 0;
  for (std::size_t i = 0; i < m_mainRows; ++i) {
    const auto& info = m_clips.infos[i];
    // A little silence or breath at the end is no loss.
    if (info.seconds() > 1.05 * form.seconds() + 0.01) ++longer;
    if (info.rate != form.rate) ++others;
  }
  std::vector<std::filesystem::path> silent, clipped, invalid;
  for (std::size_t i = 0; i < m_clips.facts.size(); ++i) {
    const auto& facts = m_clips.facts[i];
    if (facts.silent) silent.push_back(m_clips.files[i]);
    if (facts.clipped) clipped.push_back(m_clips.files[i]);
    if (facts.invalid) invalid.push_back(m_clips.files[i]);
  }
  const auto warn = [&](std::size_t count, const char* code, const char* text, const char* hint,
                        const std::vector<std::filesystem::path>& files) {
    if (count > 0)
      warnings.push_back(fail(code, text, hint,
                              {{"count", std::to_string(count)},
                               {"seconds", fmt::format("{:.3g}", form.seconds())},
                               {"rate", std::to_string(form.rate)},
                               {"names", namesOf(files)}})
                             .value());
  };
  warn(longer, "data.long_clips",
       LATHE_TEXT("data", "{count} clips are longer than {seconds} s: only their beginning is used."),
       LATHE_TEXT("data", "Set the clip length (data.preprocessing.clip_seconds), or cut them into pieces."), {});
  warn(others, "data.resampled", LATHE_TEXT("data", "{count} clips are brought to {rate} Hz."),
       LATHE_TEXT("data", "Nothing needs to be done."), {});
  warn(silent.size(), "data.silent_clips", LATHE_TEXT("data", "{count} clips are silent: {names}."),
       LATHE_TEXT("data", "Remove them, unless silence is what the class is about."), silent);
  warn(clipped.size(), "data.clipped_clips",
       LATHE_TEXT("data", "{count} clips are louder than full scale (-1 to 1) and are cut there: {names}."),
       LATHE_TEXT("data", "Save them at a lower level."), clipped);
  warn(invalid.size(), "data.invalid_samples",
       LATHE_TEXT("data", "{count} clips hold samples that are no numbers, taken as silence: {names}."),
       LATHE_TEXT("data", "Write these files again."), invalid);
}

void AudioSource::fillColumns(spec::DataProfile& profile) const {
  spec::ColumnProfile clip;
  clip.name = audioName;
  clip.kind = clip.inferredKind = ColumnKind::Audio;
  clip.distinct = static_cast<std::int64_t>(m_mainRows);
  fillDurations({m_clips.infos.data(), m_mainRows}, clip);
  spec::ColumnProfile label;
  label.name = targetName;
  label.kind = label.inferredKind = ColumnKind::Category;
  label.role = label.inferredRole = ColumnRole::Target;
  label.min = label.max = label.mean = label.standardDeviation = std::nan("");
  label.distinct = static_cast<std::int64_t>(profile.classes.size());
  label.histogram.counts = profile.classCounts;
  label.histogram.labels = profile.classes;
  for (std::size_t row = 0; row < m_mainRows; ++row)
    if (m_clips.labels[row] < 0) ++label.missing;
  profile.columns = {clip, label};
}

Result<spec::DataProfile> AudioSource::profile(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<spec::DataProfile> {
    spec::DataProfile profile;
    LATHE_TRY(m_file.fill(profile, job));
    const auto form = formFor(spec);
    LATHE_ASSIGN(rows, rowsFor(spec, form, job));
    profile.audio = true;
    profile.imageShape = {1, pictureHeight, pictureWidth};
    profile.sampleRate = form.rate;
    profile.clipSeconds = form.seconds();
    profile.summary = fmt::format("{:.3g} s at {} Hz", form.seconds(), form.rate);
    profile.rows = static_cast<std::int64_t>(m_mainRows);
    profile.testRows = static_cast<std::int64_t>(rows.all - rows.main);
    profile.target = targetName;
    profile.targets = {targetName};
    profile.task = Task::Classification;
    profile.warnings = m_warnings;
    warnOfClips(form, profile.warnings);
    const auto labelled = outlined(spec, rows, form);
    if (!labelled) {
      fillColumns(profile);
      profile.warnings.push_back(labelled.error());
      return profile;
    }
    profile.classes = labelled->schema.target.classes;
    profile.classCounts.assign(profile.classes.size(), 0);
    for (std::size_t row = 0; row < m_mainRows; ++row)
      if (labelled->classes[row] >= 0) ++profile.classCounts[static_cast<std::size_t>(labelled->classes[row])];
    fillColumns(profile);
    warnOfClasses(profile.classes, profile.classCounts, profile.warnings);
    profile.trainRows = static_cast<std::int64_t>(labelled->split.train.size());
    profile.validationRows = static_cast<std::int64_t>(labelled->split.validation.size());
    profile.heldOutRows = static_cast<std::int64_t>(labelled->split.test.size());
    LATHE_ASSIGN(samples, samplesOf(rows, form, job));
    const auto bytes = static_cast<std::size_t>(form.samples) * sizeof(std::int16_t);
    std::vector<std::uint64_t> keys;
    for (std::size_t row = 0; row < rows.all; ++row)
      keys.push_back(textHash(reinterpret_cast<const char*>(samples->data()) + row * bytes, bytes));
    warnOfDuplicates(keys, labelled->split, profile.warnings);
    return profile;
  });
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_source.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/data/audio_clips.h"
#include "core/data/data_checks.h"
#include "core/data/dictionary.h"
#include "core/data/parallel.h"
#include "core/data/split.h"
#include "core/data/table_encode.h"
#include "core/data/table_part.h"

namespace lathe::data {
namespace {

using spec::ColumnKind;
using spec::ColumnRole;
using spec::Task;

constexpr const char* targetName = "label";

// Appends the labels of a part, named as in `classes`.
void appendLabels(const ImagePart& part, const std::vector<std::string>& classes, std::vector<std::int32_t>& out) {
  std::unordered_map<std::string, std::int32_t> places;
  for (std::size_t i = 0; i < classes.size(); ++i) places.emplace(classes[i], static_cast<std::int32_t>(i));
  std::vector<std::int32_t> renamed;
  for (const auto& name : part.classes) {
    const auto place = places.find(name);
    renamed.push_back(place == places.end() ? -1 : place->second);
  }
  if (part.labels.empty()) out.insert(out.end(), part.store->count(), -1);
  for (const auto label : part.labels) out.push_back(label < 0 ? -1 : renamed[static_cast<std::size_t>(label)]);
}

void appendNumbers(const ImagePart& part, std::vector<float>& out) {
  if (part.targets.empty()) out.insert(out.end(), part.store->count(), std::numeric_limits<float>::quiet_NaN());
  out.insert(out.end(), part.targets.begin(), part.targets.end());
}

Result<void> appendPixels(const std::vector<ImagePart>& parts, const spec::Shape& shape, const JobContext& job,
                          std::vector<std::uint8_t>& out) {
  std::size_t total = 0;
  for (const auto& part : parts) total += part.store->count();
  LATHE_TRY(checkImageMemory(total, shape));
  out.reserve(total * static_cast<std::size_t>(spec::elementCount(shape)));
  for (const auto& part : parts) {
    LATHE_ASSIGN(pixels, part.store->pixels(shape, job));
    out.insert(out.end(), pixels->begin(), pixels->end());
  }
  return {};
}

// Two folders of images are normal and not; of more, nobody knows which are meant.
template <class Parts>
void labelAnomalies(const Parts& parts, Dataset& out) {
  auto& classes = out.schema.target.classes;
  if (classes.size() != 2) {
    classes.clear();
    return;
  }
  for (const auto& part : parts) appendLabels(part, classes, out.classes);
  rareLast(classes, out.classes);
}

SplitInput splitInput(const Dataset& labelled, std::size_t mainRows) {
  SplitInput input;
  input.rows = mainRows;
  input.testRows = labelled.rows - mainRows;
  if (labelled.schema.task != Task::Anomaly) input.classes = labelled.classes;
  input.labelled.resize(labelled.rows);
  for (std::size_t row = 0; row < labelled.rows; ++row) input.labelled[row] = isLabelled(labelled, row);
  return input;
}

std::string shapeSummary(const spec::Shape& shape) {
  return std::to_string(shape[1]) + " x " + std::to_string(shape[2]) + (shape[0] == 1 ? " grey" : " colour");
}

void fillColumns(const Dataset& labelled, std::size_t mainRows, spec::DataProfile& profile) {
  spec::ColumnProfile image;
  image.name = "image";
  image.kind = image.inferredKind = ColumnKind::Image;
  image.distinct = static_cast<std::int64_t>(mainRows);
  image.min = image.max = image.mean = image.standardDeviation = std::nan("");
  spec::ColumnProfile label = image;
  label.name = targetName;
  label.kind = label.inferredKind = labelled.classes.empty() ? ColumnKind::Real : ColumnKind::Category;
  label.role = label.inferredRole = ColumnRole::Target;
  label.distinct = static_cast<std::int64_t>(profile.classes.size());
  label.histogram.counts = profile.classCounts;
  label.histogram.labels = profile.classes;
  for (std::size_t row = 0; row < mainRows; ++row)
    if (!labelled.classes.empty() && labelled.classes[row] < 0) ++label.missing;
  profile.columns = {image};
  if (labelled.schema.task != Task::Anomaly || !labelled.classes.empty()) profile.columns.push_back(label);
}

}  // namespace

ImageSource::ImageSource(const std::filesystem::path& path, std::string format, ImagePart main,
                         std::optional<ImagePart> test, std::vector<Warning> warnings)
    : m_file(path, std::move(format)),
      m_main(std::move(main)),
      m_test(std::move(test)),
      m_warnings(std::move(warnings)) {}

std::int64_t ImageSource::rows() const {
  return static_cast<std::int64_t>(m_main.store->count() + (m_test ? m_test->store->count() : 0));
}

std::vector<std::string> ImageSource::columnNames() const { return {"image", targetName}; }

std::string ImageSource::cell(std::int64_t row, int column) const {
  if (row < 0 || row >= rows()) return {};
  const bool inMain = static_cast<std::size_t>(row) < m_main.store->count();
  const ImagePart& part = inMain ? m_main : *m_test;
  const std::size_t at = static_cast<std::size_t>(row) - (inMain ? 0 : m_main.store->count());
  if (column == 0) return part.store->name(at);
  if (column != 1) return {};
  if (!part.targets.empty()) return std::isnan(part.targets[at]) ? std::string() : numberText(part.targets[at]);
  return part.labels.empty() || part.labels[at] < 0 ? std::string()
                                                    : part.classes[static_cast<std::size_t>(part.labels[at])];
}

Result<std::vector<std::uint8_t>> ImageSource::image(std::int64_t row) const {
  return guarded([&]() -> Result<std::vector<std::uint8_t>> {
    if (row < 0 || row >= rows()) return std::vector<std::uint8_t>();
    const bool inMain = static_cast<std::size_t>(row) < m_main.store->count();
    const ImagePart& part = inMain ? m_main : *m_test;
    const std::size_t at = static_cast<std::size_t>(row) - (inMain ? 0 : m_main.store->count());
    return part.store->one(at, m_main.store->shapeFor(m_edge));
  });
}

Result<ImageSource::Parts> ImageSource::partsFor(const spec::DataSpec& spec, const JobContext& job) const {
  Parts parts{m_main};
  if (m_test) parts.push_back(*m_test);
  if (spec.testPath.empty()) return parts;
  auto testSpec = spec;
  testSpec.testPath.clear();
  LATHE_ASSIGN(other, openData(spec.testPath, testSpec, job));
  const auto images = std::dynamic_pointer_cast<const ImageSource>(other);
  if (!images)
    return fail("data.not_images", LATHE_TEXT("errors", "The model takes images, {file} is a table."),
                LATHE_TEXT("errors", "Choose a folder of images."), {{"file", spec.testPath}});
  parts.resize(1);
  parts.push_back(images->main());
  return parts;
}

Result<Dataset> ImageSource::labelled(const spec::DataSpec& spec, const Parts& parts) const {
  Dataset out;
  out.schema.image = true;
  out.schema.target.name = targetName;
  if (spec.sequence.window > 0)
    return fail("data.no_windows", LATHE_TEXT("errors", "Windows are of the rows of a table, and {file} holds images."),
                LATHE_TEXT("errors", "Set data.window to 0."), {{"file", m_file.path().string()}});
  const bool numbers = !m_main.targets.empty();
  out.schema.task = !numbers ? Task::Classification : spec.task == Task::Quantile ? Task::Quantile : Task::Regression;
  if (spec.task == Task::Anomaly) out.schema.task = Task::Anomaly;
  if (spec.task != Task::Auto && spec.task != out.schema.task)
    return fail("data.wrong_task", LATHE_TEXT("errors", "{file} cannot be used for a {task}: its labels do not fit."),
                LATHE_TEXT("errors", "Leave the task automatic."),
                {{"file", m_file.path().string()}, {"task", spec::name(spec.task)}});
  for (const auto& part : parts) {
    out.rows += part.store->count();
    for (const auto label : part.labels)
      if (label >= 0) out.schema.target.classes.push_back(part.classes[static_cast<std::size_t>(label)]);
  }
  sortWords(out.schema.target.classes);
  out.schema.inputShape = m_main.store->shapeFor(spec.preprocessing.imageSize);
  if (spec.task == Task::Anomaly) {
    labelAnomalies(parts, out);
    return out;
  }
  for (const auto& part : parts) {
    if (numbers)
      appendNumbers(part, out.targets);
    else
      appendLabels(part, out.schema.target.classes, out.classes);
  }
  if (!numbers && out.schema.target.classes.size() < 2)
    return fail("data.too_few_classes",
                LATHE_TEXT("errors", "{file} has {count} classes of images, at least two are needed."),
                LATHE_TEXT("errors", "Put the images of each class into a folder of their own."),
                {{"file", m_file.path().string()}, {"count", std::to_string(out.schema.target.classes.size())}});
  return out;
}

Result<Dataset> ImageSource::outlined(const spec::DataSpec& spec, const Parts& parts) const {
  LATHE_ASSIGN(out, labelled(spec, parts));
  LATHE_ASSIGN(split, makeSplit(spec.split, splitInput(out, m_main.store->count())));
  out.split = split;
  return std::move(out);
}

Result<Dataset> ImageSource::outline(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    LATHE_ASSIGN(parts, partsFor(spec, job));
    return outlined(spec, parts);
  });
}

Result<Dataset> ImageSource::dataset(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    LATHE_ASSIGN(parts, partsFor(spec, job));
    LATHE_ASSIGN(out, outlined(spec, parts));
    LATHE_TRY(appendPixels(parts, out.schema.inputShape, job, out.pixels));
    return std::move(out);
  });
}

Result<Dataset> ImageSource::encode(const spec::DataSchema& schema, const spec::DataSpec& spec,
                                    const JobContext& job) const {
  return guarded([&]() -> Result<Dataset> {
    if (schema.sound()) return needsSound(m_file.path());
    const auto& shape = schema.inputShape;
    const bool sound = schema.image && shape.size() == 3 && (shape[0] == 1 || shape[0] == 3) &&
                       std::all_of(shape.begin(), shape.end(), [](auto n) { return n > 0 && n <= 16384; });
    if (!sound)
      return fail("data.not_a_table", LATHE_TEXT("errors", "The model takes a table, {file} holds images."),
                  LATHE_TEXT("errors", "Choose a table with the columns of the training data."),
                  {{"file", m_file.path().string()}});
    LATHE_ASSIGN(parts, partsFor(spec, job));
    Dataset out;
    out.schema = schema;
    for (const auto& part : parts) {
      out.rows += part.store->count();
      // A label of anomalies is for scoring alone.
      const bool scored = schema.task == Task::Anomaly && schema.target.classes.size() == 2;
      if (schema.task == Task::Classification || scored)
        appendLabels(part, schema.target.classes, out.classes);
      else if (schema.task != Task::Anomaly)
        appendNumbers(part, out.targets);
    }
    for (std::size_t row = m_main.store->count(); row < out.rows; ++row)
      out.split.test.push_back(static_cast<std::uint32_t>(row));
    LATHE_TRY(appendPixels(parts, shape, job, out.pixels));
    return out;
  });
}

Result<spec::DataProfile> ImageSource::profile(const spec::DataSpec& spec, const JobContext& job) const {
  return guarded([&]() -> Result<spec::DataProfile> {
    spec::DataProfile profile;
    LATHE_TRY(m_file.fill(profile, job));
    LATHE_ASSIGN(parts, partsFor(spec, job));
    const std::size_t mainRows = m_main.store->count();
    profile.image = true;
    profile.imageShape = m_main.store->shapeFor(spec.preprocessing.imageSize);
    profile.summary = shapeSummary(profile.imageShape);
    profile.rows = static_cast<std::int64_t>(mainRows);
    profile.testRows = parts.size() > 1 ? static_cast<std::int64_t>(parts[1].store->count()) : 0;
    profile.target = targetName;
    profile.targets = {targetName};
    profile.warnings = m_warnings;
    auto labels = labelled(spec, parts);
    if (!labels) {
      profile.warnings.push_back(labels.error());
      return profile;
    }
    profile.task = labels->schema.task;
    profile.classes = labels->schema.target.classes;
    profile.classCounts.assign(profile.classes.size(), 0);
    for (std::size_t row = 0; row < mainRows && row < labels->classes.size(); ++row)
      if (labels->classes[row] >= 0) ++profile.classCounts[static_cast<std::size_t>(labels->classes[row])];
    fillColumns(*labels, mainRows, profile);
    if (profile.task != Task::Anomaly) warnOfClasses(profile.classes, profile.classCounts, profile.warnings);
    const auto split = makeSplit(spec.split, splitInput(*labels, mainRows));
    if (!split) {
      profile.warnings.push_back(split.error());
      return profile;
    }
    profile.trainRows = static_cast<std::int64_t>(split->train.size());
    profile.validationRows = static_cast<std::int64_t>(split->validation.size());
    profile.heldOutRows = static_cast<std::int64_t>(split->test.size());
    std::vector<std::uint64_t> keys;
    const auto bytes = static_cast<std::size_t>(spec::elementCount(profile.imageShape));
    for (const auto& part : parts) {
      LATHE_ASSIGN(pixels, part.store->pixels(profile.imageShape, job));
      for (std::size_t i = 0; i < part.store->count(); ++i)
        keys.push_back(textHash(reinterpret_cast<const char*>(pixels->data()) + i * bytes, bytes));
    }
    warnOfDuplicates(keys, *split, profile.warnings);
    return profile;
  });
}

}  // namespace lathe::data

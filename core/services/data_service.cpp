// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/data_service.h"

#include <algorithm>
#include <deque>
#include <mutex>

#include "core/services/data_cache.h"

namespace lathe::services {
namespace {

class SourcePreview final : public DataPreview {
 public:
  explicit SourcePreview(std::shared_ptr<const data::DataSource> source) : m_source(std::move(source)) {}
  [[nodiscard]] std::int64_t rows() const override { return m_source->rows(); }
  [[nodiscard]] std::vector<std::string> columnNames() const override { return m_source->columnNames(); }
  [[nodiscard]] std::string cell(std::int64_t row, int column) const override { return m_source->cell(row, column); }
  Result<std::vector<std::uint8_t>> image(std::int64_t row) const override { return m_source->image(row); }

 private:
  std::shared_ptr<const data::DataSource> m_source;  // shared with the service and other pages
};

// What the profile alone says of images, so that looking at a folder does not decode all of it.
spec::GraphContext imageContext(const spec::DataProfile& profile, const spec::PreprocessingSpec& preprocessing) {
  spec::DataSchema schema;
  schema.image = true;
  schema.inputShape = profile.imageShape;
  schema.task = profile.task == spec::Task::Anomaly ? profile.task : spec::Task::Classification;
  schema.target.name = profile.target;
  schema.target.classes = profile.classes;
  spec::FittedPreprocessing fitted;
  const auto channels = static_cast<std::size_t>(profile.imageShape.front());
  fitted.channelMean.assign(channels, 127.5F);
  fitted.channelStd.assign(channels, 64.0F);
  return spec::graphContext(schema, fitted, preprocessing);
}

Result<spec::GraphContext> tableContext(const data::DataSource& source, const spec::DataSpec& spec, bool sound,
                                        const JobContext& job) {
  // Sound needs no fitting.
  auto dataset = sound ? source.outline(spec, job) : source.datasetWithoutText(spec, job);
  if (!dataset) return passOn(dataset);
  if (sound) return spec::graphContext(dataset->schema, {}, spec.preprocessing);
  auto fitted = data::fitPreprocessing(*dataset, spec.preprocessing);
  if (!fitted) return passOn(fitted);
  auto context = spec::graphContext(dataset->schema, *fitted, spec.preprocessing);
  // A model that is only looked at has the shape it will have.
  constexpr std::int64_t usualBins = 48;
  spec::assumeBins(context, usualBins);
  return context;
}

class CachingDataService final : public DataService {
 public:
  Result<InspectedData> inspect(const spec::DataSpec& spec, const std::filesystem::path& base,
                                const JobContext& job) override {
    const auto where = located(spec, base);
    auto source = openShared(where, job);
    if (!source) return passOn(source);
    keep(*source);
    auto profile = (*source)->profile(where, job);
    if (!profile) return passOn(profile);

    InspectedData result;
    result.preview = std::make_shared<SourcePreview>(*source);
    const bool plainImages = profile->image && profile->imageShape.size() == 3 &&
                             (profile->classes.size() >= 2 || profile->task == spec::Task::Anomaly);
    auto context = plainImages ? Result<spec::GraphContext>(imageContext(*profile, spec.preprocessing))
                               : tableContext(**source, where, profile->audio, job);
    if (context)
      result.graphContext = std::move(*context);
    else if (context.error().code == cancelledCode)
      return passOn(context);
    else
      result.cannotTrain = context.error();
    result.profile = std::move(*profile);
    return result;
  }

 private:
  void keep(const std::shared_ptr<const data::DataSource>& source) {
    const std::lock_guard lock(m_mutex);
    m_recent.erase(std::remove(m_recent.begin(), m_recent.end(), source), m_recent.end());
    m_recent.push_front(source);
    if (m_recent.size() > 3) m_recent.pop_back();
  }

  std::mutex m_mutex;
  std::deque<std::shared_ptr<const data::DataSource>> m_recent;
};

}  // namespace

std::unique_ptr<DataService> makeDataService() { return std::make_unique<CachingDataService>(); }

}  // namespace lathe::services

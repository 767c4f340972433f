// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/request_file.h"

#include "core/data/data_source.h"
#include "core/services/data_cache.h"

namespace lathe::services {
namespace {

constexpr std::int64_t mostRows = 1'000'000;

Result<serving::RequestRows> picturesOf(const data::DataSource& source, const spec::DataSpec& spec,
                                        const JobContext& job) {
  LATHE_ASSIGN(outline, source.outline(spec, job));
  serving::RequestRows rows;
  rows.shape = outline.schema.inputShape;
  for (std::int64_t row = 0; row < source.rows() && !job.cancelled(); ++row) {
    auto pixels = source.image(row);
    if (!pixels) return passOn(pixels);
    rows.numbers.insert(rows.numbers.end(), pixels->begin(), pixels->end());
  }
  return rows;
}

}  // namespace

Result<serving::RequestRows> requestRowsOf(const std::filesystem::path& file, const JobContext& job) {
  spec::DataSpec spec;
  std::error_code error;
  spec.path = std::filesystem::absolute(file, error).string();
  auto source = openShared(spec, job);
  if (!source) return passOn(source);
  const auto& data = **source;
  if (data.rows() > 0)
    if (const auto first = data.image(0); first && !first->empty()) return picturesOf(data, spec, job);
  serving::RequestRows rows;
  rows.columns = data.columnNames();
  for (std::int64_t row = 0; row < std::min(mostRows, data.rows()) && !job.cancelled(); ++row) {
    std::vector<std::string> cells;
    for (std::size_t column = 0; column < rows.columns.size(); ++column)
      cells.push_back(data.cell(row, static_cast<int>(column)));
    rows.cells.push_back(std::move(cells));
  }
  return rows;
}

}  // namespace lathe::services

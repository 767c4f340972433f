// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/data/data_source.h"
#include "core/data/source_file.h"
#include "core/data/table_part.h"

namespace lathe::data {

/// How a table was read, for its profile.
struct TableOrigin {
  std::string format, summary, encoding, delimiter, decimal;
  bool header = true;
  std::string units, unclearComma;  ///< as in CsvOutline
};

/// A table from any reader, perhaps with a second one of test rows, which follow in the row numbers.
class TableSource final : public DataSource {
 public:
  TableSource(const std::filesystem::path& path, TableOrigin origin, TablePart main, std::optional<TablePart> test,
              std::string testPath);

  Result<spec::DataProfile> profile(const spec::DataSpec& spec, const JobContext& job) const override;
  [[nodiscard]] std::int64_t rows() const override;
  [[nodiscard]] std::vector<std::string> columnNames() const override;
  [[nodiscard]] std::string cell(std::int64_t row, int column) const override;
  Result<std::vector<std::uint8_t>> image(std::int64_t row) const override;
  Result<Dataset> dataset(const spec::DataSpec& spec, const JobContext& job) const override;
  Result<Dataset> datasetWithoutText(const spec::DataSpec& spec, const JobContext& job) const override;
  Result<Dataset> encode(const spec::DataSchema& schema, const spec::DataSpec& spec,
                         const JobContext& job) const override;

  void setSeconds(double seconds) { m_file.setSeconds(seconds); }
  [[nodiscard]] const TablePart& main() const { return m_main; }

 private:
  Result<Dataset> numbers(const spec::DataSpec& spec, const TableParts& parts, const JobContext& job) const;
  /// The table and, where there is one, the test table that `spec` asks for.
  Result<TableParts> partsFor(const spec::DataSpec& spec, const JobContext& job) const;
  const std::vector<ColumnFacts>& facts() const;
  Result<Split> splitOf(const spec::DataSpec& spec, const TablePlan& plan, const TableParts& parts,
                        const Dataset& labelled) const;
  /// Labels of all rows, and their windows where the spec asks for some.
  Result<Dataset> labelled(const spec::DataSpec& spec, const TablePlan& plan, const TableParts& parts) const;
  void fillColumns(const TablePlan& plan, spec::DataProfile& profile) const;
  void fillClasses(const Dataset& labelled, spec::DataProfile& profile) const;

  SourceFile m_file;
  TableOrigin m_origin;
  TablePart m_main;
  std::optional<TablePart> m_test;
  std::string m_testPath;
  mutable std::once_flag m_factsOnce;
  mutable std::vector<ColumnFacts> m_facts;
};

/// Opens a text table as a source.
Result<std::shared_ptr<TableSource>> openCsv(const std::filesystem::path& path, const spec::ReadingSpec& reading,
                                             const std::string& testPath, const JobContext& job);

}  // namespace lathe::data

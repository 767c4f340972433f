// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/data_source.h"
#include "core/data/image_store.h"
#include "core/data/source_file.h"

namespace lathe::data {

/// Images with what is known of each: a class, or a number.
struct ImagePart {
  std::shared_ptr<const ImageStore> store;
  std::vector<std::string> classes;
  std::vector<std::int32_t> labels;  ///< into classes, -1: none; empty for numbers
  std::vector<float> targets;        ///< regression
};

/// Labelled images from any reader, perhaps with test images, which follow in the row numbers.
class ImageSource final : public DataSource {
 public:
  ImageSource(const std::filesystem::path& path, std::string format, ImagePart main, std::optional<ImagePart> test,
              std::vector<Warning> warnings);

  Result<spec::DataProfile> profile(const spec::DataSpec& spec, const JobContext& job) const override;
  [[nodiscard]] std::int64_t rows() const override;
  [[nodiscard]] std::vector<std::string> columnNames() const override;
  [[nodiscard]] std::string cell(std::int64_t row, int column) const override;
  /// In the shape that openData's spec asked for.
  Result<std::vector<std::uint8_t>> image(std::int64_t row) const override;
  Result<Dataset> dataset(const spec::DataSpec& spec, const JobContext& job) const override;
  Result<Dataset> outline(const spec::DataSpec& spec, const JobContext& job) const override;
  Result<Dataset> encode(const spec::DataSchema& schema, const spec::DataSpec& spec,
                         const JobContext& job) const override;

  void setSeconds(double seconds) { m_file.setSeconds(seconds); }
  void setEdge(int longerEdge) { m_edge = longerEdge; }
  [[nodiscard]] const ImagePart& main() const { return m_main; }

 private:
  using Parts = std::vector<ImagePart>;
  Result<Parts> partsFor(const spec::DataSpec& spec, const JobContext& job) const;
  Result<Dataset> outlined(const spec::DataSpec& spec, const Parts& parts) const;
  Result<Dataset> labelled(const spec::DataSpec& spec, const Parts& parts) const;

  SourceFile m_file;
  ImagePart m_main;
  std::optional<ImagePart> m_test;
  std::vector<Warning> m_warnings;
  int m_edge = 0;
};

}  // namespace lathe::data

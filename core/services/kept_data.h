// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/data/buffers.h"
#include "core/spec/data_profile.h"
#include "core/spec/schema.h"

namespace lathe::services {

/// Data that were read and prepared, for whoever resolves many specs that differ in model and training: each data spec
/// is read once, each preparation fitted once. Thread-safe; a second caller for the same data waits for the first.
class KeptData {
 public:
  struct Read {
    spec::DataProfile profile;  ///< as the source has it
    std::shared_ptr<const data::Dataset> dataset;
    std::string sha256;
  };
  using Reader = std::function<Result<Read>()>;
  using Fitter = std::function<Result<spec::FittedPreprocessing>()>;
  using Part = std::function<std::shared_ptr<const data::Dataset>(const data::Dataset& whole)>;

  KeptData() = default;
  /// A part of what `whole` keeps (a fold), with preparations of its own, fitted on the rows that the part trains on.
  KeptData(std::shared_ptr<KeptData> whole, Part part) : m_whole(std::move(whole)), m_part(std::move(part)) {}

  /// What is kept under `key`, else what `read` gives, which is kept unless it is an error.
  Result<std::shared_ptr<const Read>> read(const std::string& key, const Reader& read);
  Result<std::shared_ptr<const spec::FittedPreprocessing>> fitted(const std::string& key, const Fitter& fit);

 private:
  const std::shared_ptr<KeptData> m_whole;
  const Part m_part;
  std::mutex m_mutex;
  std::map<std::string, std::shared_ptr<const Read>> m_read;
  std::map<std::string, std::shared_ptr<const spec::FittedPreprocessing>> m_fitted;
};

}  // namespace lathe::services

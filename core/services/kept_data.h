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

  /// What is kept under `key`, else what `read` gives, which is kept unless it is an error.
  Result<std::shared_ptr<const Read>> read(const std::string& key, const Reader& read);
  Result<std::shared_ptr<const spec::FittedPreprocessing>> fitted(const std::string& key, const Fitter& fit);

 private:
  std::mutex m_mutex;
  std::map<std::string, std::shared_ptr<const Read>> m_read;
  std::map<std::string, std::shared_ptr<const spec::FittedPreprocessing>> m_fitted;
};

}  // namespace lathe::services

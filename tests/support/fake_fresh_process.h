// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/exporting/formats/model_files.h"
#include "core/services/model_service.h"

namespace lathe::tests {

/// Predicts in this process instead of a fresh one, and lies by `error` when asked to. Header only: the support library
/// links no services.
class FakeFreshProcess final : public services::FreshProcess {
 public:
  explicit FakeFreshProcess(std::shared_ptr<engine::Engine> engine) : m_engine(std::move(engine)) {}

  Result<engine::Predictions> predict(const std::filesystem::path& modelFile, const data::Dataset& rows,
                                      std::string& runtime, const JobContext& job) override {
    ++calls;
    auto model = exporting::loadModelFile(*m_engine, modelFile);
    if (!model) return passOn(model);
    runtime = m_engine->info().name;
    auto predictions = (*model)->predict(rows, {}, job);
    const bool lies = wrongFile.empty() || modelFile.generic_string().ends_with(wrongFile);
    if (predictions && lies)
      for (auto& value : predictions->values) value += error;
    return predictions;
  }

  float error = 0;
  std::string wrongFile;  ///< how the name of the file ends that is lied about; empty: of all
  int calls = 0;

 private:
  std::shared_ptr<engine::Engine> m_engine;
};

}  // namespace lathe::tests

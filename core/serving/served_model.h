// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/serving/batcher.h"
#include "core/serving/input_summary.h"

namespace lathe::serving {

/// One version of a model, ready to answer. Thread-safe.
class ServedModel {
 public:
  struct Facts {
    std::string name;
    std::int64_t version = 1;
    std::string versionText;  ///< as it was registered: "1.0"
    std::filesystem::path path;
    std::int64_t loadedMicros = 0;
    bool atStart = false;
  };

  ServedModel(Facts facts, std::unique_ptr<engine::Predictor> predictor, const BatchSettings& settings);
  ServedModel(const ServedModel&) = delete;
  ServedModel& operator=(const ServedModel&) = delete;

  [[nodiscard]] const Facts& facts() const { return m_facts; }
  [[nodiscard]] const spec::DataSchema& schema() const { return m_predictor->schema(); }
  [[nodiscard]] const InputLayout& layout() const { return m_layout; }
  [[nodiscard]] const spec::Shape& outputShape() const { return m_outputShape; }  ///< of one row
  /// Names of what is told for a row, as `lathe-cli predict` writes them.
  [[nodiscard]] const std::vector<std::string>& answerColumns() const { return m_answerColumns; }
  [[nodiscard]] double threshold() const { return m_threshold; }
  [[nodiscard]] bool classifies() const { return schema().task == spec::Task::Classification; }

  /// See Batcher::post(). The answer's values live until it returns.
  Answer<void> post(ReadRows read, AnswerRows answer) { return m_batcher.post(std::move(read), std::move(answer)); }
  [[nodiscard]] Batcher& batcher() { return m_batcher; }
  [[nodiscard]] const Batcher& batcher() const { return m_batcher; }
  [[nodiscard]] Statistics& statistics() { return m_statistics; }
  [[nodiscard]] const Statistics& statistics() const { return m_statistics; }
  [[nodiscard]] const InputSummary& inputs() const { return m_inputs; }

 private:
  const Facts m_facts;
  const std::unique_ptr<engine::Predictor> m_predictor;
  const InputLayout m_layout;
  const spec::Shape m_outputShape;
  const std::vector<std::string> m_answerColumns;
  const double m_threshold;
  Statistics m_statistics;
  InputSummary m_inputs;
  Batcher m_batcher;  // last: its threads end before the rest goes
};

/// What a row's outputs decide for: a class, or an empty text when they are no numbers.
[[nodiscard]] const std::string& decidedClassOf(const ServedModel& model, std::span<const float> row);

}  // namespace lathe::serving

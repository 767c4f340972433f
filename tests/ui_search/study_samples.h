// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <memory>
#include <random>

#include "core/services/study_table.h"

namespace lathe::tests {

/// A finished study of two numbers and a choice, whose value is best in the middle; every seventh trial was pruned.
inline std::shared_ptr<services::StudyTable> studyTable(std::size_t trials, int goals = 1) {
  auto table = std::make_shared<services::StudyTable>();
  table->study = 1;
  table->settings.goals = {services::goalOf("val/loss")};
  if (goals > 1) table->settings.goals.push_back(services::goalOf("parameters"));
  if (goals > 2) table->settings.goals.push_back(services::goalOf("latency_ms"));
  table->settings.maxEpochs = 5;
  auto space = spec::searchSpaceFromJson(R"({"parameters":[
    {"name":"training.optimizer.lr","type":"float","low":1e-4,"high":0.1,"log":true},
    {"name":"model.hidden.width","type":"int","low":16,"high":256,"log":true},
    {"name":"training.optimizer.name","type":"categorical","choices":["adamw","sgd"]}]})");
  table->space = *space;
  std::mt19937 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<services::TableReport> reports;
  for (std::size_t i = 0; i < trials; ++i) {
    const double a = unit(random);
    const double b = unit(random);
    const double choice = unit(random) < 0.5 ? 0 : 1;
    const bool pruned = i % 7 == 6;
    const double value = 0.1 + (a - 0.5) * (a - 0.5) + 0.2 * (b - 0.4) * (b - 0.4) + 0.05 * choice;
    table->status.push_back(pruned ? spec::RunStatus::Pruned : spec::RunStatus::Completed);
    table->run.push_back(static_cast<store::RunNumber>(i + 1));
    table->configurations.insert(table->configurations.end(),
                                 {1e-4 * std::pow(1000.0, a), std::round(16 * std::pow(16.0, b)), choice});
    table->values.push_back(pruned ? std::nan("") : value);
    if (goals > 1) table->values.push_back(pruned ? std::nan("") : 1000 * (1 + b));
    if (goals > 2) table->values.push_back(pruned ? std::nan("") : 2 - a);
    table->steps.push_back(pruned ? 2 : 5);
    table->target.push_back(5);
    table->seconds.push_back(1 + a);
    table->createdMicros.push_back(static_cast<std::int64_t>(1'000'000 * (1 + i / 2)));
    table->endedMicros.push_back(static_cast<std::int64_t>(1'000'000 * (2 + i / 2)));
    table->byPerson.push_back(false);
    for (int step = 1; step <= table->steps.back(); ++step)
      reports.push_back({static_cast<std::int32_t>(i), step, value + 0.5 / step});
  }
  table->reports.push_back(std::make_shared<const std::vector<services::TableReport>>(std::move(reports)));
  return table;
}

}  // namespace lathe::tests

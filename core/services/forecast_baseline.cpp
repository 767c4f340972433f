// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/forecast_baseline.h"

#include <fmt/format.h>

#include "core/engine/naive_forecast.h"

namespace lathe::services {

void compareWithLastValue(store::RunStore& store, store::RunNumber run, const data::Dataset& data,
                          const std::map<std::string, double>& metrics) {
  if (data.schema.task != spec::Task::Forecast) return;
  const auto compare = [&](const std::string& split, const std::vector<std::uint32_t>& rows, const char* text) {
    const auto model = metrics.find(split + "/rmse");
    if (rows.empty() || model == metrics.end()) return;
    for (const auto& [name, value] : engine::scores(engine::repeatLastValue(data, rows), data, rows))
      if (name == "rmse")
        store.addEvent(
            run, "baseline",
            {text, {{"model", fmt::format("{:.4g}", model->second)}, {"naive", fmt::format("{:.4g}", value)}}});
  };
  compare("val", data.split.validation,
          LATHE_TEXT("events", "Validation: rmse {model}; repeating the last value has {naive}."));
  compare("test", data.split.test, LATHE_TEXT("events", "Test: rmse {model}; repeating the last value has {naive}."));
}

}  // namespace lathe::services

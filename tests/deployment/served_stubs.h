// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <fmt/format.h>
#include <string>

#include "core/services/deployment/deploy_steps.h"
#include "tests/serving/serving_support.h"

namespace lathe::tests {

[[nodiscard]] inline bool isNear(double a, double b, double difference) { return std::abs(a - b) <= difference; }

/// The manifest of the model that the stub "numeric" is: high is (x + y) / 100.
[[nodiscard]] inline exporting::ExportManifest numericManifest() {
  exporting::ExportManifest manifest;
  manifest.name = "m";
  manifest.schema = serving::tests::numericModel().schema;
  for (int row = 0; row < 6; ++row) {
    const auto x = static_cast<float>(row), y = static_cast<float>(10 * row);
    manifest.referenceRows.push_back({x, y});
    manifest.referenceOutputs.push_back({1 - (x + y) / 100, (x + y) / 100});
  }
  return manifest;
}

/// A version of the model "m" in Lathe's server.
[[nodiscard]] inline services::ServedPlace stubPlace(serving::tests::TestServer& server, const std::string& version) {
  const auto& at = server.server().addresses();
  return {services::DeployTarget::Lathe, at.management, at.http, {}, "m", version};
}

[[nodiscard]] inline std::string defaultVersionOf(const serving::tests::TestServer& server) {
  const auto json = server.management("GET", "/models/m").json();
  return json.is_array() && !json.empty() ? json[0].value("modelVersion", "") : "";
}

}  // namespace lathe::tests

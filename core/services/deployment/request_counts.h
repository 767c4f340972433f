// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/services/deployment/deploy_steps.h"

/// How often a server was asked for a model.
namespace lathe::services {

struct RequestCount {
  std::uint64_t total = 0;   ///< since the server started or loaded it
  bool allVersions = false;  ///< the server does not tell versions apart
  bool withChecks = true;    ///< Lathe's own questions are among them
  bool operator==(const RequestCount&) const = default;
};

/// Lathe's own counters, Prometheus metrics of TorchServe (beside its management port) and TensorFlow Serving, Triton's
/// statistics. Nothing where the server does not tell.
[[nodiscard]] std::optional<RequestCount> requestsOf(const ServedPlace& place, double timeoutSeconds);

/// The sum of a Prometheus counter over the lines whose labels hold all the given ones; nothing where there is none.
[[nodiscard]] std::optional<double> prometheusSum(std::string_view text, std::string_view name,
                                                  const std::vector<std::string>& labels);

}  // namespace lathe::services

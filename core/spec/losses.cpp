// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/losses.h"

#include <algorithm>

namespace lathe::spec {

std::vector<std::string> lossesFor(Task task) {
  switch (task) {
    case Task::Classification:
      return {"cross_entropy", "focal"};
    case Task::Multilabel:
      return {"bce", "focal"};
    case Task::Regression:
    case Task::Forecast:
      return {"mse", "mae", "huber", "poisson"};
    case Task::Quantile:
      return {"pinball"};
    case Task::Anomaly:
      return {"reconstruction"};
    case Task::Auto:
      break;
  }
  return {"cross_entropy", "focal", "bce", "mse", "mae", "huber", "poisson", "pinball", "reconstruction"};
}

bool isForNumbers(std::string_view loss) {
  return loss == "mse" || loss == "mae" || loss == "huber" || loss == "poisson" || loss == "pinball" ||
         loss == "reconstruction";
}

}  // namespace lathe::spec

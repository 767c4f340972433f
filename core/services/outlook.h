// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/spec/experiment.h"

namespace lathe::services {

/// What a training will do with the settings that an experiment leaves open, as far as it can be known before the data
/// are read: the same rules by which resolve() and tryOut() settle them. Pure, any thread.
struct Outlook {
  enum class Optimizer : std::uint8_t { AsSet, Tried, ForRate, OfTemplate };
  enum class Rate : std::uint8_t { AsSet, Tried, FoundInTraining, OfTemplate, AroundTemplates };
  enum class Batch : std::uint8_t { AsSet, ByRows, Measured, OfTemplate };
  enum class Epochs : std::uint8_t { AsSet, Usual, Found };

  Optimizer optimizer = Optimizer::AsSet;
  std::string optimizerName;  ///< that trains; empty: it is tried
  Rate rate = Rate::AsSet;
  /// That is used; Tried: the usual one, which others are tried around, 0 where none is; AroundTemplates: the
  /// template's, beside which a third and three times that are tried.
  double rateValue = 0;
  bool momentumIsTried = false;  ///< with the rate, or its beta 2, where trying is cheap
  Batch batch = Batch::AsSet;
  int batchSize = 0;  ///< 0: not known yet
  Epochs epochs = Epochs::AsSet;
  int epochCount = 0;  ///< 0: not known yet; Found: the most
};

/// `trainRows` 0: not known yet.
[[nodiscard]] Outlook outlook(const spec::ExperimentSpec& spec, std::int64_t trainRows);

}  // namespace lathe::services

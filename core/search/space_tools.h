// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>

#include "core/base/random.h"
#include "core/search/trial.h"

/// What samplers do with spaces.
namespace lathe::search {

/// A value of a parameter on a scale from 0 to 1 that is even in what matters: logarithmic ones by factors; steps,
/// integers and choices in the middles of equally wide cells ((index + 0.5) / count for choices), integers' cells
/// reaching half a step beyond both ends. Only numbers and ordinals have an order.
[[nodiscard]] double toUnit(const spec::SearchParameter& parameter, double value);
/// The other way, for any unit (clamped to 0 .. 1): the value whose cell it lies in.
[[nodiscard]] double fromUnit(const spec::SearchParameter& parameter, double unit);

/// Whether its values cannot be counted: a number without steps, or with more of them than there are whole doubles.
[[nodiscard]] bool isContinuum(const spec::SearchParameter& parameter);

/// Makes what conditions switch off NaN, parameter by parameter; `fill` gives values to what is switched on and NaN.
void settle(const SearchSpace& space, Configuration& configuration,
            const std::function<double(std::size_t parameter)>& fill);

/// Uniform on each parameter's scale, without a look at constraints.
[[nodiscard]] double drawValue(const spec::SearchParameter& parameter, Random& random);
[[nodiscard]] Configuration draw(const SearchSpace& space, Random& random);
/// The same within the constraints: by rejection, else mended. Nothing when nothing is found after long trying.
[[nodiscard]] std::optional<Configuration> drawFeasible(const SearchSpace& space, Random& random);

/// Moves values of a configuration, as few and as little as it finds, until the constraints hold. False when that did
/// not succeed; the configuration is then anything.
[[nodiscard]] bool mend(const SearchSpace& space, Configuration& configuration, Random& random);

/// Number of configurations when all parameters have finitely many values (conditions and constraints not looked at),
/// at most `most`; nothing for a continuum or beyond.
[[nodiscard]] std::optional<std::size_t> gridSize(const SearchSpace& space, std::size_t most);

/// Code of a configuration that is equal for equal ones.
[[nodiscard]] std::uint64_t hashOf(const Configuration& configuration);

}  // namespace lathe::search

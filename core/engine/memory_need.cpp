// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/memory_need.h"

#include <limits>

namespace lathe::engine {
namespace {

constexpr std::uint64_t floatBytes = sizeof(float);
// Values, gradients, two moments, the last good state to go back to, and the copies that a checkpoint in the making
// needs.
constexpr std::uint64_t copiesOfParameters = 14;
// Each activation has a gradient while it flows back.
constexpr std::uint64_t copiesOfActivations = 2;

}  // namespace

int MemoryNeed::largestBatch(double bytes) const {
  const double room = bytes - static_cast<double>(table + fixed);
  const double rows = perRow > 0 ? room / static_cast<double>(perRow) : 0;
  return static_cast<int>(std::clamp(rows, 0.0, static_cast<double>(std::numeric_limits<int>::max())));
}

MemoryNeed memoryNeed(const spec::GraphReport& report, const spec::GraphContext& context, std::uint64_t rows,
                      std::int64_t window, std::uint64_t preparedClip) {
  std::uint64_t prepared = 0;
  std::uint64_t text = 0;
  bool images = false;
  // Text stays with the data; a batch has as many codes of it as its longest row.
  for (const auto& input : context.inputs) {
    (input.name == "text" ? text : prepared) += static_cast<std::uint64_t>(spec::elementCount(input.shape));
    images = images || input.name == "image";
  }
  if (preparedClip > 0) prepared = preparedClip;
  MemoryNeed need;
  need.fixed = static_cast<std::uint64_t>(report.parameters) * floatBytes * copiesOfParameters;
  // Windows share the rows they are made of.
  const auto shared = static_cast<std::uint64_t>(std::max<std::int64_t>(1, window));
  if (!images) need.table = (prepared + shared - 1) / shared * floatBytes * rows;
  need.perRow =
      (static_cast<std::uint64_t>(report.activations) * copiesOfActivations + prepared * 2 + text) * floatBytes;
  return need;
}

}  // namespace lathe::engine

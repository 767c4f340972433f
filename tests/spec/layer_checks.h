// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

/// One layer by itself: what it gives and what it refuses.
namespace lathe::spec::testing {

struct Expected {
  Shape output;
  std::int64_t parameters;
  std::int64_t flops;
};

inline void expectLayer(const std::string& kind, const ValueMap& attributes, const GraphContext& context,
                        const Expected& expected) {
  const auto report = reportOf({"layer", kind, attributes, {}}, context);
  if (report.error) lathe::testing::reportFailure(__FILE__, __LINE__, kind + ": " + report.error->sentence());
  if (report.output != expected.output)
    lathe::testing::reportFailure(__FILE__, __LINE__, kind + " gives " + shapeText(report.output));
  CHECK_EQ(report.parameters, expected.parameters);
  CHECK_EQ(report.flops, expected.flops);
}

/// The sentence of its refusal, "" when it fits.
inline std::string refusal(const std::string& kind, const ValueMap& attributes, const GraphContext& context) {
  const auto report = reportOf({"layer", kind, attributes, {}}, context);
  return report.error ? report.error->sentence() : std::string();
}

inline GraphContext sequenceContext(Shape shape, std::int64_t outputs = 1) {
  GraphContext context;
  context.inputs.push_back({"sequence", std::move(shape), {}});
  context.outputs = outputs;
  return context;
}

}  // namespace lathe::spec::testing

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/schema.h"
#include "core/spec/templates.h"

/// Small specs, graphs and schemas for the tests of this folder.
namespace lathe::spec::testing {

GraphContext tableContext(std::int64_t features, std::int64_t outputs);
GraphContext imageContext(Shape shape, std::int64_t outputs);
/// One layer between the features (or the image) and nothing else.
LayerReport reportOf(LayerNode node, const GraphContext& context);

/// A table with a number that has missing values, an integer, a date, a small and a large category; two classes.
ModelDescription tableDescription();
/// 28 x 28 grey, ten classes.
ModelDescription imageDescription();
/// Fills the graph from a template.
void useTemplate(ModelDescription& description, const std::string& name, const ValueMap& settings = {});

/// Every id used by a program exists, is made before it is read, and constants have the size of their shape.
void checkProgram(const Program& program);

}  // namespace lathe::spec::testing

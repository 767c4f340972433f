// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/exporting/tensorflow/tensorflow_graph.h"
#include "core/spec/schema.h"

/// A table's columns as inputs of their own. For the files of this folder only.
namespace lathe::exporting {

struct NamedColumn {
  std::string name;   ///< the column's
  TfValue input;      ///< what callers feed
  spec::Shape shape;  ///< of one row
};

/// Raw rows put together from one input a column. Nobody need feed them: without any they are taken from `examples`,
/// strings [N] that each hold a tf.Example.
struct NamedColumns {
  std::vector<NamedColumn> columns;
  TfValue examples;
  TfValue rows;
};

/// Of a schema that has named columns.
NamedColumns writeNamedColumns(TensorflowGraph& graph, const spec::DataSchema& schema);

}  // namespace lathe::exporting

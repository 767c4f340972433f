// SPDX-License-Identifier: GPL-3.0-or-later
#include <numeric>

#include "core/spec/program.h"

namespace lathe::spec {

bool takesWindows(const Program& program) {
  const auto input = static_cast<std::size_t>(program.input);
  return program.inputType == ElementType::Float32 && input < program.values.size() &&
         program.values[input].size() == 2;
}

// Reshape and Slice of the preprocess section do nothing but cut windows into rows and put them together again.
RowProgram rowProgram(const Program& program) {
  RowProgram rows{program, {}};
  auto& changed = rows.program;
  changed.values[static_cast<std::size_t>(program.input)] = {
      program.values[static_cast<std::size_t>(program.input)][1]};
  std::vector<int> same(program.values.size());
  std::iota(same.begin(), same.end(), 0);
  changed.preprocess.clear();
  for (auto operation : program.preprocess) {
    for (int& input : operation.inputs) input = same[static_cast<std::size_t>(input)];
    if (operation.primitive == Primitive::Reshape || operation.primitive == Primitive::Slice)
      same[static_cast<std::size_t>(operation.output)] = operation.inputs.front();
    else
      changed.preprocess.push_back(std::move(operation));
  }
  for (int& id : changed.prepared) {
    rows.windowed.push_back(program.values[static_cast<std::size_t>(id)].size() == 2);
    id = same[static_cast<std::size_t>(id)];
  }
  return rows;
}

}  // namespace lathe::spec

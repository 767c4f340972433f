// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/spec/program.h"

/// How the values of a program lie in the executor's memory. For this folder only.
namespace lathe::engine::fused {

/// Images are tokens of pixels, sequences tokens of steps, whichever dimension PyTorch puts first.
struct Geometry {
  int tokens = 1, features = 0;
  std::size_t rank = 0;        ///< of the program's shape
  int height = 1, width = 1;   ///< of an image; a sequence is an image of height 1
  bool channelsFirst = false;  ///< [C,H,W], or a sequence as [C,T]
};

/// A program without what moves nothing in this memory: permutations of sequences between [T,F] and [C,T], and reshapes
/// that only add a height of 1.
struct Straightened {
  std::vector<spec::Operation> model;
  std::vector<Geometry> given;   ///< to each operation as its first input, in the order that it expects
  std::vector<Geometry> values;  ///< in the order of the program's
  int logits = -1;
};
[[nodiscard]] Straightened straighten(const spec::Program& program);

/// What stands against a program: the first operation that is not known, or nothing.
[[nodiscard]] std::optional<std::string> findObstacle(const spec::Program& program);

}  // namespace lathe::engine::fused

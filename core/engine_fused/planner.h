// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "core/engine_fused/network.h"
#include "core/engine_fused/operation.h"

/// From a program to operations over memory. For this folder only.
namespace lathe::engine::fused {

/// Sizes that everything is made for.
struct Room {
  int blockRows = 0;  ///< R
  int blocks = 0;     ///< most blocks of one token
  int threads = 1;
};

struct NetworkPlan {
  std::deque<Value> values;  ///< addresses stay
  std::deque<Memory> memory;
  std::vector<std::unique_ptr<Operation>> operations;
  std::vector<Value*> inputs;  ///< in the order of program.prepared
  Value* logits = nullptr;
  int widest = 0;  ///< features of the widest value
};

/// Only for programs without an obstacle.
[[nodiscard]] NetworkPlan planNetwork(const spec::Program& program, const std::vector<FusedParameter>& parameters,
                                      const Room& room);

}  // namespace lathe::engine::fused

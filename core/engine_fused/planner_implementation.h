// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine_fused/convolution.h"
#include "core/engine_fused/geometry.h"
#include "core/engine_fused/planner.h"

/// How a program becomes operations. For planner.cpp and planner_images.cpp.
namespace lathe::engine::fused {

using spec::Primitive;

[[nodiscard]] inline std::size_t at(int id) { return static_cast<std::size_t>(id); }

class Planner {
 public:
  /// All must outlive the plan.
  Planner(const spec::Program& program, const std::vector<FusedParameter>& parameters, const Room& room)
      : m_program(program),
        m_straight(straighten(program)),
        m_parameters(parameters),
        m_room(room),
        m_values(program.values.size(), nullptr) {}
  NetworkPlan run();

 private:
  [[nodiscard]] const spec::Operation& operation(std::size_t i) const { return m_straight.model[i]; }
  /// Which operations count, who reads a value last, and which values depend on a parameter.
  void study();
  Value* make(int id, bool gradient);
  Value* make(int tokens, int features, bool gradient);
  [[nodiscard]] std::size_t mostRows(const Value& value) const;
  [[nodiscard]] std::size_t mostFloats(const Value& value) const;
  /// What an operation makes.
  Value* output(int id) { return m_values[at(id)] = make(id, m_learns[at(id)]); }

  /// The last reader comes first on the way back, so it writes and the others add.
  Input input(std::size_t i, std::size_t slot) const;
  std::vector<Input> inputs(std::size_t i) const;
  ParameterPlace parameter(std::size_t i, std::size_t index) const;

  /// The only reader of an operation's output, when it is of a kind that can be done along.
  template <class Wanted>
  std::optional<std::size_t> follower(int id, Wanted wanted) const {
    if (id == m_straight.logits || m_readers[at(id)].size() != 1) return std::nullopt;
    const auto next = m_readers[at(id)].front();
    if (operation(next).inputs.size() != 1 || !wanted(operation(next).primitive)) return std::nullopt;
    return next;
  }
  /// Done along with another; gives its output.
  int take(std::size_t i);
  /// Activation and dropout that follow a value; gives the value after them.
  int takeAlong(int id, Activation& activation, double& dropout);

  template <class Kind, class... Arguments>
  void add(Arguments&&... arguments) {
    m_plan.operations.push_back(std::make_unique<Kind>(std::forward<Arguments>(arguments)...));
  }
  template <class Plan>
  void fillRoom(Plan& plan) const {
    plan.blockRows = m_room.blockRows;
    plan.blocks = m_room.blocks;
    plan.threads = m_room.threads;
  }

  void placeLinear(std::size_t i);
  void placeBend(std::size_t i);
  void placeEmbedding(std::size_t i);
  void placeTextBag(std::size_t i);
  void placePeriodic(std::size_t i);
  void placePiecewise(std::size_t i);
  void placeReshape(std::size_t i);
  void placeSlice(std::size_t i);
  void placeBatchNorm(std::size_t i);
  [[nodiscard]] Sliding slidingOf(std::size_t i) const;
  void placeConvolution(std::size_t i);
  void placePool(std::size_t i);
  void placePoolAll(std::size_t i);
  /// A layer and direction after the other; both directions write their half of the same rows.
  void placeRecurrent(std::size_t i);
  void placeScale(std::size_t i);
  void place(std::size_t i);

  const spec::Program& m_program;
  Straightened m_straight;
  const std::vector<FusedParameter>& m_parameters;
  Room m_room;
  NetworkPlan m_plan;
  std::vector<Value*> m_values;
  std::vector<bool> m_live, m_taken, m_learns;
  std::vector<std::vector<std::size_t>> m_readers;
  std::uint32_t m_dropouts = 0;
};

}  // namespace lathe::engine::fused

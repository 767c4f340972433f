// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <torch/torch.h>
#include <vector>

#include "core/engine/checkpoint.h"
#include "core/engine_torch/program_runner.h"
#include "core/spec/program.h"

namespace lathe::engine {

/// Parameters by name, with Adam's state (Kingma and Ba 2015), each as large as the largest that was asked for: a
/// smaller one is its first corner.
class SharedWeights {
 public:
  explicit SharedWeights(std::uint64_t seed) : m_seed(seed) {}

  /// Corners of these shapes that gradients can be asked of, or running statistics; made or enlarged where needed.
  [[nodiscard]] torch::Tensor take(const spec::Parameter& parameter, const spec::Shape& shape);
  /// One step for what was taken since the last one and has a gradient.
  void update(double rate, double weightDecay);
  /// Forgets what was taken.
  void forget() { m_taken.clear(); }
  void save(Checkpoint& checkpoint) const;
  void restore(const Checkpoint& checkpoint);

 private:
  struct Entry {
    torch::Tensor value, mean, square, steps;
  };
  struct Taken {
    std::string name;
    torch::Tensor leaf;
    bool decays = false;
  };
  static torch::Tensor corner(const torch::Tensor& whole, const spec::Shape& shape);
  void descend(Entry& entry, const torch::Tensor& gradient, float rate, float kept);
  void enlarge(Entry& entry, const spec::Parameter& parameter, const spec::Shape& shape);

  std::uint64_t m_seed;
  std::map<std::string, Entry> m_entries;
  std::vector<Taken> m_taken;
  std::vector<std::pair<float, float>> m_corrections;  ///< by number of steps, of Adam's two means
};

}  // namespace lathe::engine

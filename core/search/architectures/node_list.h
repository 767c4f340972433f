// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/search/architectures/architecture.h"

/// Where the genes of a space lie. For this folder only.
namespace lathe::search {

class NodeList {
 public:
  explicit NodeList(const SearchSpace& space);
  /// Nodes that a configuration has; 0 for spaces without a list of them.
  [[nodiscard]] int count(const Configuration& configuration) const;
  [[nodiscard]] int most() const { return m_most; }
  /// Whether the number of nodes may change.
  [[nodiscard]] bool varies() const { return m_varies; }
  [[nodiscard]] std::size_t countPlace() const { return m_count; }
  /// Genes of a node by name: places in the configuration.
  [[nodiscard]] const std::map<std::string, std::size_t>& genes(int node) const {
    return m_nodes[static_cast<std::size_t>(node)];
  }

 private:
  std::size_t m_count = 0;
  int m_most = 0;
  bool m_varies = false;
  std::vector<std::map<std::string, std::size_t>> m_nodes;  ///< by number; 0 is empty
};

}  // namespace lathe::search

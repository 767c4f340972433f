// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/architectures/node_list.h"

#include <cmath>

namespace lathe::search {

NodeList::NodeList(const SearchSpace& space) : m_nodes(1) {
  const auto count = space.find("architecture.nodes");
  if (!count) return;
  m_count = *count;
  const auto& parameter = space.parameters[m_count];
  m_most = static_cast<int>(parameter.high);
  m_varies = !parameter.fixed && parameter.low < parameter.high;
  m_nodes.resize(static_cast<std::size_t>(m_most) + 1);
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (!isArchitectureParameter(space.parameters[i].name)) continue;
    const auto place = genePlace(space.parameters[i].name);
    if (place.node >= 1 && place.node <= m_most) m_nodes[static_cast<std::size_t>(place.node)][place.gene] = i;
  }
}

int NodeList::count(const Configuration& configuration) const {
  if (m_most == 0 || std::isnan(configuration[m_count])) return 0;
  return static_cast<int>(configuration[m_count]);
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "core/search/architectures/architecture.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

class Code {
 public:
  void add(std::uint64_t number) {
    m_code = (m_code ^ number) * 0x9E3779B97F4A7C15U;
    m_code ^= m_code >> 29U;
  }
  void add(std::string_view text) {
    for (const char letter : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(letter)));
    add(text.size());
  }
  void add(std::vector<std::uint64_t> numbers, bool ordered) {
    if (!ordered) std::sort(numbers.begin(), numbers.end());
    for (const auto number : numbers) add(number);
    add(numbers.size());
  }
  [[nodiscard]] std::uint64_t value() const { return m_code; }

 private:
  std::uint64_t m_code = 0xcbf29ce484222325U;
};

// A layer is what it does with what, all the way down to the network's inputs. Two layers with weights of their own
// that do the same count twice.
std::uint64_t codeOf(const spec::ModelGraph& graph) {
  std::map<std::string, std::uint64_t, std::less<>> codes;
  std::vector<std::uint64_t> all;
  for (const auto& layer : graph.layers) {
    Code code;
    code.add(layer.kind);
    for (const auto& [name, value] : layer.attributes) {
      code.add(name);
      code.add(value.json());
    }
    std::vector<std::uint64_t> inputs;
    for (const auto& input : layer.inputs) {
      const auto found = codes.find(input);
      Code outside;
      outside.add(input);
      inputs.push_back(found == codes.end() ? outside.value() : found->second);
    }
    if (layer.inputs.empty() && !all.empty()) inputs.push_back(all.back());
    code.add(std::move(inputs), layer.kind != "add" && layer.kind != "multiply");
    codes[layer.name] = code.value();
    all.push_back(code.value());
  }
  Code whole;
  if (!all.empty()) whole.add(all.back());
  whole.add(std::move(all), false);
  return whole.value();
}

}  // namespace

std::uint64_t networkCode(const std::string& name, const SearchSpace& space, const Configuration& configuration,
                          const spec::TemplateContext& context) {
  const auto graph = buildArchitecture(name, space, configuration, context);
  return graph ? codeOf(*graph) : hashOf(configuration);
}

}  // namespace lathe::search

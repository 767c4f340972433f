// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/data/parallel.h"
#include "core/data/weight_support.h"

// The format of Hugging Face's safetensors: eight bytes of length, a JSON object of that length with one entry a tensor
// (dtype, shape, data_offsets from the end of the header), the tensors' bytes.
namespace lathe::data {
namespace {

using Json = nlohmann::json;

constexpr std::size_t lengthBytes = 8;
constexpr std::uint64_t largestHeader = std::uint64_t{16} << 20;
constexpr int deepest = 4;

/// A header that nests deeper than any sound one is not even built.
class DepthLimit {
 public:
  bool operator()(int depth, Json::parse_event_t /*event*/, const Json& /*parsed*/) {
    if (depth > deepest) m_tooDeep = true;
    return !m_tooDeep;
  }
  [[nodiscard]] bool tooDeep() const { return m_tooDeep; }

 private:
  bool m_tooDeep = false;
};

bool readShape(const Json& json, spec::Shape& shape) {
  if (!json.is_array() || json.size() > mostDimensions) return false;
  for (const auto& size : json) {
    if (!size.is_number_unsigned() || size.get<std::uint64_t>() > (std::uint64_t{1} << 40U)) return false;
    shape.push_back(size.get<std::int64_t>());
  }
  return true;
}

}  // namespace

Result<WeightFile> readSafetensors(const std::filesystem::path& file, std::string_view content, const JobContext& job) {
  std::uint64_t length = 0;
  std::memcpy(&length, content.data(), lengthBytes);
  if (length > largestHeader || length > content.size() - lengthBytes) return damagedWeights(file);
  const auto text = content.substr(lengthBytes, length);
  DepthLimit limit;
  const auto header = Json::parse(
      text, [&limit](int depth, Json::parse_event_t event, Json& parsed) { return limit(depth, event, parsed); },
      false);
  if (limit.tooDeep() || !header.is_object()) return damagedWeights(file);
  const auto bytes = content.substr(lengthBytes + length);

  WeightFile result{"safetensors", {}};
  std::uint64_t seen = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    if (job.cancelled()) return cancelledError();
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
      return damagedWeights(file);
    const auto& dtype = entry["dtype"];
    const auto& offsets = entry["data_offsets"];
    StoredTensor tensor;
    tensor.name = name;
    if (!dtype.is_string() || !readShape(entry["shape"], tensor.shape) || !offsets.is_array() || offsets.size() != 2 ||
        !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
      return damagedWeights(file);
    const auto kind = elementKind(dtype.get<std::string>());
    if (!kind) return unknownElements(file, dtype.get<std::string>());
    const auto begin = offsets[0].get<std::uint64_t>();
    const auto end = offsets[1].get<std::uint64_t>();
    const auto count = elementsOf(tensor.shape);
    if (!count || begin > end || end > bytes.size() || end - begin != *count * bytesOf(*kind))
      return damagedWeights(file);
    // Tensors do not overlap, so together they cannot be more than there is.
    seen += end - begin;
    if (seen > bytes.size()) return damagedWeights(file);
    if (*count > mostFloats()) return outOfMemory();
    tensor.values.resize(*count);
    const char* from = bytes.data() + begin;
    if (*kind == ElementKind::F32 && *count > 0)
      std::memcpy(tensor.values.data(), from, end - begin);
    else
      for (std::uint64_t i = 0; i < *count; ++i) tensor.values[i] = elementAt(*kind, from + i * bytesOf(*kind));
    result.tensors.push_back(std::move(tensor));
  }
  if (result.tensors.empty())
    return fail("weights.empty", LATHE_TEXT("errors", "{file} holds no tensors."),
                LATHE_TEXT("errors", "Choose another file."), {{"file", file.string()}});
  return result;
}

}  // namespace lathe::data

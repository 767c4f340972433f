// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/checkpoint.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/files.h"

namespace lathe::engine {
namespace {

using Json = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

constexpr std::size_t lengthBytes = 8;
constexpr std::uint64_t largestHeader = 100'000'000;  // the limit of the format's own readers
constexpr std::size_t largestRank = 16;
constexpr const char* hashKey = "sha256";
const std::string emptyHash(64, '0');

std::size_t sizeOf(const std::string& dtype) {
  if (dtype == "F32") return 4;
  if (dtype == "F64" || dtype == "I64") return 8;
  return dtype == "U8" ? 1 : 0;
}

std::string hashField(const std::string& hash) { return std::string("\"") + hashKey + "\":\"" + hash + "\""; }

tl::unexpected<Error> corrupt(const std::filesystem::path& file, std::string why) {
  return fail("checkpoint.corrupt", LATHE_TEXT("errors", "The checkpoint {file} is damaged: {why}."),
              LATHE_TEXT("errors", "Use another checkpoint of the run, or train it again."),
              {{"file", file.string()}, {"why", std::move(why)}});
}

std::optional<std::uint64_t> bytesOf(const spec::Shape& shape, std::size_t elementSize) {
  std::uint64_t total = elementSize;
  for (const auto size : shape) {
    if (size < 0) return std::nullopt;
    const auto factor = static_cast<std::uint64_t>(size);
    if (factor != 0 && total > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
    total *= factor;
  }
  return total;
}

/// One entry of the header, checked against the content's length; an error text, or "".
std::string readEntry(const std::string& name, const Json& entry, std::string_view content, std::uint64_t& expected,
                      NamedTensor& tensor) {
  const auto dtype = entry.find("dtype");
  const auto shape = entry.find("shape");
  const auto offsets = entry.find("data_offsets");
  if (dtype == entry.end() || !dtype->is_string() || shape == entry.end() || !shape->is_array() ||
      offsets == entry.end() || !offsets->is_array() || offsets->size() != 2 || shape->size() > largestRank)
    return "the entry of " + name + " is incomplete";
  tensor.name = name;
  tensor.dtype = dtype->get<std::string>();
  const std::size_t elementSize = sizeOf(tensor.dtype);
  if (elementSize == 0) return name + " has an unknown element type";
  for (const auto& size : *shape) {
    if (!size.is_number_unsigned() || size.get<std::uint64_t>() > (std::uint64_t{1} << 48))
      return "the shape of " + name + " is not valid";
    tensor.shape.push_back(size.get<std::int64_t>());
  }
  if (!(*offsets)[0].is_number_unsigned() || !(*offsets)[1].is_number_unsigned())
    return "the place of " + name + " is not valid";
  const auto begin = (*offsets)[0].get<std::uint64_t>();
  const auto end = (*offsets)[1].get<std::uint64_t>();
  const auto bytes = bytesOf(tensor.shape, elementSize);
  if (begin != expected || end < begin || end > content.size() || !bytes || *bytes != end - begin)
    return "the place of " + name + " does not fit the file";
  expected = end;
  tensor.bytes.assign(content.begin() + static_cast<std::ptrdiff_t>(begin),
                      content.begin() + static_cast<std::ptrdiff_t>(end));
  return {};
}

}  // namespace

const NamedTensor* Checkpoint::find(std::string_view name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

Result<std::string> writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file) {
  Json header = Json::object();
  Json& meta = header["__metadata__"] = Json::object();
  for (const auto& [key, value] : checkpoint.meta) meta[key] = value;
  meta[hashKey] = emptyHash;
  std::uint64_t offset = 0;
  for (const auto& tensor : checkpoint.tensors) {
    const std::uint64_t end = offset + tensor.bytes.size();
    header[tensor.name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.append((lengthBytes - text.size() % lengthBytes) % lengthBytes, ' ');
  const std::uint64_t length = text.size();
  std::string whole(lengthBytes, '\0');
  std::memcpy(whole.data(), &length, lengthBytes);
  whole.reserve(lengthBytes + text.size() + offset);
  whole += text;
  for (const auto& tensor : checkpoint.tensors)
    whole.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  const std::size_t place = whole.find(hashField(emptyHash), lengthBytes);
  const std::string hash = sha256Of(std::string_view(whole));
  whole.replace(place, hashField(hash).size(), hashField(hash));
  LATHE_TRY(writeFileAtomically(file, whole));
  return sha256Of(std::string_view(whole));
}

Result<Checkpoint> readCheckpoint(const std::filesystem::path& file) {
  LATHE_ASSIGN(whole, readFile(file));
  std::uint64_t length = 0;
  if (whole.size() < lengthBytes) return corrupt(file, "it is too short");
  std::memcpy(&length, whole.data(), lengthBytes);
  if (length > largestHeader || length > whole.size() - lengthBytes) return corrupt(file, "its header is cut off");
  const std::string_view text = std::string_view(whole).substr(lengthBytes, length);
  const Json header = Json::parse(text, nullptr, false);
  if (header.is_discarded() || !header.is_object()) return corrupt(file, "its header cannot be read");

  Checkpoint checkpoint;
  const auto meta = header.find("__metadata__");
  if (meta == header.end() || !meta->is_object()) return corrupt(file, "it was not written by Lathe");
  for (const auto& [key, value] : meta->items())
    if (value.is_string()) checkpoint.meta[key] = value.get<std::string>();
  const std::string hash = checkpoint.meta[hashKey];
  checkpoint.meta.erase(hashKey);

  const std::string_view content = std::string_view(whole).substr(lengthBytes + length);
  std::uint64_t expected = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    NamedTensor tensor;
    const auto problem = readEntry(name, entry, content, expected, tensor);
    if (!problem.empty()) return corrupt(file, problem);
    checkpoint.tensors.push_back(std::move(tensor));
  }
  if (expected != content.size()) return corrupt(file, "its length does not fit its header");

  const std::size_t place = hash.size() == emptyHash.size() ? text.find(hashField(hash)) : std::string_view::npos;
  if (place == std::string_view::npos) return corrupt(file, "it carries no checksum");
  whole.replace(lengthBytes + place, hashField(emptyHash).size(), hashField(emptyHash));
  if (sha256Of(std::string_view(whole)) != hash) return corrupt(file, "its checksum does not fit its content");
  return checkpoint;
}

}  // namespace lathe::engine

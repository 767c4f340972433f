// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/checkpoint.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/files.h"
#include "core/base/pieces_file.h"
#include "core/base/sha256.h"

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

void Checkpoint::recycle() {
  // Taken from the end, so that each finds its own memory again.
  spare.assign(std::make_move_iterator(tensors.rbegin()), std::make_move_iterator(tensors.rend()));
  tensors.clear();
  meta.clear();
}

NamedTensor& Checkpoint::add(std::string_view name, std::string_view dtype, const spec::Shape& shape,
                             std::size_t bytes) {
  if (spare.empty()) {
    tensors.emplace_back();
  } else {
    tensors.push_back(std::move(spare.back()));
    spare.pop_back();
  }
  auto& tensor = tensors.back();
  tensor.name = name;
  tensor.dtype = dtype;
  tensor.shape = shape;
  tensor.bytes.resize(bytes);
  return tensor;
}

void Checkpoint::add(std::string_view name, std::string_view dtype, const spec::Shape& shape, std::size_t bytes,
                     const void* values) {
  auto& tensor = add(name, dtype, shape, bytes);
  if (bytes > 0) std::memcpy(tensor.bytes.data(), values, bytes);
}

Result<void> writeCheckpoint(const CheckpointParts& parts, const std::filesystem::path& file,
                             const std::filesystem::path& previous, bool lasting) {
  Json header = Json::object();
  Json& meta = header["__metadata__"] = Json::object();
  for (const auto& [key, value] : parts.meta) meta[key] = value;
  meta[hashKey] = emptyHash;
  std::uint64_t offset = 0;
  for (const auto& group : parts.groups)
    for (const auto& tensor : group.tensors) {
      const std::uint64_t end = offset + tensor.bytes.size();
      header[group.prefix + tensor.name] = {
          {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
      offset = end;
    }
  const std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::uint64_t length = (text.size() + lengthBytes - 1) / lengthBytes * lengthBytes;
  std::string head(lengthBytes, '\0');
  std::memcpy(head.data(), &length, lengthBytes);
  head += text;
  head.resize(lengthBytes + length, ' ');
  std::vector<std::string_view> pieces{head};
  for (const auto& group : parts.groups)
    for (const auto& tensor : group.tensors)
      pieces.emplace_back(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  Sha256 hash;
  for (const auto& piece : pieces) hash.add(piece);
  const auto field = hashField(hash.hex());
  head.replace(head.find(hashField(emptyHash), lengthBytes), field.size(), field);
  return writePiecesAtomically(file, pieces, previous, lasting);
}

Result<std::string> writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file) {
  LATHE_TRY(writeCheckpoint(CheckpointParts{checkpoint.meta, {{"", checkpoint.tensors}}}, file));
  return sha256Of(file);
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

Result<void> checkWeights(const spec::Program& program, const Checkpoint& checkpoint) {
  for (const auto& wanted : program.parameters) {
    const auto* tensor = checkpoint.find(wanted.name);
    if (tensor == nullptr || tensor->dtype != "F32" || tensor->shape != wanted.shape)
      return fail("engine.checkpoint_mismatch",
                  LATHE_TEXT("errors", "The checkpoint's weights do not fit its model ({name})."),
                  LATHE_TEXT("errors", "Use another checkpoint of the run."), {{"name", wanted.name}});
  }
  return {};
}

Result<std::vector<std::vector<float>>> weightsOf(const spec::Program& program, const Checkpoint& checkpoint) {
  LATHE_TRY(checkWeights(program, checkpoint));
  std::vector<std::vector<float>> weights;
  for (const auto& parameter : program.parameters) {
    const auto& bytes = checkpoint.find(parameter.name)->bytes;
    auto& numbers = weights.emplace_back(bytes.size() / sizeof(float));
    if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
  }
  return weights;
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/weight_file.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>

#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/data/parallel.h"
#include "core/data/weight_support.h"

namespace lathe::data {
namespace {

static_assert(std::endian::native == std::endian::little, "weights are read as they lie in the file");

constexpr std::uintmax_t largestFile = std::uintmax_t{16} << 30;
constexpr std::uint64_t mostElements = std::uint64_t{1} << 40;

struct Kind {
  const char* name;
  ElementKind kind;
  std::size_t bytes;
};
constexpr std::array<Kind, 10> kinds{{{"F64", ElementKind::F64, 8},
                                      {"F32", ElementKind::F32, 4},
                                      {"F16", ElementKind::F16, 2},
                                      {"BF16", ElementKind::BF16, 2},
                                      {"I64", ElementKind::I64, 8},
                                      {"I32", ElementKind::I32, 4},
                                      {"I16", ElementKind::I16, 2},
                                      {"I8", ElementKind::I8, 1},
                                      {"U8", ElementKind::U8, 1},
                                      {"BOOL", ElementKind::Bool, 1}}};

template <class T>
T valueAt(const char* bytes) {
  T value{};
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

// IEEE 754 binary16.
float fromHalf(std::uint16_t bits) {
  constexpr int fractionBits = 10;
  const int exponent = (bits >> fractionBits) & 0x1f;
  const auto fraction = static_cast<float>(bits & 0x3ff);
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent == 0x1f) return fraction > 0 ? std::nanf("") : sign * INFINITY;
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

Result<std::string> firstBytes(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) return fileError(EISDIR, file);
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) return fileError(errno != 0 ? errno : ENOENT, file);
  std::string bytes(16, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

}  // namespace

std::size_t bytesOf(ElementKind kind) { return kinds[static_cast<std::size_t>(kind)].bytes; }

std::optional<ElementKind> elementKind(std::string_view name) {
  for (const auto& each : kinds)
    if (name == each.name) return each.kind;
  return std::nullopt;
}

float elementAt(ElementKind kind, const char* bytes) {
  switch (kind) {
    case ElementKind::F64:
      return static_cast<float>(valueAt<double>(bytes));
    case ElementKind::F32:
      return valueAt<float>(bytes);
    case ElementKind::F16:
      return fromHalf(valueAt<std::uint16_t>(bytes));
    case ElementKind::BF16:
      return std::bit_cast<float>(static_cast<std::uint32_t>(valueAt<std::uint16_t>(bytes)) << 16U);
    case ElementKind::I64:
      return static_cast<float>(valueAt<std::int64_t>(bytes));
    case ElementKind::I32:
      return static_cast<float>(valueAt<std::int32_t>(bytes));
    case ElementKind::I16:
      return static_cast<float>(valueAt<std::int16_t>(bytes));
    case ElementKind::I8:
      return static_cast<float>(valueAt<std::int8_t>(bytes));
    case ElementKind::U8:
    case ElementKind::Bool:
      return static_cast<float>(valueAt<std::uint8_t>(bytes));
  }
  return 0;
}

std::optional<std::uint64_t> elementsOf(const spec::Shape& shape) {
  std::uint64_t count = 1;
  bool empty = false;
  for (const auto size : shape) {
    if (size < 0 || static_cast<std::uint64_t>(size) > mostElements) return std::nullopt;
    empty = empty || size == 0;
    if (size > 0 && count > mostElements / static_cast<std::uint64_t>(size)) return std::nullopt;
    if (size > 0) count *= static_cast<std::uint64_t>(size);
  }
  return empty ? 0 : count;
}

std::uint64_t mostFloats() { return availableMemory() / 2 / sizeof(float); }

tl::unexpected<Error> damagedWeights(const std::filesystem::path& file) {
  return fail("weights.damaged", LATHE_TEXT("errors", "{file} is damaged: it is not a complete file of weights."),
              LATHE_TEXT("errors", "Download it again, or save it again."), {{"file", file.string()}});
}

tl::unexpected<Error> unknownElements(const std::filesystem::path& file, const std::string& kind) {
  return fail("weights.element_type",
              LATHE_TEXT("errors", "{file} holds numbers of the kind {kind}, which Lathe does not read."),
              LATHE_TEXT("errors", "Save the weights as float32."),
              {{"file", file.string()}, {"kind", kind.substr(0, 40)}});
}

Result<WeightFile> readWeightFile(const std::filesystem::path& file, const JobContext& job) {
  LATHE_ASSIGN(start, firstBytes(file));
  constexpr std::string_view zip("PK\x03\x04", 4);
  if (start.starts_with(zip)) return readTorchZip(file, job);
  LATHE_ASSIGN(content, readFile(file, largestFile));
  if (job.cancelled()) return cancelledError();
  if (content.size() > 2 && content[0] == '\x80' && content[1] <= '\x05' && content[1] >= '\x02')
    return readTorchLegacy(file, content, job);
  // Eight bytes of length, then a JSON object.
  if (content.size() > 9 && content[8] == '{') return readSafetensors(file, content, job);
  return fail("weights.unknown_format",
              LATHE_TEXT("errors", "{file} is no file of weights: neither safetensors nor written by torch.save()."),
              LATHE_TEXT("errors", "Choose a .safetensors file, or a .pth file with a state_dict()."),
              {{"file", file.string()}});
}

}  // namespace lathe::data

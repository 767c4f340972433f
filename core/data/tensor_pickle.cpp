// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/tensor_pickle.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "core/data/pickle_codes.h"

namespace lathe::data {
namespace {

constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t mostValues = 2'000'000;

struct StorageKind {
  const char* name;
  ElementKind kind;
};
constexpr std::array<StorageKind, 10> storages{{{"torch FloatStorage", ElementKind::F32},
                                                {"torch DoubleStorage", ElementKind::F64},
                                                {"torch HalfStorage", ElementKind::F16},
                                                {"torch BFloat16Storage", ElementKind::BF16},
                                                {"torch LongStorage", ElementKind::I64},
                                                {"torch IntStorage", ElementKind::I32},
                                                {"torch ShortStorage", ElementKind::I16},
                                                {"torch CharStorage", ElementKind::I8},
                                                {"torch ByteStorage", ElementKind::U8},
                                                {"torch BoolStorage", ElementKind::Bool}}};
constexpr const char* orderedDict = "collections OrderedDict";
constexpr const char* rebuildTensor = "torch._utils _rebuild_tensor_v2";
constexpr const char* rebuildParameter = "torch._utils _rebuild_parameter";
constexpr const char* torchSize = "torch Size";

}  // namespace

std::uint32_t PickleReader::make(PickleValue value) {
  m_values.push_back(std::move(value));
  return static_cast<std::uint32_t>(m_values.size() - 1);
}

const PickleValue* PickleReader::peek(std::size_t fromTop) const {
  // What lies below the last mark belongs to somebody else.
  const auto floor = m_marks.empty() ? 0 : m_marks.back();
  return m_stack.size() > floor + fromTop ? &m_values[m_stack[m_stack.size() - 1 - fromTop]] : nullptr;
}

bool PickleReader::number(std::size_t bytes, std::uint64_t& out) {
  if (m_bytes.size() - m_at < bytes) return false;
  out = 0;
  std::memcpy(&out, m_bytes.data() + m_at, bytes);
  m_at += bytes;
  return true;
}

bool PickleReader::text(std::size_t lengthBytes) {
  std::uint64_t length = 0;
  if (!number(lengthBytes, length) || length > m_bytes.size() - m_at) return false;
  PickleValue value;
  value.kind = Kind::Text;
  value.text = m_bytes.substr(m_at, length);
  m_at += length;
  push(std::move(value));
  return true;
}

bool PickleReader::line(std::string& out) {
  const auto end = m_bytes.find('\n', m_at);
  if (end == std::string_view::npos || end - m_at > 1000) return false;
  out = m_bytes.substr(m_at, end - m_at);
  m_at = end + 1;
  return true;
}

// Little-endian two's complement; what does not fit 64 bits is no size of anything.
bool PickleReader::longNumber() {
  std::uint64_t length = 0;
  if (!number(1, length) || length > m_bytes.size() - m_at) return false;
  std::uint64_t bits = 0;
  for (std::uint64_t i = 0; i < length && i < 8; ++i)
    bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(m_bytes[m_at + i])) << (8 * i);
  const bool negative = length > 0 && (static_cast<unsigned char>(m_bytes[m_at + length - 1]) & 0x80U) != 0;
  if (negative && length < 8) bits |= ~std::uint64_t{0} << (8 * length);
  if (length > 8) bits = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  m_at += length;
  PickleValue value;
  value.kind = Kind::Int;
  value.number = static_cast<std::int64_t>(bits);
  push(std::move(value));
  return true;
}

bool PickleReader::popMark(std::vector<std::uint32_t>& items) {
  if (m_marks.empty()) return false;
  const auto first = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
  items.assign(first, m_stack.end());
  m_stack.erase(first, m_stack.end());
  m_marks.pop_back();
  return true;
}

bool PickleReader::collect(Kind kind, std::size_t count) {
  if (count > 0 && peek(count - 1) == nullptr) return false;
  PickleValue value;
  value.kind = kind;
  const auto first = m_stack.end() - static_cast<std::ptrdiff_t>(count);
  value.items.assign(first, m_stack.end());
  m_stack.erase(first, m_stack.end());
  push(std::move(value));
  return true;
}

PickleReader::Outcome PickleReader::global(const std::string& name) {
  const bool storage = std::any_of(storages.begin(), storages.end(), [&](const auto& s) { return name == s.name; });
  if (!storage && name != orderedDict && name != rebuildTensor && name != rebuildParameter && name != torchSize) {
    m_named = name;
    std::replace(m_named.begin(), m_named.end(), ' ', '.');
    const bool numbers = name.starts_with("torch ") && name.ends_with("Storage");
    return numbers ? Outcome::Elements : Outcome::Forbidden;
  }
  PickleValue value;
  value.kind = Kind::Global;
  value.text = name;
  push(std::move(value));
  return Outcome::Done;
}

// ("storage", type, key, device, elements[, view]): numbers that lie elsewhere in the file.
PickleReader::Outcome PickleReader::persistent() {
  const auto* id = peek();
  if (id == nullptr || id->kind != Kind::Tuple || id->items.size() < 5) return Outcome::Damaged;
  const auto item = [&](std::size_t i) -> const PickleValue& { return m_values[id->items[i]]; };
  if (item(0).text != "storage" || item(1).kind != Kind::Global || item(2).kind != Kind::Text ||
      item(4).kind != Kind::Int || item(4).number < 0)
    return Outcome::Damaged;
  // A view of another storage, which nobody writes any more.
  if (id->items.size() > 5 && item(5).kind != Kind::None) return Outcome::Damaged;
  PickleValue value;
  value.kind = Kind::Storage;
  value.text = item(2).text;
  value.number = item(4).number;
  const auto found =
      std::find_if(storages.begin(), storages.end(), [&](const auto& s) { return item(1).text == s.name; });
  if (found == storages.end()) return Outcome::Damaged;
  value.elements = found->kind;
  m_stack.pop_back();
  push(std::move(value));
  return Outcome::Done;
}

bool PickleReader::sizes(std::uint32_t index, spec::Shape& out) const {
  const auto& tuple = m_values[index];
  if (tuple.kind != Kind::Tuple || tuple.items.size() > mostDimensions) return false;
  for (const auto item : tuple.items) {
    if (m_values[item].kind != Kind::Int || m_values[item].number < 0) return false;
    out.push_back(m_values[item].number);
  }
  return true;
}

// (storage, offset, size, stride, requires_grad, hooks[, metadata])
PickleReader::Outcome PickleReader::rebuild(const PickleValue& arguments) {
  if (arguments.items.size() < 4) return Outcome::Damaged;
  PickleValue tensor;
  tensor.kind = Kind::Tensor;
  tensor.items = {arguments.items[0]};
  const auto& offset = m_values[arguments.items[1]];
  if (m_values[tensor.items[0]].kind != Kind::Storage || offset.kind != Kind::Int || offset.number < 0 ||
      !sizes(arguments.items[2], tensor.shape) || !sizes(arguments.items[3], tensor.strides) ||
      tensor.shape.size() != tensor.strides.size())
    return Outcome::Damaged;
  tensor.number = offset.number;
  m_stack.pop_back();
  m_stack.pop_back();
  push(std::move(tensor));
  return Outcome::Done;
}

PickleReader::Outcome PickleReader::reduce() {
  const auto* arguments = peek(0);
  const auto* callable = peek(1);
  if (arguments == nullptr || callable == nullptr || arguments->kind != Kind::Tuple || callable->kind != Kind::Global)
    return Outcome::Damaged;
  if (callable->text == rebuildTensor) return rebuild(PickleValue(*arguments));
  std::uint32_t result = nothing;
  if (callable->text == orderedDict) {
    if (!arguments->items.empty()) return Outcome::Damaged;
    PickleValue dict;
    dict.kind = Kind::Dict;
    result = make(std::move(dict));
  } else if (callable->text == rebuildParameter || callable->text == torchSize) {
    if (arguments->items.empty()) return Outcome::Damaged;
    result = arguments->items[0];
  } else {
    return Outcome::Damaged;
  }
  m_stack.pop_back();
  m_stack.back() = result;
  return Outcome::Done;
}

bool PickleReader::remember(std::uint64_t index) {
  // Python counts what it remembers, so a number is never far above that of the values.
  if (peek() == nullptr || index > 2 * m_values.size() + 1024) return false;
  if (m_memo.size() <= index) m_memo.resize(index + 1, nothing);
  m_memo[index] = m_stack.back();
  return true;
}

PickleReader::Outcome PickleReader::stepMemo(unsigned char code) {
  std::uint64_t index = m_memo.size();
  const bool wide = code == LongBinPut || code == LongBinGet;
  if (code != Memoize && !number(wide ? 4 : 1, index)) return Outcome::Damaged;
  if (code == BinPut || code == LongBinPut || code == Memoize)
    return remember(index) ? Outcome::Done : Outcome::Damaged;
  if (index >= m_memo.size() || m_memo[index] == nothing) return Outcome::Damaged;
  m_stack.push_back(m_memo[index]);
  return Outcome::Done;
}

PickleReader::Outcome PickleReader::stepContainer(unsigned char code) {
  const auto result = [](bool good) { return good ? Outcome::Done : Outcome::Damaged; };
  std::vector<std::uint32_t> items;
  switch (code) {
    case EmptyDict:
      return result(collect(Kind::Dict, 0));
    case EmptyList:
      return result(collect(Kind::List, 0));
    case EmptyTuple:
      return result(collect(Kind::Tuple, 0));
    case Tuple1:
    case Tuple2:
    case Tuple3:
      return result(collect(Kind::Tuple, static_cast<std::size_t>(code - Tuple1) + 1));
    case Tuple: {
      if (!popMark(items)) return Outcome::Damaged;
      PickleValue value;
      value.kind = Kind::Tuple;
      value.items = std::move(items);
      push(std::move(value));
      return Outcome::Done;
    }
    case Append:
    case SetItem: {
      const std::size_t count = code == Append ? 1 : 2;
      if (peek(count) == nullptr) return Outcome::Damaged;
      items.assign(m_stack.end() - static_cast<std::ptrdiff_t>(count), m_stack.end());
      m_stack.resize(m_stack.size() - count);
      break;
    }
    default:
      if (!popMark(items)) return Outcome::Damaged;
      break;
  }
  if (peek() == nullptr) return Outcome::Damaged;
  auto& into = m_values[m_stack.back()];
  const bool pairs = code == SetItem || code == SetItems;
  if (into.kind != (pairs ? Kind::Dict : Kind::List) || (pairs && items.size() % 2 != 0)) return Outcome::Damaged;
  into.items.insert(into.items.end(), items.begin(), items.end());
  return Outcome::Done;
}

PickleReader::Outcome PickleReader::step(unsigned char code, bool& stop) {
  const auto result = [](bool good) { return good ? Outcome::Done : Outcome::Damaged; };
  const auto simple = [this](Kind kind, std::int64_t number) {
    PickleValue value;
    value.kind = kind;
    value.number = number;
    push(std::move(value));
    return Outcome::Done;
  };
  std::uint64_t bits = 0;
  std::string module, name;
  switch (code) {
    case Proto:
      return result(number(1, bits) && bits >= 2 && bits <= 5);
    case Frame:
      return result(number(8, bits));
    case Stop:
      stop = true;
      if (peek() == nullptr || !m_marks.empty()) return Outcome::Damaged;
      m_root = m_stack.back();
      return Outcome::Done;
    case Mark:
      m_marks.push_back(m_stack.size());
      return Outcome::Done;
    case Pop:
      if (peek() == nullptr) return Outcome::Damaged;
      m_stack.pop_back();
      return Outcome::Done;
    case None:
      return simple(Kind::None, 0);
    case True:
    case False:
      return simple(Kind::Bool, code == True ? 1 : 0);
    case BinInt:
      if (!number(4, bits)) return Outcome::Damaged;
      return simple(Kind::Int, static_cast<std::int32_t>(static_cast<std::uint32_t>(bits)));
    case BinInt1:
    case BinInt2:
      if (!number(code == BinInt1 ? 1 : 2, bits)) return Outcome::Damaged;
      return simple(Kind::Int, static_cast<std::int64_t>(bits));
    case Long1:
      return result(longNumber());
    case BinFloat:
      if (!number(8, bits)) return Outcome::Damaged;
      return simple(Kind::Real, 0);
    case BinUnicode:
    case BinString:
      return result(text(4));
    case ShortBinUnicode:
    case ShortBinString:
      return result(text(1));
    case BinUnicode8:
      return result(text(8));
    case Global:
      if (!line(module) || !line(name)) return Outcome::Damaged;
      return global(module + " " + name);
    case StackGlobal: {
      const auto* last = peek(0);
      const auto* first = peek(1);
      if (last == nullptr || first == nullptr || last->kind != Kind::Text || first->kind != Kind::Text)
        return Outcome::Damaged;
      name = first->text.substr(0, 200) + " " + last->text.substr(0, 200);
      m_stack.resize(m_stack.size() - 2);
      return global(name);
    }
    case BinPersId:
      return persistent();
    case Reduce:
      return reduce();
    case Build:
      // Attributes of a dictionary (its _metadata), which say nothing about tensors.
      if (peek(1) == nullptr || peek(1)->kind != Kind::Dict) return Outcome::Damaged;
      m_stack.pop_back();
      return Outcome::Done;
    case BinPut:
    case LongBinPut:
    case Memoize:
    case BinGet:
    case LongBinGet:
      return stepMemo(code);
    case EmptyDict:
    case EmptyList:
    case EmptyTuple:
    case Tuple:
    case Tuple1:
    case Tuple2:
    case Tuple3:
    case Append:
    case Appends:
    case SetItem:
    case SetItems:
      return stepContainer(code);
    default:
      return Outcome::Damaged;
  }
}

PickleReader::Outcome PickleReader::read() {
  m_stack.clear();
  m_marks.clear();
  m_memo.clear();
  for (bool stop = false; !stop;) {
    if (m_at >= m_bytes.size() || m_values.size() > mostValues) return Outcome::Damaged;
    const auto code = static_cast<unsigned char>(m_bytes[m_at++]);
    if (const auto outcome = step(code, stop); outcome != Outcome::Done) return outcome;
  }
  return Outcome::Done;
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/weight_support.h"

/// The part of Python's pickle that tensors in dictionaries need, read without executing anything. For this folder
/// only.
namespace lathe::data {

/// A value of a pickle; values refer to others by their place in PickleReader::values().
struct PickleValue {
  enum class Kind : std::uint8_t { None, Bool, Int, Real, Text, List, Tuple, Dict, Global, Storage, Tensor };
  Kind kind = Kind::None;
  std::int64_t number = 0;           ///< Int, Bool; Storage: its elements; Tensor: the storage's offset
  std::string text;                  ///< Text, Global ("torch FloatStorage"), Storage: its key
  std::vector<std::uint32_t> items;  ///< List, Tuple; Dict: key, value, key, value ...; Tensor: its storage
  ElementKind elements{};            ///< Storage
  spec::Shape shape, strides;        ///< Tensor
};

/// An interpreter of pickle's opcodes (protocols 2 to 5) that knows dictionaries (OrderedDict too), lists, tuples,
/// numbers, texts, storages by persistent id, and of callables only torch's _rebuild_tensor_v2, _rebuild_parameter and
/// torch.Size. Work and memory grow with the text's length at most.
class PickleReader {
 public:
  explicit PickleReader(std::string_view bytes) : m_bytes(bytes) {}

  enum class Outcome : std::uint8_t {
    Done,
    Damaged,
    Forbidden,  ///< something that would have to be executed: named()
    Elements,   ///< numbers of a kind that is not known: named()
  };
  /// Reads one pickle, from where the last one ended; the root is the value numbered root().
  Outcome read();
  [[nodiscard]] std::uint32_t root() const { return m_root; }
  [[nodiscard]] const std::vector<PickleValue>& values() const { return m_values; }
  [[nodiscard]] const std::string& named() const { return m_named; }
  [[nodiscard]] std::size_t position() const { return m_at; }

 private:
  using Kind = PickleValue::Kind;
  Outcome step(unsigned char code, bool& stop);
  Outcome stepContainer(unsigned char code);
  Outcome stepMemo(unsigned char code);
  bool number(std::size_t bytes, std::uint64_t& out);
  bool text(std::size_t lengthBytes);
  bool line(std::string& out);
  bool longNumber();
  std::uint32_t make(PickleValue value);
  void push(PickleValue value) { m_stack.push_back(make(std::move(value))); }
  bool popMark(std::vector<std::uint32_t>& items);
  bool collect(Kind kind, std::size_t count);
  Outcome global(const std::string& name);
  Outcome persistent();
  Outcome reduce();
  Outcome rebuild(const PickleValue& arguments);
  bool sizes(std::uint32_t index, spec::Shape& out) const;
  bool remember(std::uint64_t index);
  [[nodiscard]] const PickleValue* peek(std::size_t fromTop = 0) const;

  std::string_view m_bytes;
  std::size_t m_at = 0;
  std::vector<PickleValue> m_values;
  std::vector<std::uint32_t> m_stack;
  std::vector<std::size_t> m_marks;
  std::vector<std::uint32_t> m_memo;
  std::uint32_t m_root = 0;
  std::string m_named;
};

}  // namespace lathe::data

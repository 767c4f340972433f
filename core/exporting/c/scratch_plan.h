// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/spec/program.h"

/// Where the values of a program lie while one row is predicted. For the files of this folder only.
namespace lathe::exporting {

/// All three sections, one after another.
[[nodiscard]] std::vector<const spec::Operation*> operationsOf(const spec::Program& program);
/// The value that leaves the program.
[[nodiscard]] int outputOf(const spec::Program& program);
/// Numbers that an operation needs beside its inputs and its output.
[[nodiscard]] std::int64_t workspaceOf(const spec::Program& program, const spec::Operation& operation);

/// One array holds everything that is alive: values that are not needed any more make room for others, and operations
/// number by number write over what they alone read. Largest values first, each at the lowest place that is free for
/// its life ("greedy by size", Pisarchyk and Lee 2020).
class ScratchPlan {
 public:
  explicit ScratchPlan(const spec::Program& program);

  struct Place {
    bool input = false;  ///< in the raw row, else in the array
    std::int64_t offset = 0;
  };
  [[nodiscard]] Place place(int value) const;
  /// Of the workspace of an operation, by its place in operationsOf().
  [[nodiscard]] std::int64_t work(std::size_t operation) const;
  /// How many rows of a window a value holds, 1 elsewhere.
  [[nodiscard]] std::int64_t rows(int value) const { return m_rows[static_cast<std::size_t>(value)]; }
  /// An operation whose output lies where its input does, so that there is nothing to do.
  [[nodiscard]] bool isView(const spec::Operation& operation) const;
  /// Floats of the array.
  [[nodiscard]] std::int64_t size() const { return m_size; }

 private:
  struct Buffer {
    std::int64_t size = 0;
    int first = 0, last = 0;  ///< operations
    int root = -1;            ///< the buffer that it became part of; -1: none
    std::int64_t offset = 0;
  };
  struct View {
    int buffer = -1;
    std::int64_t offset = 0;
  };

  int add(std::int64_t size, int operation);
  [[nodiscard]] int rootOf(int buffer) const;
  [[nodiscard]] bool bothLive(const Buffer& a, const Buffer& b) const { return a.first <= b.last && b.first <= a.last; }
  [[nodiscard]] std::int64_t sizeOf(int value) const;
  void makeBuffers();
  void writeOver();
  void arrange();

  const spec::Program& m_program;
  std::vector<const spec::Operation*> m_operations;
  std::vector<std::int64_t> m_rows;
  std::vector<View> m_views;      ///< by value
  std::vector<int> m_work;        ///< by operation; -1: none
  std::vector<Buffer> m_buffers;  ///< the first is the raw row
  std::int64_t m_size = 0;
};

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "core/engine_fused/network_implementation.h"

// From the rows of the data to the blocks of a batch.
namespace lathe::engine {
using namespace fused;

namespace {

/// Numbers from the first of the data to the first of a row.
std::size_t startOf(const FusedInput& source, const Value& value, std::uint32_t row) {
  const auto width = static_cast<std::size_t>(value.features);
  const auto tokens = static_cast<std::size_t>(value.tokens);
  return source.windows ? (row + 1 - tokens) * width : row * tokens * width;
}

bool followEachOther(std::span<const std::uint32_t> rows) {
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i] != rows[0] + i) return false;
  return true;
}

}  // namespace

void FusedNetwork::Implementation::load(std::span<const std::uint32_t> rows) {
  if (splitsRows())
    m_team.run([&](int part) {
      loadRows(rows, m_batch.blocks * part / m_team.size(), m_batch.blocks * (part + 1) / m_team.size());
    });
  else
    loadRows(rows, 0, m_batch.blocks);
  if (m_hasTokens) m_team.run([&](int part) { loadTokens(rows, part); });
}

// Inputs with one token a row.
void FusedNetwork::Implementation::loadRows(std::span<const std::uint32_t> rows, int firstBlock, int lastBlock) {
  const int blockRows = m_batch.blockRows;
  for (std::size_t i = 0; i < m_sources.size(); ++i) {
    const auto& value = *m_plan.inputs[i];
    if (value.tokens > 1 || !value.texts.empty()) continue;
    const auto width = static_cast<std::size_t>(value.features);
    const auto size = blockSize(value, m_batch);
    for (int block = firstBlock; block < lastBlock; ++block) {
      const int valid = m_batch.valid(block);
      const auto first = static_cast<std::size_t>(block) * static_cast<std::size_t>(blockRows);
      if (m_sources[i].codes != nullptr) {
        std::int32_t* codes = m_codes[i].data() + static_cast<std::size_t>(block) * size;
        for (int r = 0; r < blockRows; ++r)
          for (std::size_t f = 0; f < width; ++f)
            codes[f * static_cast<std::size_t>(blockRows) + static_cast<std::size_t>(r)] =
                r < valid ? static_cast<std::int32_t>(
                                m_sources[i].codes[rows[first + static_cast<std::size_t>(r)] * width + f])
                          : 0;
        continue;
      }
      float* plain = m_rowMajor[i].data() + static_cast<std::size_t>(block) * size;
      for (int r = 0; r < valid; ++r)
        std::memcpy(plain + static_cast<std::size_t>(r) * width,
                    m_sources[i].numbers + rows[first + static_cast<std::size_t>(r)] * width, width * sizeof(float));
      std::fill(plain + static_cast<std::size_t>(valid) * width, plain + size, 0.0F);
      kernels().transpose(plain, blockRows, value.features, value.features, blockOf(value, m_batch, block), blockRows);
    }
  }
}

void FusedNetwork::Implementation::loadTokens(std::span<const std::uint32_t> rows, int part) {
  for (std::size_t i = 0; i < m_sources.size(); ++i) {
    const auto& value = *m_plan.inputs[i];
    if (value.tokens == 1 || !value.texts.empty()) continue;
    const auto own = partOf(value.tokens, {0, 0, part, m_team.size(), true});
    for (int block = 0; block < m_batch.blocks && own.first < own.last; ++block) {
      const auto first = static_cast<std::size_t>(block) * static_cast<std::size_t>(m_batch.blockRows);
      loadTokens(i, rows.subspan(first, static_cast<std::size_t>(m_batch.valid(block))), own, block);
    }
  }
}

// Some tokens of a block's rows.
void FusedNetwork::Implementation::loadTokens(std::size_t input, std::span<const std::uint32_t> rows, Span tokens,
                                              int block) {
  const auto& source = m_sources[input];
  const auto& value = *m_plan.inputs[input];
  const auto blockRows = static_cast<std::size_t>(m_batch.blockRows);
  const auto width = static_cast<std::size_t>(value.features);
  const auto all = width * static_cast<std::size_t>(value.tokens);
  const auto begin = width * static_cast<std::size_t>(tokens.first);
  const auto length = width * static_cast<std::size_t>(tokens.last - tokens.first);
  if (source.codes != nullptr) {
    for (int token = tokens.first; token < tokens.last; ++token) {
      const auto place =
          static_cast<std::size_t>(token) * static_cast<std::size_t>(m_batch.blocks) + static_cast<std::size_t>(block);
      std::int32_t* codes = m_codes[input].data() + place * blockSize(value, m_batch);
      for (std::size_t r = 0; r < blockRows; ++r) {
        const std::int64_t* from =
            r < rows.size() ? source.codes + startOf(source, value, rows[r]) + width * static_cast<std::size_t>(token)
                            : nullptr;
        for (std::size_t f = 0; f < width; ++f)
          codes[f * blockRows + r] = from != nullptr ? static_cast<std::int32_t>(from[f]) : 0;
      }
    }
    return;
  }
  const float* plain = m_rowMajor[input].data();
  if (!source.windows && rows.size() == blockRows && followEachOther(rows)) {
    plain = source.numbers + startOf(source, value, rows[0]);
  } else {
    for (std::size_t r = 0; r < blockRows; ++r) {
      float* into = m_rowMajor[input].data() + r * all + begin;
      if (r < rows.size())
        std::memcpy(into, source.numbers + startOf(source, value, rows[r]) + begin, length * sizeof(float));
      else
        std::fill_n(into, length, 0.0F);
    }
  }
  const int stride = static_cast<int>(all);
  if (m_batch.blocks == 1) {
    kernels().transpose(plain + begin, m_batch.blockRows, static_cast<int>(length), stride,
                        value.data + begin * blockRows, m_batch.blockRows);
    return;
  }
  for (int token = tokens.first; token < tokens.last; ++token)
    kernels().transpose(plain + width * static_cast<std::size_t>(token), m_batch.blockRows, value.features, stride,
                        blockOf(value, m_batch, token * m_batch.blocks + block), m_batch.blockRows);
}

}  // namespace lathe::engine

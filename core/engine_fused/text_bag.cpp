// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/text_bag.h"

#include <algorithm>

namespace lathe::engine::fused {
namespace {

std::span<const std::uint16_t> codesOf(const FusedText& text, std::uint32_t row) {
  const auto place = text.place[row];
  return {text.codes + text.starts[place], text.codes + text.starts[place + 1]};
}

/// Row numbers of a block.
std::span<const std::uint32_t> rowsOf(const Batch& batch, int block) {
  return batch.rowNumbers.subspan(static_cast<std::size_t>(block) * static_cast<std::size_t>(batch.blockRows),
                                  static_cast<std::size_t>(batch.valid(block)));
}

}  // namespace

TextBag::TextBag(Value* text, Value* y, std::vector<Column> columns)
    : m_text(text), m_y(y), m_columns(std::move(columns)), m_size(y->features - 1) {}

void TextBag::forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int /*phase*/) {
  const int width = m_size + 1;
  const auto own = partOf(batch.blocks, share);
  for (std::size_t k = 0; k < m_columns.size(); ++k)
    for (int block = own.first; block < own.last; ++block) {
      const float* learnt = m_columns[k].weight.value;
      float* mean = scratch.a;
      std::fill_n(mean, static_cast<std::ptrdiff_t>(width) * batch.blockRows, 0.0F);
      for (const auto row : rowsOf(batch, block)) {
        const auto codes = codesOf(m_text->texts[k], row);
        for (const auto code : codes) {
          const float* from = learnt + static_cast<std::ptrdiff_t>(code) * m_size;
          for (int e = 0; e < m_size; ++e) mean[e] += from[e];
        }
        const float part = codes.empty() ? 0 : 1.0F / static_cast<float>(codes.size());
        for (int e = 0; e < m_size; ++e) mean[e] *= part;
        mean[m_size] = codes.empty() ? 1.0F : 0.0F;
        mean += width;
      }
      kernels().transpose(scratch.a, batch.blockRows, width, width,
                          blockOf(*m_y, batch, static_cast<int>(k) * batch.blocks + block), batch.blockRows);
    }
}

void TextBag::backward(const Batch& batch, const Share& share, Scratch& scratch, int /*phase*/) {
  for (std::size_t k = 0; k < m_columns.size(); ++k) {
    const auto& column = m_columns[k];
    if (!column.weight.learns) continue;
    const auto codes = partOf(column.buckets, share);
    std::fill_n(scratch.gradients + column.weight.offset + static_cast<std::ptrdiff_t>(codes.first) * m_size,
                static_cast<std::ptrdiff_t>(codes.last - codes.first) * m_size, 0.0F);
    for (int block = 0; block < batch.blocks; ++block) {
      kernels().transpose(gradientOf(*m_y, batch, static_cast<int>(k) * batch.blocks + block), m_size + 1,
                          batch.blockRows, batch.blockRows, scratch.a, m_size + 1);
      addRows(batch, m_text->texts[k], column, block, codes, scratch);
    }
  }
}

// scratch.a: the gradient of a block, a row after the other.
void TextBag::addRows(const Batch& batch, const FusedText& text, const Column& column, int block, Span codes,
                      Scratch& scratch) const {
  float* slope = scratch.a;
  for (const auto row : rowsOf(batch, block)) {
    const auto all = codesOf(text, row);
    const float part = all.empty() ? 0 : 1.0F / static_cast<float>(all.size());
    for (int e = 0; e < m_size; ++e) slope[e] *= part;
    for (const auto code : all) {
      if (code < codes.first || code >= codes.last) continue;
      float* into = scratch.gradients + column.weight.offset + static_cast<std::ptrdiff_t>(code) * m_size;
      for (int e = 0; e < m_size; ++e) into[e] += slope[e];
    }
    slope += m_size + 1;
  }
}

}  // namespace lathe::engine::fused

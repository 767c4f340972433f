// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/recurrent.h"

#include <algorithm>

namespace lathe::engine::fused {
namespace {

constexpr int lane = 16;
constexpr int keptGates = 4;
constexpr int columnsAtOnce = 64;

/// Rows of a piece of a block, so that there is one for each thread.
int pieceOf(int blockRows, int blocks, int threads) {
  int rows = blockRows;
  while (rows % (2 * lane) == 0 && blocks * (blockRows / rows) < threads) rows /= 2;
  return rows;
}

std::size_t product(std::initializer_list<int> sizes) {
  std::size_t all = 1;
  for (const int size : sizes) all *= static_cast<std::size_t>(size);
  return all;
}

}  // namespace

Recurrent::Recurrent(const Plan& plan)
    : m_plan(plan),
      m_steps(plan.x.value->tokens),
      m_in(plan.x.value->features),
      m_hidden(plan.hidden),
      m_gates(plan.lstm ? 4 : 3),
      m_rows(pieceOf(plan.blockRows, plan.blocks, plan.threads)) {
  tokens = m_steps;
  const int rows = plan.blockRows;
  const int all = m_gates * m_hidden;
  m_kept = Memory(product({m_steps, plan.blocks, keptGates, m_hidden, rows}));
  if (plan.lstm) m_cells = Memory(product({m_steps, plan.blocks, m_hidden, rows}));
  m_carry = Memory(product({plan.blocks, m_hidden, rows}));
  if (plan.lstm) m_cellCarry = Memory(product({plan.blocks, m_hidden, rows}));
  m_hiddenRows = Memory(product({m_steps, plan.blocks, m_hidden, rows}));
  m_inputRows = Memory(product({m_steps, plan.blocks, m_in, rows}));
  m_hiddenTransposed = Memory(product({m_hidden, all}));
  m_fromInput = Product({m_rows, all, m_in, rows, m_in, rows, false});
  const int summed = plan.lstm ? all : 2 * m_hidden;
  m_fromHidden = Product({m_rows, summed, m_hidden, rows, m_hidden, rows, true});
  m_toHidden = Product({m_rows, m_hidden, summed, rows, all, rows, !plan.lstm});
  if (!plan.lstm) {
    m_fromHiddenNew = Product({m_rows, m_hidden, m_hidden, rows, m_hidden, rows, false});
    m_toHiddenNew = Product({m_rows, m_hidden, m_hidden, rows, all, rows, true});
  }
  if (plan.x.value->gradient != nullptr) {
    m_inputTransposed = Memory(product({m_in, all}));
    m_toInput = Product({m_rows, m_in, all, rows, all, rows, plan.x.addGradient});
  }
  // Columns of hidden gates that lie together: of a GRU the new gate's stand apart.
  m_chunk = std::min(columnsAtOnce, m_hidden);
  m_inputRest = all % m_chunk;
  const int together = plan.lstm ? all : m_hidden;
  m_hiddenRest = together % m_chunk;
  for (int first = 0; first < all; first += m_chunk) m_items.push_back({false, first, std::min(m_chunk, all - first)});
  for (int part = 0; part < all; part += together)
    for (int first = 0; first < together; first += m_chunk)
      m_items.push_back({true, part + first, std::min(m_chunk, together - first)});
  m_sources.resize(m_items.size());
  m_inputGradient[0] = ProductSum({m_in, m_chunk, rows, m_in, rows, m_in, false});
  m_hiddenGradient[0] = ProductSum({m_hidden, m_chunk, rows, m_hidden, rows, m_hidden, false});
  if (m_inputRest > 0) m_inputGradient[1] = ProductSum({m_in, m_inputRest, rows, m_in, rows, m_in, false});
  if (m_hiddenRest > 0)
    m_hiddenGradient[1] = ProductSum({m_hidden, m_hiddenRest, rows, m_hidden, rows, m_hidden, false});
}

float* Recurrent::gatesAt(const Batch& batch, int step, int block) const {
  return m_kept.data() + product({step * batch.blocks + block, keptGates * m_hidden, batch.blockRows});
}

// Of a value with as many features as the layer has.
float* Recurrent::ownAt(float* values, const Batch& batch, int step, int block) const {
  return values + product({step * batch.blocks + block, m_hidden, batch.blockRows});
}

void Recurrent::prepare(const Batch& batch, int part, int parts) {
  if (!batch.training) return;
  const auto& k = kernels();
  const int all = m_gates * m_hidden;
  if (part == 0) k.transpose(m_plan.hiddenWeight.value, all, m_hidden, m_hidden, m_hiddenTransposed.data(), all);
  if (part == parts - 1 && m_plan.x.value->gradient != nullptr)
    k.transpose(m_plan.inputWeight.value, all, m_in, m_in, m_inputTransposed.data(), all);
}

void Recurrent::forwardPart(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const int pieces = batch.blockRows / m_rows;
  const auto own = partOf(batch.blocks * pieces, share);
  for (int piece = own.first; piece < own.last; ++piece) walk(batch, {piece / pieces, piece % pieces * m_rows});
}

void Recurrent::walk(const Batch& batch, Rows rows) {
  const auto& k = kernels();
  const std::ptrdiff_t gate = static_cast<std::ptrdiff_t>(m_hidden) * batch.blockRows;
  const std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(m_plan.offset) * batch.blockRows + rows.first;
  const float* before = nullptr;
  const float* cellBefore = nullptr;
  for (int place = 0; place < m_steps; ++place) {
    const int step = stepAt(place);
    const int block = step * batch.blocks + rows.block;
    float* gates = gatesAt(batch, step, rows.block) + rows.first;
    float* h = blockOf(*m_plan.y, batch, block) + offset;
    m_fromInput(blockOf(*m_plan.x.value, batch, block) + rows.first, m_plan.inputWeight.value, gates);
    if (before != nullptr) m_fromHidden(before, m_plan.hiddenWeight.value, gates);
    if (m_plan.lstm) {
      float* cell = ownAt(m_cells.data(), batch, step, rows.block) + rows.first;
      k.lstmStep(gates, m_plan.inputBias.value, m_plan.hiddenBias.value, cellBefore, cell, h, m_hidden, batch.blockRows,
                 m_rows);
      cellBefore = cell;
    } else {
      float* fresh = gates + 3 * gate;
      if (before != nullptr)
        m_fromHiddenNew(before, m_plan.hiddenWeight.value + std::ptrdiff_t{2} * m_hidden * m_hidden, fresh);
      else
        for (int f = 0; f < m_hidden; ++f) std::fill_n(fresh + std::ptrdiff_t{f} * batch.blockRows, m_rows, 0.0F);
      k.gruStep(gates, m_plan.inputBias.value, m_plan.hiddenBias.value, before, h, m_hidden, batch.blockRows, m_rows);
    }
    before = h;
  }
}

void Recurrent::transposeRows(const Batch& batch, Rows rows, int step) {
  const auto& k = kernels();
  const int block = step * batch.blocks + rows.block;
  const std::ptrdiff_t own = static_cast<std::ptrdiff_t>(m_plan.offset) * batch.blockRows + rows.first;
  k.transpose(blockOf(*m_plan.y, batch, block) + own, m_hidden, m_rows, batch.blockRows,
              ownAt(m_hiddenRows.data(), batch, step, rows.block) + std::ptrdiff_t{rows.first} * m_hidden, m_hidden);
  if (m_plan.x.value->rowMajor == nullptr)
    k.transpose(blockOf(*m_plan.x.value, batch, block) + rows.first, m_in, m_rows, batch.blockRows,
                m_inputRows.data() + product({block, m_in, batch.blockRows}) + std::ptrdiff_t{rows.first} * m_in, m_in);
}

void Recurrent::walkBack(const Batch& batch, Rows rows) {
  const auto& k = kernels();
  const auto& x = *m_plan.x.value;
  const std::ptrdiff_t gate = static_cast<std::ptrdiff_t>(m_hidden) * batch.blockRows;
  const std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(m_plan.offset) * batch.blockRows + rows.first;
  float* carry = ownAt(m_carry.data(), batch, 0, rows.block) + rows.first;
  float* cellCarry = m_plan.lstm ? ownAt(m_cellCarry.data(), batch, 0, rows.block) + rows.first : nullptr;
  for (int f = 0; f < m_hidden; ++f) {
    std::fill_n(carry + std::ptrdiff_t{f} * batch.blockRows, m_rows, 0.0F);
    if (m_plan.lstm) std::fill_n(cellCarry + std::ptrdiff_t{f} * batch.blockRows, m_rows, 0.0F);
  }
  for (int place = m_steps - 1; place >= 0; --place) {
    const int step = stepAt(place);
    const int block = step * batch.blocks + rows.block;
    float* gates = gatesAt(batch, step, rows.block) + rows.first;
    const float* dy = gradientOf(*m_plan.y, batch, block) + offset;
    const int earlier = place > 0 ? stepAt(place - 1) : -1;
    if (m_plan.lstm) {
      const float* cellBefore = earlier >= 0 ? ownAt(m_cells.data(), batch, earlier, rows.block) + rows.first : nullptr;
      k.lstmStepBack(gates, dy, carry, cellCarry, cellBefore,
                     ownAt(m_cells.data(), batch, step, rows.block) + rows.first, m_hidden, batch.blockRows, m_rows);
    } else {
      const float* before =
          earlier >= 0 ? blockOf(*m_plan.y, batch, earlier * batch.blocks + rows.block) + offset : nullptr;
      k.gruStepBack(gates, dy, carry, before, m_hidden, batch.blockRows, m_rows);
    }
    if (earlier >= 0) {
      m_toHidden(gates, m_hiddenTransposed.data(), carry);
      if (!m_plan.lstm)
        m_toHiddenNew(gates + 3 * gate, m_hiddenTransposed.data() + std::ptrdiff_t{2} * m_hidden, carry);
    }
    if (x.gradient != nullptr) m_toInput(gates, m_inputTransposed.data(), gradientOf(x, batch, block) + rows.first);
    transposeRows(batch, rows, step);
  }
}

const ProductSum& Recurrent::productOf(const Item& item) const {
  return (item.hidden ? m_hiddenGradient : m_inputGradient)[item.count == m_chunk ? 0 : 1];
}

// Gradients of some columns of the gates, summed over all steps and blocks.
void Recurrent::gather(const Batch& batch, Scratch& scratch, const Item& item) {
  const auto& weight = item.hidden ? m_plan.hiddenWeight : m_plan.inputWeight;
  const auto& bias = item.hidden ? m_plan.hiddenBias : m_plan.inputBias;
  const int width = item.hidden ? m_hidden : m_in;
  const bool apart = item.hidden && !m_plan.lstm && item.first >= 2 * m_hidden;
  const std::ptrdiff_t column = static_cast<std::ptrdiff_t>(item.first + (apart ? m_hidden : 0)) * batch.blockRows;
  const float* inputs = m_plan.x.value->rowMajor != nullptr ? m_plan.x.value->rowMajor : m_inputRows.data();
  float* dBias = scratch.gradients + bias.offset + item.first;
  auto& [a, b] = m_sources[static_cast<std::size_t>(&item - m_items.data())];
  a.clear();
  b.clear();
  bool added = false;
  for (int place = 0; place < m_steps; ++place)
    for (int block = 0; block < batch.blocks; ++block) {
      const int step = stepAt(place);
      const float* gradient = gatesAt(batch, step, block) + column;
      kernels().rowSums(gradient, item.count, batch.blockRows, dBias, added);
      added = true;
      const int seen = item.hidden ? place - 1 : place;
      if (seen < 0) continue;
      const int from = stepAt(seen);
      if (item.hidden)
        a.push_back(ownAt(m_hiddenRows.data(), batch, from, block));
      else
        a.push_back(inputs + product({from * batch.blocks + block, m_in, batch.blockRows}));
      b.push_back(gradient);
    }
  float* dWeight = scratch.gradients + weight.offset + std::ptrdiff_t{item.first} * width;
  if (a.empty())
    std::fill_n(dWeight, std::ptrdiff_t{item.count} * width, 0.0F);
  else
    productOf(item)(a.data(), b.data(), dWeight, a.size());
}

void Recurrent::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  if (phase == 0) {
    const int pieces = batch.blockRows / m_rows;
    const auto own = partOf(batch.blocks * pieces, share);
    for (int piece = own.first; piece < own.last; ++piece) walkBack(batch, {piece / pieces, piece % pieces * m_rows});
    return;
  }
  if (!m_plan.inputWeight.learns) return;
  const auto own = partOf(static_cast<int>(m_items.size()), share);
  for (int i = own.first; i < own.last; ++i) gather(batch, scratch, m_items[static_cast<std::size_t>(i)]);
}

}  // namespace lathe::engine::fused

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/engine/optimizers/lanes.h"
#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

namespace lathe::engine {
namespace {

constexpr std::size_t floatsPerLine = 16;
constexpr std::size_t blockLength = 1024;
constexpr const char* numbersKey = "optimizer.numbers";

std::size_t rounded(std::size_t count) { return (count + floatsPerLine - 1) / floatsPerLine * floatsPerLine; }

// Sums in double of blocks that are summed in float lanes: as exact as needed (16 additions a lane), at the speed of
// float. Vectors by hand, because the compiler does not find them.
LATHE_MULTIVERSION
double sumOfSquares(const float* values, std::size_t count) {
  constexpr std::size_t width = laneCount;
  constexpr std::size_t vectors = 4;
  double total = 0;
  std::size_t at = 0;
  while (count - at >= width * vectors) {
    const std::size_t end = at + std::min(blockLength, (count - at) / (width * vectors) * (width * vectors));
    Lanes sums[vectors] = {};
    for (; at < end; at += width * vectors)
      for (std::size_t v = 0; v < vectors; ++v) {
        const Lanes part = lanesAt(values + at + v * width);
        sums[v] += part * part;
      }
    const Lanes all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    float sum = 0;
    for (std::size_t lane = 0; lane < width; ++lane) sum += all[lane];
    total += sum;
  }
  for (; at < count; ++at) total += static_cast<double>(values[at]) * values[at];
  return total;
}

double exactSumOfSquares(const float* values, std::size_t count) {
  double total = 0;
  for (std::size_t i = 0; i < count; ++i) total += static_cast<double>(values[i]) * values[i];
  return total;
}

void cut(const std::vector<RuleRange>& ranges, std::vector<RulePiece>& pieces) {
  for (std::size_t r = 0; r < ranges.size(); ++r)
    for (std::size_t first = 0; first < ranges[r].count; first += pieceLength)
      pieces.push_back({r, first, std::min(pieceLength, ranges[r].count - first)});
}

Result<void> load(const Checkpoint& checkpoint, const std::string& name, const char* type, void* into,
                  std::size_t bytes) {
  const auto* tensor = checkpoint.find(name);
  if (tensor == nullptr || tensor->dtype != type || tensor->bytes.size() != bytes)
    return fail("engine.checkpoint_mismatch",
                LATHE_TEXT("errors", "The checkpoint holds no fitting optimiser state for {name}."),
                LATHE_TEXT("errors", "Start a new run, or resume with the optimiser the run was started with."),
                {{"name", name}});
  if (bytes > 0) std::memcpy(into, tensor->bytes.data(), bytes);
  return {};
}

}  // namespace

Optimizer::Optimizer(const spec::OptimizerSpec& spec, std::vector<Slot> slots)
    : m_spec(spec), m_slots(std::move(slots)), m_rule(makeRule(spec)) {
  lay();
}

Optimizer::Optimizer(Optimizer&&) noexcept = default;
Optimizer& Optimizer::operator=(Optimizer&&) noexcept = default;
Optimizer::~Optimizer() = default;

// A slot's state lies as its memory does, so that a merged range is one piece of each array too.
void Optimizer::lay() {
  for (const auto& slot : m_slots) {
    const double decayScale = slot.decay || m_spec.decayAll ? slot.decayScale : 0;
    m_offsets.push_back(m_total);
    m_bySlot.push_back({slot.values, nullptr, m_total, slot.count, slot.lrScale, decayScale, &slot});
    const std::size_t room = std::max(slot.count, slot.room);
    const auto* before = m_merged.empty() ? nullptr : &m_merged.back();
    const bool continues = before != nullptr && before->values + before->count == slot.values &&
                           before->offset + before->count == m_total && before->lrScale == slot.lrScale &&
                           before->decayScale == decayScale;
    if (continues)
      m_merged.back().count += room;
    else
      m_merged.push_back({slot.values, nullptr, m_total, room, slot.lrScale, decayScale, &slot});
    m_total += rounded(room);
  }
  cut(m_bySlot, m_slotPieces);
  cut(m_merged, m_mergedPieces);
  m_sums.resize(std::max(m_slotPieces.size(), m_mergedPieces.size()) * sumsOfPiece);
  m_arrays.assign(m_total * m_rule->arrays().size(), 0.0F);
  m_rule->prepare(m_bySlot);
}

// Whether the gradients lie as the values do wherever ranges were merged.
bool Optimizer::fillGradients(const std::vector<const float*>& gradients) {
  std::size_t merged = 0;
  bool alike = true;
  for (std::size_t s = 0; s < m_slots.size(); ++s) {
    m_bySlot[s].gradient = gradients[s];
    if (merged < m_merged.size() && m_merged[merged].slot == &m_slots[s]) {
      m_merged[merged].gradient = gradients[s];
      ++merged;
    } else {
      const auto& range = m_merged[merged - 1];
      alike = alike && range.gradient + (m_slots[s].values - range.values) == gradients[s];
    }
  }
  return alike;
}

double Optimizer::gradientNorm(const std::vector<const float*>& gradients) const {
  double total = 0;
  for (std::size_t s = 0; s < m_slots.size(); ++s) total += sumOfSquares(gradients[s], m_slots[s].count);
  // Squares beyond what float holds, in either direction.
  constexpr double tiny = 1e-26;
  if (!std::isfinite(total) || total < tiny) {
    total = 0;
    for (std::size_t s = 0; s < m_slots.size(); ++s) total += exactSumOfSquares(gradients[s], m_slots[s].count);
  }
  return std::sqrt(total);
}

void Optimizer::update(const std::vector<const float*>& gradients, const StepSettings& settings, double gradientScale,
                       const ParallelFor& parallel) {
  const bool merged = fillGradients(gradients) && !m_rule->bySlot();
  RuleStep step;
  step.ranges = merged ? m_merged : m_bySlot;
  step.pieces = merged ? m_mergedPieces : m_slotPieces;
  step.arrays = m_arrays.data();
  step.arrayLength = m_total;
  step.sums = m_sums.data();
  step.step = settings.updateStep > 0 ? settings.updateStep : settings.step;
  step.lr = settings.lr;
  step.momentum = settings.momentum;
  step.decay = m_spec.weightDecay * settings.weightDecayFactor;
  step.gradientScale = gradientScale;
  step.parallel = &parallel;
  const auto done = m_rule->update(step);
  m_rate = done.lr;
  m_momentum = done.momentum;
}

void Optimizer::update(const std::vector<const float*>& gradients, std::int64_t step, double lr, double gradientScale,
                       const ParallelFor& parallel) {
  StepSettings settings;
  settings.step = step;
  settings.lr = lr;
  update(gradients, settings, gradientScale, parallel);
}

bool Optimizer::averages() const { return m_rule->averageArray() >= 0; }

void Optimizer::writeAverage(const std::vector<float*>& into) const {
  const bool own = averages() && m_rule->begun();
  const auto start = own ? static_cast<std::size_t>(m_rule->averageArray()) * m_total : 0;
  for (std::size_t s = 0; s < m_slots.size(); ++s) {
    const float* from = own ? m_arrays.data() + start + m_offsets[s] : m_slots[s].values;
    std::copy_n(from, m_slots[s].count, into[s]);
  }
}

void Optimizer::save(Checkpoint& checkpoint) const {
  const auto names = m_rule->arrays();
  for (std::size_t s = 0; s < m_slots.size(); ++s)
    for (std::size_t k = 0; k < names.size(); ++k)
      checkpoint.add("optimizer." + m_slots[s].name + "." + names[k], "F32",
                     {static_cast<std::int64_t>(m_slots[s].count)}, m_slots[s].count * sizeof(float),
                     m_arrays.data() + k * m_total + m_offsets[s]);
  const auto numbers = m_rule->numbers();
  if (numbers.empty()) return;
  checkpoint.add(numbersKey, "F64", {static_cast<std::int64_t>(numbers.size())}, numbers.size_bytes(), numbers.data());
}

Result<void> Optimizer::restore(const Checkpoint& checkpoint) {
  const auto names = m_rule->arrays();
  for (std::size_t s = 0; s < m_slots.size(); ++s)
    for (std::size_t k = 0; k < names.size(); ++k)
      LATHE_TRY(load(checkpoint, "optimizer." + m_slots[s].name + "." + names[k], "F32",
                     m_arrays.data() + k * m_total + m_offsets[s], m_slots[s].count * sizeof(float)));
  const auto numbers = m_rule->numbers();
  if (numbers.empty()) return {};
  return load(checkpoint, numbersKey, "F64", numbers.data(), numbers.size_bytes());
}

double clippingScale(double norm, double limit) {
  if (!(limit > 0) || !(norm > limit)) return 1;
  return limit / norm;
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/machine_curves.h"

namespace lathe::services {

MachineCurves::MachineCurves(store::RunNumber run) : m_run(run), m_before(processorTimes()) {}

void MachineCurves::append(store::RunStore& store, std::size_t curve, const char* name, std::int64_t step,
                           double value) {
  if (!m_series[curve]) {
    const auto id = store.seriesId(m_run, name);
    if (!id) return;  // the disk is full: what matters of the run says so
    m_series[curve] = *id;
  }
  store.append(*m_series[curve], step, value);
}

void MachineCurves::sample(store::RunStore& store, std::int64_t step) {
  if (step <= m_lastStep) return;
  const auto now = processorTimes();
  const auto load = loadBetween(m_before, now);
  if (!load) return;
  m_before = now;
  m_lastStep = step;
  append(store, 0, "system/cpu", step, load->process * 100);
  append(store, 1, "system/machine_cpu", step, load->machine * 100);
  append(store, 2, "system/memory", step, static_cast<double>(residentMemory()) * 1e-6);
  append(store, 3, "system/memory_free", step, static_cast<double>(availableMemory()) * 1e-6);
}

}  // namespace lathe::services

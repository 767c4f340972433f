// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/store/run_store.h"

namespace lathe::tests {

/// An implementation under test: makes an empty store, and opens the same one again (as another process would).
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual std::unique_ptr<store::RunStore> open() = 0;
};
using MakeStoreUnderTest = std::function<std::unique_ptr<StoreUnderTest>(const Clock& clock)>;

/// Adds a case for each thing that RunStore's header promises, named "IMPLEMENTATION: ...". Call before main, once for
/// each implementation.
bool addRunStoreConformance(const std::string& implementation, const MakeStoreUnderTest& make);
bool addCurveConformance(const std::string& implementation, const MakeStoreUnderTest& make);

/// A run with plain values.
[[nodiscard]] store::NewRun plainRun(const std::string& name = "run");
/// A process that has ended: its pid was a child of this one.
[[nodiscard]] ProcessIdentity deadProcess();

}  // namespace lathe::tests

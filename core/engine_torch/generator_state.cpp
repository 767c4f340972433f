// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/generator_state.h"

#include <cstring>

namespace lathe::engine {
namespace {

constexpr const char* dropoutKey = "dropout.generator";

}  // namespace

void saveGenerator(Checkpoint& checkpoint, const Random& random) {
  const auto state = random.state();
  checkpoint.add(dropoutKey, "I64", {static_cast<std::int64_t>(state.size())}, sizeof(state), state.data());
}

Result<void> restoreGenerator(const Checkpoint& checkpoint, Random& random) {
  auto state = random.state();
  const auto* generator = checkpoint.find(dropoutKey);
  if (generator == nullptr || generator->bytes.size() != sizeof(state))
    return fail("engine.checkpoint_mismatch", LATHE_TEXT("errors", "The checkpoint holds no generator state."),
                LATHE_TEXT("errors", "Resume from last.ckpt; best.ckpt holds only what prediction needs."));
  std::memcpy(state.data(), generator->bytes.data(), sizeof(state));
  random.setState(state);
  return {};
}

}  // namespace lathe::engine

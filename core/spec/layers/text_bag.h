// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/layers/layer_support.h"

/// Bags of text codes, for the layers that read them.
namespace lathe::spec {

/// Numbers learnt for each code unless said otherwise.
constexpr std::int64_t usualTextSize = 16;

/// Whether an input holds codes of text, [K,L]; those of categories are [K].
[[nodiscard]] bool isText(const LoweredValue& value);
/// The primitive EmbeddingBag with weights of `size` numbers a code: [K, size + 1].
LoweredValue lowerTextBag(const LoweredValue& text, std::int64_t size, ProgramBuilder& builder);

}  // namespace lathe::spec

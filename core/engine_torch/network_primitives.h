// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_torch/program_runner.h"

/// The larger network operations, by subject. For the files of this folder only.
namespace lathe::engine {

/// Convolutions, pools and sizes of images (channels-last), and the same along sequences [N,C,T].
[[nodiscard]] torch::Tensor convolve1d(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor convolve2d(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor convolveTransposed2d(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor maxPool2d(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor averagePool2d(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor upsample2d(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor pad(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor batchNorm(const PrimitiveCall& call);

/// Steps of sequences [N,T,F]. Random numbers come from call.dropout alone.
[[nodiscard]] torch::Tensor recurrent(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor attend(const PrimitiveCall& call);

/// Bags of text codes, float (as in a raw row) or integer. On the processor no bit depends on the number of threads.
[[nodiscard]] torch::Tensor embeddingBag(const PrimitiveCall& call);

/// Errors of what an autoencoder gives back.
[[nodiscard]] torch::Tensor reconstructionError(const PrimitiveCall& call);

/// The parameter, or an undefined tensor when the operation has fewer.
[[nodiscard]] torch::Tensor optionalParameter(const PrimitiveCall& call, std::size_t index);

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/exporting/model_source.h"

/// A model as C99 that needs nothing but the standard library: for microcontrollers and for programs that cannot bring
/// a runtime.
namespace lathe::exporting {

/// NAME.c and NAME.h. The first is whole without the second. What they define starts with the name as an identifier.
struct CSource {
  std::string source;
  std::string header;
};

/// One row in, one row out, as the model's `input_tensor` and `output_tensor` without the batch; float32, images C x H
/// x W of 0..255. Kernels that a model does not need are left out, as is all that only training needs. Sums are made in
/// double precision (a macro of the file chooses another type), all else in float32. Errors: "export.c" with the layer
/// that cannot be written, "export.too_large" above largestCModel.
Result<CSource> writeC(const ModelSource& model);

/// The model from the text of NAME.c alone: its description from the comment at the end, its numbers from the arrays,
/// bit for bit (but for which NaN a NaN is); normalisations that are part of the layer before them there come back as
/// ones that only add its bias, so that writeC() makes the same text again. Nothing of it is compiled or run. Untrusted
/// text: what is damaged or was changed in description or numbers is an error. Errors: "export.bad_c", those of reading
/// a description.
Result<ModelSource> readC(std::string_view source);

/// Bytes of all numbers of a model.
inline constexpr std::int64_t largestCModel = std::int64_t{64} << 20;
/// Characters of the largest text that writeC() makes, with room to spare.
inline constexpr std::size_t largestCSource = std::size_t{512} << 20;

}  // namespace lathe::exporting

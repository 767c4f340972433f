// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/serving/clients/tensor_service.h"

/// Tensors as the Open Inference protocol sends them: little-endian, row-major; a text as four bytes of length and its
/// bytes. For the files of this folder only.
namespace lathe::serving {

void appendBytes(std::string& out, const NamedValues& values);
/// By values.typeName; sizes are checked against values.shape.
Result<void> readBytes(std::string_view bytes, NamedValues& values);

}  // namespace lathe::serving

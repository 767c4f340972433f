// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/exporting/model_source.h"

/// TensorFlow's SavedModel, in one file: saved_model.pb with the weights as constants, for TensorFlow 2, TensorFlow
/// Serving (NAME/VERSION/saved_model.pb) and Lathe's own reader.
namespace lathe::exporting {

/// The bytes of saved_model.pb; equal for equal models. Tag "serve". Signatures:
/// - `predict_signature`: `input_tensor` float32 [-1, ...] -> `output_tensor` float32 [-1, ...]; a table's raw rows
///   (categories as codes, NaN missing), windows [-1,W,F], images [-1,H,W,C] of 0..255, sound [-1,samples] of -1..1.
/// - `serving_default`: the same where all columns are numbers, and for images and sound. Else one input a column,
/// named
///   as the column, each [-1] (windows [-1,W]), so that TensorFlow Serving takes {"instances":[{"age":3,"job":"x"}]}:
///   numbers float32, NaN missing; categories and booleans strings as the vocabulary spells them, "" missing; dates
///   float32 [..,2], days since 2000-01-01 and seconds of the day; free text float32 [..,places], its codes
///   (core/spec/text_codes.h).
/// - `classify` of tables with classes (`inputs` strings [-1], serialised tf.Example -> `classes` strings [-1,C] and
///   `scores` [-1,C]) and `regress` of tables with one number to predict (`inputs` -> `outputs` [-1,1]). An Example has
///   a feature of its column's name: a list of floats (integers too) or of bytes; one that is not there is missing.
/// String constants say the rest: lathe/model (spec::toJson), lathe/schema, lathe/classes, lathe/scoring and
/// lathe/version. What only training needs is gone, normalisations with running statistics are part of the layer
/// before. Recurrent layers are written out step by step.
/// With fewer bits the numbers are those of quantize(): halves and bytes that are cast back to float32 (and times the
/// scales of their channels) before they are used, which TensorFlow does once.
/// Errors: "export.too_large" (2 GB), "export.savedmodel".
Result<std::string> writeSavedModel(const ModelSource& model, const std::string& version);

inline constexpr const char* predictSignature = "predict_signature";
inline constexpr const char* servingSignature = "serving_default";
inline constexpr const char* savedModelInput = "input_tensor";
inline constexpr const char* savedModelOutput = "output_tensor";
inline constexpr const char *savedModelDescription = "lathe/model", *savedModelScoring = "lathe/scoring";

}  // namespace lathe::exporting

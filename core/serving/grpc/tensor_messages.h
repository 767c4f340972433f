// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model_spec.pb.h>
#include <open_inference.pb.h>

#include "core/serving/tensor_facts.h"

/// Messages of strangers as rows, without gRPC.
namespace lathe::serving {

/// Content or list of values, whichever there is; a list shorter than the shape repeats its last value.
Answer<Tensor> tensorOf(const std::string& name, const tensorflow::TensorProto& message);
void fillTensor(const ServedModel& model, const Outputs& outputs, tensorflow::TensorProto& message);

Answer<InputRows> rowsOfPredict(const ServedModel& model, const tensorflow::serving::PredictRequest& request);
/// Rows of tf.Example for classify or regress.
Answer<InputRows> rowsOfExamples(const ServedModel& model, const tensorflow::serving::Input& input);
Answer<InputRows> rowsOfInfer(const ServedModel& model, const inference::ModelInferRequest& request);

void fillSignature(const ServedSignature& signature, tensorflow::SignatureDef& message);

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/grpc/tensor_messages.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/fuzz_served.h"

// Messages of the gRPC protocols. The first byte chooses the message and the model.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lathe::serving;
  if (size == 0) return 0;
  const auto& model = lathe::fuzz::servedModel(data[0] >> 2U);
  const auto bytes = std::string(lathe::fuzz::text(data + 1, size - 1));
  switch (data[0] & 3U) {
    case 0: {
      tensorflow::serving::PredictRequest request;
      if (request.ParseFromString(bytes)) (void)rowsOfPredict(model, request);
      break;
    }
    case 1: {
      tensorflow::serving::ClassificationRequest request;
      if (request.ParseFromString(bytes)) (void)rowsOfExamples(model, request.input());
      break;
    }
    default: {
      inference::ModelInferRequest request;
      if (request.ParseFromString(bytes)) (void)rowsOfInfer(model, request);
    }
  }
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

#include "core/serving/json_rows.h"
#include "core/serving/rest/exchange.h"
#include "core/serving/tensor_facts.h"

/// Open Inference: what its REST and its gRPC share, and the parts of the former.
namespace lathe::serving {

inline constexpr const char* openPlatform = "lathe";
inline constexpr const char* openExtensionsJson =
    "\"binary_tensor_data\",\"model_repository\",\"parameters\",\"statistics\"";

/// A model by name and version ("": any) with Triton's words when there is none.
Answer<ModelHandle> findForOpenInference(const ModelRepository& models, const std::string& name,
                                         const std::string& version);
/// input_tensor, and where the model has texts also its columns: a request gives either.
[[nodiscard]] std::vector<TensorFact> openInputs(const ServedModel& model);

struct IndexEntry {
  std::string name, version, state, reason;
};
[[nodiscard]] std::vector<IndexEntry> repositoryIndex(const ServingContext& service, bool readyOnly);
/// Both block.
Answer<void> loadNamed(const ServingContext& service, const std::string& name);
Answer<void> unloadNamed(const ServingContext& service, const std::string& name);

/// What a body of /infer asks for.
struct OpenRequest {
  InputRows rows;
  std::string id;
  bool binaryOutput = false;
  bool noOutput = false;  ///< "outputs" is there and names none
};
/// `headerLength`: bytes of JSON in front of the binary tensors; empty: all of them.
Answer<OpenRequest> readOpenRequest(const ServedModel& model, std::string_view body, std::string_view headerLength);

/// /infer of an exchange whose model is set.
void openInferenceInfer(const ExchangePtr& exchange);

}  // namespace lathe::serving

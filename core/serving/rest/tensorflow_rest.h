// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/serving/json_rows.h"
#include "core/serving/rest/exchange.h"
#include "core/serving/tensor_facts.h"

namespace lathe::serving {

/// A model with TensorFlow Serving's words when there is none.
Answer<ModelHandle> findForTensorFlow(const ModelRepository& models, const std::string& name,
                                      const VersionChoice& version);
Answer<std::vector<VersionStatus>> statusesFor(const ModelRepository& models, const std::string& name,
                                               const VersionChoice& version);

/// :predict of an exchange whose model is set; and :classify or :regress.
void tensorFlowPredict(const ExchangePtr& exchange);
void tensorFlowExamples(const ExchangePtr& exchange, bool classify);

/// Rows of the body of :predict; `columnFormat` tells how the answer is wanted.
struct TensorFlowRows {
  InputRows rows;
  bool columnFormat = false;
};
Answer<TensorFlowRows> rowsOfTensorFlow(const ServedModel& model, std::string_view body);

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/deployment/deploy_steps.h"

/// Champion and challenger: whether the version that is to be served is no worse than the one that is.
namespace lathe::services {

/// Labelled rows, as they are sent and as they are scored.
struct LabelledRequest {
  serving::RequestRows rows;
  data::Dataset dataset;
  std::vector<std::uint32_t> places;  ///< of the sent rows in the dataset
};
/// At most some 2000 rows of a file, encoded for the schema; of `only` where it names some. Errors: those of reading
/// it, no labelled row.
Result<LabelledRequest> labelledRequest(const spec::DataSchema& schema, const std::filesystem::path& file,
                                        const JobContext& job, const std::vector<std::uint32_t>& only = {});

/// Both answer the same rows; losses row by row, compared by a paired bootstrap (core/search/paired_bootstrap.h). A
/// challenger is refused when its interval says that it is worse. An answer that fails is an error.
Result<Promotion> contest(const LabelledRequest& rows, ServedAsk& champion, ServedAsk& challenger);
/// The same where each reads the rows in codes of its own: `championRows` are the same places of the same file.
Result<Promotion> contest(const LabelledRequest& championRows, ServedAsk& champion,
                          const LabelledRequest& challengerRows, ServedAsk& challenger);

/// What a healthy challenger still has to pass where it is asked for: the latency, and the contest with the version
/// that is served. Fills deployment.promotion; a challenger that fails becomes unhealthy, with the reason. A champion
/// that does not answer is no hindrance.
Result<void> judge(const DeployRequest& request, Deployment& deployment, const JobContext& job);

}  // namespace lathe::services

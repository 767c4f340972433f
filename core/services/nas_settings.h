// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/services/study_settings.h"

/// What a study of architectures keeps in its settings, and the specs that follow from it.
namespace lathe::services {

struct ResolvedTraining;

[[nodiscard]] std::string toJson(const search::ArchitectureStudy& study);
Result<search::ArchitectureStudy> architectureStudyFromJson(std::string_view json);

/// The spec of a trial: specOf(), and for a study of architectures the layers of its configuration, an ordinary graph
/// of the template custom.
Result<spec::ExperimentSpec> trialSpecOf(const StudySettings& settings, const spec::ExperimentSpec& base,
                                         const spec::SearchSpace& space, const spec::Configuration& configuration);

/// What the data offer an architecture. The edges of bins are left out, which no space asks for.
[[nodiscard]] spec::TemplateContext architectureContext(const ResolvedTraining& resolved);

/// Settings for a study of architectures as a person asked for it, made whole: space by the data, sampler and pruner by
/// the method, lengths. `training` is that of the trials and is made concrete as well: without a word about them
/// adamw with a rate of 0.002, 4 epochs for images and 20 for tables, three times that in the end. Errors:
/// "nas.method", "nas.space", "nas.space_data", "nas.pruner".
Result<spec::SearchSpace> settleArchitectures(StudySettings& settings, spec::TrainingSpec& training,
                                              const ResolvedTraining& resolved);

}  // namespace lathe::services

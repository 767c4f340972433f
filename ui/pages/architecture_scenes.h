// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/services/nas_table.h"
#include "ui/plots/study_scene.h"

/// Pictures that only a study of architectures has. Pure; called on workers.
namespace lathe::ui {

/// Value over trial, each child joined to its parent, the ancestors of one trial emphasised.
[[nodiscard]] StudyScene familyScene(const services::StudyTable& table, std::size_t goal,
                                     std::optional<std::size_t> trial);
/// What the network of shared weights of spos or darts came to: the weights of the operations on the edges of the cell,
/// or the loss of its epochs.
[[nodiscard]] StudyScene sharedScene(const services::StudyTable& table);
/// A score that is known without training against the goal.
[[nodiscard]] StudyScene scoreScene(const services::StudyTable& table, std::size_t goal,
                                    const services::ScoreTable& scores, std::size_t score);

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/spec/data_profile.h"
#include "core/spec/experiment.h"
#include "core/spec/schema.h"

/// The rules behind automatic choices. Each makes one field concrete and says why; pure, any thread.
namespace lathe::services {

/// 32 below 2000 training rows, 64 below 10 000, 128 below 100 000, else 256; never more than there are rows.
[[nodiscard]] int batchSizeFor(std::int64_t trainRows);

/// The most epochs that are tried where somebody wants them found and gives no limit.
constexpr int mostEpochsToFind = 640;

/// Steps of an epoch, as the number of epochs is chosen by them; at least 1.
[[nodiscard]] std::int64_t stepsFor(std::int64_t trainRows, int batchSize, const spec::TrainingSpec& training);

/// 20, on few rows up to 100 so that there are a thousand steps; for realmlp and tabm up to 256, while that is not more
/// than 20 000 steps.
[[nodiscard]] int epochsFor(const std::string& templateName, std::int64_t stepsPerEpoch);

/// Forward and backward cost about three times the forward pass.
[[nodiscard]] double flopsPerStep(std::int64_t forwardFlopsOfOneRow, int batchSize);

/// One thread where a step is so small that waking a second one costs more than it gains, else all.
[[nodiscard]] int threadsFor(double stepFlops, unsigned machineThreads);

/// The first CUDA device where there is one and a step is large enough to gain by it, else cpu.
[[nodiscard]] std::string deviceFor(double stepFlops, const std::vector<std::string>& devices);

/// The direction of a known metric follows from it, whoever named the metric.
void followMonitor(spec::TrainingSpec& training);

/// A problem for each column that the spec names and the data do not have.
[[nodiscard]] std::vector<Error> unknownColumns(const spec::DataSpec& spec, const std::vector<std::string>& columns);

/// Makes task, target, split method, loss and monitor concrete, or says which of them contradict the data.
void resolveTask(spec::ExperimentSpec& spec, const spec::DataProfile& profile, std::vector<Message>& reasons,
                 std::vector<Error>& problems);

/// Makes the horizon of a forecast and the column that orders the rows of windows concrete, as the data were read.
void resolveSequence(spec::DataSpec& spec, const spec::SequenceSchema& sequence, std::vector<Message>& reasons);

/// What the model asks of the task and the preparation, before the data are read: anomalies for an autoencoder, bins
/// for a piecewise-linear embedding, embedded categories for an FT-Transformer.
void resolvePreparation(spec::ExperimentSpec& spec, std::vector<Message>& reasons);

/// Writes what the codes of text columns are into the spec, and says it.
void resolveText(spec::PreprocessingSpec& preprocessing, const data::Dataset& dataset, std::vector<Message>& reasons);

/// Says which categories are embedded and which have an input for each value, where that was left open.
void noteCategories(const spec::ModelDescription& model, std::vector<Message>& reasons);

/// Says which numbers a piecewise-linear embedding finds no bins in.
void noteBins(const spec::ModelDescription& model, std::vector<Message>& reasons);

/// The rate and length of clips, where they were automatic.
void resolveSound(spec::PreprocessingSpec& preprocessing, const spec::DataSchema& schema,
                  std::vector<Message>& reasons);

/// Gives a training that nobody changed the optimiser and schedule that its template is known to do well with; whether
/// it did.
bool resolveTemplateTraining(spec::ExperimentSpec& spec, std::vector<Message>& reasons);

/// Templates that learn few rows by heart long before their usual training ends, each table at its own time: how long
/// they train is found on folds.
[[nodiscard]] bool findsItsLength(const std::string& templateName);

/// Leaves the number of epochs, where nobody gave it, to be found up to the usual one; before resolveMachine.
void resolveLength(spec::TrainingSpec& training, const std::string& templateName, std::int64_t trainRows);

/// Batch size, epochs, threads and device.
Result<void> resolveMachine(spec::TrainingSpec& training, const std::string& templateName, std::int64_t trainRows,
                            std::int64_t forwardFlopsOfOneRow, const engine::Engine* engine,
                            std::vector<Message>& reasons);

}  // namespace lathe::services

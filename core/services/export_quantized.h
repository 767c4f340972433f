// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exporting/formats/model_files.h"
#include "core/exporting/manifest.h"
#include "core/exporting/quantization.h"
#include "core/services/parity_rows.h"

/// What an export with weights of fewer bits needs beyond an ordinary one.
namespace lathe::services {

/// The precision of a request, and that each format is written with it. Errors: "export.unknown_precision",
/// "export.not_quantised".
Result<exporting::Precision> precisionFor(const std::string& quantize,
                                          const std::vector<const exporting::ModelFormat*>& formats);

/// A checkpoint as the writers of files want it: rounded weights, and training rows where ranges are measured.
Result<void> writeQuantizedCheckpoint(const std::filesystem::path& checkpoint, exporting::Precision precision,
                                      const ParityData& data, const std::filesystem::path& to);

/// Two files of one format: the quantised one, and one of float32 that is written for the comparison.
struct QuantizedPair {
  const exporting::ModelFormat& format;
  std::filesystem::path checkpoint;  ///< float32
  std::filesystem::path file;        ///< quantised
  std::filesystem::path scratch;     ///< a folder that may be made and is removed again
  std::string name;                  ///< of the export
};
/// Size, time and how good it is on validation rows, beside float32, in this process. `monitor` is the run's metric.
Result<exporting::Quantization> compareWithFloat32(engine::Engine& engine, const QuantizedPair& pair,
                                                   exporting::Precision precision, const ParityData& data,
                                                   const std::string& monitor, const JobContext& job);

}  // namespace lathe::services

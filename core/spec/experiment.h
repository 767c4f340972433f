// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/data_spec.h"
#include "core/spec/graph.h"
#include "core/spec/training_spec.h"
#include "core/spec/value.h"

/// The experiment spec: data + model + training + export settings, as plain values. JSON in spec_json.h, the list of
/// every field with type, unit, default and help in fields.h. "Resolved" means that nothing is left automatic.
namespace lathe::spec {

struct ModelSpec {
  std::string templateName;  ///< mlp, resmlp, cnn; empty: by the data; "custom" once layers were edited by hand
  ValueMap settings;         ///< the template's own: hidden, dropout, activation ...
  ModelGraph graph;          ///< the layers; always filled in a resolved spec
  std::string weights;       ///< a .pth, .pt or .safetensors file to start from; empty: from random numbers
  std::string weightsHash;   ///< SHA-256 of that file when a training read it
  bool operator==(const ModelSpec&) const = default;
};

struct ExportSpec {
  std::vector<std::string> formats = {"torchscript"};
  std::string name;
  bool operator==(const ExportSpec&) const = default;
};

/// 2: warm-up comes before any schedule; before, constant, step and plateau had none whatever the field said.
/// 3: what is not said about optimiser, learning rate and epochs is chosen by itself; before, it was adamw, its usual
/// rate and 20.
/// 4: columns of text are read (data.preprocessing.text); before, they were ignored.
constexpr int currentSchema = 4;

struct ExperimentSpec {
  int schema = currentSchema;
  std::string name;
  DataSpec data;
  ModelSpec model;
  TrainingSpec training = automaticTraining();
  ExportSpec exporting;
  bool operator==(const ExperimentSpec&) const = default;
};

}  // namespace lathe::spec

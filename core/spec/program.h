// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/spec/graph.h"
#include "core/spec/primitive.h"

/// A network as a straight line of primitive operations (primitive.h): what engines run and exporters write. Layers
/// lower themselves to it (layer_kind.h).
namespace lathe::spec {

/// How a parameter starts. Uniform and normal bounds follow PyTorch's defaults for the layer.
struct Initialiser {
  /// Signs: 1 or -1.
  enum class Kind { Zeros, Ones, Uniform, Normal, Fill, Signs } kind = Kind::Zeros;
  double scale = 0;  ///< bound of the uniform, standard deviation of the normal, the number that fills
  bool operator==(const Initialiser&) const = default;
};

struct Parameter {
  std::string name;  ///< "fc1.weight": layer name, dot, role
  Shape shape;
  Initialiser init;
  bool trainable = true;  ///< false for running statistics, which are state all the same
  bool decay = true;      ///< false for biases and normalisation (used where decay spares them)
  double lrFactor = 1;    ///< what the learning rate is multiplied by for this one; 0: frozen
  bool operator==(const Parameter&) const = default;
};

/// Numbers fixed before training: fitted preprocessing.
struct Constant {
  std::string name;
  Shape shape;
  std::vector<float> data;
  bool operator==(const Constant&) const = default;
};

struct Operation {
  Primitive primitive{};
  std::string layer;  ///< whose it is, for errors and profiles
  std::vector<int> inputs;
  int output = -1;
  std::vector<int> parameters;  ///< indices into Program::parameters
  std::vector<int> constants;   ///< indices into Program::constants
  std::vector<std::int64_t> ints;
  std::vector<double> reals;
  bool operator==(const Operation&) const = default;
};

enum class ElementType { Float32, UInt8 };

/// raw input --preprocess--> prepared inputs --model--> logits --head--> output.
/// Training runs `preprocess` once over the data (tables) or a batch (images), then `model` each step; prediction and
/// exports run all three. Values are numbered; values[id] is the shape of one row.
struct Program {
  ElementType inputType = ElementType::Float32;
  int input = 0;              ///< value id of the raw input: [F], windows [W,F], or [C,H,W]
  std::vector<int> prepared;  ///< values that preprocess makes and model reads, in GraphContext's order
  int logits = -1;            ///< what the loss reads
  int output = -1;            ///< probabilities, or values in the target's unit
  std::vector<Shape> values;
  std::vector<Parameter> parameters;
  std::vector<Constant> constants;
  std::vector<Operation> preprocess;
  std::vector<Operation> model;
  std::vector<Operation> head;
  bool operator==(const Program&) const = default;
};

/// The raw input is a window of rows. Its preprocess section then takes the rows of all windows as one batch, so that
/// each operation reads single rows: Reshape to [F] makes N * W of them, Reshape to [W,D] puts them together again.
[[nodiscard]] bool takesWindows(const Program& program);

/// The preprocessing of single rows behind that of windows: what is prepared once a row, however many windows it is in.
struct RowProgram {
  Program program;             ///< raw [F]; its prepared values are those of one row
  std::vector<bool> windowed;  ///< of each: a model reads it at every row of the window, else at the last one
};
/// Of a program that takes windows.
[[nodiscard]] RowProgram rowProgram(const Program& program);

}  // namespace lathe::spec

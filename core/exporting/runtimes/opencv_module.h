// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

/// What the module with OpenCV DNN (lib/lathe/liblathe_opencv.so) offers, and who opens it asks for: plain C, so that
/// neither side sees the other's types.
namespace lathe::exporting {

struct OpenCvRun {
  const char* file = nullptr;    ///< an ONNX file with one input
  const float* input = nullptr;  ///< of all rows
  const int* shape = nullptr;    ///< of the input, rows first
  int dimensions = 0;
  int rowsAtOnce = 1;
  float* output = nullptr;  ///< room for `outputs` numbers, which it must be exactly
  std::size_t outputs = 0;
  char* problem = nullptr;  ///< a sentence where it does not run
  std::size_t problemSize = 0;
  bool unsupported = false;  ///< answer: the file cannot be read by it, which says nothing about the file
};

constexpr const char* openCvVersionName = "latheOpenCvVersion";
constexpr const char* openCvRunName = "latheOpenCvRun";
using OpenCvVersionFunction = const char* (*)();
/// 0: done.
using OpenCvRunFunction = int (*)(OpenCvRun* run);

}  // namespace lathe::exporting

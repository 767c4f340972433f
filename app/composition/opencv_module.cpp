// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/runtimes/opencv_module.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <numeric>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <vector>

using lathe::exporting::OpenCvRun;

namespace {

void tell(const OpenCvRun& run, const char* sentence) {
  if (run.problemSize > 0) std::snprintf(run.problem, run.problemSize, "%s", sentence);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const char* latheOpenCvVersion() { return CV_VERSION; }

extern "C" __attribute__((visibility("default"))) int latheOpenCvRun(OpenCvRun* run) {
  // It logs what it does not know as errors; here that is an answer.
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::dnn::Net net;
  try {
    net = cv::dnn::readNetFromONNX(run->file);
  } catch (const std::exception& error) {
    run->unsupported = true;
    tell(*run, error.what());
    return 1;
  }
  // 4.6 reduces slices along one dimension wrongly, as adaptive pools with cells of several sizes do.
  std::vector<cv::String> layers;
  net.getLayerTypes(layers);
  if (std::find(layers.begin(), layers.end(), "Slice") != layers.end()) {
    run->unsupported = true;
    tell(*run, "it does not reduce slices");
    return 1;
  }
  try {
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    std::vector<int> shape(run->shape, run->shape + run->dimensions);
    const int rows = shape[0];
    const auto inputs = std::accumulate(shape.begin() + 1, shape.end(), std::size_t{1}, std::multiplies<>());
    const auto outputs = run->outputs / static_cast<std::size_t>(rows);
    for (int first = 0; first < rows; first += run->rowsAtOnce) {
      shape[0] = std::min(run->rowsAtOnce, rows - first);
      const auto start = static_cast<std::size_t>(first), some = static_cast<std::size_t>(shape[0]);
      net.setInput(cv::Mat(shape, CV_32F, const_cast<float*>(run->input) + start * inputs), "input_tensor");
      const cv::Mat output = net.forward();
      if (output.type() != CV_32F || !output.isContinuous() || output.total() != some * outputs) {
        tell(*run, "it gives another number of outputs");
        return 2;
      }
      std::copy_n(output.ptr<float>(), some * outputs, run->output + start * outputs);
    }
  } catch (const std::exception& error) {
    // What its layers cannot do shows only here for some.
    run->unsupported = true;
    tell(*run, error.what());
    return 1;
  }
  return 0;
}

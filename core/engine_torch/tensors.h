// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <functional>
#include <string>
#include <torch/torch.h>

#include "core/base/result.h"
#include "core/engine_torch/spin_throttle.h"

/// What the files of this folder share about LibTorch's tensors, devices, threads and exceptions.
namespace lathe::engine {

/// The device of a spec: "auto", "cpu", "cuda", "cuda:N". Error when there is no such device.
Result<torch::Device> deviceFor(const std::string& name);

/// An exception of LibTorch or the standard library as an error: "engine.out_of_memory", else "engine.failed" with its
/// text.
[[nodiscard]] Error errorFrom(const std::exception& exception);

/// Runs `work` and turns every exception into an error.
template <class Work>
auto guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& exception) {
    return tl::unexpected<Error>(errorFrom(exception));
  }
}

/// A copy of a [N,C,H,W] tensor with its channels last in memory, those with a single one as well: contiguous() leaves
/// such a tensor as it is, and convolutions then choose the slower layout.
[[nodiscard]] torch::Tensor channelsLast(const torch::Tensor& tensor);

/// Sets the calling thread's number of intra-op threads, and puts the old one back.
class ThreadCount {
 public:
  explicit ThreadCount(int threads);
  ~ThreadCount();
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;
  /// OpenBLAS keeps one number for the whole process, which another training may have changed; and other programs may
  /// have begun or ceased to keep this one waiting. Cheap; call each step.
  void renew();

 private:
  int m_threads;
  int m_before;
  SpinThrottle m_throttle;
};

/// Lets freed memory stay with the process between steps, for all its threads: with the defaults of glibc each step of
/// a convolutional network gives its activations back to the kernel and takes them again page by page, a third of the
/// time. Once is enough.
void keepMemoryBetweenSteps();
/// Gives it back at the end of a training; after those of less than a second once a second, since what one of many
/// short trainings gives back the next one takes again, page by page.
class MemoryReturn {
 public:
  MemoryReturn();
  MemoryReturn(const MemoryReturn&) = delete;
  MemoryReturn& operator=(const MemoryReturn&) = delete;
  ~MemoryReturn();

 private:
  double m_started;
};

/// Same place in memory for each element: strides agree wherever a dimension is larger than 1.
[[nodiscard]] bool sameLayout(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace lathe::engine

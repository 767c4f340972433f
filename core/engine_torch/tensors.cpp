// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/tensors.h"

#include <algorithm>
#include <atomic>
#include <dlfcn.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "core/base/clock.h"

namespace lathe::engine {
namespace {

using SetThreads = void (*)(int);
using GetThreads = int (*)();

SetThreads openblasSetThreads() {
  static const auto function = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  return function;
}

GetThreads openblasGetThreads() {
  static const auto function = reinterpret_cast<GetThreads>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  return function;
}

// c10's texts carry a stack trace after the first lines; a person needs the first.
std::string firstLine(const std::exception& exception) {
  const auto* torchError = dynamic_cast<const c10::Error*>(&exception);
  std::string text = torchError != nullptr ? torchError->what_without_backtrace() : exception.what();
  const auto end = text.find('\n');
  if (end != std::string::npos) text.resize(end);
  return text;
}

}  // namespace

Result<torch::Device> deviceFor(const std::string& name) {
  if (name == "cpu") return torch::Device(torch::kCPU);
  const bool cuda = torch::cuda::is_available();
  if (name == "auto" || name.empty()) return torch::Device(cuda ? torch::kCUDA : torch::kCPU, cuda ? 0 : -1);
  int index = name == "cuda" ? 0 : -1;
  if (name.rfind("cuda:", 0) == 0 && name.size() > 5 && name.size() < 8 &&
      std::all_of(name.begin() + 5, name.end(), [](char c) { return c >= '0' && c <= '9'; }))
    index = std::stoi(name.substr(5));
  if (index < 0)
    return fail("engine.no_device", LATHE_TEXT("errors", "There is no kind of device named {device}."),
                LATHE_TEXT("errors", "Choose auto, cpu, cuda or cuda:N."), {{"device", name}});
  const int count = cuda ? static_cast<int>(torch::cuda::device_count()) : 0;
  if (index >= count)
    return fail("engine.no_device",
                LATHE_TEXT("errors", "The device {device} is not available: LibTorch sees {count} CUDA devices."),
                LATHE_TEXT("errors",
                           "Choose device cpu, or install a CUDA LibTorch and driver: installer/run.sh "
                           "--cuda."),
                {{"device", name}, {"count", std::to_string(count)}});
  return torch::Device(torch::kCUDA, static_cast<c10::DeviceIndex>(index));
}

Error errorFrom(const std::exception& exception) {
  const std::string text = firstLine(exception);
  const bool memory = dynamic_cast<const std::bad_alloc*>(&exception) != nullptr ||
                      text.find("allocate memory") != std::string::npos ||
                      text.find("out of memory") != std::string::npos;
  if (memory)
    return fail("engine.out_of_memory", LATHE_TEXT("errors", "There is not enough memory for this model."),
                LATHE_TEXT("errors", "Use a smaller batch or a smaller model."))
        .value();
  return fail("engine.failed", LATHE_TEXT("errors", "LibTorch refused an operation: {reason}"),
              LATHE_TEXT("errors", "Check the model and the data; if they are right, please report this sentence."),
              {{"reason", text}})
      .value();
}

torch::Tensor channelsLast(const torch::Tensor& tensor) {
  auto copy = torch::empty(tensor.sizes(), tensor.options(), at::MemoryFormat::ChannelsLast);
  copy.copy_(tensor);
  return copy;
}

ThreadCount::ThreadCount(int threads)
    : m_threads(std::max(1, threads)), m_before(at::get_num_threads()), m_throttle(m_threads) {
  // at::get_num_threads() came first on purpose: it makes this thread's one-time default, which would come later and
  // win otherwise.
  at::set_num_threads(m_threads);
  renew();
}

ThreadCount::~ThreadCount() { at::set_num_threads(m_before); }

void ThreadCount::renew() {
  m_throttle.look();
  if (openblasSetThreads() == nullptr || openblasGetThreads() == nullptr) return;
  if (m_threads > 1 && openblasGetThreads()() != m_threads) openblasSetThreads()(m_threads);
}

void keepMemoryBetweenSteps() {
#ifdef __GLIBC__
  constexpr int megabyte = 1 << 20;
  mallopt(M_TRIM_THRESHOLD, 1024 * megabyte);
  mallopt(M_TOP_PAD, 256 * megabyte);
  // The larger one is refused by some versions.
  if (mallopt(M_MMAP_THRESHOLD, 1024 * megabyte) == 0) mallopt(M_MMAP_THRESHOLD, 32 * megabyte);
#endif
}

MemoryReturn::MemoryReturn() : m_started(systemClock().steadySeconds()) {}

MemoryReturn::~MemoryReturn() {
#ifdef __GLIBC__
  constexpr double pause = 1;  // seconds
  static std::atomic<double> last{-pause};
  const double now = systemClock().steadySeconds();
  if (now - m_started < pause && now - last.load() < pause) return;
  last = now;
  malloc_trim(0);
#endif
}

bool sameLayout(const torch::Tensor& a, const torch::Tensor& b) {
  if (!a.sizes().equals(b.sizes())) return false;
  for (std::int64_t d = 0; d < a.dim(); ++d)
    if (a.size(d) > 1 && a.stride(d) != b.stride(d)) return false;
  return true;
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <sys/resource.h>
#include <vector>

#include "core/base/machine.h"
#include "core/data/data_source.h"

/// bench_csv FILE [REPEATS]: opens FILE (parse and inference of kinds) so many times and prints one line of JSON:
/// median seconds, and in bytes what an open file keeps ("memory") and what its inspection needs at most ("peak"). The
/// threads are those that the process may use; taskset chooses them.
int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_csv FILE [REPEATS]\n");
    return 2;
  }
  const int repeats = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
  const auto before = lathe::residentMemory();
  std::uint64_t after = before;
  std::vector<double> seconds;
  std::vector<double> processor;
  std::int64_t rows = 0;
  std::size_t columns = 0;
  for (int i = 0; i < repeats; ++i) {
    const auto clock = std::clock();
    const auto start = std::chrono::steady_clock::now();
    const auto source = lathe::data::openData(argv[1], {});
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    processor.push_back(static_cast<double>(std::clock() - clock) / CLOCKS_PER_SEC);
    if (!source) {
      fmt::print(stderr, "{}\n", source.error().sentence());
      return 1;
    }
    rows = (*source)->rows();
    columns = (*source)->columnNames().size();
    if (i == 0) after = lathe::residentMemory();
  }
  std::sort(seconds.begin(), seconds.end());
  std::sort(processor.begin(), processor.end());
  const auto inspected = lathe::data::openData(argv[1], {});
  const bool sound = inspected && (*inspected)->profile({});
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto peak = sound ? static_cast<std::uint64_t>(usage.ru_maxrss) * 1024 : 0;
  fmt::print("{{\"rows\":{},\"columns\":{},\"threads\":{},\"median\":{},\"processor\":{},\"memory\":{},\"peak\":{}}}\n",
             rows, columns, lathe::machineInfo().threads, seconds[seconds.size() / 2], processor[processor.size() / 2],
             after - std::min(before, after), peak - std::min(before, peak));
  return 0;
}

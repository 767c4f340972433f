// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <set>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;

LATHE_TEST("placeholders are replaced by name and unknown ones stay") {
  CHECK_EQ(renderText("{file} has {n} rows, {x}", {{"file", "a.csv"}, {"n", "3"}}),
           std::string("a.csv has 3 rows, {x}"));
  CHECK_EQ(renderText("an open { brace", {}), std::string("an open { brace"));
  CHECK_EQ(renderText("{a}", {{"a", "{a}"}}), std::string("{a}"));
}

LATHE_TEST("an error's sentence is message and hint") {
  const Result<int> result = fail("x.y", "{file} is empty.", "Choose another than {file}.", {{"file", "a"}});
  REQUIRE(!result);
  CHECK_EQ(result.error().sentence(), std::string("a is empty. Choose another than a."));
  CHECK_EQ(result.error().code, std::string("x.y"));
}

LATHE_TEST("xoshiro256** gives the published sequence for a known state") {
  Random random;
  random.setState({1, 2, 3, 4});
  // First outputs of the reference implementation from state 1, 2, 3, 4.
  CHECK_EQ(random.next(), std::uint64_t{11520});
  CHECK_EQ(random.next(), std::uint64_t{0});
  CHECK_EQ(random.next(), std::uint64_t{1509978240});
  CHECK_EQ(random.next(), std::uint64_t{1215971899390074240});
}

LATHE_TEST("streams of one seed differ by purpose and repeat") {
  Random a(7, "split");
  Random b(7, "init");
  Random c(7, "split");
  CHECK(a.next() != b.next());
  CHECK_EQ(a.state() == c.state(), false);
  CHECK_EQ(c.next() != 0, true);
  CHECK(a.state() == c.state());
}

LATHE_TEST("bounded numbers are uniform and normals have unit variance") {
  Random random(1);
  std::vector<int> counts(7, 0);
  double sum = 0;
  double squares = 0;
  constexpr int n = 70000;
  for (int i = 0; i < n; ++i) {
    ++counts[random.below(7)];
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  for (const int count : counts) CHECK(std::abs(count - n / 7) < 500);
  CHECK(std::abs(sum / n) < 0.02);
  CHECK(std::abs(squares / n - 1) < 0.03);
}

LATHE_TEST("a shuffle is a permutation") {
  std::vector<std::uint32_t> values(1000);
  std::iota(values.begin(), values.end(), 0U);
  Random(3).shuffle(values);
  CHECK_EQ(std::set<std::uint32_t>(values.begin(), values.end()).size(), std::size_t{1000});
  CHECK(!std::is_sorted(values.begin(), values.end()));
}

LATHE_TEST("SHA-256 matches the standard's example") {
  CHECK_EQ(sha256Of(std::string_view("abc")),
           std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  const tests::TempFolder folder;
  std::ofstream(folder / "a") << "abc";
  const auto hash = sha256Of(folder / "a");
  REQUIRE_OK(hash);
  CHECK_EQ(*hash, sha256Of(std::string_view("abc")));
}

LATHE_TEST("an atomic write replaces whole files and leaves nothing behind") {
  const tests::TempFolder folder;
  REQUIRE_OK(writeFileAtomically(folder / "f", "one"));
  REQUIRE_OK(writeFileAtomically(folder / "f", "two"));
  CHECK_EQ(readFile(folder / "f").value(), std::string("two"));
  CHECK_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), std::ptrdiff_t{1});
  const auto missing = writeFileAtomically(folder / "no" / "f", "x");
  REQUIRE(!missing);
  CHECK_EQ(missing.error().code, std::string("file.missing"));
}

LATHE_TEST("reading refuses a file above the limit and names a missing one") {
  const tests::TempFolder folder;
  std::ofstream(folder / "f") << "12345";
  CHECK_EQ(readFile(folder / "f", 4).error().code, std::string("file.too_large"));
  CHECK(readFile(folder / "none").error().sentence().find("none") != std::string::npos);
}

LATHE_TEST("a path that climbs out of a folder is not inside") {
  const tests::TempFolder folder;
  CHECK(isInside(folder / "a" / "b", folder.path()));
  CHECK(!isInside(folder / ".." / "b", folder.path()));
  std::filesystem::create_directory_symlink("/", folder / "link");
  CHECK(!isInside(folder / "link" / "etc", folder.path()));
}

LATHE_TEST("a process is alive until it ends") {
  CHECK(ownerState(thisProcess()) == OwnerState::Alive);
  int pipes[2];
  REQUIRE(pipe(pipes) == 0);
  const pid_t child = fork();
  if (child == 0) {
    char byte = 0;
    close(pipes[1]);
    (void)!read(pipes[0], &byte, 1);
    _exit(0);
  }
  auto owner = thisProcess();
  owner.pid = child;
  CHECK(ownerState(owner) == OwnerState::Dead);  // same pid, another start time
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(ownerState(owner) == OwnerState::Dead);
  close(pipes[0]);
  close(pipes[1]);
  owner.host = "elsewhere";
  CHECK(ownerState(owner) == OwnerState::ElsewhereUnknown);
}

LATHE_TEST("a pool runs everything posted before it goes") {
  std::atomic<int> done{0};
  {
    auto pool = makeThreadPool(3, true);
    for (int i = 0; i < 100; ++i) pool->post([&done] { ++done; });
  }
  CHECK_EQ(done.load(), 100);
}

LATHE_TEST("times are written as ISO 8601 in UTC") {
  CHECK_EQ(isoTime(0), std::string("1970-01-01T00:00:00.000Z"));
  CHECK_EQ(isoTime(1'700'000'000'123'000), std::string("2023-11-14T22:13:20.123Z"));
  CHECK_EQ(isoTime(-1000), std::string("1969-12-31T23:59:59.999Z"));
}

LATHE_TEST("the machine has memory, threads and a processor") {
  const auto info = machineInfo();
  CHECK(info.threads >= 1);
  CHECK(info.memoryTotal > (1U << 28));
  CHECK(info.memoryAvailable <= info.memoryTotal);
  CHECK(residentMemory() > (1U << 20));
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <filesystem>

#include "core/base/files.h"
#include "core/base/log.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;

LATHE_TEST("a log file is made by the first message that counts, with its folder") {
  const tests::TempFolder folder;
  const auto file = folder / "state" / "lathe.log";
  logToFile(file, LogLevel::Warn);
  log(LogLevel::Info, "not worth it");
  CHECK(!std::filesystem::exists(file));
  log(LogLevel::Warn, "{braces} stay");
  log(LogLevel::Failure, "second");
  const auto text = readFile(file);
  REQUIRE_OK(text);
  CHECK(text->find("warning: {braces} stay\n") != std::string::npos);
  CHECK(text->find("error: second\n") != std::string::npos);
  CHECK(text->find("not worth it") == std::string::npos);
  logToFile({});
  log(LogLevel::Failure, "nowhere");
  CHECK_EQ(readFile(file)->size(), text->size());
}

LATHE_TEST("a log that cannot be written stops nothing") {
  const tests::TempFolder folder;
  REQUIRE_OK(writeFileAtomically(folder / "file", "x"));
  logToFile(folder / "file" / "lathe.log");
  log(LogLevel::Failure, "lost");
  logToFile({});
  CHECK_EQ(*readFile(folder / "file"), std::string("x"));
}

LATHE_TEST("the last lines of a log are whole ones") {
  const tests::TempFolder folder;
  const auto file = folder / "a.log";
  REQUIRE_OK(writeFileAtomically(file, "one\ntwo\nthree\n"));
  CHECK_EQ(lastLines(file, 100), std::string("one\ntwo\nthree\n"));
  CHECK_EQ(lastLines(file, 8), std::string("three\n"));
  CHECK_EQ(lastLines(folder / "none.log", 8), std::string());
}

LATHE_TEST("logs lie in the state folder of the person") {
  const char* old = std::getenv("XDG_STATE_HOME");
  const std::string before = old == nullptr ? "" : old;
  setenv("XDG_STATE_HOME", "/tmp/state", 1);
  CHECK_EQ(logFolder().string(), std::string("/tmp/state/lathe"));
  setenv("XDG_STATE_HOME", "relative", 1);
  CHECK(logFolder().string().find(".local/state/lathe") != std::string::npos);
  if (old != nullptr)
    setenv("XDG_STATE_HOME", before.c_str(), 1);
  else
    unsetenv("XDG_STATE_HOME");
}

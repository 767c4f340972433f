// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

LATHE_TEST("data inspect writes the times of a column as times") {
  const TempFolder folder;
  std::string text = "when,x,y\n";
  for (int i = 1; i <= 28; ++i)
    text += "2024-02-" + std::string(i < 10 ? "0" : "") + std::to_string(i) + " 12:30:00," + std::to_string(i * i % 7) +
            ".5," + (i % 2 == 0 ? "even" : "odd") + "\n";
  write(folder / "d.csv", text);
  const auto json = latheJson(folder.path(), {"data", "inspect", "d.csv"}).json();
  const auto& column = json["columns"][0];
  CHECK_EQ(column["kind"].get<std::string>(), "datetime");
  CHECK_EQ(column["min"].get<std::string>(), "2024-02-01T12:30:00.000Z");
  CHECK_EQ(column["max"].get<std::string>(), "2024-02-28T12:30:00.000Z");
  CHECK_EQ(column["mean"].get<std::string>(), "2024-02-15T00:30:00.000Z");
  CHECK(json["columns"][1]["mean"].is_number());
  CHECK(json["columns"][2]["mean"].is_null());
  CHECK(has(latheCli(folder.path(), {"data", "inspect", "d.csv"}).out, "2024-02-01 12:30:00"));
}

LATHE_TEST("data inspect refuses the name of a column that is not there, with the nearest") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  for (const auto& flags : {Args{"--target", "kinds"}, Args{"--set", "data.roles.kinds=ignore"},
                            Args{"--set", "data.kinds.kinds=text"}, Args{"--weight", "kinds"}}) {
    Args arguments{"data", "inspect", "d.csv"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const auto result = latheJson(folder.path(), arguments);
    CHECK(result.code == 1 || result.code == 2);
    CHECK(has(result.json()["error"]["message"].get<std::string>(), "kinds"));
    CHECK(has(result.err, "kind"));
  }
  CHECK(!std::filesystem::exists(folder / "lathe-project.lathe"));
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include "core/spec/choice_help.h"
#include "core/spec/fields.h"
#include "tests/support/testing.h"

using namespace lathe;

LATHE_TEST("every choice of a training says when to take it") {
  for (const auto& field : spec::fields()) {
    if (field.path.rfind("training.", 0) != 0) continue;
    CHECK(field.help.size() > 40);  // what it is and when to change it
    std::set<std::string> helps;
    for (const auto& choice : field.choices) {
      const auto help = spec::choiceHelp(field.path, choice);
      if (help.size() < 12)
        lathe::testing::reportFailure(__FILE__, __LINE__, field.path + "=" + choice + " says nothing");
      CHECK(helps.insert(help).second);  // and no two the same
    }
  }
  CHECK(spec::choiceHelp("training.optimizer.name", "nonsense").empty());
  CHECK(spec::choiceHelp("training.nonsense", "adamw").empty());
}

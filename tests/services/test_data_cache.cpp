// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>

#include "core/services/data_cache.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

spec::DataSpec table(const TempFolder& folder, const std::string& text) {
  spec::DataSpec spec;
  spec.path = (folder.path() / "table.csv").string();
  std::ofstream(spec.path) << text;
  return spec;
}

}  // namespace

LATHE_TEST("data that are opened ahead are read once, and taken over by whoever asks next") {
  const TempFolder folder;
  const auto spec = table(folder, "x,y\n1,a\n2,b\n3,a\n");
  const services::OpeningAhead ahead(spec, {});
  const auto first = services::openShared(spec, {});
  REQUIRE_OK(first);
  CHECK_EQ((*first)->rows(), std::int64_t{3});
  // As long as somebody holds it nobody reads it again.
  const auto second = services::openShared(spec, {});
  REQUIRE_OK(second);
  CHECK(first->get() == second->get());
}

LATHE_TEST("what cannot be opened ahead is said by whoever asks for it, and only once") {
  const TempFolder folder;
  auto spec = table(folder, "");
  const services::OpeningAhead ahead(spec, {});
  const auto first = services::openShared(spec, {});
  REQUIRE(!first);
  const auto again = services::openShared(spec, {});
  REQUIRE(!again);
  CHECK_EQ(first.error().code, again.error().code);
}

LATHE_TEST("data that were opened ahead and never asked for leave nothing behind") {
  const TempFolder folder;
  const auto spec = table(folder, "x,y\n1,a\n2,b\n");
  { const services::OpeningAhead ahead(spec, {}); }
  table(folder, "x,y\n1,a\n2,b\n3,a\n4,b\n");
  const auto opened = services::openShared(spec, {});
  REQUIRE_OK(opened);
  CHECK_EQ((*opened)->rows(), std::int64_t{4});
}

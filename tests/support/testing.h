// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <functional>
#include <string>
#include <vector>

/// Tests of core run under Qt Test where Qt exists and under a plain runner in the headless preset. A test file holds
/// cases:
///
///   LATHE_TEST("an empty file is refused with its name") { CHECK(!openData(path)); CHECK_EQ(a, b); }
///
/// A failed CHECK reports and goes on; a failed REQUIRE ends the case.
namespace lathe::testing {

struct Case {
  std::string name;
  std::function<void()> body;
};

std::vector<Case>& cases();
struct Registrar {
  Registrar(std::string name, std::function<void()> body) { cases().push_back({std::move(name), std::move(body)}); }
};

/// Thrown by REQUIRE to leave a case.
struct CaseEnded {};
void reportFailure(const char* file, int line, const std::string& what);

template <class T>
std::string show(const T& value) {
  if constexpr (fmt::is_formattable<T>::value)
    return fmt::format("{}", value);
  else
    return "(value)";
}

template <class A, class B>
bool checkEqual(const A& a, const B& b, const char* textA, const char* textB, const char* file, int line) {
  if (a == b) return true;
  reportFailure(file, line, fmt::format("{} == {}: {} vs {}", textA, textB, show(a), show(b)));
  return false;
}

}  // namespace lathe::testing

#define LATHE_TEST_JOIN2(a, b) a##b
#define LATHE_TEST_JOIN(a, b) LATHE_TEST_JOIN2(a, b)
#define LATHE_TEST_NUMBERED(name, number)                                           \
  static void LATHE_TEST_JOIN(latheCase, number)();                                 \
  static const ::lathe::testing::Registrar LATHE_TEST_JOIN(latheRegistrar, number)( \
      name, &LATHE_TEST_JOIN(latheCase, number));                                   \
  static void LATHE_TEST_JOIN(latheCase, number)()
#define LATHE_TEST(name) LATHE_TEST_NUMBERED(name, __COUNTER__)

// LibTorch's headers have macros of these names.
#undef CHECK
#undef CHECK_EQ
#define CHECK(condition)                                                               \
  do {                                                                                 \
    if (!(condition)) ::lathe::testing::reportFailure(__FILE__, __LINE__, #condition); \
  } while (false)
#define CHECK_EQ(a, b) (void)::lathe::testing::checkEqual((a), (b), #a, #b, __FILE__, __LINE__)
#define REQUIRE(condition)                                             \
  do {                                                                 \
    if (!(condition)) {                                                \
      ::lathe::testing::reportFailure(__FILE__, __LINE__, #condition); \
      throw ::lathe::testing::CaseEnded{};                             \
    }                                                                  \
  } while (false)
/// A Result that must hold a value; prints the error's sentence otherwise.
#define REQUIRE_OK(result)                                                                             \
  do {                                                                                                 \
    if (!(result)) {                                                                                   \
      ::lathe::testing::reportFailure(__FILE__, __LINE__, #result ": " + (result).error().sentence()); \
      throw ::lathe::testing::CaseEnded{};                                                             \
    }                                                                                                  \
  } while (false)

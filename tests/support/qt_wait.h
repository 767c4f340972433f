// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

// The five seconds that Qt Test waits by itself are too few for a slow machine that does other things as well. Nothing
// takes longer where all is well: waiting ends with the condition.
#undef QTRY_VERIFY
#undef QTRY_VERIFY2
#undef QTRY_COMPARE
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT(expression, 60000)
#define QTRY_VERIFY2(expression, message) QTRY_VERIFY2_WITH_TIMEOUT(expression, message, 60000)
#define QTRY_COMPARE(expression, expected) QTRY_COMPARE_WITH_TIMEOUT(expression, expected, 60000)

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <QTest>

#include "tests/support/testing.h"

void lathe::testing::reportFailure(const char* file, int line, const std::string& what) {
  QTest::qFail(what.c_str(), file, line);
}

/// Runs every LATHE_TEST as one data row of a Qt Test function.
class Cases : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void behaviour_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < lathe::testing::cases().size(); ++i)
      QTest::newRow(lathe::testing::cases()[i].name.c_str()) << static_cast<int>(i);
  }
  void behaviour() {
    QFETCH(int, index);
    try {
      lathe::testing::cases()[static_cast<std::size_t>(index)].body();
    } catch (const lathe::testing::CaseEnded&) {
    } catch (const std::exception& error) {
      lathe::testing::reportFailure(__FILE__, __LINE__, std::string("unexpected exception: ") + error.what());
    }
  }
};

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  Cases cases;
  return QTest::qExec(&cases, argc, argv);
}

#include "main_qt.moc"

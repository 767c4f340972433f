// SPDX-License-Identifier: GPL-3.0-or-later
// Walks through every page with sample projects and saves a picture of each. See CMakeLists.txt.
#include <QApplication>
#include <QDir>
#include <QProcess>
#include <QTextStream>

#include "app/composition/composition.h"
#include "tests/tour/tour.h"
#include "tests/ui_shell/ui_fixture.h"

using namespace lathe;
using tests::longWait;
using tests::Tour;

int main(int argc, char** argv) {
  app::useFastBlas();
  if (const auto code = app::runWorkerIfAsked(argc, argv)) return *code;
  const bool child = argc == 4 && qstrcmp(argv[2], "--again") == 0;
  if (argc != 2 && !child) {
    QTextStream(stderr) << "Usage: lathe-tour FOLDER\n";
    return 2;
  }
  if (!child) tests::isolateSettings();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("lathe"));
  QApplication::setOrganizationName(QStringLiteral("lathe"));
  QApplication::setQuitOnLastWindowClosed(false);
  const auto folder = QDir(QString::fromLocal8Bit(argv[1])).absolutePath();
  QDir().mkpath(folder);
  const bool search = qEnvironmentVariableIsSet("LATHE_TOUR_SEARCH");  // a few minutes instead of many
  const bool autopilot = qEnvironmentVariableIsSet("LATHE_TOUR_AUTOPILOT");
  const auto project = qEnvironmentVariable("LATHE_TOUR_PROJECT");
  if (child) {
    Tour tour(folder);
    const auto name = QString::fromLocal8Bit(argv[3]);
    if (!project.isEmpty()) return tour.studiesAlone(project, name);
    if (autopilot) return tour.autopilotAlone(name);
    return search ? tour.searchAlone(name) : tour.again(name);
  }
  if (!project.isEmpty()) {
    if (const int code = Tour(folder).studiesAlone(project, {}); code != 0) return code;
  } else if (autopilot) {
    if (const int code = Tour(folder).autopilotAlone({}); code != 0) return code;
  } else if (search) {
    if (const int code = Tour(folder).searchAlone({}); code != 0) return code;
  } else if (const int code = Tour(folder).whole(); code != 0) {
    return code;
  }
  auto environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("QT_SCALE_FACTOR"), QStringLiteral("2"));
  QProcess larger;
  larger.setProcessEnvironment(environment);
  larger.setProcessChannelMode(QProcess::ForwardedChannels);
  larger.start(QApplication::applicationFilePath(), {folder, QStringLiteral("--again"), QStringLiteral("double")});
  larger.waitForFinished(longWait);
  return larger.exitCode();
}

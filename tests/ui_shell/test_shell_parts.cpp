// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "ui/models/command_text.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/fuzzy.h"
#include "ui/shell/style_sheet.h"

using namespace lathe;
using namespace lathe::ui;

class TestShellParts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void fuzzyNeedsEveryLetterInOrder() {
    QVERIFY(fuzzyScore(QStringLiteral("trn"), QStringLiteral("Train")) > 0);
    QCOMPARE(fuzzyScore(QStringLiteral("nrt"), QStringLiteral("Train")), 0);
    QCOMPARE(fuzzyScore(QStringLiteral("trainx"), QStringLiteral("Train")), 0);
    QCOMPARE(fuzzyScore(QStringLiteral("a"), QString()), 0);
    QVERIFY(fuzzyScore(QString(), QStringLiteral("Train")) > 0);
  }

  void fuzzyLikesBeginningsAndNeighbours() {
    const auto score = [](const char* pattern, const char* text) {
      return fuzzyScore(QString::fromUtf8(pattern), QString::fromUtf8(text));
    };
    QVERIFY(score("op", "Open project") > score("op", "Stop"));
    QVERIFY(score("op", "Open project") > score("op", "Close the popup"));
    QVERIFY(score("nep", "New empty project") > score("nep", "Never compare"));
    QVERIFY(score("run 1", "Show run 1") >= score("run 1", "Show run 10"));
  }

  void thePaletteShowsTheBestFirst() {
    CommandModel model;
    model.setCommands({{QStringLiteral("Run"), QStringLiteral("Stop"), {}, true, {}},
                       {QStringLiteral("File"), QStringLiteral("Open project"), {}, true, {}},
                       {QStringLiteral("Page"), QStringLiteral("Deploy"), {}, true, {}}});
    QCOMPARE(model.rowCount(), 3);
    model.setPattern(QStringLiteral("op"));
    QVERIFY(model.rowCount() >= 2);
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("Open project"));
    model.setPattern(QStringLiteral("page"));
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("Deploy"));
    model.setPattern(QStringLiteral("zzz"));
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(model.command(0) == nullptr);
  }

  void commandsQuoteWhatAShellWouldSplit() {
    QCOMPARE(shellQuoted(QStringLiteral("a/b.csv")), QStringLiteral("a/b.csv"));
    QCOMPARE(shellQuoted(QStringLiteral("my file")), QStringLiteral("'my file'"));
    QCOMPARE(shellQuoted(QStringLiteral("it's")), QStringLiteral("'it'\\''s'"));
    QCOMPARE(shellQuoted(QString()), QStringLiteral("''"));
  }

  void theTrainCommandHoldsOnlyWhatDiffers() {
    spec::ExperimentSpec experiment;
    experiment.data.path = "../churn.csv";
    experiment.data.target = "churn";
    experiment.model.templateName = "mlp";
    experiment.model.settings["dropout"] = spec::Value(0.1);
    experiment.training.optimizer.lr = 0.003;
    const auto command = trainCommand(experiment, QStringLiteral("/home/me/churn.lathe"));
    QVERIFY2(command.startsWith(QStringLiteral("lathe-cli --project /home/me/churn.lathe train --data "
                                               "/home/me/churn.csv --target churn --model mlp")),
             qPrintable(command));
    QVERIFY(command.contains(QStringLiteral("--set training.optimizer.lr=0.003")));
    QVERIFY(command.contains(QStringLiteral("--set model.dropout=0.1")));
    QVERIFY(!command.contains(QStringLiteral("epochs")));
  }

  void everyTokenOfTheStyleSheetIsKnown() {
    for (const auto* theme : {&Theme::light(), &Theme::darkTheme()}) {
      const auto sheet = styleSheet(*theme, QStringLiteral("/tmp/images"));
      QVERIFY(!sheet.contains(QLatin1Char('@')));
      QVERIFY(!sheet.contains(QStringLiteral("#000000")));
      QVERIFY(sheet.contains(theme->accent.name()));
      QVERIFY(contrast(palette(*theme).color(QPalette::WindowText), palette(*theme).color(QPalette::Window)) >= 4.5);
    }
  }
};

QTEST_MAIN(TestShellParts)
#include "test_shell_parts.moc"

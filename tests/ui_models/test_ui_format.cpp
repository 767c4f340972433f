// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QLocale>
#include <QTest>
#include <cmath>
#include <limits>
#include <set>

#include "ui/models/command_text.h"
#include "ui/models/format.h"
#include "ui/models/spec_form.h"
#include "ui/models/theme.h"

using namespace lathe;
using namespace lathe::ui;

class TestUiFormat : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QLocale::setDefault(QLocale::c()); }

  void numbersHaveFourSignificantDigits_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0.0 << "0";
    QTest::newRow("small") << 0.00041 << "0.00041";
    QTest::newRow("tiny") << 1.2e-5 << "1.2e-5";
    QTest::newRow("metric") << 0.918732 << "0.9187";
    QTest::newRow("thousands") << 12345.6 << QStringLiteral("12\u202f346");
    QTest::newRow("huge") << 1.5e9 << "1.5e9";
    QTest::newRow("negative") << -2.5 << QStringLiteral("\u22122.5");
    QTest::newRow("nan") << std::numeric_limits<double>::quiet_NaN() << QStringLiteral("\u2014");
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << QStringLiteral("\u221e");
  }
  void numbersHaveFourSignificantDigits() {
    QFETCH(double, value);
    QFETCH(QString, text);
    QCOMPARE(format::number(value), text);
  }

  void alignedNumbersKeepTheirZeros() {
    QCOMPARE(format::aligned(0.92), QStringLiteral("0.9200"));
    QCOMPARE(format::aligned(12.0), QStringLiteral("12.00"));
  }

  void theLocalesDecimalSignIsUsed() {
    QLocale::setDefault(QLocale(QLocale::German));
    QCOMPARE(format::number(0.5), QStringLiteral("0,5"));
    QLocale::setDefault(QLocale::c());
  }

  void durationsBytesAndRatesAreShort() {
    QCOMPARE(format::duration(0.42), QStringLiteral("0.4 s"));
    QCOMPARE(format::duration(42), QStringLiteral("42 s"));
    QCOMPARE(format::duration(182), QStringLiteral("3 min 2 s"));
    QCOMPARE(format::duration(3900), QStringLiteral("1 h 5 min"));
    QCOMPARE(format::duration(183600), QStringLiteral("2 d 3 h"));
    QCOMPARE(format::duration(-1), QStringLiteral("\u2014"));
    QCOMPARE(format::bytes(3.2e6), QStringLiteral("3.2 MB"));
    QCOMPARE(format::bytes(999999), QStringLiteral("1 MB"));
    QCOMPARE(format::rate(4310, QStringLiteral("rows")), QStringLiteral("4\u202f310 rows/s"));
    QCOMPARE(format::flops(3.61e6), QStringLiteral("3.61 MFLOP"));
    QCOMPARE(format::compact(31000), QStringLiteral("31k"));
    QCOMPARE(format::percent(0.265), QStringLiteral("26.5 %"));
    QCOMPARE(format::integer(1284112), QStringLiteral("1\u202f284\u202f112"));
  }

  void metricsAreNamedInWords() {
    QCOMPARE(format::metricWord("val/accuracy"), QStringLiteral("Validation accuracy"));
    QCOMPARE(format::metricWord("val/roc_auc"), QStringLiteral("Validation ROC AUC"));
    QCOMPARE(format::metricWord("val/accuracy", true), QStringLiteral("val acc"));
    QCOMPARE(format::metricWord("optim/lr"), QStringLiteral("lr"));
  }

  void everyStateHasAWordAndASign() {
    for (int i = 0; i <= static_cast<int>(spec::RunStatus::Interrupted); ++i) {
      const auto status = static_cast<spec::RunStatus>(i);
      QCOMPARE(format::statusWord(status), QString::fromLatin1(spec::name(status)));
      QVERIFY(!format::statusSign(status).isEmpty());
    }
  }

  void textCanBeReadInBothThemes() {
    for (const auto* theme : {&Theme::light(), &Theme::darkTheme()}) {
      for (const auto& ground : {theme->background, theme->surface}) {
        for (const auto& text : {theme->text, theme->secondary, theme->accent, theme->good, theme->warning, theme->bad})
          QVERIFY2(contrast(text, ground) >= 4.5, qPrintable(text.name() + QStringLiteral(" on ") + ground.name()));
      }
      QVERIFY(contrast(theme->accentText, theme->accent) >= 4.5);
      QVERIFY(contrast(theme->modeBarText, theme->modeBar) >= 4.5);
    }
  }

  void curvesInTheDarkAreLightEnoughAndAllDiffer() {
    const auto& dark = Theme::darkTheme();
    std::set<QRgb> seen;
    for (int i = 0; i < 8; ++i) {
      QVERIFY(contrast(dark.curve(i), dark.surface) >= 4.5);
      seen.insert(dark.curve(i).rgb());
    }
    QCOMPARE(seen.size(), std::size_t{8});
    QVERIFY(Theme::curveDashes(7).isEmpty());
    QVERIFY(!Theme::curveDashes(8).isEmpty());
    QCOMPARE(Theme::light().curve(0), QColor(0x00, 0x72, 0xb2));
    QCOMPARE(dark.curve(8), dark.curve(0));
  }

  void theTrainFormKnowsEveryFieldOfItsPlan() {
    const auto groups = makeForm(trainFormPlan(), spec::ExperimentSpec());
    QCOMPARE(groups.size(), trainFormPlan().size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      QCOMPARE(groups[g].fields.size(), trainFormPlan()[g].paths.size());
      for (const auto& field : groups[g].fields) {
        QVERIFY(!field.label.isEmpty());
        QVERIFY(!field.help.isEmpty());
        QVERIFY(field.error.isEmpty());
      }
    }
    for (const auto& group : makeForm(dataFormPlan(), spec::ExperimentSpec())) QVERIFY(!group.fields.empty());
  }

  void everyOptimiserAndScheduleHasAWordAndFieldsOfItsOwn() {
    const auto visible = [](const spec::ExperimentSpec& spec, const char* path) {
      for (const auto& group : makeForm(trainFormPlan(), spec))
        for (const auto& field : group.fields)
          if (field.info->path == path) return field.visible;
      return false;
    };
    for (const char* path :
         {"training.optimizer.name", "training.schedule.name", "training.average.name", "training.dropout_schedule"})
      for (const auto& choice : spec::findField(path)->choices)
        QVERIFY2(choiceWord(choice) != QString::fromStdString(choice), choice.c_str());
    spec::ExperimentSpec spec;
    spec.training.optimizer.name = "muon";
    spec.training.schedule.name = "one_cycle";
    QVERIFY(visible(spec, "training.optimizer.rest_lr"));
    QVERIFY(visible(spec, "training.schedule.rise_fraction"));
    QVERIFY(visible(spec, "training.schedule.warmup_fraction"));
    QVERIFY(!visible(spec, "training.optimizer.hypergradient"));
    QVERIFY(!visible(spec, "training.average.decay"));
    spec.training.optimizer.name = "lion";
    QVERIFY(!visible(spec, "training.optimizer.epsilon"));
  }

  void fieldsThatDoNotMatterAreHiddenAndFaultsAreNamed() {
    spec::ExperimentSpec spec;
    spec.training.optimizer.name = "sgd";
    spec.training.epochs = -1;
    bool momentum = false;
    QString problem;
    for (const auto& group : makeForm(trainFormPlan(), spec)) {
      for (const auto& field : group.fields) {
        if (field.info->path == "training.optimizer.momentum") momentum = field.visible;
        if (field.info->path == "training.epochs") problem = field.error;
      }
    }
    QVERIFY(momentum);
    QVERIFY(!problem.isEmpty());
  }

  void whatIsTypedBecomesJson() {
    const auto* rate = spec::findField("training.optimizer.lr");
    const auto* epochs = spec::findField("training.epochs");
    const auto* name = spec::findField("training.optimizer.name");
    QVERIFY(rate != nullptr && epochs != nullptr && name != nullptr);
    QCOMPARE(jsonFromText(*rate, QStringLiteral("0,01")), std::string("0.01"));
    QCOMPARE(jsonFromText(*epochs, QStringLiteral("1\u202f000")), std::string("1000"));
    QCOMPARE(jsonFromText(*name, QStringLiteral("sgd")), std::string("\"sgd\""));
    QCOMPARE(jsonFromText(*epochs, QStringLiteral("many")), std::string("\"many\""));
  }

  void aTrainingIsTheCommandThatDoesTheSame() {
    spec::ExperimentSpec spec;
    spec.data.path = "/data/my file.csv";
    spec.training.epochs = 7;
    const auto command = trainCommand(spec, QStringLiteral("/p/a.lathe"));
    QVERIFY(command.startsWith(QStringLiteral("lathe-cli --project /p/a.lathe train --data '/data/my file.csv'")));
    QVERIFY(command.contains(QStringLiteral("--set training.epochs=7")));
  }

  void anExportIsTheCommandThatDoesTheSame() {
    QCOMPARE(exportCommand(QStringLiteral("/p/a.lathe"), 12, {QStringLiteral("onnx"), QStringLiteral("torchscript")},
                           QStringLiteral("/out/it's here"), {}),
             QStringLiteral(
                 "lathe-cli --project /p/a.lathe export 12 --format onnx,torchscript --out '/out/it'\\''s here'"));
    QVERIFY(
        exportCommand(QStringLiteral("/p"), 1, {QStringLiteral("onnx")}, QStringLiteral("/o"), QStringLiteral("my net"))
            .endsWith(QStringLiteral(" --name 'my net'")));
    QVERIFY(exportCommand(QStringLiteral("/p"), 1, {QStringLiteral("onnx")}, QStringLiteral("/o"), {},
                          QStringLiteral("int8"))
                .endsWith(QStringLiteral(" --out /o --quantize int8")));
    QCOMPARE(inspectCommand(QStringLiteral("/d/a b.csv")), QStringLiteral("lathe-cli data inspect '/d/a b.csv'"));
    QVERIFY(
        predictCommand(QStringLiteral("/o/net.pt")).startsWith(QStringLiteral("lathe-cli predict /o/net.pt --data")));
  }

  void aPathBelowTheHomeFolderStartsWithATilde() {
    const auto home = QDir::homePath();
    QCOMPARE(format::path(home + QStringLiteral("/a/b.pt")), QStringLiteral("~/a/b.pt"));
    QCOMPARE(format::path(home + QStringLiteral("-other/b.pt")), home + QStringLiteral("-other/b.pt"));
    QCOMPARE(format::path(QStringLiteral("/srv/b.pt")), QStringLiteral("/srv/b.pt"));
  }
};

QTEST_GUILESS_MAIN(TestUiFormat)
#include "test_ui_format.moc"

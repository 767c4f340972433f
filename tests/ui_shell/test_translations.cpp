// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

namespace {

struct Text {
  QString context, source, comment;
  QStringList translations;
  bool numerus = false;
  bool finished = true;
};

QList<Text> readTs(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  QXmlStreamReader xml(&file);
  QList<Text> texts;
  QString context;
  Text text;
  while (!xml.atEnd()) {
    xml.readNext();
    if (xml.isStartElement()) {
      if (xml.name() == QLatin1String("name"))
        context = xml.readElementText();
      else if (xml.name() == QLatin1String("message")) {
        text = {context, {}, {}, {}, xml.attributes().value(QLatin1String("numerus")) == QLatin1String("yes"), true};
      } else if (xml.name() == QLatin1String("source"))
        text.source = xml.readElementText();
      else if (xml.name() == QLatin1String("comment"))
        text.comment = xml.readElementText();
      else if (xml.name() == QLatin1String("translation")) {
        text.finished = xml.attributes().value(QLatin1String("type")).isEmpty();
        if (!text.numerus) text.translations << xml.readElementText();
      } else if (xml.name() == QLatin1String("numerusform"))
        text.translations << xml.readElementText();
    } else if (xml.isEndElement() && xml.name() == QLatin1String("message")) {
      texts << text;
    }
  }
  return texts;
}

/// %1, %n and {names} that a sentence holds.
QStringList placeholders(const QString& text) {
  static const QRegularExpression pattern(QStringLiteral("%[0-9nL]+|\\{[A-Za-z_]+\\}"));
  QStringList found;
  auto all = pattern.globalMatch(text);
  while (all.hasNext()) found << all.next().captured();
  found.removeDuplicates();
  found.sort();
  return found;
}

}  // namespace

class TestTranslations : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everySentenceHasAChineseOne() {
    const auto sources = QStringLiteral(LATHE_SOURCES);
    QTemporaryDir folder;
    const auto copy = folder.filePath(QStringLiteral("lathe_zh_CN.ts"));
    QVERIFY(QFile::copy(sources + QStringLiteral("/translations/lathe_zh_CN.ts"), copy));
    QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner);
    QProcess lupdate;
    lupdate.start(QStringLiteral(LATHE_LUPDATE),
                  {QStringLiteral("-silent"), QStringLiteral("-tr-function-alias"),
                   QStringLiteral("QT_TRANSLATE_NOOP+=LATHE_TEXT"), QStringLiteral("-no-obsolete"),
                   QStringLiteral("-disable-heuristic"), QStringLiteral("similartext"), QStringLiteral("-I"), sources,
                   sources + QStringLiteral("/core"), sources + QStringLiteral("/ui"), sources + QStringLiteral("/app"),
                   QStringLiteral("-ts"), copy});
    QVERIFY(lupdate.waitForFinished(60'000));
    QCOMPARE(lupdate.exitCode(), 0);
    QStringList missing;
    for (const auto& text : readTs(copy))
      if (!text.finished || text.translations.isEmpty() || text.translations.contains(QString()))
        missing << text.context + QStringLiteral(": ") + text.source;
    QVERIFY2(missing.isEmpty(),
             qPrintable(QStringLiteral("%1 without a translation, among them\n").arg(missing.size()) +
                        missing.mid(0, 20).join(QLatin1Char('\n'))));
  }

  void placeholdersSurvive() {
    const auto texts = readTs(QStringLiteral(LATHE_SOURCES) + QStringLiteral("/translations/lathe_zh_CN.ts"));
    QVERIFY(texts.size() > 300);
    for (const auto& text : texts)
      for (const auto& translation : text.translations)
        QVERIFY2(placeholders(text.source) == placeholders(translation),
                 qPrintable(text.source + QStringLiteral(" -> ") + translation));
  }

  void englishPluralsAreComplete() {
    const auto texts = readTs(QStringLiteral(LATHE_SOURCES) + QStringLiteral("/translations/lathe_en.ts"));
    int plurals = 0;
    for (const auto& text : texts) {
      if (!text.numerus) continue;
      ++plurals;
      QVERIFY2(text.finished && text.translations.size() == 2 && !text.translations.contains(QString()),
               qPrintable(text.source));
      for (const auto& form : text.translations) QVERIFY2(!form.contains(QStringLiteral("(s)")), qPrintable(form));
    }
    QVERIFY(plurals > 5);
  }
};

QTEST_GUILESS_MAIN(TestTranslations)
#include "test_translations.moc"

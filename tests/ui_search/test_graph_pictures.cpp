// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>

#include "core/search/architectures/architecture.h"
#include "core/search/space_tools.h"
#include "tests/ui_search/study_samples.h"
#include "ui/models/architecture_words.h"
#include "ui/models/graph_boxes.h"
#include "ui/models/study_words.h"
#include "ui/pages/architecture_scenes.h"
#include "ui/pages/study_scenes.h"
#include "ui/plots/study_plot.h"
#include "ui/widgets/graph_view.h"

using namespace lathe;
using namespace lathe::ui;

namespace {

spec::TemplateContext contextOf(bool images) {
  spec::TemplateContext context;
  context.task = spec::Task::Classification;
  context.trainRows = 1000;
  context.graph.outputs = 10;
  if (images) {
    context.graph.inputs.push_back({"image", {1, 28, 28}, {}});
  } else {
    context.graph.inputs.push_back({"features", {12}, {}});
    context.graph.inputs.push_back({"categories", {2}, {5, 7}});
  }
  return context;
}

/// No box over another, every line down, and no line through a box that it does not join.
void checkLayout(const GraphBoxes& graph, const LayeredLayout& layout) {
  QCOMPARE(layout.boxes.size(), graph.boxes.size());
  QCOMPARE(layout.paths.size(), graph.edges.size());
  for (std::size_t a = 0; a < layout.boxes.size(); ++a) {
    const auto& one = layout.boxes[a];
    QVERIFY(one.x >= -1e-6 && one.x + one.width <= layout.width + 1e-6);
    QVERIFY(one.y >= -1e-6 && one.y + one.height <= layout.height + 1e-6);
    for (std::size_t b = a + 1; b < layout.boxes.size(); ++b) {
      const auto& two = layout.boxes[b];
      const bool apart = one.x + one.width <= two.x + 1e-6 || two.x + two.width <= one.x + 1e-6 ||
                         one.y + one.height <= two.y + 1e-6 || two.y + two.height <= one.y + 1e-6;
      QVERIFY(apart);
    }
  }
  for (std::size_t edge = 0; edge < layout.paths.size(); ++edge) {
    const auto& path = layout.paths[edge];
    const auto [from, to] = graph.edges[edge];
    QVERIFY(from < to);
    QVERIFY(path.places.front().y >= layout.boxes[from].y + layout.boxes[from].height - 1e-6);
    QCOMPARE(path.places.back().y, layout.boxes[to].y);
    QVERIFY(path.places.back().y > path.places.front().y);
    for (std::size_t i = 1; i < path.places.size(); ++i) QVERIFY(path.places[i].y >= path.places[i - 1].y - 1e-6);
    for (std::size_t i = 2; i + 2 < path.places.size(); i += 2)
      for (const auto& box : layout.boxes) {
        const auto& at = path.places[i];
        const bool beside =
            at.x <= box.x || at.x >= box.x + box.width || path.places[i + 1].y <= box.y || at.y >= box.y + box.height;
        QVERIFY(beside);
      }
  }
}

}  // namespace

class TestGraphPictures : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyArchitectureIsLaidOut_data() {
    QTest::addColumn<QString>("space");
    QTest::addColumn<bool>("images");
    for (const auto& name : search::architectureSpaces())
      for (const bool images : {false, true})
        if (images || name != "cells")
          QTest::addRow("%s %s", name.c_str(), images ? "images" : "table") << QString::fromStdString(name) << images;
  }

  void everyArchitectureIsLaidOut() {
    QFETCH(QString, space);
    QFETCH(bool, images);
    const auto context = contextOf(images);
    const auto name = space.toStdString();
    const auto genes = search::architectureSpace(name, context);
    QVERIFY(genes.has_value());
    Random random(11);
    std::size_t shortcuts = 0;
    for (int i = 0; i < 120; ++i) {
      const auto configuration = search::draw(*genes, random);
      const auto graph = search::buildArchitecture(name, *genes, configuration, context);
      QVERIFY(graph.has_value());
      const auto boxes = graphBoxes(*graph, context.graph, spec::analyse(*graph, context.graph));
      QVERIFY(boxes.boxes.size() <= graph->layers.size() + context.graph.inputs.size());
      // Every layer is in one box.
      std::size_t layers = 0;
      for (const auto& box : boxes.boxes) {
        QVERIFY(!box.title.isEmpty());
        if (box.role != GraphBox::Role::Input) layers += box.layers.size();
      }
      QCOMPARE(layers, graph->layers.size());
      std::vector<LayoutSize> sizes;
      for (std::size_t box = 0; box < boxes.boxes.size(); ++box)
        sizes.push_back({40.0 + 17.0 * static_cast<double>(box % 5), 20.0 + 9.0 * static_cast<double>(box % 3)});
      const auto layout = layered(sizes, boxes.edges);
      checkLayout(boxes, layout);
      for (const auto& path : layout.paths) shortcuts += path.skips ? 1 : 0;
      if (QTest::currentTestFailed()) return;
    }
    if (name != "mlp") QVERIFY(shortcuts > 0);
  }

  void whatBelongsTogetherSharesABox() {
    spec::ModelGraph graph;
    graph.layers = {{"c", "conv2d", {{"out", std::int64_t{8}}, {"kernel", std::vector<std::int64_t>{3}}}, {}},
                    {"n", "batchnorm2d", {}, {}},
                    {"a", "relu", {}, {}},
                    {"p", "globalavgpool", {}, {}},
                    {"o", "linear", {{"out", std::int64_t{10}}}, {}}};
    const auto context = contextOf(true).graph;
    const auto boxes = graphBoxes(graph, context, spec::analyse(graph, context));
    QCOMPARE(boxes.boxes.size(), std::size_t{4});
    QCOMPARE(boxes.boxes[1].title, QStringLiteral("Conv 3\u00d73, 8"));
    QCOMPARE(boxes.boxes[1].detail, QStringLiteral("BatchNorm2d, ReLU"));
    QCOMPARE(boxes.boxes[1].layers.size(), std::size_t{3});
    QVERIFY(boxes.boxes[1].tip.contains(QStringLiteral("28")));
    QCOMPARE(boxes.edges.size(), std::size_t{3});
  }

  void theViewFitsAndZooms() {
    GraphView view;
    view.resize(300, 200);
    view.show();
    const auto context = contextOf(true);
    const auto space = *search::architectureSpace("cells", context);
    Random random(3);
    const auto graph = *search::buildArchitecture("cells", space, search::draw(space, random), context);
    view.setGraph(graphBoxes(graph, context.graph, spec::analyse(graph, context.graph)));
    const double fitting = view.scale();
    QVERIFY(fitting <= 1);
    QVERIFY(!view.accessibleDescription().isEmpty());
    view.setScale(2, QPoint(150, 100));
    QCOMPARE(view.scale(), 2.0);
    view.fit();
    QCOMPARE(view.scale(), fitting);
    std::optional<std::size_t> found;
    for (int y = 0; y < view.viewport()->height() && !found; y += 8)
      for (int x = 0; x < view.viewport()->width() && !found; x += 8) found = view.boxAt(QPoint(x, y));
    QVERIFY(found.has_value());
    view.setGraph({});
    QVERIFY(!view.boxAt(QPoint(10, 10)));
  }

  void aScoreIsComparedWithTheGoal() {
    auto table = tests::studyTable(40);
    services::ScoreTable scores;
    scores.rows.assign(services::architectureScores().size(), std::vector<double>(table->size(), std::nan("")));
    // The loss itself, the wrong way round for all but the pruned ones: the best has the largest score.
    for (std::size_t i = 0; i < table->size(); ++i) scores.rows[2][i] = -table->value(i);
    const auto good = scoreScene(*table, 0, scores, 2);
    QCOMPARE(good.points.size(), static_cast<std::size_t>(table->count(spec::RunStatus::Completed)));
    QVERIFY2(good.caption.contains(QChar(0x3c1)) && good.caption.contains(QStringLiteral("1")),
             qPrintable(good.caption));
    QCOMPARE(services::rankingBy(*table, 0, scores.rows[2]), 1.0);
    QVERIFY(scoreScene(*table, 0, scores, 3).points.empty());
    QVERIFY(!scoreScene(*table, 0, scores, 3).emptyText.isEmpty());
  }

  void whatASharedNetworkCameToIsShown() {
    auto table = tests::studyTable(6);
    auto& study = table->settings.architecture;
    study.method = "darts";
    QVERIFY(sharedScene(*table).empty());
    QVERIFY(!sharedScene(*table).emptyText.isEmpty());
    study.ranks = true;
    study.supernet = R"({"epochs":7,"losses":[2.5,null,1.5],"stopped":"curvature","values":[-1.5,-3],
      "weights":{"e01":[0.1,0.5,0.1,0.1,0.05,0.05,0.05,0.05],"e23":[0.3,0.3,0.4,0,0,0,0,0],"n2":[0.5,0.5]}})";
    const auto cells = sharedScene(*table);
    QCOMPARE(cells.grid.columns, std::size_t{2});
    QCOMPARE(cells.grid.rows, std::size_t{8});
    QCOMPARE(cells.x.words.back(), QStringLiteral("2 \u2192 3"));
    // The shortcut, which is the first operation, stands uppermost.
    QCOMPARE(cells.y.words.back(), geneValueWord("skip"));
    QCOMPARE(cells.grid.values[7 * 2], 0.1);
    QCOMPARE(cells.grid.high, 0.5);
    QVERIFY2(cells.caption.startsWith(QStringLiteral("7 epoch")), qPrintable(cells.caption));
    study.method = "spos";
    study.supernet = R"({"epochs":3,"losses":[2.5,null,1.5],"values":[0.25,0.5]})";
    const auto losses = sharedScene(*table);
    QCOMPARE(losses.lines.size(), std::size_t{1});
    QCOMPARE(losses.lines[0].y.back(), 1.5);
    QVERIFY(std::isnan(losses.lines[0].y[1]));
    // The goal is a loss, of which the network thinks well when it is small.
    study.ranked = {table->configuration(3), table->configuration(1)};
    const services::SharedOpinion opinion(table->settings);
    QVERIFY(!opinion.larger());
    QCOMPARE(opinion.of(table->configuration(3)), 0.25);
    QVERIFY(std::isnan(opinion.of(table->configuration(2))));
    study.supernet = "[1]";
    QVERIFY(sharedScene(*table).empty());
  }

  void namesOfGenesAreWords() {
    QCOMPARE(parameterWord("architecture.node3.width"), QStringLiteral("Node 3: width"));
    QCOMPARE(parameterWord("architecture.edge03"), QStringLiteral("Edge 0 \u2192 3"));
    const auto space = *search::architectureSpace("cells", contextOf(true));
    for (const auto& parameter : space.parameters) {
      QVERIFY2(!parameterWord(parameter.name).contains(QStringLiteral("architecture")), parameter.name.c_str());
      for (std::size_t i = 0; i < parameter.choices.size(); ++i)
        QVERIFY(!parameterText(parameter, static_cast<double>(i)).isEmpty());
    }
    const auto edge = *space.find("architecture.edge01");
    const auto& choices = space.parameters[edge].choices;
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (choices[i].toText() == "conv3")
        QCOMPARE(parameterText(space.parameters[edge], static_cast<double>(i)), QStringLiteral("convolution 3\u00d73"));
    QCOMPARE(changeText({"{gene} of {where} {before} to {after}",
                         {{"gene", "op"}, {"where", "node 2"}, {"before", "conv"}, {"after", "bottleneck"}}}),
             QStringLiteral("Operation of node 2 convolution to bottleneck"));
  }

  void manyGenesAreFewAxes() {
    auto table = std::make_shared<services::StudyTable>();
    const auto context = contextOf(true);
    table->space = *search::architectureSpace("free", context);
    table->settings.goals = {services::goalOf("val/loss")};
    table->settings.architecture.space = "free";
    table->settings.architecture.method = "random";
    table->settings.architecture.context = context;
    QVERIFY(table->space.size() > 30);
    Random random(5);
    for (int i = 0; i < 60; ++i) {
      const auto configuration = search::draw(table->space, random);
      table->configurations.insert(table->configurations.end(), configuration.begin(), configuration.end());
      table->status.push_back(spec::RunStatus::Completed);
      table->run.push_back(i + 1);
      table->values.push_back(configuration[0]);  // the number of nodes decides
    }
    const auto axes = parallelAxes(*table, 0);
    QCOMPARE(axes.size(), std::size_t{6});
    QVERIFY(std::find(axes.begin(), axes.end(), std::size_t{0}) != axes.end());
    const auto scene = parallelScene(*table, 0);
    QCOMPARE(scene.axes.size(), std::size_t{7});
    QVERIFY(scene.caption.contains(QStringLiteral("6")));
  }
};

QTEST_MAIN(TestGraphPictures)
#include "test_graph_pictures.moc"

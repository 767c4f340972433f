// SPDX-License-Identifier: GPL-3.0-or-later
// A project's runs in the server of this program: served, watched, rolled back, trained again, tried.
#include <fstream>
#include <httplib.h>

#include "app/composition/composition.h"
#include "core/services/deployment/deployment_service.h"
#include "tests/deployment/served_stubs.h"
#include "tests/services/model_shop.h"

using namespace lathe;
using namespace lathe::tests;
using services::DeployedModel;
using services::DeploymentState;

namespace {

struct Deployments : ModelShop {
  Deployments()
      : server(app::builtInServer(engine)),
        service(services::makeDeploymentService(services::makeModelService(engine, fresh), server,
                                                services::makeTrainingService(engine))) {}

  services::Deployment served(store::RunNumber number, double watch = 0) {
    const auto deployment = service->serveRun(*project, number, {}, watch);
    REQUIRE_OK(deployment);
    return *deployment;
  }
  [[nodiscard]] std::vector<DeployedModel> all() const {
    const auto known = service->deployments(*project);
    REQUIRE_OK(known);
    return *known;
  }
  [[nodiscard]] std::string answering(const std::string& name) const {
    const auto answer = httplib::Client("http://" + server->management()).Get("/models/" + name);
    REQUIRE(answer && answer->status == 200);
    const auto at = answer->body.find("\"modelVersion\": \"") + 17;
    return answer->body.substr(at, answer->body.find('"', at) - at);
  }
  /// The export of a run, in whose place another may be put.
  [[nodiscard]] std::filesystem::path modelFile(const DeployedModel& model) const {
    const auto what = exporting::findExport(project->absolute(model.folder));
    REQUIRE_OK(what);
    return what->modelFile;
  }

  std::shared_ptr<services::BuiltInServer> server;
  std::unique_ptr<services::DeploymentService> service;
};

bool says(const DeployedModel& model, const std::string& part) {
  for (const auto& event : model.history)
    if (event.message.render().find(part) != std::string::npos) return true;
  return false;
}

/// A bitmap of 8 x 8 grey pixels, dark below.
void writeBitmap(const std::filesystem::path& file) {
  std::string bytes("BM", 2);
  const auto number = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xffU);
  };
  number(54 + 192, 4), number(0, 4), number(54, 4), number(40, 4), number(8, 4), number(8, 4);
  number(1, 2), number(24, 2), number(0, 4), number(192, 4), number(2835, 4), number(2835, 4), number(0, 4),
      number(0, 4);
  for (int i = 0; i < 64; ++i) number(i < 32 ? 0x101010U : 0xf0f0f0U, 3);
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

LATHE_TEST("a run is served here, remembered, and answers a typed row") {
  Deployments shop;
  CHECK(!shop.service->serving());
  const auto deployment = shop.served(shop.run);
  CHECK(deployment.healthy);
  CHECK(shop.service->serving());
  REQUIRE(shop.all().size() == 1);
  const auto model = shop.all().front();
  CHECK_EQ(model.version, std::to_string(shop.run));
  CHECK_EQ(model.url, shop.server->management());
  CHECK(says(model, "is served as version"));
  const auto looked = shop.service->look(*shop.project, model);
  REQUIRE_OK(looked);
  CHECK(looked->state.healthy);
  REQUIRE(looked->requests.has_value());
  CHECK_EQ(looked->requests->total, std::uint64_t{0});

  const auto form = shop.service->form(*shop.project, model);
  REQUIRE_OK(form);
  CHECK_EQ(form->columns.size(), std::size_t{3});
  CHECK(form->image.empty());
  const auto tried = shop.service->tryRow(*shop.project, model, {"2", "1", "red"});
  REQUIRE_OK(tried);
  CHECK_EQ(tried->probabilities.size(), std::size_t{2});
  CHECK_EQ(tried->answers.front().first, std::string("prediction"));
  CHECK_EQ(shop.service->tryRow(*shop.project, model, {"two", "1", "red"}).error().code, std::string("deploy.refused"));

  REQUIRE_OK(shop.service->forget(*shop.project, model));
  CHECK(shop.all().empty());
  shop.service->stopServing();
  CHECK(!shop.service->serving());
  const auto gone = shop.service->look(*shop.project, model);
  REQUIRE_OK(gone);
  CHECK_EQ(gone->state.why.value_or(Error{}).code, std::string("deploy.unreachable"));
}

LATHE_TEST("a watched version that begins to answer differently is rolled back by itself, and the record says so") {
  Deployments shop;
  const auto second = shop.train(shop.request(40));
  (void)shop.served(shop.run);
  const auto first = shop.all().front();
  const auto promoted = shop.served(second.number, 60);
  CHECK(promoted.healthy);
  CHECK_EQ(promoted.previous, std::to_string(shop.run));
  auto model = shop.all().front();
  CHECK(model.isWatched(model.createdMicros));
  CHECK_EQ(shop.answering(model.name).substr(0, 1), model.version);
  auto looked = shop.service->look(*shop.project, model);
  REQUIRE_OK(looked);
  CHECK(looked->state.healthy && !looked->rolledBack);

  // Its file is replaced by what the first run is.
  REQUIRE_OK(shop.server->serve(shop.modelFile(first), model.name, second.number));
  looked = shop.service->look(*shop.project, looked->model);
  REQUIRE_OK(looked);
  CHECK(looked->rolledBack);
  CHECK_EQ(shop.answering(model.name).substr(0, 1), std::to_string(shop.run));
  model = shop.all().front();
  CHECK(model.state == DeploymentState::RolledBack);
  REQUIRE(model.reason && model.other);
  CHECK_EQ(model.reason->code, std::string("deploy.differs"));
  CHECK(model.other->found != model.other->wanted);
  CHECK_EQ(model.other->wanted.size(), std::size_t{2});
  CHECK(says(model, "answers again instead of version"));
  CHECK(!model.isWatched(model.createdMicros));
  // Without a watch nothing is changed in a server: it is only told.
  CHECK(shop.all().back().state == DeploymentState::Served);
}

LATHE_TEST("retraining on new data trains, compares on held-out rows and promotes what is no worse") {
  Deployments shop;
  (void)shop.served(shop.run);
  const auto before = shop.all().front();
  writeText(shop.folder / "new.csv", cloudsCsv(600, 9));
  std::vector<std::string> stages;
  std::mutex mutex;
  JobContext job;
  job.progress = [&](const Progress& progress) {
    const std::lock_guard lock(mutex);
    if (stages.empty() || stages.back() != progress.what) stages.push_back(progress.what);
  };
  const auto retrained = shop.service->retrain(shop.project, before, {shop.folder / "new.csv", {}, 0, 30}, job);
  REQUIRE_OK(retrained);
  CHECK(retrained->deployment.healthy);
  CHECK_EQ(retrained->run, shop.run + 1);
  REQUIRE(retrained->deployment.promotion.has_value());
  const auto& promotion = *retrained->deployment.promotion;
  CHECK(promotion.promoted);
  CHECK(promotion.rows > 50 && promotion.rows < 120);  // the test split of 600 rows
  CHECK(std::find(stages.begin(), stages.end(), "train") != stages.end());
  const auto looks = [&](store::RunNumber number) { return shop.project->store().run(number).value().testLooks; };
  CHECK_EQ(looks(retrained->run), looks(shop.run) + 1);
  const auto model = shop.all().front();
  CHECK_EQ(model.run, retrained->run);
  CHECK_EQ(model.name, before.name);
  CHECK_EQ(model.previous, before.version);
  CHECK(says(model, "Trained again on new.csv"));
  CHECK(model.watchedUntilMicros > model.createdMicros);
  CHECK_EQ(shop.answering(model.name).substr(0, 1), model.version);
}

LATHE_TEST("rows that the served model was trained on are left out of the comparison") {
  Deployments shop;
  (void)shop.served(shop.run);
  // The old 400 rows, and as many new ones.
  const auto old = cloudsCsv(400), more = cloudsCsv(400, 9);
  writeText(shop.folder / "new.csv", old + more.substr(more.find('\n') + 1));
  const auto retrained = shop.service->retrain(shop.project, shop.all().front(), {shop.folder / "new.csv", {}, 0, 0});
  REQUIRE_OK(retrained);
  REQUIRE(retrained->deployment.promotion.has_value());
  // The test split has 120 rows; of the 60 old ones the run had seen 51 or so.
  CHECK(retrained->deployment.promotion->rows < 90);
  CHECK(retrained->deployment.promotion->rows > 40);
}

LATHE_TEST("retraining that does not end in something as good says why, and what was served stays") {
  Deployments shop;
  (void)shop.served(shop.run);
  const auto before = shop.all().front();
  writeText(shop.folder / "new.csv", cloudsCsv(600, 9));
  const auto slow = shop.service->retrain(shop.project, before, {shop.folder / "new.csv", {}, 1e-9, 0});
  REQUIRE_OK(slow);
  CHECK(!slow->deployment.healthy);
  CHECK_EQ(slow->deployment.why.value_or(Error{}).code, std::string("deploy.slow"));
  REQUIRE(shop.all().size() == 1);
  CHECK(says(shop.all().front(), "which is not served"));
  CHECK_EQ(shop.answering(before.name).substr(0, 1), before.version);

  writeText(shop.folder / "short.csv", "x,label\n1,left\n2,right\n");
  const auto missing = shop.service->retrain(shop.project, before, {shop.folder / "short.csv", {}, 0, 0});
  REQUIRE(!missing.has_value());
  CHECK(missing.error().sentence().find('y') != std::string::npos);
  auto others = cloudsCsv(300, 9);
  for (int i = 0; i < 60; ++i) others += "0,0,red,middle\n";
  writeText(shop.folder / "others.csv", others);
  const auto other = shop.service->retrain(shop.project, before, {shop.folder / "others.csv", {}, 0, 0});
  REQUIRE(!other.has_value());
  CHECK_EQ(other.error().code, std::string("retrain.other_classes"));
  CHECK(other.error().sentence().find("middle") != std::string::npos);
  CHECK_EQ(shop.answering(before.name).substr(0, 1), before.version);

  std::stop_source stop;
  stop.request_stop();
  JobContext cancelled;
  cancelled.stop = stop.get_token();
  CHECK(!shop.service->retrain(shop.project, before, {shop.folder / "new.csv", {}, 0, 0}, cancelled).has_value());
}

LATHE_TEST("what a served model is asked for is compared with its training rows, which are kept with the deployment") {
  Deployments shop;
  (void)shop.served(shop.run);
  const auto model = shop.all().front();
  auto report = shop.service->drift(*shop.project, model);
  REQUIRE_OK(report);
  CHECK(!report->enough);
  CHECK_EQ(report->rows, std::uint64_t{0});
  std::filesystem::remove(shop.dataFile());
  httplib::Client client("http://" + shop.server->address());
  std::string rows;
  for (int i = 0; i < 120; ++i)
    rows += std::string(i > 0 ? "," : "") + R"({"x":)" + std::to_string(4 + i % 10) + R"(,"y":)" +
            std::to_string(0.1 * (i % 15 - 7)) + R"(,"colour":"purple"})";
  const auto answer = client.Post("/predictions/" + model.name, "{\"instances\":[" + rows + "]}", "application/json");
  REQUIRE(answer && answer->status == 200);
  report = shop.service->drift(*shop.project, model);
  REQUIRE_OK(report);
  CHECK(report->enough);
  REQUIRE(report->columns.size() == 3);
  for (const auto& column : report->columns) {
    if (column.name == "x") CHECK(column.sentence.render().find("x is higher than in training") == 0);
    if (column.name == "colour") CHECK(isNear(column.unseen, 1.0, 1e-9));
    if (column.name != "y") CHECK(column.level == services::DriftLevel::Other);
  }
  auto elsewhere = model;
  elsewhere.target = services::DeployTarget::Triton;
  CHECK_EQ(shop.service->drift(*shop.project, elsewhere).error().code, std::string("deploy.no_summary"));
}

LATHE_TEST("a picture is brought to the size of the model and tried") {
  Deployments shop;
  writeIdxFolder(shop.folder / "pictures", 80, 20);
  auto request = shop.request(3);
  request.spec.data.path = (shop.folder / "pictures").string();
  const auto run = shop.train(request);
  REQUIRE(run.status == spec::RunStatus::Completed);
  (void)shop.served(run.number);
  const auto model = shop.all().front();
  const auto form = shop.service->form(*shop.project, model);
  REQUIRE_OK(form);
  CHECK(form->columns.empty());
  CHECK(form->image == (spec::Shape{1, 8, 8}));
  writeBitmap(shop.folder / "one.bmp");
  const auto tried = shop.service->tryImage(*shop.project, model, shop.folder / "one.bmp");
  REQUIRE_OK(tried);
  CHECK_EQ(tried->probabilities.size(), std::size_t{2});
  writeText(shop.folder / "broken.png", "no picture");
  CHECK(!shop.service->tryImage(*shop.project, model, shop.folder / "broken.png").has_value());
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The weights file of a training: where it is looked for, what it is, and the sample that needs one.
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

#include "core/base/files.h"
#include "core/data/data_source.h"
#include "core/services/sample_images.h"
#include "core/services/start_weights.h"
#include "core/spec/layer_kind.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

spec::Program programOf(const std::string& name, const spec::Shape& image, std::int64_t classes) {
  spec::TemplateContext context;
  context.graph.inputs.push_back({"image", image, {}});
  context.graph.outputs = classes;
  const auto graph = spec::buildTemplate(name, {}, context);
  REQUIRE_OK(graph);
  spec::Program program;
  program.prepared = {0};
  program.values.push_back(image);
  REQUIRE_OK(spec::lowerGraph(*graph, context.graph, program));
  return program;
}

/// A safetensors file of zeros in half precision under the program's names, small as it may be.
void writeWeights(const fs::path& file, const spec::Program& program) {
  std::string header = "{";
  std::uint64_t at = 0;
  for (const auto& parameter : program.parameters) {
    const auto bytes = static_cast<std::uint64_t>(spec::elementCount(parameter.shape)) * 2;
    header += fmt::format("{}\"{}\":{{\"dtype\":\"F16\",\"shape\":[{}],\"data_offsets\":[{},{}]}}", at > 0 ? "," : "",
                          parameter.name, fmt::join(parameter.shape, ","), at, at + bytes);
    at += bytes;
  }
  header += "}";
  std::uint64_t length = header.size();
  std::string prefix(8, '\0');
  std::memcpy(prefix.data(), &length, 8);
  std::ofstream(file, std::ios::binary) << prefix << header << std::string(at, '\0');
}

bool says(const std::vector<Message>& messages, const std::string& part) {
  return std::any_of(messages.begin(), messages.end(),
                     [&](const auto& message) { return message.render().find(part) != std::string::npos; });
}

}  // namespace

LATHE_TEST("a weights file that is not there is an error before anything else, and no run is made") {
  Workshop shop;
  auto request = shop.request();
  request.spec.model.weights = (shop.folder / "none.pth").string();
  const auto resolved = services::resolve(request.spec, shop.folder.path());
  REQUIRE(!resolved);
  CHECK_EQ(resolved.error().code, std::string("weights.missing"));
  CHECK(resolved.error().sentence().find("none.pth") != std::string::npos);
  const auto started = shop.trainings->start(shop.project, request);
  REQUIRE(!started);
  CHECK_EQ(started.error().code, std::string("weights.missing"));
  CHECK(!shop.project->store().run(1));
}

LATHE_TEST("a file that fits no tensor ends the run with a sentence that names it") {
  Workshop shop;
  writeText(shop.folder / "notes.pth", "a,b\n1,2\n");
  auto request = shop.request();
  request.spec.model.weights = (shop.folder / "notes.pth").string();
  const auto record = shop.train(request);
  CHECK(record.status == spec::RunStatus::Failed);
  REQUIRE(record.error.has_value());
  CHECK_EQ(record.error->code, std::string("weights.unknown_format"));
}

LATHE_TEST("what is loaded, left fresh and not used is said, with the file's hash") {
  const TempFolder folder;
  writeIdxFolder(folder / "data", 40, 10);
  spec::ExperimentSpec experiment;
  experiment.data.path = "data";
  experiment.model.templateName = "mobilenet-v2";
  experiment.model.weights = "w.safetensors";
  auto program = programOf("mobilenet-v2", {3, 8, 8}, 1000);
  program.parameters.erase(program.parameters.begin());
  program.parameters.push_back({"other.scale", {4}, {}, true, true, 1});
  writeWeights(folder / "w.safetensors", program);
  const auto resolved = services::resolve(experiment, folder.path());
  REQUIRE_OK(resolved);
  CHECK_EQ(resolved->spec.data.preprocessing.imageScaling, std::string("imagenet"));
  CHECK(says(resolved->reasons, "ImageNet"));
  const auto read = services::readStartWeights(resolved->spec.model, resolved->model, folder.path(), {});
  REQUIRE_OK(read);
  CHECK_EQ(read->sha256, sha256Of(folder / "w.safetensors").value());
  CHECK(says(read->notes, read->sha256));
  CHECK(says(read->notes, "features_0_0.weight"));
  CHECK(says(read->notes, "classifier_1.weight (1000 x 1280)"));
  CHECK(says(read->notes, "other.scale"));
  CHECK_EQ(read->tensors->size(), program.parameters.size() - 3);
}

LATHE_TEST("the template of a file is found by its tensors") {
  const TempFolder folder;
  for (const auto* name : {"mobilenet-v2", "resnet18"}) {
    writeWeights(folder / "w", programOf(name, {3, 32, 32}, 1000));
    const auto found = services::templateForWeights(folder / "w");
    REQUIRE_OK(found);
    CHECK_EQ(*found, std::string(name));
  }
  // Every tensor of ResNet-18 but the last has its like in ResNet-34, and the other way round it is only a part.
  writeWeights(folder / "w", programOf("resnet34", {3, 32, 32}, 10));
  CHECK_EQ(services::templateForWeights(folder / "w").value(), std::string("resnet34"));
  writeWeights(folder / "w", programOf("cnn", {3, 32, 32}, 10));
  CHECK_EQ(services::templateForWeights(folder / "w").error().code, std::string("weights.no_match"));
}

LATHE_TEST("freezing and adapting without ready weights is warned of") {
  const Workshop shop;
  auto spec = shop.request().spec;
  const auto codes = [&] {
    std::string all;
    const auto resolved = services::resolve(spec, shop.folder.path());
    REQUIRE_OK(resolved);
    for (const auto& warning : resolved->warnings) all += warning.code + " ";
    return all;
  };
  CHECK(codes().find("weights.") == std::string::npos);
  spec.training.freeze = "backbone";
  CHECK(codes().find("weights.frozen_random") != std::string::npos);
  spec.training.freeze = "none";
  spec.model.graph.lora.rank = 4;
  CHECK(codes().find("weights.adapted_random") != std::string::npos);
  const auto resolved = services::resolve(spec, shop.folder.path());
  REQUIRE_OK(resolved);
  CHECK_EQ(resolved->model.graph.lora.rank, 4);
}

LATHE_TEST("the sample's pictures are PNG files that read as they were, twenty of each class") {
  const TempFolder folder;
  writeIdxFolder(folder / "idx", 60, 10);
  const auto written = services::writeFewImages(folder / "idx", folder / "cache");
  REQUIRE_OK(written);
  spec::DataSpec from, into;
  const auto idx = data::openData(folder / "idx", from);
  REQUIRE_OK(idx);
  const auto before = (*idx)->dataset(from);
  REQUIRE_OK(before);
  into.preprocessing.imageSize = 8;
  const auto pictures = data::openData(*written, into);
  REQUIRE_OK(pictures);
  const auto after = (*pictures)->dataset(into);
  REQUIRE_OK(after);
  CHECK_EQ(after->rows, std::size_t{40});
  CHECK(after->schema.inputShape == before->schema.inputShape);
  // Every picture is one of the originals, of the same class.
  const auto size = static_cast<std::size_t>(spec::elementCount(before->schema.inputShape));
  for (std::size_t row = 0; row < after->rows; ++row) {
    bool found = false;
    for (std::size_t other = 0; other < before->rows && !found; ++other)
      found = std::equal(after->pixels.begin() + static_cast<std::ptrdiff_t>(row * size),
                         after->pixels.begin() + static_cast<std::ptrdiff_t>((row + 1) * size),
                         before->pixels.begin() + static_cast<std::ptrdiff_t>(other * size)) &&
              after->schema.target.classes[static_cast<std::size_t>(after->classes[row])] ==
                  before->schema.target.classes[static_cast<std::size_t>(before->classes[other])];
    CHECK(found);
  }
}

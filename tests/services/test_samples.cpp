// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>
#include <zlib.h>

#include "core/base/files.h"
#include "core/services/sample_tables.h"
#include "core/services/samples.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

std::vector<std::string> linesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void writeGzip(const std::filesystem::path& file, const std::string& content) {
  gzFile out = gzopen(file.c_str(), "wb");
  gzwrite(out, content.data(), static_cast<unsigned>(content.size()));
  gzclose(out);
}

}  // namespace

LATHE_TEST("a counted table gets its header, and class names instead of indices") {
  const TempFolder folder;
  writeText(folder / "iris.csv",
            "3,4,setosa,versicolor,virginica\n5.1,3.5,1.4,0.2,0\n7.0,3.2,4.7,1.4,1\n6.3,3.3,6.0,2.5,2\n");
  const auto csv = services::convertSample(*services::findSampleTable("iris"), folder.path());
  REQUIRE_OK(csv);
  const auto lines = linesOf(*csv);
  REQUIRE(lines.size() == 4);
  CHECK_EQ(lines[0], std::string("sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),species"));
  CHECK_EQ(lines[1], std::string("5.1,3.5,1.4,0.2,setosa"));
  CHECK_EQ(lines[3], std::string("6.3,3.3,6.0,2.5,virginica"));
}

LATHE_TEST("a count or a class that does not hold is refused") {
  const TempFolder folder;
  const auto& iris = *services::findSampleTable("iris");
  for (const char* content : {"4,4,a,b\n1,2,3,4,0\n", "1,4,a,b\n1,2,3,4,2\n", "1,4,a,b\n1,2,3,0\n",
                              "1,4,a,b\n1,2,x,4,0\n", "", "1,99999999999999999999,a,b\n"}) {
    writeText(folder / "iris.csv", content);
    const auto csv = services::convertSample(iris, folder.path());
    REQUIRE(!csv);
    CHECK_EQ(csv.error().code, std::string("samples.unexpected_content"));
  }
  std::filesystem::remove(folder / "iris.csv");
  CHECK_EQ(services::convertSample(iris, folder.path()).error().code, std::string("file.missing"));
}

LATHE_TEST("two compressed files become one table") {
  const TempFolder folder;
  writeGzip(folder / "diabetes_data_raw.csv.gz", "59 2 32.1 101.0 157 93.2 38.0 4.0 4.8598 87\n");
  writeGzip(folder / "diabetes_target.csv.gz", "1.510000000000000000e+02\n");
  const auto csv = services::convertSample(*services::findSampleTable("diabetes"), folder.path());
  REQUIRE_OK(csv);
  const auto lines = linesOf(*csv);
  REQUIRE(lines.size() == 2);
  CHECK_EQ(lines[1], std::string("59,2,32.1,101.0,157,93.2,38.0,4.0,4.8598,87,151"));
}

LATHE_TEST("every sample that is installed gives a spec that resolves, the others their command") {
  const TempFolder cache;
  CHECK_EQ(services::samples().size(), std::size_t{7});
  for (const auto& sample : services::samples()) {
    CHECK_EQ(sample.installCommand, "sudo apt install " + sample.package);
    const auto experiment = services::sampleExperiment(sample.id, cache.path());
    if (!sample.installed) {
      REQUIRE(!experiment);
      CHECK(experiment.error().sentence().find(sample.installCommand) != std::string::npos);
      continue;
    }
    REQUIRE_OK(experiment);
    CHECK(std::filesystem::exists(experiment->data.path));
    if (sample.id == "fashion-mnist") continue;  // larger than a unit test should read
    const auto resolved = services::resolve(*experiment, {});
    REQUIRE_OK(resolved);
    CHECK(resolved->spec.data.task == (sample.id == "diabetes" ? spec::Task::Regression : spec::Task::Classification));
  }
  CHECK_EQ(services::sampleExperiment("unknown", cache.path()).error().code, std::string("samples.unknown"));
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/layering/layer_rules.h"

namespace lathe::layering {
namespace {

// expected and fmt are public in base, so everyone has them.
const std::set<std::string> everywhere{"expected", "fmt"};

Rule rule(std::set<std::string> own, std::set<std::string> parties = {}) {
  parties.insert(everywhere.begin(), everywhere.end());
  return {std::move(own), std::move(parties), false};
}

Rule anything() {
  Rule result;
  result.everything = true;
  return result;
}

}  // namespace

const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> table{
      {"core/base", rule({}, {"spdlog", "openssl"})},
      {"core/spec", rule({"core/base"}, {"nlohmann-json"})},
      {"core/data",
       rule({"core/spec", "core/base"}, {"opencv", "zlib", "libzip", "fast_float", "libsndfile", "nlohmann-json"})},
      {"core/engine", rule({"core/data", "core/spec", "core/base"}, {"nlohmann-json"})},
      {"core/search", rule({"core/spec", "core/base"}, {"eigen"})},
      {"core/store", rule({"core/spec", "core/base"})},
      {"core/store/sqlite", rule({"core/store", "core/spec", "core/base"}, {"sqlite", "nlohmann-json", "zlib"})},
      {"core/exporting",
       rule({"core/engine", "core/data", "core/spec", "core/base"}, {"nlohmann-json", "libzip", "onnx", "protobuf"})},
      {"core/engine_trees", rule({"core/engine", "core/data", "core/spec", "core/base"}, {"xgboost"})},
      {"core/engine_fused", rule({"core/engine", "core/data", "core/spec", "core/base"}, {"libxsmm"})},
      {"core/engine_torch",
       rule({"core/engine_fused", "core/engine", "core/exporting", "core/data", "core/spec", "core/base"},
            {"torch", "nlohmann-json", "onnx", "protobuf"})},
      // Of data also the readers of single cells and of image files: a request's cells mean what a file's cells mean.
      // Of its clients the one that fetches a model archive.
      {"core/serving",
       rule({"core/serving/clients", "core/engine", "core/data", "core/spec", "core/base"},
            {"boost", "rapidjson", "httplib", "grpc", "protobuf", "nlohmann-json", "fast_float", "openssl", "zlib"})},
      {"core/serving/clients",
       rule({"core/base"}, {"httplib", "grpc", "protobuf", "nlohmann-json", "openssl", "zlib"})},
      {"core/services",
       rule({"core/search", "core/exporting", "core/store", "core/engine", "core/data", "core/spec", "core/base"},
            {"nlohmann-json", "zlib"})},
      {"core/services/deployment", rule({"core/services", "core/serving/clients", "core/search", "core/exporting",
                                         "core/store", "core/engine", "core/data", "core/spec", "core/base"},
                                        {"httplib", "nlohmann-json", "openssl", "zlib"})},
      {"ui/bridge", rule({"core/services/deployment", "core/services", "core/exporting", "core/store", "core/engine",
                          "core/spec", "core/base"},
                         {"qt-core"})},
      {"ui/models", rule({"ui/bridge", "core/services/deployment", "core/services", "core/exporting", "core/store",
                          "core/engine", "core/spec", "core/base"},
                         {"qt-core", "qt-gui"})},
      {"ui/plots", rule({"ui/models", "ui/bridge", "core/spec", "core/store", "core/base"},
                        {"qt-core", "qt-gui", "qt-widgets", "qcustomplot"})},
      {"ui/widgets",
       rule({"ui/models", "ui/bridge", "core/spec", "core/store", "core/base"}, {"qt-core", "qt-gui", "qt-widgets"})},
      {"ui/pages", rule({"ui/plots", "ui/widgets", "ui/models", "ui/bridge", "core/services/deployment",
                         "core/services", "core/exporting", "core/store", "core/engine", "core/spec", "core/base"},
                        {"qt-core", "qt-gui", "qt-widgets"})},
      {"ui/shell", rule({"ui/pages", "ui/plots", "ui/widgets", "ui/models", "ui/bridge", "core/services/deployment",
                         "core/services", "core/exporting", "core/store", "core/engine", "core/spec", "core/base"},
                        {"qt-core", "qt-gui", "qt-widgets"})},
      {"app", anything()},
      {"tests", anything()},
  };
  return table;
}

const std::vector<ThirdParty>& thirdParties() {
  static const std::vector<ThirdParty> parties{
      {"torch", {"/torch/", "/ATen/", "/c10/", "/caffe2/"}},
      {"qcustomplot", {"/qcustomplot.h"}},
      {"qt-widgets", {"/QtWidgets/", "/QtPrintSupport/", "/QtSvgWidgets/"}},
      {"qt-gui", {"/QtGui/", "/QtSvg/"}},
      {"qt-core", {"/QtCore/", "/QtDBus/", "/QtNetwork/"}},
      {"sqlite", {"/sqlite3.h", "/SQLiteCpp/"}},
      {"opencv", {"/opencv4/", "/opencv2/"}},
      {"nlohmann-json", {"/nlohmann/"}},
      {"spdlog", {"/spdlog/"}},
      {"openssl", {"/openssl/"}},
      {"fmt", {"/include/fmt/"}},
      {"expected", {"/include/tl/"}},
      {"zlib", {"/include/zlib.h"}},
      {"libzip", {"/include/zip.h"}},
      {"onnx", {"/include/onnx/"}},
      {"protobuf", {"/google/protobuf/"}},
      {"fast_float", {"/fast_float/"}},
      {"libsndfile", {"/include/sndfile.h"}},
      {"libxsmm", {"/libxsmm"}},
      {"xgboost", {"/xgboost/"}},
      {"boost", {"/include/boost/"}},
      {"rapidjson", {"/rapidjson/"}},
      {"httplib", {"/include/httplib.h"}},
      {"grpc", {"/grpcpp/", "/include/grpc/"}},
      {"cli11", {"/CLI/"}},
      {"eigen", {"/eigen3/"}},
  };
  return parties;
}

std::string folderOf(const std::string& relativePath) {
  std::string best;
  for (const auto& [folder, unused] : rules())
    if (relativePath.rfind(folder + "/", 0) == 0 && folder.size() > best.size()) best = folder;
  return best;
}

std::string thirdPartyOf(const std::string& headerPath) {
  for (const auto& party : thirdParties())
    for (const auto& part : party.pathParts)
      if (headerPath.find(part) != std::string::npos) return party.name;
  return {};
}

}  // namespace lathe::layering

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_trees/boosted_trees.h"

#ifdef LATHE_HAVE_XGBOOST

#include <algorithm>
#include <chrono>
#include <cmath>
#include <dlfcn.h>
#include <fmt/format.h>
#include <limits>
#include <xgboost/c_api.h>

namespace lathe::engine {
namespace {

constexpr int mostTrees = 500, treesBetweenLooks = 10, looksWithoutGain = 4;
constexpr const char* rate = "0.1";
constexpr const char* depth = "6";

/// The functions that are used, from the library.
struct Functions {
  void* library = nullptr;
  decltype(&XGBGetLastError) lastError = nullptr;
  decltype(&XGBoostVersion) version = nullptr;
  decltype(&XGDMatrixCreateFromMat) createMatrix = nullptr;
  decltype(&XGDMatrixFree) freeMatrix = nullptr;
  decltype(&XGDMatrixSetFloatInfo) setNumbers = nullptr;
  decltype(&XGBoosterCreate) create = nullptr;
  decltype(&XGBoosterFree) free = nullptr;
  decltype(&XGBoosterSetParam) set = nullptr;
  decltype(&XGBoosterUpdateOneIter) grow = nullptr;
  decltype(&XGBoosterPredict) predict = nullptr;

  template <class Function>
  bool find(const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
  }

  bool open() {
    library = dlopen("libxgboost.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) library = dlopen("libxgboost.so", RTLD_NOW | RTLD_LOCAL);
    return library != nullptr && find("XGBGetLastError", lastError) && find("XGBoostVersion", version) &&
           find("XGDMatrixCreateFromMat", createMatrix) && find("XGDMatrixFree", freeMatrix) &&
           find("XGDMatrixSetFloatInfo", setNumbers) && find("XGBoosterCreate", create) &&
           find("XGBoosterFree", free) && find("XGBoosterSetParam", set) && find("XGBoosterUpdateOneIter", grow) &&
           find("XGBoosterPredict", predict);
  }
};

/// Handles of the library, freed at the end.
class Grown {
 public:
  explicit Grown(const Functions& functions) : m_functions(functions) {}
  Grown(const Grown&) = delete;
  Grown& operator=(const Grown&) = delete;
  ~Grown() {
    if (booster != nullptr) m_functions.free(booster);
    for (auto* matrix : {train, judged})
      if (matrix != nullptr) m_functions.freeMatrix(matrix);
  }
  DMatrixHandle train = nullptr, judged = nullptr;
  BoosterHandle booster = nullptr;

 private:
  const Functions& m_functions;
};

class XgBoost final : public BoostedTrees {
 public:
  explicit XgBoost(Functions functions) : m_functions(functions) {}

  [[nodiscard]] std::string name() const override {
    int major = 0, minor = 0, patch = 0;
    m_functions.version(&major, &minor, &patch);
    return fmt::format("XGBoost {}.{}", major, minor);
  }

  [[nodiscard]] bool takes(const data::Dataset& data) const override {
    const auto& schema = data.schema;
    const bool classes = schema.task == spec::Task::Classification;
    const bool number = schema.task == spec::Task::Regression && data.targets.size() == data.rows;
    return !schema.image && !schema.sound() && schema.sequence.window == 0 && data::rowWidth(schema) > 0 &&
           (classes || number);
  }

  Result<Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>& train,
                              const std::vector<std::uint32_t>& judged, const Settings& settings) override {
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    const auto classes = data.schema.target.classes.size();
    const bool numbers = data.schema.task == spec::Task::Regression;
    Grown grown(m_functions);
    if (!matrix(data, train, grown.train) || !matrix(data, judged, grown.judged)) return failed();
    DMatrixHandle both[] = {grown.train};
    if (m_functions.create(both, 1, &grown.booster) != 0) return failed();
    const auto threads = std::to_string(settings.threads), seed = std::to_string(settings.seed);
    const auto count = std::to_string(classes);
    std::vector<std::pair<const char*, const char*>> parameters{{"verbosity", "0"},
                                                                {"tree_method", "hist"},
                                                                {"eta", rate},
                                                                {"max_depth", depth},
                                                                {"nthread", threads.c_str()},
                                                                {"seed", seed.c_str()},
                                                                {"objective", numbers        ? "reg:squarederror"
                                                                              : classes == 2 ? "binary:logistic"
                                                                                             : "multi:softprob"}};
    if (!numbers && classes > 2) parameters.emplace_back("num_class", count.c_str());
    for (const auto& [key, value] : parameters)
      if (m_functions.set(grown.booster, key, value) != 0) return failed();
    Predictions best;
    double lowest = std::numeric_limits<double>::infinity();
    int without = 0;
    for (int tree = 0; tree < mostTrees && without < looksWithoutGain; ++tree) {
      if (m_functions.grow(grown.booster, tree, grown.train) != 0) return failed();
      const bool late = std::chrono::duration<double>(Clock::now() - began).count() > settings.seconds ||
                        (settings.stopped && settings.stopped());
      if ((tree + 1) % treesBetweenLooks != 0 && !late) continue;
      auto predictions = ask(grown, judged.size(), numbers ? 1 : classes);
      if (!predictions) return predictions;
      const double loss = lossOf(*predictions, data, judged);
      ++without;
      if (loss < lowest) {
        lowest = loss;
        best = std::move(*predictions);
        without = 0;
      }
      if (late) break;
    }
    return best;
  }

 private:
  bool matrix(const data::Dataset& data, const std::vector<std::uint32_t>& rows, DMatrixHandle& handle) const {
    const auto width = data::rowWidth(data.schema);
    std::vector<float> cells(rows.size() * width);
    std::vector<float> labels(rows.size()), weights;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::copy_n(data.table.begin() + static_cast<std::ptrdiff_t>(rows[i] * width), width,
                  cells.begin() + static_cast<std::ptrdiff_t>(i * width));
      labels[i] = data.schema.task == spec::Task::Regression ? data.targets[rows[i]]
                                                             : static_cast<float>(data.classes[rows[i]]);
      if (rows[i] < data.weights.size()) weights.push_back(data.weights[rows[i]]);
    }
    if (m_functions.createMatrix(cells.data(), rows.size(), width, std::numeric_limits<float>::quiet_NaN(), &handle) !=
        0)
      return false;
    if (m_functions.setNumbers(handle, "label", labels.data(), labels.size()) != 0) return false;
    return weights.size() != rows.size() ||
           m_functions.setNumbers(handle, "weight", weights.data(), weights.size()) == 0;
  }

  Result<Predictions> ask(const Grown& grown, std::size_t rows, std::size_t columns) const {
    bst_ulong length = 0;
    const float* values = nullptr;
    if (m_functions.predict(grown.booster, grown.judged, 0, 0, 0, &length, &values) != 0) return failed();
    Predictions result{rows, columns, {}};
    if (length == rows && columns == 2) {
      for (bst_ulong i = 0; i < length; ++i) {
        result.values.push_back(1 - values[i]);
        result.values.push_back(values[i]);
      }
      return result;
    }
    if (length != rows * columns) return failed();
    result.values.assign(values, values + length);
    return result;
  }

  static double lossOf(const Predictions& predictions, const data::Dataset& data,
                       const std::vector<std::uint32_t>& rows) {
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const float* row = predictions.values.data() + i * predictions.columns;
      if (data.schema.task == spec::Task::Regression) {
        const double error = row[0] - data.targets[rows[i]];
        sum += error * error;
      } else {
        sum -= std::log(std::max(1e-7, static_cast<double>(row[data.classes[rows[i]]])));
      }
    }
    return sum;
  }

  [[nodiscard]] tl::unexpected<Error> failed() const {
    return fail("trees.failed", LATHE_TEXT("errors", "The boosted trees could not be grown: {reason}"),
                LATHE_TEXT("errors", "Go on without this baseline."),
                {{"reason", std::string(m_functions.lastError()).substr(0, 200)}});
  }

  const Functions m_functions;
};

}  // namespace

std::shared_ptr<BoostedTrees> makeBoostedTrees() {
  static const std::shared_ptr<BoostedTrees> trees = []() -> std::shared_ptr<BoostedTrees> {
    Functions functions;
    if (!functions.open()) return nullptr;
    return std::make_shared<XgBoost>(functions);
  }();
  return trees;
}

}  // namespace lathe::engine

#else

namespace lathe::engine {

std::shared_ptr<BoostedTrees> makeBoostedTrees() { return nullptr; }

}  // namespace lathe::engine

#endif

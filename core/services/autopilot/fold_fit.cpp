// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/fold_fit.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/engine/batching.h"
#include "core/services/trial_observer.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

using Control = engine::TrainingControl;

constexpr const char* valuesFile = "held-out.values";
constexpr double slowestFlops = 1e9;      ///< a second: what any machine does, for who need not look
constexpr double evaluationShare = 0.35;  ///< of a row to validate against one to train on
constexpr double reserve = 0.94;          ///< of the time, since a training may get slower than it began

double now() { return systemClock().steadySeconds(); }

/// Takes the time of steps, and nothing else; ends when it has seen enough.
class Stopwatch final : public engine::TrainingObserver {
 public:
  Stopwatch(double seconds, const std::function<bool()>& stopped) : m_seconds(seconds), m_stopped(stopped) {}
  int series(const std::string& name) override { return name == "train/loss" ? 1 : 0; }
  void point(int series, std::int64_t, double) override {
    if (series != 1) return;
    const double at = now();
    // The first steps make memory and kernels.
    if (++m_steps == warmUp) m_first = at;
    if (m_steps > warmUp) m_taken.push_back(at - m_last);
    m_last = at;
    if ((m_steps > 2 * warmUp && at - m_first > m_seconds) || (m_steps > warmUp + 2 && at - m_first > 4 * m_seconds) ||
        m_stopped())
      control.request(Control::Request::Cancel);
  }
  void progress(const engine::TrainingProgress&) override {}
  void event(const std::string&, const Message&) override {}
  void checkpoint(const engine::CheckpointInfo&) override {}
  /// The median: a step that something else on the machine has held up says nothing about a long training.
  [[nodiscard]] double secondsAStep() {
    if (m_taken.empty()) return 0;
    const auto middle = m_taken.begin() + static_cast<std::ptrdiff_t>(m_taken.size() / 2);
    std::nth_element(m_taken.begin(), middle, m_taken.end());
    return *middle;
  }

  Control control;

 private:
  static constexpr std::int64_t warmUp = 3;
  const double m_seconds;
  const std::function<bool()>& m_stopped;
  std::int64_t m_steps = 0;
  double m_first = 0, m_last = 0;
  std::vector<double> m_taken;  ///< by each step after the first ones
};

/// The curves of a fit, and an eye on the clock.
class FitObserver final : public engine::TrainingObserver {
 public:
  FitObserver(const FitRequest& request, store::RunNumber run, Control& control, double deadline, int epochs)
      : m_trial(request.project.store(), run, "", 1, 0, {}),
        m_request(request),
        m_control(control),
        m_deadline(deadline),
        m_epochs(epochs) {
    if (!request.prefix.empty()) m_trial.hold(request.prefix);
  }
  int series(const std::string& name) override {
    const int number = m_trial.series(name);
    if (name == "train/loss") m_loss = number;
    if (name == "val/loss") m_judged = number;
    return number;
  }
  void point(int series, std::int64_t step, double value) override {
    m_trial.point(series, step, value);
    if (series == m_judged) epochEnded(value);
    if (series != m_loss) return;
    if (now() > m_deadline) cut = true;
    if ((cut || m_request.stopped()) && m_control.requested() == Control::Request::None)
      m_control.request(Control::Request::Pause);
  }
  void progress(const engine::TrainingProgress& progress) override { m_trial.progress(progress); }
  void event(const std::string& kind, const Message& message) override {
    // What every fold would say again.
    if (m_request.prefix.empty() || kind == "rolled_back") m_trial.event(kind, message);
  }
  Result<void> beforeCheckpoint() override { return m_trial.beforeCheckpoint(); }
  void checkpoint(const engine::CheckpointInfo& info) override { m_trial.checkpoint(info); }
  void flush() { m_trial.flush(); }

  bool cut = false;     ///< its time was over, or its last epoch
  bool pruned = false;  ///< it fell behind
  std::vector<double> course;

 private:
  void epochEnded(double loss) {
    if (std::isnan(loss)) return;
    course.push_back(course.empty() ? loss : std::min(loss, course.back()));
    const auto done = static_cast<int>(course.size());
    if (done == m_request.lastEpoch) cut = true;
    if (!m_request.behind || done >= m_epochs || m_control.requested() != Control::Request::None) return;
    pruned = m_request.behind(static_cast<double>(done) / m_epochs, course.back());
    if (pruned) m_control.request(Control::Request::Cancel);
  }

  TrialObserver m_trial;
  const FitRequest& m_request;
  Control& m_control;
  const double m_deadline;
  const int m_epochs;
  int m_loss = -1, m_judged = -1;
};

engine::TrainingRequest trainingOf(const ResolvedTraining& resolved, const fs::path& folder) {
  engine::TrainingRequest training{resolved.model, resolved.spec.training, resolved.data, folder, std::nullopt, ""};
  for (const auto& [column, role] : resolved.spec.data.roles)
    if (role == spec::ColumnRole::Weight) training.weightColumn = column;
  training.lasting = false;
  return training;
}

// As many epochs as the time allows, of those that are worth it; 0: not even one.
Result<int> epochsFor(const FitRequest& request, const ResolvedTraining& resolved) {
  const auto& training = resolved.spec.training;
  const auto rows = static_cast<double>(resolved.data->split.train.size()) +
                    evaluationShare * static_cast<double>(resolved.data->split.validation.size());
  double perEpoch = request.secondsPerEpoch;
  if (perEpoch <= 0) {
    const double slowest = 3.0 * static_cast<double>(resolved.report.flops) * rows / slowestFlops;
    if (slowest * training.epochs < 0.25 * request.seconds) return training.epochs;
    Stopwatch watch(std::clamp(0.02 * request.seconds, 0.05, 3.0), request.stopped);
    auto trial = trainingOf(resolved, {});
    const auto ran = request.engine.train(trial, watch, watch.control);
    if (!ran) return passOn(ran);
    const auto batch = static_cast<double>(std::max(1, training.batchSize * training.accumulateSteps));
    perEpoch = watch.secondsAStep() * rows / batch;
  }
  if (perEpoch <= 0) return training.epochs;
  return static_cast<int>(std::min(double(training.epochs), std::floor(reserve * request.seconds / perEpoch)));
}

FitResult fit(const FitRequest& request) {
  FitResult result;
  const double began = now();
  auto resolved = resolve(*request.spec, request.project.folder(), {}, &request.engine, &request.kept);
  if (!resolved) {
    result.error = resolved.error();
    return result;
  }
  auto& training = resolved->spec.training;
  training.threads = std::clamp(request.threads, 1, 1024);
  result.spec = resolved->spec;
  result.model = resolved->model;
  const auto epochs = epochsFor(request, *resolved);
  result.stopped = request.stopped();
  if (!epochs) result.error = epochs.error();
  if (!epochs || result.stopped) return result;
  result.noTime = *epochs < std::max(1.0, request.leastShare * training.epochs);
  if (result.noTime) return result;
  training.epochs = *epochs;
  result.spec->training.epochs = *epochs;

  const auto run = request.run();
  if (!run) {
    result.error = run.error();
    return result;
  }
  const auto folder = request.folder(*run);
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  Control control;
  FitObserver observer(request, *run, control, std::min(request.deadline, began + 1.5 * request.seconds + 0.5),
                       training.epochs);
  const double started = now();
  const auto summary = request.engine.train(trainingOf(*resolved, folder), observer, control);
  if (!summary) {
    result.error = summary.error();
    return result;
  }
  result.pruned = observer.pruned;
  if (result.pruned) return result;
  result.stopped = summary->outcome != engine::TrainingOutcome::Completed && !observer.cut;
  result.noTime = summary->bestCheckpoint.empty() || summary->bestEpoch == 0;
  if (result.stopped || result.noTime) return result;
  observer.flush();
  FoldFit done;
  done.checkpoint = summary->bestCheckpoint;
  done.epochs = std::max(1, summary->epochs);
  done.bestEpoch = summary->bestEpoch;
  done.planned = training.epochs;
  done.secondsPerEpoch = (now() - started) / done.epochs;
  done.course = std::move(observer.course);
  result.steps = summary->steps;
  result.samplesPerSecond = summary->samplesPerSecond;
  const double trained = now();
  auto model = request.engine.load(done.checkpoint);
  auto predictions = model ? (*model)->predict(*resolved->data, resolved->data->split.validation)
                           : Result<engine::Predictions>(passOn(model));
  if (!predictions) {
    result.error = predictions.error();
    return result;
  }
  done.secondsPerRow = (now() - trained) / static_cast<double>(std::max<std::size_t>(1, predictions->rows));
  done.values = std::move(predictions->values);
  if (const auto kept = keepValues(folder, done.values); !kept) {
    result.error = kept.error();
    return result;
  }
  fs::remove(folder / "last.ckpt", error);
  done.seconds = now() - began;
  result.fit = std::move(done);
  return result;
}

}  // namespace

FitResult fitFold(const FitRequest& request) {
  try {
    return fit(request);
  } catch (const std::exception& error) {
    FitResult result;
    result.error = fail("training.failed", LATHE_TEXT("errors", "The training stopped unexpectedly: {reason}."),
                        LATHE_TEXT("errors", "Resume it from its last checkpoint."), {{"reason", error.what()}})
                       .value();
    return result;
  }
}

Result<void> keepValues(const fs::path& folder, const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return writeFileAtomically(folder / valuesFile, bytes);
}

Result<std::vector<float>> keptValues(const fs::path& folder) {
  LATHE_ASSIGN(bytes, readFile(folder / valuesFile));
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

}  // namespace lathe::services
